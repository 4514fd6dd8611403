import { classOf, tickerOf } from '../condition/name.ts'
import { bucketStart, nextBucket } from './candles.ts'
import { COINS } from './coins.ts'
import { type Candle, INTERVALS, type Interval, type Listing, type Provider, type Quote } from './provider.ts'
import { currencyOf, guess } from './symbols.ts'

const NAME = 'simulated'

/** Where some well-known instruments start; the others start where the hash of their name puts them. */
const STOCKS: Readonly<Record<string, number>> = {
  AAPL: 333,
  MSFT: 480,
  NVDA: 185,
  TSLA: 360,
  AMZN: 230,
  GOOGL: 245,
  META: 640,
  SPY: 640,
  QQQ: 590,
  COIN: 280,
  'BRK.B': 490,
  '^GSPC': 6400,
  'GC=F': 2950,
}
const COINS_IN_USD: Readonly<Record<string, number>> = {
  BTC: 97_000,
  ETH: 3_400,
  SOL: 190,
  BNB: 650,
  XRP: 2.3,
  ADA: 0.9,
  DOGE: 0.35,
  LINK: 19,
  LTC: 110,
  AVAX: 35,
  DOT: 7,
  USDT: 1,
  USDC: 1,
  DAI: 1,
  SHIB: 0.000021,
  PEPE: 0.000012,
}
const CURRENCIES_IN_USD: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 1.08,
  GBP: 1.27,
  JPY: 0.0066,
  CHF: 1.13,
  AUD: 0.65,
  CAD: 0.71,
  NZD: 0.59,
  SEK: 0.094,
  NOK: 0.092,
  CNY: 0.138,
  INR: 0.0117,
  MXN: 0.052,
  XAU: 2_950,
  XAG: 33,
}
/** The standard deviation of a day's move, as a share of the price. */
const DAILY = { stock: 0.02, crypto: 0.04, fx: 0.005 } as const

/** The slowest wave lasts 2^20 s, about 12 days: prices stay within some tenths of where they start. */
const OCTAVES = 21
/** How many moments of a candle are looked at for its high and low. */
const SAMPLES = 20

/** What the simulated prices depend on. */
export type SimulatedOptions = {
  /** The same seed gives the same prices at the same times. */
  readonly seed: number
  /** How many times faster than a market prices move. */
  readonly speed: number
  /** The clock of evaluation. */
  readonly now: () => number
}

/**
 * A market without a network: a random walk for any symbol. A price depends on seed, symbol and second alone: it is a
 * sum of 21 waves of noise, each twice as slow and √2 as high as the one before (which is how a random walk spreads), so
 * any moment costs the same. Candles open and close on the walk; high and low are those of 20 moments of it, so a long
 * candle may miss an extreme that a short one shows.
 */
export function simulated(options: SimulatedOptions): Provider {
  const { now } = options
  const quote = (symbol: string): Quote => {
    const at = now()
    const today = candle(options, symbol, '1d', bucketStart(symbol, '1d', at), at + 1)
    const yesterday = priceAt(walkOf(options, symbol), today.start - 1)
    const { open, high, low, close, volume } = today
    const currency = currencyOf(symbol) ?? 'USD'
    const figures = { price: close, open, high, low, previousClose: yesterday, volume: volume! }
    return { symbol, ...figures, currency, source: NAME, receivedAt: at, asOf: at, session: 'regular' }
  }
  return {
    name: NAME,
    classes: ['stock', 'crypto', 'fx'],
    batch: 1_000,
    pace: 0,
    quotes: async (symbols) => new Map(symbols.map((symbol) => [symbol, quote(symbol)])),
    candles: async (symbol, interval, from, to) => {
      const end = Math.min(to, now() + 1)
      const candles: Candle[] = []
      const first = bucketStart(symbol, interval, from)
      for (let start = first; start < end; start = nextBucket(symbol, interval, start))
        if (start >= from) candles.push(candle(options, symbol, interval, start, end))
      return candles
    },
    search: async (text) => search(text),
  }
}

