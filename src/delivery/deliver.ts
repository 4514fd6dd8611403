import type { Receipt } from '../channels/channel.ts'
import { messageOf, SendError } from '../errors.ts'
import type { Picture, Reply } from '../reply.ts'
import type { User } from '../users/types.ts'
import { COUNTED, type FloodLimits } from './flood.ts'
import { LATE, type Prices } from './lateness.ts'
import { type Away, type PriceRange, symbolsOf } from './outage-words.ts'
import { afterFailure, type Patience } from './retry.ts'
import { type Destination, standingOf } from './standing.ts'
import { renderTelling } from './telling.ts'
import { happenedAt, type Telling, tellingsOf } from './together.ts'
import type { Outcome, Told, Tracked } from './types.ts'
import { within } from './within.ts'

/** What a round of delivery works with. Times in ms on the real clock. */
export type DeliverPorts = {
  /** What is due at so many addresses. */
  lease(addresses: number): Promise<Tracked[]>
  /** False: the lease was lost meanwhile, nothing was recorded of at least one. */
  record(ids: readonly string[], outcome: Outcome): Promise<boolean>
  /** Gives back what was leased and not tried. */
  release(): Promise<void>
  users(ids: readonly string[]): Promise<ReadonlyMap<string, User>>
  /** Firings that were told one by one or as a flood at these addresses since a moment. */
  told(addresses: readonly string[], since: number): Promise<readonly Told[]>
  /** `user`: for whom the address is kept. */
  send(address: string, reply: Reply, key: string, user: string): Promise<Receipt>
  /** The platform takes nothing from anybody before a moment. */
  pause(until: number): void
  /** Where the price of a symbol was between two moments of the clock of evaluation (ms); undefined where nobody can say. */
  range(symbol: string, from: number, to: number): Promise<PriceRange | undefined>
  /** What is known of the prices now. Nobody outside is asked. */
  prices(symbols: readonly string[]): Promise<Prices>
  /** What is to be shown with the words of a notification, at once or not at all; left out where nothing can be shown. */
  picture?(notification: Tracked): Promise<Picture | undefined>
  now(): number
  random(): number
  /** Hears of every notification that was not sent. */
  failed(notification: Tracked, outcome: Outcome): void
}

/**
 * `lease`: how long what is taken stays ours. `timeout`: how long one send may take, well under half of it. ms. `batch`: of
 * how many addresses; `each`: how many messages one address gets before it is another's turn; `zone`: of who has not told
 * theirs.
 */
export type DeliverLimits = {
  readonly lease: number
  readonly timeout: number
  readonly batch: number
  readonly each: number
  readonly concurrency: number
  readonly patience: Patience
  readonly flood: FloodLimits
  readonly zone: string
  /** How long (ms) what is urgent waits to be acknowledged, from when it was told; left out where nothing does. */
  readonly escalateAfter?: number
}

/** A round that is under way. `told`: by address. */
type Round = {
  readonly ports: DeliverPorts
  readonly limits: DeliverLimits
  readonly until: number
  readonly users: ReadonlyMap<string, User>
  readonly told: ReadonlyMap<string, readonly Told[]>
  isPaused: boolean
  untried: number
}

/**
 * One round: takes what is due, sends it, records what became of it. Several addresses are served at once, each one's
 * notifications in order, those that belong together as one message. What cannot be tried within the lease, or is more
 * than one address gets in a round, is given back. Gives the number taken.
 */
export async function deliver(ports: DeliverPorts, limits: DeliverLimits): Promise<number> {
  const until = ports.now() + limits.lease
  const leased = await ports.lease(limits.batch)
  if (leased.length === 0) return 0
  const queues = [...byAddress(leased).values()]
  const [users, told] = await Promise.all([
    ports.users([...new Set(leased.map(({ user }) => user))]),
    toldBefore(leased, ports),
  ])
  const round: Round = { ports, limits, until, users, told, isPaused: false, untried: 0 }
  const serve = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) await serveAddress(queue, round)
  }
  await Promise.all(Array.from({ length: limits.concurrency }, serve))
  if (round.untried > 0) await ports.release()
  return leased.length
}

async function toldBefore(leased: readonly Tracked[], { told, now }: DeliverPorts): Promise<Map<string, Told[]>> {
  const fired = leased.filter(({ occurrence, urgent, held }) => occurrence.kind === 'fired' && !urgent && !held)
  const addresses = [...new Set(fired.map(({ address }) => address))]
  return byAddress(addresses.length > 0 ? await told(addresses, now() - COUNTED) : [])
}

async function serveAddress(queue: readonly Tracked[], round: Round): Promise<void> {
  const { ports, limits } = round
  const { ready, to } = await sortOut(queue, round)
  if (to === undefined) return
  const told = round.told.get(queue[0]!.address) ?? []
  const { now, later } = tellingsOf(ready, { told, limits: limits.flood, now: ports.now() })
  for (const { dueAt, reason, members } of later)
    await record(members, { state: 'due', dueAt, reason, isTry: false }, ports)
  for (const [index, telling] of now.entries()) {
    const isOver = index >= limits.each || ports.now() + 2 * limits.timeout > round.until
    const outcome = round.isPaused || isOver ? undefined : await outcomeOf(telling, to, round)
    if (!outcome) {
      round.untried += telling.bundle.length
      continue
    }
    await record(telling.bundle, outcome, ports)
    const rest = restOf(outcome)
    if (rest)
      return await record(
        now.slice(index + 1).flatMap(({ bundle }) => bundle),
        rest,
        ports,
      )
  }
}

