import { expect, test } from 'vitest'
import type { Side } from '../../src/alert/types.ts'
import { waitsOf } from '../../src/alert/waits.ts'
import { parse } from '../../src/condition/parse.ts'
import { keyOf, symbolsOf } from '../../src/condition/symbols.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { anAlert, blank } from '../builders.ts'

/** An alert typed so, its triggers on these sides. */
function typed(line: string, ...sides: (Side | null)[]) {
  const { condition, options } = parse(line, { now: Date.UTC(2026, 10, 23, 15), zone: 'UTC' })
  const bindings = Object.fromEntries(symbolsOf(condition).map((symbol) => [keyOf(symbol), `stock:${symbol.ticker}`]))
  const triggers = triggersOf({ condition, options }).map((_, index) => ({ ...blank, side: sides[index] ?? 'unmet' }))
  return anAlert({ condition, options, bindings, triggers })
}

test.each<[string, string]>([
  ['AAPL > 500', 'stock:AAPL > 500 above 500'],
  ['AAPL >= 1.5k', 'stock:AAPL >= 1.5k atLeast 1.5e3'],
  ['AAPL < $300', 'stock:AAPL < $300 below 300'],
  ['AAPL <= 300', 'stock:AAPL <= 300 atMost 300'],
  ['AAPL between 480 and 490', 'stock:AAPL between 480 and 490 atLeast 480 atMost 490'],
  ['AAPL crosses above 500', 'stock:AAPL > 500 above 500'],
  ['AAPL falls to 300', 'stock:AAPL <= 300 atMost 300'],
])('%s waits for its level', (line, wait) => {
  const { waits, isWhole } = waitsOf(typed(line))
  const said = waits.map(({ symbol, text, ...bounds }) =>
    [symbol, text, ...Object.entries(bounds).map(([bound, level]) => `${bound} ${level}`)].join(' '),
  )
  expect([said, isWhole]).toEqual([[wait], true])
})

test.each<[string, (Side | null)[], string[]]>([
  ['AAPL > 500 or MSFT < 300', [], ['> 500', '< 300']],
  ['AAPL > 500 or AAPL < 300', ['met', 'unmet'], ['< 300']],
  ['AAPL > 500', ['met'], []],
  ['AAPL > 500', [null], ['> 500']],
  ['AAPL outside 300 and 500', [], ['< 300', '> 500']],
  ['AAPL crosses 500', [], ['> 500', '< 500']],
])('%s with its triggers %j waits for %j', (line, sides, texts) => {
  const { waits, isWhole } = waitsOf(typed(line, ...sides))
  expect([waits.map(({ text }) => text), isWhole]).toEqual([texts, true])
})

test.each([
  'AAPL > 500 and MSFT > 300',
  'AAPL change > 5%',
  'AAPL > MSFT',
  'AAPL > sma(AAPL, 50)',
  'AAPL down 5% from peak',
  'AAPL > 500 for 10m',
  'AAPL > 500 at close',
  'not AAPL > 500',
])('what %s waits for cannot be told as prices', (line) =>
  expect(waitsOf(typed(line))).toEqual({ waits: [], isWhole: false }),
)

test('one that is over waits for nothing', () => {
  expect(waitsOf({ ...typed('AAPL > 500'), phase: 'done' })).toEqual({ waits: [], isWhole: true })
})
