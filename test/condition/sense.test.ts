import { describe, expect, test } from 'vitest'
import { parse } from '../../src/condition/parse.ts'
import { UserError } from '../../src/errors.ts'
import { CLOCK } from './lines.ts'

function refusalOf(line: string): string {
  try {
    parse(line, CLOCK)
    return 'understood'
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.message
  }
}

describe('alone', () => {
  test.each([
    ['5 > 3', '5 > 3 is always true: it names no symbol.'],
    ['3 > 5', '3 > 5 can never be met: it names no symbol.'],
    ['2 * 3 > 5', '2 * 3 > 5 is always true: it names no symbol.'],
    ['1 / 3 + 1 / 3 + 1 / 3 = 1', '1 / 3 + 1 / 3 + 1 / 3 = 1 is always true: it names no symbol.'],
    ['0.1 + 0.2 = 0.3', '0.1 + 0.2 = 0.3 is always true: it names no symbol.'],
    ['max(1, 2) > 1', 'max(1, 2) > 1 is always true: it names no symbol.'],
    ['max(1 / 3, 2) > 1', 'max(1 / 3, 2) > 1 names no symbol, so there is nothing to watch.'],
    ['5 between 1 and 3', '5 between 1 and 3 can never be met: it names no symbol.'],
    ['5 crosses above 3', '5 crosses above 3 names no symbol, so there is nothing to watch.'],
    ['AAPL > 5 / 0', '5 / 0 divides by zero.'],
    ['AAPL / (3 - 3) > 1', 'AAPL price / (3 - 3) divides by zero.'],
    ['AAPL > AAPL', 'AAPL price > AAPL price can never be met: both sides are the same.'],
    ['AAPL >= AAPL', 'AAPL price >= AAPL price is always true: both sides are the same.'],
    [
      'AAPL + MSFT < AAPL + MSFT',
      'AAPL price + MSFT price < AAPL price + MSFT price can never be met: both sides are the same.',
    ],
    ['AAPL crosses above AAPL', 'AAPL price crosses above AAPL price can never be met: both sides are the same.'],
    ['AAPL > 0', 'AAPL price > 0 is always true: AAPL price is always above 0.'],
    ['AAPL > -5', 'AAPL price > -5 is always true: AAPL price is always above 0.'],
    ['AAPL < 3 - 3', 'AAPL price < 3 - 3 can never be met: AAPL price is always above 0.'],
    ['AAPL volume >= 0', 'AAPL volume >= 0 is always true: AAPL volume is never below 0.'],
    ['AAPL volume > 0', 'understood'],
    ['AAPL change < -100%', 'AAPL change < -100% can never be met: AAPL change is always above -100%.'],
    ['rsi(AAPL, 14) > 100', 'rsi(AAPL, 14) > 100 can never be met: rsi(AAPL, 14) is never above 100.'],
    ['rsi(AAPL, 14) >= 100', 'understood'],
    ['rsi(AAPL, 14) <= 100', 'rsi(AAPL, 14) <= 100 is always true: rsi(AAPL, 14) is never above 100.'],
    ['rsi(AAPL, 14) < 0', 'rsi(AAPL, 14) < 0 can never be met: rsi(AAPL, 14) is never below 0.'],
    ['macd(AAPL) < 0', 'understood'],
    ['AAPL - MSFT < 0', 'understood'],
    ['AAPL between 2 * 300 and 300', 'AAPL price between 2 * 300 and 300 can never be met.'],
    ['AAPL up 5% from 180', 'understood'],
    ['AAPL up 5% from -10', 'AAPL price up 5% from -10 is always true: AAPL price is always above 0.'],
    ['AAPL down 200 from 180', 'AAPL price down 200 from 180 can never be met: AAPL price is always above 0.'],
  ])('%s → %s', (line, expected) => {
    expect(refusalOf(line)).toBe(expected)
  })
})