/** Records what is not to be sent there now; gives the others, and where they go. */
async function sortOut(queue: readonly Tracked[], { ports, limits, users }: Round) {
  const ready: Tracked[] = []
  let to: Destination | undefined
  for (const notification of queue) {
    const standing = standingOf(notification, users.get(notification.user), limits.zone, ports.now())
    if (standing.outcome) await record([notification], standing.outcome, ports)
    else {
      ready.push(notification)
      to = standing.to
    }
  }
  return { ready, to }
}

/** What is told in one message has one outcome; each of its notifications has it. */
async function record(notifications: readonly Tracked[], outcome: Outcome, ports: DeliverPorts): Promise<void> {
  if (notifications.length === 0) return
  const isRecorded = await ports.record(
    notifications.map(({ id }) => id),
    outcome,
  )
  if (outcome.state === 'sent' || !isRecorded) return
  for (const notification of notifications) ports.failed(notification, outcome)
}

/** What becomes untried of all else that is due at an address: it would be refused alike. Undefined where it is to be tried. */
function restOf(outcome: Outcome): Outcome | undefined {
  if (outcome.state === 'failed' && outcome.onward === 'switch off') return { ...outcome, onward: 'keep on' }
  return outcome.state === 'due' && outcome.isTry === false ? outcome : undefined
}

async function outcomeOf(telling: Telling, { address, user }: Destination, round: Round): Promise<Outcome> {
  const { ports, limits } = round
  const { timeout, patience } = limits
  const [first] = telling.bundle
  try {
    const reply = await replyOf(telling, ports, timeout / 2)
    const receipt = await within(timeout, ports.send(address, reply, first.id, user))
    return { state: 'sent', receipt: receipt.id, ...wordUntil(telling, limits, ports.now()) }
  } catch (error) {
    const sendError =
      error instanceof SendError ? error : new SendError(messageOf(error), { permanent: false, cause: error })
    if (sendError.isChannelWide) {
      round.isPaused = true
      ports.pause(ports.now() + (sendError.retryAfter ?? patience.first))
    }
    return afterFailure(first, sendError, { patience, now: ports.now(), random: ports.random() })
  }
}

/** From when it was told somebody may take their time to acknowledge it. */
function wordUntil({ bundle }: Telling, { escalateAfter }: DeliverLimits, now: number): { escalateAt?: number } {
  const isAwaited = bundle.some(({ escalateAt }) => escalateAt !== undefined)
  return isAwaited && escalateAfter !== undefined ? { escalateAt: now + escalateAfter } : {}
}

/** A message never fails for want of prices or a picture, and waits for them no longer than `patience` (ms). */
async function replyOf(telling: Telling, ports: DeliverPorts, patience: number): Promise<Reply> {
  const { how, bundle } = telling
  const [away, prices] = await Promise.all([awayOf(telling, ports, patience), pricesFor(telling, ports, patience)])
  const picture = how === 'alone' ? await ports.picture?.(bundle[0]) : undefined
  const words = renderTelling(telling, { now: ports.now(), prices, away })
  return picture ? { ...words, picture } : words
}

async function awayOf({ how, bundle }: Telling, { range }: DeliverPorts, patience: number): Promise<Away> {
  const away = new Map<string, PriceRange>()
  if (how !== 'outage' || bundle[0].occurrence.kind !== 'sighted') return away
  const gaps = bundle.flatMap(({ occurrence }) => occurrence.gap ?? [])
  const [from, to] = [Math.min(...gaps.map((gap) => gap.from)), Math.max(...gaps.map((gap) => gap.to))]
  const work = symbolsOf(bundle).map(async (symbol) => {
    const found = await range(symbol, from, to)
    if (found) away.set(symbol, found)
  })
  await within(patience, Promise.allSettled(work)).catch(() => {})
  return new Map(away)
}

/** Prices now are told where those of the firing are of a while ago. */
async function pricesFor({ how, bundle }: Telling, { prices, now }: DeliverPorts, patience: number): Promise<Prices> {
  const isOfNow = bundle.every((one) => now() - happenedAt(one) < LATE)
  const symbols = [...new Set(bundle.flatMap(({ occurrence }) => occurrence.evidence.map(({ symbol }) => symbol)))]
  if (how === 'outage' || how === 'summary' || isOfNow || symbols.length === 0) return new Map()
  return await within(patience, prices(symbols)).catch(() => new Map())
}

function byAddress<T extends { readonly address: string }>(all: readonly T[]): Map<string, T[]> {
  const queues = new Map<string, T[]>()
  for (const one of all) {
    const queue = queues.get(one.address)
    if (queue) queue.push(one)
    else queues.set(one.address, [one])
  }
  return queues
}
