import { setTimeout as wait } from 'node:timers/promises'
import { DateTime } from 'luxon'
import { startAlpaca } from '../doubles/alpaca.ts'
import { startBinance } from '../doubles/binance.ts'
import { startCoinbase } from '../doubles/coinbase.ts'
import { startCoinDesk } from '../doubles/coindesk.ts'
import { startCoinGecko } from '../doubles/coingecko.ts'
import type { FrankfurterDouble } from '../doubles/frankfurter.ts'
import { startKraken } from '../doubles/kraken.ts'
import { startNasdaq } from '../doubles/nasdaq.ts'
import { startTiingo } from '../doubles/tiingo.ts'
import type { Mood, MoodOptions } from '../doubles/trouble.ts'
import { startTwelveData } from '../doubles/twelvedata.ts'
import { startYahoo } from '../doubles/yahoo.ts'
import type { HttpDouble } from '../market/http-double.ts'
import type { Program, Settings } from './program.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A Tuesday, half an hour after New York opened. */
export const START = '2026-03-10T14:00:00Z'

/** The price while all is well, the one that stands behind each trouble, and the one at which an alert must fire. */
const [USUAL, WRONG, LEVEL] = [100, 120, 105]

/** What a provider does, what the log says of it, and how long (ms) the program then leaves it alone at the most. */
export type Trouble = {
  readonly title: string
  readonly mood: Mood
  readonly options?: MoodOptions
  readonly said: string
  readonly rest?: number
}

/** What goes wrong. The last one costs days on the program's clock: after it comes no other. */
export const TROUBLES: readonly Trouble[] = [
  {
    title: 'answers after 9 s',
    ...{ mood: 'slow', options: { latency: 9_000 } },
    said: 'has not answered yet',
  },
  { title: 'resets the connection', mood: 'reset', said: 'broke off in the middle of its answer' },
  {
    title: 'cuts the connection in the body',
    mood: 'cut off',
    said: 'broke off in the middle of its answer',
  },
  { title: 'ends the body too early', mood: 'truncated', said: 'answered with data that breaks off in the middle' },
  { title: '429', mood: 'too many', said: 'says we ask too often; the next try is in 1 min' },
  {
    title: '429, Retry-After: 300',
    ...{ mood: 'too many', options: { retryAfter: '300' } },
    said: 'says we ask too often and to come back in 5 min',
  },
  { title: 'a web page', mood: 'web page', said: 'answered with a web page instead of data' },
  { title: '500', mood: 'trouble', said: 'is in trouble (status 500)' },
  {
    title: '418',
    ...{ mood: 'banned', rest: 61 * MINUTE },
    said: 'has banned this address for 60 min (status 418)',
  },
  {
    title: '451',
    ...{ mood: 'not here', rest: 46 * HOUR },
    said: 'does not serve this region (status 451)',
  },
]

/** What came of one trouble of one provider. */
export type Outcome = {
  readonly provider: string
  readonly trouble: string
  /** Firings that no price gave reason for. */
  readonly falseFirings: number
  /** Whether it was seen again, and fired, in the same process after the trouble. */
  readonly recovered: boolean
}

/** The program's clock as its doubles know it. */
export type SharedClock = { now(): number; advance(ms: number): void }

/** A clock that begins at `START` now. */
export function createClock(): SharedClock {
  let ahead = Date.parse(START) - Date.now()
  return {
    now: () => Date.now() + ahead,
    advance(ms) {
      ahead += ms
    },
  }
}

/** A provider that is alone in its class: its double and what leads the program to it. */
export type Patient = {
  readonly name: string
  readonly double: HttpDouble
  readonly settings: Settings
  /** As it is typed, and as it is told. */
  readonly symbol: string
  readonly shown: string
  put(price: number): void
}

/** Starts the double of a provider, all well. */
export type Admit = (clock: SharedClock) => Promise<Patient>

const APPLE = { symbol: 'AAPL', shown: 'AAPL' }
const BITCOIN = { symbol: 'BTC', shown: 'BTC/USD' }
const FIRST = String(USUAL)

