import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { backtestCommand } from '../../src/backtest-command.ts'
import { createMarket } from '../../src/market/index.ts'
import { liveFirings } from './live.ts'
import { DAY, HOUR, MINUTE, START } from './past.ts'

const RUNS = 10
const folder = mkdtempSync(join(tmpdir(), 'signal-generator-backtest-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const LINES = [
  'AAPL > 500 or < 480 repeat',
  'AAPL > 500 and BTC > 500 repeat',
  'AAPL > 500 cooldown 30m',
  'AAPL > 500 every 20m',
  'AAPL > 500 for 20m repeat',
  'BTC > 500 for 20m cooldown 1h',
  'AAPL > 500 until 18:00 repeat',
  'AAPL crosses 500 repeat',
  'BTC hits 500 cooldown 10m',
  'AAPL outside 490..510 repeat',
  'BTC > 500 or AAPL > 500 every 45m',
  'AAPL drops 3% from peak repeat',
  'BTC rises 2% from bottom repeat',
  'BTC up 2% from now repeat',
  'BTC up 2% in 1h repeat',
  'AAPL moves 2% in 30m repeat',
  'AAPL down 2% today repeat',
  'BTC up 2% today repeat',
  'AAPL change > 1 repeat',
  'BTC change < -1 repeat',
  'AAPL > open and AAPL volume > 1k repeat',
  'BTC > sma(BTC, 3, 15m) repeat',
  'AAPL > sma(AAPL, 4, 5m) repeat',
  'AAPL > high(AAPL, 2) repeat',
  'BTC > high(BTC, 3, 1h) repeat',
  'BTC > high(BTC, 2h) repeat',
  'rsi(BTC, 3, 5m) > 60 repeat',
  'AAPL > BTC repeat',
  'AAPL / BTC > 1.01 for 10m repeat',
  'AAPL > 500 at close repeat',
  'AAPL change > 0 at close repeat',
  'AAPL > BTC at close repeat',
  'AAPL > 500 during extended hours repeat',
  'AAPL > 500 during always repeat',
] as const

/** No multiples of a minute, so that no two timers run out at the same moment: which is first then is left open. */
const SHORT = [0, 10_007, 60_013, 240_017]
const LONG = [31 * MINUTE + 23, 2 * HOUR + 29]
const ANY = [...SHORT, 7 * MINUTE + 19, ...LONG, 9 * HOUR + 31, DAY + 37]

/**
 * How long rows are apart, of which symbols, and how many there are. What looks back over candles is given recordings
 * without holes: the watch room asks for so many minutes or days, not for so many rows.
 */
const RECORDINGS = [
  { of: /high\(AAPL/, steps: LONG, symbols: ['AAPL'], most: 60 },
  { of: /sma|rsi|high\(BTC| in |BTC up 2% today/, steps: SHORT, symbols: ['AAPL', 'BTC'], most: 120 },
  { of: /./, steps: ANY, symbols: ['AAPL', 'BTC'], most: 40 },
]

function rowsFor(line: string) {
  const { steps, symbols, most } = RECORDINGS.find(({ of }) => of.test(line))!
  const row = fc.record({
    step: fc.constantFrom(...steps),
    symbol: fc.constantFrom(...symbols),
    cents: fc.integer({ min: 47_000, max: 53_000 }),
    traded: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
  })
  return fc.array(row, { minLength: 1, maxLength: most })
}
type Row = { step: number; symbol: string; cents: number; traded: number | undefined }

/** A recording of both symbols, which begin together; the volume is the day's so far. */
function csvOf(rows: readonly Row[], start: number): string {
  let at = start
  const volumes = new Map<string, number>()
  const first = ['AAPL', 'BTC'].map((symbol) => `${start},${symbol},495.5`)
  const others = rows.map(({ step, symbol, cents, traded }) => {
    at += step
    const day = `${symbol} ${Math.floor(at / DAY)}`
    if (traded !== undefined) volumes.set(day, (volumes.get(day) ?? 0) + traded)
    const volume = traded === undefined ? '' : `,${volumes.get(day)}`
    return `${at},${symbol},${(cents / 100).toFixed(2)}${volume}`
  })
  return [...first, ...others].join('\n')
}

async function backtested(line: string, path: string): Promise<string[]> {
  let printed = ''
  const args = { text: line, quotes: path, from: undefined, to: undefined, json: true }
  await backtestCommand(args, (text) => {
    printed = text
  })
  return JSON.parse(printed).firings.map(({ at }: { at: string }) => at)
}

async function watched(line: string, path: string): Promise<string[]> {
  const clock = { real: 0 }
  const market = createMarket({
    market: { replay: path },
    speed: 1,
    seed: 0,
    interval: 10_000,
    now: () => clock.real,
    log: pino({ level: 'silent' }),
  })
  const fired = await liveFirings(line, market, () => {
    clock.real = 1e14
  })
  return fired.map((at) => new Date(at).toISOString())
}

describe('a backtest over recorded quotes fires when the watch room does', () => {
  test.each(LINES.map((line, index) => [line, index] as const))(
    '%s',
    async (line, index) => {
      const path = join(folder, `day${index}.csv`)
      await fc.assert(
        fc.asyncProperty(rowsFor(line), fc.constantFrom(START, START + 5 * HOUR), async (rows, start) => {
          writeFileSync(path, csvOf(rows, start))
          expect(await backtested(line, path)).toEqual(await watched(line, path))
        }),
        { numRuns: RUNS },
      )
    },
    180_000,
  )
})