/** What the walk of a symbol depends on, worked out once for all its moments. */
type Walk = {
  readonly key: number
  readonly start: number
  readonly decimals: number
  readonly perSecond: number
  readonly speed: number
}

function walkOf({ seed, speed }: SimulatedOptions, symbol: string): Walk {
  const start = startOf(symbol)
  const decimals = decimalsOf(symbol, start)
  return {
    key: hash(`${seed}:${symbol}`),
    start,
    decimals,
    perSecond: DAILY[classOf(symbol)] / Math.sqrt(86_400),
    speed,
  }
}

function candle(options: SimulatedOptions, symbol: string, interval: Interval, start: number, end: number): Candle {
  const last = Math.max(start, Math.min(nextBucket(symbol, interval, start), end) - 1)
  const walk = walkOf(options, symbol)
  const prices = Array.from({ length: SAMPLES + 1 }, (_, index) =>
    priceAt(walk, start + ((last - start) * index) / SAMPLES),
  )
  const ordered = [...prices].sort((a, b) => Number(a) - Number(b))
  const traded = Math.ceil(((last - start + 1) / INTERVALS['1d']) * (1e6 + (hash(symbol) % 5e7)))
  return {
    start,
    open: prices[0]!,
    high: ordered.at(-1)!,
    low: ordered[0]!,
    close: prices.at(-1)!,
    volume: String(traded),
  }
}

/** The price at a moment (ms), decimal text. */
function priceAt({ key, start, decimals, perSecond, speed }: Walk, at: number): string {
  const second = Math.floor((at * speed) / 1000)
  // The fastest wave moves at least some units of the last place, so that each second shows another price.
  let sum = Math.max(perSecond, (8 * 10 ** -decimals) / start) * noise(key, 0, second)
  for (let octave = 1; octave < OCTAVES; octave += 1) {
    const period = 2 ** octave
    sum += perSecond * Math.sqrt(period) * wave(key, octave, second / period)
  }
  return (start * Math.exp(sum)).toFixed(decimals)
}

/** Noise between whole numbers, joined without a corner. */
function wave(key: number, octave: number, position: number): number {
  const index = Math.floor(position)
  const share = position - index
  const smooth = share * share * (3 - 2 * share)
  return noise(key, octave, index) * (1 - smooth) + noise(key, octave, index + 1) * smooth
}

/** A number from -1 to 1 that depends on its arguments alone. */
function noise(key: number, octave: number, index: number): number {
  const low = mix(key ^ Math.imul(octave + 1, 0x9e3779b1) ^ (index | 0))
  return mix(low ^ Math.floor(index / 2 ** 32)) / 2 ** 31 - 1
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let x = value ^ (value >>> 16)
  x = Math.imul(x, 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/** FNV-1a. */
function hash(text: string): number {
  let x = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) x = Math.imul(x ^ text.charCodeAt(index), 0x01000193)
  return mix(x)
}

function startOf(symbol: string): number {
  const ticker = tickerOf(symbol)
  if (classOf(symbol) === 'stock') return STOCKS[ticker] ?? 20 + (hash(ticker) % 48_000) / 100
  const [base = '', quote = ''] = ticker.split('/')
  return inDollars(base) / inDollars(quote)
}

function inDollars(name: string): number {
  return COINS_IN_USD[name] ?? CURRENCIES_IN_USD[name] ?? (name in COINS ? 1 : 0.5) * (1 + (hash(name) % 900) / 100)
}

function decimalsOf(symbol: string, start: number): number {
  if (classOf(symbol) === 'fx') return start >= 20 ? 3 : 5
  return start >= 10 ? 2 : Math.max(4, 4 - Math.floor(Math.log10(start)))
}

function search(text: string): Listing[] {
  const symbol = guess(text)
  if (symbol === null) return []
  return [{ symbol, name: `${tickerOf(symbol)} (simulated)`, exchange: NAME, currency: currencyOf(symbol) ?? 'USD' }]
}