describe('crossings and moves', () => {
  test.each([
    ['AAPL crosses above 0', 'AAPL price crosses above 0 can never be met: AAPL price is always above 0.'],
    ['AAPL crosses below 0', 'AAPL price crosses below 0 can never be met: AAPL price is always above 0.'],
    ['AAPL crosses -5', 'AAPL price crosses -5 can never be met: AAPL price is always above 0.'],
    ['AAPL hits 0', 'AAPL price hits 0 can never be met: AAPL price is always above 0.'],
    ['AAPL volume hits 0', 'understood'],
    ['AAPL volume crosses 0', 'AAPL volume crosses 0 can never be met: AAPL volume is never below 0.'],
    ['rsi(AAPL, 14) hits 100', 'understood'],
    ['rsi(AAPL, 14) crosses 100', 'rsi(AAPL, 14) crosses 100 can never be met: rsi(AAPL, 14) is never above 100.'],
    ['rsi(AAPL, 14) crosses above 70', 'understood'],
    ['AAPL change crosses above 0', 'understood'],
    ['AAPL - MSFT crosses above 0', 'understood'],
    ['AAPL down 150% in 1h', 'AAPL price down 150% in 1h can never be met: AAPL price is always above 0.'],
    ['AAPL down 100% today', 'AAPL price down 100% today can never be met: AAPL price is always above 0.'],
    ['AAPL down 99% today', 'understood'],
    ['AAPL up 150% in 1h', 'understood'],
    ['AAPL moves 150% in 1h', 'understood'],
    ['AAPL down 500 in 1h', 'understood'],
    ['AAPL crosses above 500 and AAPL < 300', 'understood'],
    ['AAPL up 5% in 1h and AAPL down 5% in 1h', 'understood'],
  ])('%s → %s', (line, expected) => {
    expect(refusalOf(line)).toBe(expected)
  })
})

describe('together', () => {
  test.each([
    ['AAPL > 500 and AAPL < 300', 'never'],
    ['AAPL > 300 and AAPL < 500', 'open'],
    ['AAPL >= 500 and AAPL <= 500', 'open'],
    ['AAPL > 500 and AAPL <= 500', 'never'],
    ['AAPL > 300 or AAPL < 500', 'always'],
    ['AAPL > 500 or AAPL <= 500', 'always'],
    ['AAPL > 500 or AAPL < 300', 'open'],
    ['AAPL > 500 or not AAPL > 500', 'always'],
    ['not (AAPL > 300 or AAPL < 500)', 'always'],
    ['AAPL = 500 and AAPL != 500', 'never'],
    ['AAPL between 1 and 2 and AAPL between 3 and 4', 'never'],
    ['AAPL outside 1 and 5 and AAPL between 2 and 4', 'never'],
    ['AAPL > 2 * 250 and AAPL < 1000 / 2', 'never'],
    ['AAPL > 1 / 3 and AAPL < 1 / 3', 'never'],
    ['AAPL > 1 / 3 and AAPL < 0.34', 'open'],
    ['AAPL > 500.00000000000000000001 and AAPL < 500.00000000000000000001', 'never'],
    ['AAPL / MSFT > 2 and AAPL / MSFT < 1', 'never'],
    ['AAPL/USD > 2 and MSFT > 3 and AAPL/USD < 1', 'never'],
    ['rsi(AAPL, 14) > 70 and rsi(AAPL, 14) < 30', 'never'],
    ['rsi(AAPL, 14) > 70 and rsi(AAPL, 15) < 30', 'open'],
    ['rsi(AAPL) > 70 and rsi(AAPL, 14) < 30', 'never'],
    ['rsi(AAPL, 14) >= 0 and rsi(AAPL, 14) <= 20', 'always'],
    ['AAPL up 5% from 100 and AAPL < 105', 'never'],
    ['AAPL up 5% from 100 and AAPL <= 105', 'open'],
    ['AAPL > 500 and MSFT < 300', 'open'],
    ['AAPL > MSFT and AAPL < 300', 'open'],
    ['AAPL > 500 or (MSFT > 3 and MSFT < 2)', 'never'],
    // £3 is 300 where a listing counts in pence, which is not known yet.
    ['VOD.L < £5 and VOD.L > 400', 'open'],
    ['VOD.L < £4 and VOD.L > £5', 'never'],
  ])('%s: %s', (line, expected) => {
    const said = refusalOf(line)
    const verdict = /can never/.test(said)
      ? 'never'
      : /always/.test(said)
        ? 'always'
        : said === 'understood'
          ? 'open'
          : said
    expect(verdict).toBe(expected)
  })
})

test.each([
  [
    'AAPL > 1 and AAPL < 900 and AAPL > 500 and MSFT > 3 and AAPL < 300',
    'This can never be met: AAPL price > 500 and AAPL price < 300 exclude each other.',
  ],
  [
    'AAPL >= 1 and AAPL <= 3 and AAPL outside 0.5 and 2 and AAPL outside 2 and 4',
    'This can never be met: AAPL price >= 1 and AAPL price <= 3 and 2 more exclude each other.',
  ],
])('%s: names those at fault', (line, expected) => {
  expect(refusalOf(line)).toBe(expected)
})
