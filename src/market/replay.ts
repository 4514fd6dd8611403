import { readFileSync } from 'node:fs'
import { DateTime } from 'luxon'
import { tickerOf } from '../condition/name.ts'
import { fileProblem, UserError } from '../errors.ts'
import type { Answers } from './batches.ts'
import { candlesOf, type Point } from './candles.ts'
import { exchangeOf } from './exchanges.ts'
import { positive } from './numbers.ts'
import type { Provider, Quote, Unknown } from './provider.ts'
import { currencyOf, guess } from './symbols.ts'

const NAME = 'replay'
/** Epoch times below are seconds: as ms they would lie before March 1973. */
const FIRST_MS = 1e11

/** What a file says of one moment (ms). */
export type Tick = { readonly at: number; readonly quotes: readonly Quote[] }

/** Reads a file of recorded quotes. Throws `UserError` where it cannot be read or a row is bad. */
export function loadReplay(
  path: string,
  read: (path: string) => string = (name) => readFileSync(name, 'utf8'),
): Tick[] {
  let text: string
  try {
    text = read(path)
  } catch (error) {
    throw new UserError(`The replay file ${path} cannot be read: ${fileProblem(error)}.`)
  }
  return parseReplay(text, path)
}

/**
 * Recorded quotes from CSV: `time,symbol,price[,volume]`, a header or none, blank lines and lines that begin with `#`
 * skipped. Times are ISO 8601 (UTC where they name no zone; a date alone is a daily close, the last second of regular
 * trading in New York) or seconds or ms since 1970, and never go backwards; the
 * volume is the day's so far. Rows of one time are one tick; of two rows of one symbol in it the later counts. Throws a
 * `UserError` that names file and line.
 */
export function parseReplay(text: string, file: string): Tick[] {
  const ticks: { at: number; quotes: Map<string, Quote> }[] = []
  let started = false
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const fields = line.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'))
    const isHeader = !started && fields[0]!.toLowerCase() === 'time'
    started = true
    if (isHeader) continue
    const quote = rowQuote(fields, (what) => new UserError(`${file}, line ${index + 1}: ${what}`), ticks.at(-1)?.at)
    const last = ticks.at(-1)
    if (last?.at === quote.receivedAt) last.quotes.set(quote.symbol, quote)
    else ticks.push({ at: quote.receivedAt, quotes: new Map([[quote.symbol, quote]]) })
  }
  if (ticks.length === 0) throw new UserError(`${file} has no quotes in it.`)
  return ticks.map(({ at, quotes }) => ({ at, quotes: [...quotes.values()] }))
}

function rowQuote(fields: readonly string[], wrong: (what: string) => UserError, previous = 0): Quote {
  const [time = '', written = '', figure = '', traded = ''] = fields
  if (fields.length < 3 || fields.length > 4) throw wrong('expected time,symbol,price[,volume].')
  const at = instant(time)
  if (at === null) throw wrong(`"${time}" is not a time.`)
  if (at < previous) throw wrong(`${time} is before the time of the line above it.`)
  const symbol = guess(written)
  if (symbol === null) throw wrong(`"${written}" is not a symbol.`)
  const price = positive(figure)
  if (price === null) throw wrong(`"${figure}" is not a price above zero.`)
  const volume = positive(traded)
  if (volume === null && traded !== '' && Number(traded) !== 0) throw wrong(`"${traded}" is not a volume.`)
  const currency = currencyOf(symbol) ?? exchangeOf(tickerOf(symbol))?.currency ?? 'USD'
  return { symbol, price, currency, source: NAME, receivedAt: at, asOf: at, ...(volume === null ? {} : { volume }) }
}

function instant(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text)
    // Four digits alone are a year in ISO 8601, and a moment in 1970 to nobody.
    if (number < 10_000) return null
    return Math.round(number < FIRST_MS ? number * 1000 : number)
  }
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return lastSecondOf(text)
  const time = DateTime.fromISO(text.replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, '$1T'), { zone: 'utc' })
  return time.isValid && /^\d{4}-?\d{2}/.test(text) ? time.toMillis() : null
}

/** A day without a time is a row of daily closes: the last second of regular trading in New York. */
function lastSecondOf(day: string): number | null {
  const close = DateTime.fromISO(`${day}T15:59:59`, { zone: 'America/New_York' })
  return close.isValid ? close.toMillis() : null
}

/** What is played, and how. */
export type ReplayOptions = {
  readonly ticks: readonly Tick[]
  /** How many times faster than real time. */
  readonly speed: number
  /** The machine's clock, ms. */
  readonly realNow: () => number
  /** Whether a moment (ms) is in the regular trading hours of a symbol: candles are made of those alone. Left out: always. */
  readonly isOpen?: (symbol: string, at: number) => boolean
}