/** The providers whose quotes are watched, by the name that MARKET_STOCKS and MARKET_CRYPTO have for them. */
export const PATIENTS = {
  yahoo: async (clock) => {
    const double = await startYahoo()
    const put = (price: number) => void double.prices.set('AAPL', { price, time: Math.floor(clock.now() / 1000) })
    return { name: 'Yahoo', double, put, ...APPLE, settings: { MARKET_STOCKS: 'yahoo', YAHOO_URL: double.url } }
  },
  nasdaq: async (clock) => {
    const double = await startNasdaq()
    const timeOf = () => DateTime.fromMillis(clock.now(), { zone: 'America/New_York', locale: 'en-US' })
    const put = (price: number) => {
      const row = { lastSalePrice: `$${price}`, lastTradeTimestamp: timeOf().toFormat("LLL d, yyyy h:mm a 'ET'") }
      double.listings.set('AAPL', { kind: 'stocks', row })
    }
    return { name: 'Nasdaq', double, put, ...APPLE, settings: { MARKET_STOCKS: 'nasdaq', NASDAQ_URL: double.url } }
  },
  tiingo: async (clock) => {
    const double = await startTiingo({}, clock.now)
    const settings = { MARKET_STOCKS: 'tiingo', TIINGO_URL: double.url, TIINGO_KEY: 'good' }
    return { name: 'Tiingo', double, put: (price) => void double.prices.set('aapl', price), ...APPLE, settings }
  },
  alpaca: async (clock) => {
    const double = await startAlpaca({}, clock.now)
    const keys = { ALPACA_KEY: 'good', ALPACA_SECRET: 'secret' }
    const settings = { MARKET_STOCKS: 'alpaca', ALPACA_URL: double.url, ...keys }
    return { name: 'Alpaca', double, put: (price) => void double.prices.set('AAPL', price), ...APPLE, settings }
  },
  twelvedata: async (clock) => {
    const double = await startTwelveData({}, clock.now)
    const settings = { MARKET_STOCKS: 'twelvedata', TWELVEDATA_URL: double.url, TWELVEDATA_KEY: 'good' }
    const put = (price: number) => void double.prices.set('AAPL', String(price))
    return { name: 'Twelve Data', double, put, ...APPLE, settings }
  },
  coinbase: async () => {
    const double = await startCoinbase()
    const settings = { MARKET_CRYPTO: 'coinbase', COINBASE_URL: double.url }
    const put = (price: number) => void double.prices.set('BTC-USD', String(price))
    return { name: 'Coinbase', double, put, ...BITCOIN, settings }
  },
  kraken: async () => {
    const double = await startKraken({ XBTUSD: FIRST })
    const settings = { MARKET_CRYPTO: 'kraken', KRAKEN_URL: double.url }
    const put = (price: number) => void double.prices.set('XBTUSD', String(price))
    return { name: 'Kraken', double, put, ...BITCOIN, settings }
  },
  binance: async (clock) => {
    const double = await startBinance({}, clock.now)
    const settings = { MARKET_CRYPTO: 'binance', BINANCE_URL: double.url }
    const put = (price: number) => void double.prices.set('BTCUSDT', String(price))
    return { name: 'Binance', double, put, symbol: 'BTCUSDT', shown: 'BTC/USDT', settings }
  },
  coingecko: async (clock) => {
    const double = await startCoinGecko([], clock.now)
    const settings = { MARKET_CRYPTO: 'coingecko', COINGECKO_URL: double.url }
    const put = (usd: number) => {
      double.coins.splice(0, 1, { id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1, usd })
    }
    return { name: 'CoinGecko', double, put, ...BITCOIN, settings }
  },
  coindesk: async (clock) => {
    const double = await startCoinDesk({}, clock.now)
    const settings = { MARKET_CRYPTO: 'coindesk', COINDESK_URL: double.url, COINDESK_KEY: 'good' }
    return {
      name: 'CoinDesk Data',
      double,
      put: (price) => void double.prices.set('BTC-USD', price),
      ...BITCOIN,
      settings,
    }
  },
} as const satisfies Readonly<Record<string, Admit>>

/** Doubles of these providers, and the settings that point the program to them alone, asked four times a second. */
export async function admit(
  names: readonly (keyof typeof PATIENTS)[],
  clock: SharedClock,
): Promise<{ patients: Patient[]; settings: Settings }> {
  const patients: Patient[] = await Promise.all(names.map((name) => PATIENTS[name](clock)))
  for (const patient of patients) patient.put(USUAL)
  const settings = Object.assign({}, ...patients.map((patient) => patient.settings))
  return { patients, settings: { FETCH_INTERVAL: '250ms', BLIND_AFTER: '1s', ...settings } }
}

/** A program that watches each patient's symbol by two alerts: one that must fire after each trouble, one that never may. */
export type Ward = {
  readonly program: Program
  readonly clock: SharedClock
  readonly patients: readonly Patient[]
}

/** Sets the alerts: of the first patient 1 and 2, of the next 3 and 4. Throws where one is not on. */
export async function watch({ program, patients }: Ward): Promise<void> {
  for (const { symbol } of patients) {
    for (const condition of [`> ${LEVEL - 2} repeat`, `> ${WRONG - 5} or < ${USUAL - 20} repeat`]) {
      const answer = await program.ask(`alert ${symbol} ${condition}`)
      if (!/^Alert \d+ is on\.$/m.test(answer) || !/^Now 100 /m.test(answer)) throw new Error(answer)
    }
  }
}

/**
 * One trouble of all patients at a time. Behind it stands a price that would fire both alerts. It lasts until the program
 * has said that it is blind; then the usual price is there again, and once the program has said so, one that fires.
 */
