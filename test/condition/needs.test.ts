import { expect, test } from 'vitest'
import type { AssetClass } from '../../src/condition/ast.ts'
import { FUNCTIONS } from '../../src/condition/functions.ts'
import { needs } from '../../src/condition/needs.ts'
import { parse } from '../../src/condition/parse.ts'
import { CLOCK } from './lines.ts'

const classes: Readonly<Record<string, AssetClass>> = { AAPL: 'stock', BTC: 'crypto', EURUSD: 'fx' }

const needed = (line: string) =>
  needs(parse(line, CLOCK), (written) => classes[written]).map(
    ({ symbol, interval, count }) => `${symbol} ${count} × ${interval}`,
  )

const history = (name: string, lengths: number[]) => {
  const entry = FUNCTIONS[name]
  return entry?.type === 'series' ? entry.history(lengths) : Number.NaN
}

test.each([
  ['AAPL > 500', []],
  ['AAPL crosses above 500', []],
  ['AAPL drops 8% from peak', []],
  ['AAPL change > 5% or AAPL open > 3', []],
  ['AAPL > sma(AAPL, 50)', ['AAPL 51 × 1d']],
  ['AAPL > sma(AAPL, 50, 1h)', ['AAPL 51 × 1h']],
  // Each symbol and interval once, with what needs the most.
  ['AAPL > sma(AAPL, 50) and AAPL > sma(AAPL, 200) and AAPL > low(AAPL, 10)', ['AAPL 201 × 1d']],
  ['AAPL > sma(AAPL, 5, 1h) and AAPL > sma(AAPL, 5)', ['AAPL 6 × 1h', 'AAPL 6 × 1d']],
  ['AAPL volume > 2 * sma(AAPL volume, 20)', ['AAPL 21 × 1d']],
  ['max(abs(-sma(AAPL, 5)), 1) between sma(BTC, 6) and sma(BTC, 7)', ['AAPL 6 × 1d', 'BTC 8 × 1d']],
  ['AAPL crosses above sma(AAPL, 5)', ['AAPL 6 × 1d']],
  ['AAPL up 5% from high(AAPL, 5)', ['AAPL 6 × 1d']],
  ['AAPL > high(AAPL, 52w)', ['AAPL 366 × 1d']],
  ['AAPL > high(AAPL, 1d)', ['AAPL 290 × 5m']],
  // Moves: what goes into that time, the unfinished one and the one in which it begins.
  ['AAPL up 5% in 1h', ['AAPL 62 × 1m']],
  ['AAPL moves 5% in 90m', ['AAPL 92 × 1m']],
  ['AAPL down 5% in 1d', ['AAPL 290 × 5m']],
  ['AAPL down 5% in 5d', ['AAPL 482 × 15m']],
  ['AAPL drops 10% from 30d high', ['AAPL 722 × 1h']],
  ['AAPL rises 10% from 52w low', ['AAPL 366 × 1d']],
  // Today: of stocks and currencies the previous close is told, of crypto it is asked for.
  ['AAPL down 5% today', []],
  ['EURUSD down 5% today', []],
  ['BTC down 5% today', ['BTC 102 × 15m']],
  ['crypto:ON down 5% today', ['crypto:ON 102 × 15m']],
  ['DOGE down 5% today', []],
  // At close: days, and for moves as much more as the close may be past.
  ['AAPL > 500 at close', ['AAPL 3 × 1d']],
  ['AAPL > MSFT and AAPL > 3 at close', ['AAPL 3 × 1d', 'MSFT 3 × 1d']],
  ['AAPL > sma(AAPL, 50) at close', ['AAPL 51 × 1d']],
  ['sma(AAPL, 1) > 5 at close', ['AAPL 3 × 1d']],
  ['AAPL > high(AAPL, 20) at close', ['AAPL 22 × 1d']],
  ['AAPL volume > sma(AAPL volume, 20) at close', ['AAPL 22 × 1d']],
  ['sma(AAPL, 5, 1h) > 5 at close', ['AAPL 30 × 1h', 'AAPL 3 × 1d']],
  ['high(AAPL, 1h) > 5 at close', ['AAPL 1000 × 1m', 'AAPL 3 × 1d']],
  ['BTC down 5% today at close', ['BTC 3 × 1d']],
  ['AAPL down 5% in 1h at close', ['AAPL 102 × 15m', 'AAPL 3 × 1d']],
])('%s needs %j', (line, expected) => {
  expect(needed(line)).toEqual(expected)
})

test('how much history a function needs, its table entry says', () => {
  expect(needed('rsi(AAPL, 14) < 30')).toEqual([`AAPL ${history('rsi', [14])} × 1d`])
  expect(needed('macd(AAPL) > signal(AAPL)')).toEqual([`AAPL ${history('signal', [12, 26, 9])} × 1d`])
})