/**
 * A recorded day being played: a provider and the clock of evaluation. The clock runs at `speed` from `start`, but never
 * passes the next tick that is not done, so that whatever the speed every tick is seen at its own time.
 */
export type Replay = {
  readonly provider: Provider
  /** The clock of evaluation, ms: the first tick's time before the start; after the last tick it runs on. */
  now(): number
  /**
   * Begins, or with `position` (ms) goes on after a restart: ticks up to it count as done, and the clock goes on from
   * it, or from `clock` (ms) where that is later, but not from after the next tick. Once begun, does nothing.
   */
  start(position?: number, clock?: number): void
  readonly started: boolean
  /** The next tick that is due and not done, in order; undefined where none is. */
  next(): Tick | undefined
  /** The ticks up to this time (ms) have been evaluated and stored. */
  done(at: number): void
}

/** Sets up a replay of ticks in order of time (at least one). `quotes` answers with the latest row up to the last tick done, before that with the first tick's. */
export function createReplay({ ticks, speed, realNow, isOpen = () => true }: ReplayOptions): Replay {
  const first = ticks[0]!.at
  let origin: { readonly real: number; readonly replay: number } | undefined
  let index = 0
  const seen = new Map<string, Quote>()
  for (const quote of ticks[0]!.quotes) seen.set(quote.symbol, quote)

  const clock = () => (origin ? Math.floor(origin.replay + (realNow() - origin.real) * speed) : first)
  const now = () => Math.max(first, Math.min(clock(), ticks[index]?.at ?? Number.POSITIVE_INFINITY))
  const done = (at: number) => {
    for (; index < ticks.length && ticks[index]!.at <= at; index += 1)
      for (const quote of ticks[index]!.quotes) seen.set(quote.symbol, quote)
  }
  return {
    provider: providerOf(ticks, seen, now, isOpen),
    now,
    done,
    start(position, clock = first) {
      if (origin) return
      if (position !== undefined) done(position)
      const ahead = Math.min(clock, ticks[index]?.at ?? clock)
      origin = { real: realNow(), replay: Math.max(first, position ?? first, ahead) }
    },
    get started() {
      return origin !== undefined
    },
    next: () => {
      const tick = ticks[index]
      return origin && tick && clock() >= tick.at ? tick : undefined
    },
  }
}

function providerOf(
  ticks: readonly Tick[],
  seen: ReadonlyMap<string, Quote>,
  now: () => number,
  isOpen: (symbol: string, at: number) => boolean,
): Provider {
  const points = pointsOf(ticks, isOpen)
  const symbols = new Set(ticks.flatMap(({ quotes }) => quotes.map(({ symbol }) => symbol)))
  const missing = (symbol: string): Unknown =>
    symbols.has(symbol)
      ? { symbol, unknown: `the replay has no price of ${tickerOf(symbol)} yet`, gone: false }
      : { symbol, unknown: `the replay has no ${tickerOf(symbol)}`, gone: true }
  return {
    name: NAME,
    classes: ['stock', 'crypto', 'fx'],
    batch: 1_000,
    pace: 0,
    quotes: async (asked): Promise<Answers> =>
      new Map(asked.map((symbol) => [symbol, seen.get(symbol) ?? missing(symbol)])),
    candles: async (symbol, interval, from, to) => {
      const all = points.get(symbol) ?? []
      const known = all.slice(countBefore(all, from), countBefore(all, Math.min(to, now() + 1)))
      return candlesOf(symbol, known, interval).filter(({ start }) => start >= from)
    },
    search: async (text) => {
      const wanted = text.trim().toUpperCase()
      const found = [...symbols].filter((symbol) => symbol.toUpperCase().includes(wanted))
      return found.slice(0, 8).map((symbol) => ({ symbol, name: tickerOf(symbol), exchange: NAME }))
    },
  }
}

/** The prices of each symbol in regular trading, in order of time. */
function pointsOf(
  ticks: readonly Tick[],
  isOpen: (symbol: string, at: number) => boolean,
): ReadonlyMap<string, readonly Point[]> {
  const points = new Map<string, Point[]>()
  for (const { at, quotes } of ticks) {
    for (const { symbol, price, volume } of quotes) {
      if (!isOpen(symbol, at)) continue
      const point = volume === undefined ? { at, price } : { at, price, volume }
      const known = points.get(symbol)
      if (known) known.push(point)
      else points.set(symbol, [point])
    }
  }
  return points
}

/** How many of points in order of time are from before a moment (ms). */
function countBefore(points: readonly Point[], moment: number): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (points[middle]!.at < moment) low = middle + 1
    else high = middle
  }
  return low
}
