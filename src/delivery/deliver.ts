import type { Receipt } from '../channels/channel.ts'
import { messageOf, SendError } from '../errors.ts'
import type { Reply } from '../reply.ts'
import { render } from './render.ts'
import { afterFailure } from './retry.ts'
import type { Outcome, Tracked } from './types.ts'

/** What a round of delivery works with. Times in ms on the real clock. */
export type DeliverPorts = {
  lease(limit: number): Promise<Tracked[]>
  /** False: the lease was lost meanwhile, nothing was recorded. */
  record(id: string, outcome: Outcome): Promise<boolean>
  /** Gives back what was leased and not tried. */
  release(): Promise<void>
  send(address: string, reply: Reply, key: string): Promise<Receipt>
  now(): number
  random(): number
  /** Hears of every notification that was not sent. */
  failed(notification: Tracked, outcome: Outcome): void
}

/** `lease`: how long what is taken stays ours. `timeout`: how long one send may take, well under it. ms */
export type DeliverLimits = {
  readonly lease: number
  readonly timeout: number
  readonly batch: number
  readonly concurrency: number
}

/**
 * One round: takes what is due, sends it, records what became of it. Several addresses are served at once, each one's
 * notifications in order. What cannot be tried within the lease is given back. Gives the number taken.
 */
export async function deliver(ports: DeliverPorts, limits: DeliverLimits): Promise<number> {
  const until = ports.now() + limits.lease
  const leased = await ports.lease(limits.batch)
  const queues = [...byAddress(leased).values()]
  let untried = 0
  const serve = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      for (const notification of queue) {
        if (ports.now() + 2 * limits.timeout > until) untried++
        else await sendOne(notification, ports, limits.timeout)
      }
    }
  }
  await Promise.all(Array.from({ length: limits.concurrency }, serve))
  if (untried > 0) await ports.release()
  return leased.length
}

async function sendOne(notification: Tracked, ports: DeliverPorts, timeout: number): Promise<void> {
  const outcome = await outcomeOf(notification, ports, timeout)
  const isRecorded = await ports.record(notification.id, outcome)
  if (outcome.state !== 'sent' && isRecorded) ports.failed(notification, outcome)
}

async function outcomeOf(notification: Tracked, ports: DeliverPorts, timeout: number): Promise<Outcome> {
  try {
    const reply = render(notification, ports.now())
    const receipt = await within(timeout, ports.send(notification.address, reply, notification.id))
    return { state: 'sent', receipt: receipt.id }
  } catch (error) {
    const sendError =
      error instanceof SendError ? error : new SendError(messageOf(error), { permanent: false, cause: error })
    return afterFailure(notification, sendError, ports.now(), ports.random())
  }
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
