import { expect, test } from 'vitest'
import { daySymbolsOf } from '../../src/condition/day.ts'
import { parse } from '../../src/condition/parse.ts'
import { keyOf } from '../../src/condition/symbols.ts'
import { CLOCK } from './lines.ts'

test.each([
  ['AAPL > 500', []],
  ['AAPL volume > 500', []],
  ['AAPL open > 500', ['AAPL']],
  ['AAPL change > 5% or MSFT previous close > 3', ['AAPL', 'MSFT']],
  ['2 * (AAPL - AAPL low) > 500', ['AAPL']],
  ['max(AAPL, MSFT high) > 500', ['MSFT']],
  ['AAPL crosses above AAPL open', ['AAPL']],
  ['AAPL down 5% today', ['AAPL']],
  ['AAPL up today', ['AAPL']],
  ['AAPL down 5% in 1h', []],
  ['AAPL down 5% from AAPL open', ['AAPL']],
  // These come from candles.
  ['AAPL > sma(AAPL open, 5)', []],
  ['AAPL > high(AAPL, 52w)', []],
])('%s looks at figures of the day of %j', (line, symbols) => {
  expect(daySymbolsOf(parse(line, CLOCK).condition).map(keyOf)).toEqual(symbols)
})