export async function suffer(ward: Ward, trouble: Trouble): Promise<Outcome[]> {
  const { program, clock, patients } = ward
  const [from, noted] = [program.out().length, program.err().length]
  for (const { put, double } of patients) {
    put(WRONG)
    double.behave(trouble.mood, trouble.options)
  }
  jump(ward, 3 * MINUTE)
  for (const { name } of patients)
    await until(
      () => program.err().slice(noted).includes(`${name} ${trouble.said}`),
      `the log tells that ${name} ${trouble.said}`,
      program,
    )
  jump(ward, 10 * MINUTE)
  for (const { shown } of patients) await program.sees(new RegExp(`^I cannot see (\\S+ and )?${shown}\\b`, 'm'), from)
  const rest = trouble.rest ?? 10 * MINUTE
  // The price is to be of the time when it is asked for again, and the trouble over by then.
  clock.advance(rest)
  for (const { put, double } of patients) {
    put(USUAL)
    double.behave('normal')
  }
  program.jump(rest)
  for (const { shown } of patients) await seen(ward, new RegExp(`^${shown} (.*)is back: 100`, 'm'), from)
  const early = firings(program, from)
  for (const { put } of patients) put(LEVEL)
  jump(ward, 3 * MINUTE)
  for (const index of patients.keys()) await seen(ward, new RegExp(`^Alert ${mustOf(index)}: .*> 103`, 'm'), from)
  for (const { put } of patients) put(USUAL)
  const all = firings(program, from)
  return patients.map(({ name }, index) => {
    const due =
      all.filter((number) => number === mustOf(index)).length -
      early.filter((number) => number === mustOf(index)).length
    const ours = all.filter((number) => Math.ceil(number / 2) === index + 1).length
    return { provider: name, trouble: trouble.title, falseFirings: ours - Math.min(1, due), recovered: due > 0 }
  })
}

/**
 * The same for Frankfurter, whose rates of the day no alert is watched by: the trouble is told by whoever asks for the
 * price, and afterwards the price is. Its rates are kept for an hour.
 */
export async function sufferDaily(
  { program, clock, double }: Pick<Ward, 'program' | 'clock'> & { readonly double: FrankfurterDouble },
  trouble: Trouble,
): Promise<Outcome> {
  const [from, noted] = [program.out().length, program.err().length]
  const put = (rate: number) => {
    const date = new Date(clock.now()).toISOString().slice(0, 10)
    double.fixes.splice(0, 1, { date, quote: 'USD', rate })
  }
  put(WRONG / USUAL)
  double.behave(trouble.mood, trouble.options)
  jump({ program, clock }, 61 * MINUTE)
  while (!/EUR\/USD +cannot be seen: /.test(await program.ask('price EURUSD'))) await wait(25)
  const isNoted = () => program.err().slice(noted).includes(`Frankfurter ${trouble.said}`)
  await until(isNoted, `the log tells that Frankfurter ${trouble.said}`, program)
  double.behave('normal')
  jump({ program, clock }, Math.max(trouble.rest ?? 0, 61 * MINUTE))
  put(1)
  const isBack = async () => /EUR\/USD +1 USD .*Frankfurter, a rate of the day/.test(await program.ask('price EURUSD'))
  let recovered = await isBack()
  for (const end = Date.now() + 45_000; !recovered && Date.now() < end; recovered = await isBack()) await wait(25)
  const { title } = trouble
  return { provider: 'Frankfurter', trouble: title, falseFirings: firings(program, from).length, recovered }
}

/** The number of the alert of a patient that must fire. */
function mustOf(index: number): number {
  return 2 * index + 1
}

function jump({ program, clock }: Pick<Ward, 'program' | 'clock'>, ms: number): void {
  clock.advance(ms)
  program.jump(ms)
}

/** Who may be asked but every other minute has its turn again 3 min on, so often as it takes. */
async function seen(ward: Ward, pattern: RegExp, from: number): Promise<void> {
  const { program } = ward
  let isSeen = false
  const work = program.sees(pattern, from).finally(() => {
    isSeen = true
  })
  work.catch(() => {})
  for (let waits = 1; !isSeen; waits += 1) {
    await Promise.race([work, wait(100)])
    if (waits % 50 === 0) jump(ward, 3 * MINUTE)
  }
  await work
}

/** The numbers of the alerts that fired since `from`. */
function firings(program: Program, from: number): number[] {
  return [
    ...program
      .out()
      .slice(from)
      .matchAll(/^Alert (\d+): /gm),
  ].map(([, number]) => Number(number))
}

async function until(isSo: () => boolean, what: string, program: Program): Promise<void> {
  const end = Date.now() + 45_000
  while (!isSo()) {
    if (Date.now() > end)
      throw new Error(
        `After 45 s it was not so that ${what}. It printed:\n${program.out()}\nand noted:\n${program.err()}`,
      )
    await wait(25)
  }
}
