import { randomUUID } from 'node:crypto'
import type { EmailAddresses } from '../channels/sns-ports.ts'
import { messageOf } from '../errors.ts'
import type { Jobs } from '../jobs/agenda.ts'
import { createDoubts } from '../jobs/doubts.ts'
import type { JobParts } from '../jobs/index.ts'
import { createSplits, type Splits } from '../jobs/splits.ts'
import { createDays } from '../market/days.ts'
import { createHeard } from '../market/heard.ts'
import { createSieve } from '../market/held-back.ts'
import { createHistory } from '../market/history.ts'
import { opinionFrom } from '../market/opinion.ts'
import { createShares, type Shares } from '../market/shares.ts'
import { createPersonal } from '../store/personal.ts'

/** The job queue, which its own jobs make due, and the addresses that Amazon keeps; neither is there before it has started. */
export type Queue = { jobs?: Jobs; emails?: EmailAddresses; isStopping: boolean }

/** What jobs and commands are made with; `queue` is filled in when it has started. */
export function partsOf(given: Pick<JobParts, 'config' | 'log' | 'market' | 'store'>, queue: Queue): JobParts {
  const { config, log, market, store } = given
  const { providersFor, calendar, now } = market
  const failed = (what: string) => (symbol: string, error: unknown) =>
    log.warn({ symbol, why: messageOf(error) }, `no ${what}`)
  const isInstant = market.mode !== 'live'
  const shares = createShares(store.splits, (err) => log.warn({ err }, 'known splits could not be read'))
  const splits = splitsFor(given, shares)
  const history = createHistory({
    providersFor,
    calendar,
    now,
    failed: failed('candles'),
    isInstant,
    // What a made or recorded market says is of another day, or of none.
    ...(isInstant ? {} : { kept: store.candles, shares }),
  })
  return {
    ...given,
    days: createDays({ providersFor, calendar, now, failed: failed('figures of the day'), shares }),
    history,
    shares,
    heard: createHeard(),
    sieve: createSieve({
      now,
      calendar,
      isMade: isInstant,
      opinion: opinionFrom(market.chain),
      splits: splits.since,
      doubted: createDoubts({ keep: store.quotes.holdBack, now: Date.now, log }),
    }),
    splits,
    personal: createPersonal(store, {
      ...(config.AWS_REGION === undefined ? {} : { endMail: (user) => endMail(user, queue) }),
      failed: (err) => log.error({ err }, 'the mail to somebody who was erased could not be ended yet'),
    }),
    zone: config.TIMEZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    process: `${process.pid}-${randomUUID()}`,
    due: async (name) => queue.jobs?.dueNow(name),
    isStopping: () => queue.isStopping,
  }
}

async function endMail(user: string, { emails }: Queue): Promise<void> {
  if (!emails) throw new Error('mail cannot be ended before its channel is there')
  await emails.removeAll(user)
}

function splitsFor({ log, market, store }: Pick<JobParts, 'log' | 'market' | 'store'>, shares: Shares): Splits {
  const { providersFor, calendar, now } = market
  return createSplits({
    ...{ providersFor, calendar, now, log },
    alerts: store.alerts,
    symbols: async () => (await store.alerts.symbols()).symbols,
    isKnown: async (symbol, at) => {
      await shares.refresh()
      return shares.knows(symbol, at)
    },
    note: async (split) => {
      await shares.note(split)
      await store.candles.drop(split.symbol)
    },
  })
}

/** How often what exchanges told is exchanged with other processes, ms. */
const HOURS_EVERY = 30_000

/** Every process knows what exchanges told to any of them. Gives how it ends. */
export async function followHours({ market, store, log }: JobParts): Promise<() => Promise<void>> {
  const exchange = async () => {
    await market.exchangeHours?.exchange(store.exchangeHours)
  }
  const failed = (err: unknown) => log.warn({ err }, 'hours of exchanges could not be exchanged')
  await exchange().catch(failed)
  const timer = setInterval(() => void exchange().catch(failed), HOURS_EVERY)
  return async () => clearInterval(timer)
}
