import type { Receipt } from '../channels/channel.ts'
import { messageOf, SendError } from '../errors.ts'
import type { Reply } from '../reply.ts'
import { type Away, type PriceRange, symbolsOf } from './outage-words.ts'
import { renderBundle } from './render.ts'
import { afterFailure } from './retry.ts'
import { type Bundle, bundled } from './together.ts'
import type { Outcome, Tracked } from './types.ts'

/** What a round of delivery works with. Times in ms on the real clock. */
export type DeliverPorts = {
  lease(limit: number): Promise<Tracked[]>
  /** False: the lease was lost meanwhile, nothing was recorded. */
  record(id: string, outcome: Outcome): Promise<boolean>
  /** Gives back what was leased and not tried. */
  release(): Promise<void>
  send(address: string, reply: Reply, key: string): Promise<Receipt>
  /** Where the price of a symbol was between two moments of the clock of evaluation (ms); undefined where nobody can say. */
  range(symbol: string, from: number, to: number): Promise<PriceRange | undefined>
  now(): number
  random(): number
  /** Hears of every notification that was not sent. */
  failed(notification: Tracked, outcome: Outcome): void
}

/** `lease`: how long what is taken stays ours. `timeout`: how long one send may take, well under half of it. ms */
export type DeliverLimits = {
  readonly lease: number
  readonly timeout: number
  readonly batch: number
  readonly concurrency: number
}

/**
 * One round: takes what is due, sends it, records what became of it. Several addresses are served at once, each one's
 * notifications in order, those of one outage as one message. What cannot be tried within the lease is given back. Gives
 * the number taken.
 */
export async function deliver(ports: DeliverPorts, limits: DeliverLimits): Promise<number> {
  const until = ports.now() + limits.lease
  const leased = await ports.lease(limits.batch)
  const queues = [...byAddress(leased).values()].map(bundled)
  let untried = 0
  const serve = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      for (const bundle of queue) {
        if (ports.now() + 2 * limits.timeout > until) untried++
        else await sendOne(bundle, ports, limits.timeout)
      }
    }
  }
  await Promise.all(Array.from({ length: limits.concurrency }, serve))
  if (untried > 0) await ports.release()
  return leased.length
}

/** What is told in one message has one outcome; each of its notifications is recorded by itself. */
async function sendOne(bundle: Bundle, ports: DeliverPorts, timeout: number): Promise<void> {
  const outcome = await outcomeOf(bundle, ports, timeout)
  for (const notification of bundle) {
    const isRecorded = await ports.record(notification.id, outcome)
    if (outcome.state !== 'sent' && isRecorded) ports.failed(notification, outcome)
  }
}

async function outcomeOf(bundle: Bundle, ports: DeliverPorts, timeout: number): Promise<Outcome> {
  const [first] = bundle
  try {
    const away = await awayOf(bundle, ports, timeout / 2)
    const reply = renderBundle(bundle, away, ports.now())
    const receipt = await within(timeout, ports.send(first.address, reply, first.id))
    return { state: 'sent', receipt: receipt.id }
  } catch (error) {
    const sendError =
      error instanceof SendError ? error : new SendError(messageOf(error), { permanent: false, cause: error })
    return afterFailure(first, sendError, ports.now(), ports.random())
  }
}

/** A message never fails for want of these prices, and waits for them no longer than `patience` (ms). */
async function awayOf(bundle: Bundle, { range }: DeliverPorts, patience: number): Promise<Away> {
  const away = new Map<string, PriceRange>()
  if (!bundle[0].outage || bundle[0].occurrence.kind !== 'sighted') return away
  const gaps = bundle.flatMap(({ occurrence }) => occurrence.gap ?? [])
  const [from, to] = [Math.min(...gaps.map((gap) => gap.from)), Math.max(...gaps.map((gap) => gap.to))]
  const work = symbolsOf(bundle).map(async (symbol) => {
    const found = await range(symbol, from, to)
    if (found) away.set(symbol, found)
  })
  await within(patience, Promise.allSettled(work)).catch(() => {})
  return new Map(away)
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SendError(`no answer within ${ms / 1000} s`, { permanent: false })), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function byAddress(notifications: readonly Tracked[]): Map<string, Tracked[]> {
  const queues = new Map<string, Tracked[]>()
  for (const notification of notifications) {
    const queue = queues.get(notification.address)
    if (queue) queue.push(notification)
    else queues.set(notification.address, [notification])
  }
  return queues
}
