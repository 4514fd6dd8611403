import type { Content } from './alert/change.ts'
import type { Hours, Moment } from './backtest/scene.ts'
import { backtest, type Period } from './backtest.ts'
import type { Context } from './commands/command.ts'
import { inTurns, type LookBack, lookBack } from './commands/look-back.ts'
import { closenessLines, countLine, firingLine, howOften } from './commands/look-back-words.ts'
import { momentOf } from './commands/period.ts'
import { understand } from './commands/understand.ts'
import { VIA } from './condition/ast.ts'
import { type Config, readConfig } from './config.ts'
import { UserError } from './errors.ts'
import { createLog } from './log.ts'
import { createArchive } from './market/archive.ts'
import { bucketStart, candleEnd } from './market/candles.ts'
import { createDays } from './market/days.ts'
import { createMarket, type Market } from './market/index.ts'
import { resolve } from './market/resolve.ts'
import { refusalJson } from './parse-command.ts'
import { marketOf } from './wiring/market.ts'

/** What was typed after `backtest`. Dates are as typed. */
export type BacktestArgs = {
  readonly text: string
  readonly from: string | undefined
  readonly to: string | undefined
  /** A file of recorded quotes, to be looked at in place of the providers' candles. */
  readonly quotes: string | undefined
  readonly json: boolean
}

const MONTH = 30 * 86_400_000

/**
 * `backtest`: when a condition would have become true, and at which values. With `json`: `{ firings: [{ at, values }],
 * resolution, … }` (times ISO 8601; values are prices by canonical name), or `{ ok: false, message, … }` as `parse` has it.
 * Gives the exit code: 0 where it could be looked at, else 1.
 */
export async function backtestCommand(args: BacktestArgs, print: (text: string) => void): Promise<number> {
  const config = readConfig()
  const zone = config.TIMEZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  try {
    const { result, content, lines } = await (args.quotes === undefined ? overCandles : overQuotes)(args, config, zone)
    print(args.json ? JSON.stringify(jsonOf(result, content)) : lines.join('\n'))
    return 0
  } catch (error) {
    if (!(error instanceof UserError) || !args.json) throw error
    print(refusalJson(error))
    return 1
  }
}

type Result = { readonly content: Content; readonly result: LookBack; readonly lines: readonly string[] }

async function overCandles(args: BacktestArgs, config: Config, zone: string): Promise<Result> {
  const { text, from, to } = args
  const market = marketOf(config, createLog(config.LOG_LEVEL ?? 'error'))
  const now = market.now()
  const begins = from === undefined ? now - MONTH : momentOf(from, 'start', { now, zone })
  const period = checked({ from: begins, to: to === undefined ? now : momentOf(to, 'end', { now, zone }) }, args)
  const { content, seen } = await understand(text, '', readerOf(market, period.from, zone))
  const archive = createArchive(market)
  const result = await lookBack(content, seen.quotes, period, {
    archive,
    sessionAt: market.calendar.sessionAt,
    now: market.now,
  })
  return { content, result, lines: linesOf(content, result, zone, now) }
}

/** Later than any recorded quote, on the clock by which they are played; ms. */
const LATE = 1e14
/** How long (ms) a recording goes on after its last quote: what waits for its time then may still come. */
const RUN_ON = 86_400_000

async function overQuotes(args: BacktestArgs, config: Config, zone: string): Promise<Result> {
  const { text, from, to, quotes = '' } = args
  const clock = { real: 0 }
  const market = createMarket({
    market: { replay: quotes },
    speed: 1,
    seed: 0,
    interval: config.FETCH_INTERVAL,
    now: () => clock.real,
    log: createLog(config.LOG_LEVEL ?? 'error'),
  })
  const first = market.now()
  const begins = from === undefined ? first : momentOf(from, 'start', { now: first, zone })
  const { content } = await understand(text, '', readerOf(market, begins, zone))
  const moments = await play(market, content.daySymbols, () => {
    clock.real = LATE
  })
  const last = moments.at(-1)!.at
  const ends = to === undefined ? undefined : momentOf(to, 'end', { now: first, zone })
  const period = checked({ from: begins, to: ends ?? last }, args)
  const lived = { ...period, to: ends ?? last + RUN_ON }
  const outcome = await inTurns(backtest(content, moments, lived, { hours: hoursOf(market), apart: market.apart }))
  const result: LookBack = { ...outcome, period, resolution: 'quotes', missing: [] }
  return { content, result, lines: linesOf(content, result, zone, period.to) }
}

function hoursOf({ calendar, freshFor, silence }: Market): Hours {
  const endOf: Hours['candleEnd'] = (symbol, interval, start) => candleEnd(symbol, interval, start, calendar)
  return { sessionAt: calendar.sessionAt, bucketStart, candleEnd: endOf, freshFor, silence }
}

/** Every tick of a recording, with the figures of its day where they are wanted, as the running program hears it. */
async function play(market: Market, daySymbols: readonly string[], goOn: () => void): Promise<Moment[]> {
  const { replay, providersFor, calendar, now } = market
  const days = createDays({ providersFor, calendar, now, failed: () => {} })
  const moments: Moment[] = []
  replay?.start()
  goOn()
  for (let tick = replay?.next(); replay && tick; tick = replay.next()) {
    const complete = tick.quotes.map((quote) => (daySymbols.includes(quote.symbol) ? days.complete(quote) : quote))
    moments.push({ at: tick.at, quotes: await Promise.all(complete) })
    replay.done(tick.at)
  }
  return moments
}

/** A period that is typed has a length; a recording of one row has none. */
function checked(period: Period, { from, to }: BacktestArgs): Period {
  const isEmpty = from !== undefined && to !== undefined && period.from === period.to
  if (isEmpty || period.from > period.to) throw new UserError('The time to look at must begin before it ends.')
  return period
}

/** What understanding a line needs of a conversation, for somebody who sits at a shell at `now` (ms). */
function readerOf({ chain, providersFor }: Market, now: number, zone: string): Context {
  const look = async (symbols: readonly string[]) => (await chain.quotes(symbols, { for: 'person' })).quotes
  return {
    now: () => now,
    zone,
    resolve: (written: string) => resolve(written, { chain, providersFor }),
    desk: { look, lookFor: ({ symbols }: { symbols: readonly string[] }) => look(symbols) },
    history: { load: async () => new Map() },
    user: { subscriptions: VIA.map((channel) => ({ channel })) },
  } as unknown as Context
}

function linesOf(content: Content, result: LookBack, zone: string, now: number): string[] {
  const rows = result.firings.map((firing) => firingLine(firing, result, zone, now))
  const width = Math.max(...rows.map(([when]) => when.length))
  return [
    content.text,
    countLine(result, content, zone),
    ...rows.map(([when, what]) => `  ${when.padEnd(width)}  ${what}`),
    ...closenessLines(result),
  ]
}

function jsonOf(result: LookBack, { text, options }: Content) {
  const { firings, resolution, period, looks, unseen, why, touched, missing } = result
  return {
    firings: firings.map(({ at, prices }) => ({ at: new Date(at).toISOString(), values: prices })),
    resolution,
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    condition: text,
    counted: howOften(options),
    looks,
    unseen,
    ...(why === undefined ? {} : { why }),
    ...(touched === undefined ? {} : { touched }),
    missing,
  }
}
