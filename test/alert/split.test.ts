import { describe, expect, test } from 'vitest'
import { onSplit } from '../../src/alert/split.ts'
import type { Alert, Split } from '../../src/alert/types.ts'
import type { Memory } from '../../src/condition/memory.ts'
import { parse } from '../../src/condition/parse.ts'
import { keyOf, symbolsOf } from '../../src/condition/symbols.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { anAlert } from '../builders.ts'

const AT = Date.UTC(2026, 10, 23, 14, 30)
const NOW = AT + 5_000
const FOUR: Split = { symbol: 'stock:AAPL', at: AT, numerator: '4', denominator: '1' }

/** An alert typed so, set the day before, on its unmet side. */
function typed(line: string, given: Partial<Alert> = {}, memory?: Memory): Alert {
  const { condition, options } = parse(line, { now: AT - 86_400_000, zone: 'UTC' })
  const bindings = Object.fromEntries(symbolsOf(condition).map((one) => [keyOf(one), `stock:${one.ticker}`]))
  const triggers = triggersOf({ condition, options }).map(() => ({
    ...{ side: 'unmet' as const, held: false, running: false },
    ...(memory && { memory }),
  }))
  return anAlert({ condition, options, bindings, triggers, createdAt: AT - 86_400_000, ...given })
}

describe('the line in new shares', () => {
  test.each([
    ['AAPL > 500', 'AAPL price > 125'],
    ['AAPL > $1.5k or AAPL < 300 repeat', 'AAPL price > $375 or AAPL price < 75 repeat'],
    ['AAPL between 480 and 490', 'AAPL price between 120 and 122.5'],
    ['AAPL crosses above 500 and MSFT > 300', 'AAPL price crosses above 125 and MSFT price > 300'],
    ['AAPL up 20 in 1h', 'AAPL price up 5 in 1h'],
    ['AAPL up 5% from 400', 'AAPL price up 5% from 100'],
    ['not AAPL > 500', 'not AAPL price > 125'],
    ['500 < AAPL', 'AAPL price > 125'],
    ['sma(AAPL, 50) > 500', 'sma(AAPL, 50) > 125'],
    ['AAPL volume > 10m', 'AAPL volume > 40000000'],
    ['AAPL + 10 > 500', 'AAPL price + 2.5 > 125'],
    ['AAPL * 2 > 500', 'AAPL price * 2 > 125'],
    ['(AAPL + 10) * 2 > 500', '(AAPL price + 2.5) * 2 > 125'],
    ['AAPL / MSFT > 2', 'AAPL price / MSFT price > 0.5'],
    ['max(AAPL, 100) > 500', 'max(AAPL, 25) > 125'],
    ['AAPL > 100.01', 'AAPL price > 25.0025'],
  ])('of %s is %s', (line, expected) => {
    const { occurrences } = onSplit(typed(line), FOUR, NOW)
    expect(occurrences).toMatchObject([{ kind: 'split', split: { ...FOUR, line: expected, isWhole: true } }])
  })

  test.each([
    'AAPL change > 5%',
    'AAPL down 5% today',
    'AAPL up 8% from bottom',
    'rsi(AAPL, 14) < 30',
    'AAPL > sma(AAPL, 50)',
    'AAPL > AAPL previous close * 1.02',
  ])('of %s needs no change', (line) => {
    const { occurrences } = onSplit(typed(line), FOUR, NOW)
    expect(occurrences).toMatchObject([{ kind: 'split', split: { isWhole: true } }])
    expect(occurrences[0]?.split).not.toHaveProperty('line')
  })

  test.each(['AAPL > MSFT', 'AAPL - MSFT > 20', 'round(AAPL) > 500'])('of %s cannot be told by its numbers', (line) => {
    expect(onSplit(typed(line), FOUR, NOW).occurrences).toMatchObject([{ split: { isWhole: false } }])
  })

  test.each([
    ['3', '2', '333.333'],
    ['1', '10', '5000'],
    ['1.5', '1', '333.333'],
  ])('at %s for %s AAPL > 500 is AAPL > %s', (numerator, denominator, level) => {
    const { occurrences } = onSplit(typed('AAPL > 500'), { ...FOUR, numerator, denominator }, NOW)
    expect(occurrences[0]?.split?.line).toBe(`AAPL price > ${level}`)
  })
})

describe('what an alert has seen', () => {
  test('begins anew where it has levels: it must not fire on them', () => {
    const { alert } = onSplit(typed('AAPL < 300'), FOUR, NOW)
    expect(alert).toMatchObject({ phase: 'armed', triggers: [{ side: null, held: false }] })
  })

  test('is kept where it has none', () => {
    const before = typed('AAPL change > 5%')
    expect(onSplit(before, FOUR, NOW).alert).toEqual({
      ...before,
      splits: [{ symbol: 'stock:AAPL', at: AT, from: AT - 36_000_000, toldAt: NOW }],
    })
  })

  test.each([
    ['AAPL down 8% from peak', '500', '125'],
    ['MSFT down 8% from peak', '500', '500'],
    ['AAPL volume up 8% from bottom', '100', '400'],
  ])('a mark of %s at %s is at %s', (line, mark, expected) => {
    const { alert } = onSplit(typed(line, {}, [{ type: 'mark', value: mark }]), FOUR, NOW)
    expect(alert.triggers).toEqual([
      { side: 'unmet', held: false, running: false, memory: [{ type: 'mark', value: expected }] },
    ])
  })

  test('a crossing of a level is forgotten, a mark beside it is put into new shares', () => {
    const memory: Memory = [
      { type: 'cross', side: 'below', crossed: false },
      { type: 'mark', value: '480' },
    ]
    const { alert } = onSplit(typed('AAPL crosses above 500 and AAPL up 5% from bottom', {}, memory), FOUR, NOW)
    expect(alert.triggers[0]).toMatchObject({
      side: null,
      memory: [
        { type: 'cross', side: null, crossed: false },
        { type: 'mark', value: '120' },
      ],
    })
  })
})

test('it is told once, and a death in between changes nothing of that', () => {
  const first = onSplit(typed('AAPL > 500'), FOUR, NOW)
  expect(onSplit(first.alert, FOUR, NOW + 1)).toEqual({ alert: first.alert, occurrences: [] })
  expect(onSplit(first.alert, { ...FOUR, at: AT + 86_400_000 }, NOW).occurrences).toHaveLength(1)
})

test.each<[string, Partial<Alert>]>([
  ['set after it', { createdAt: AT }],
  ['done', { phase: 'done' }],
])('one that is %s hears nothing', (_what, given) => {
  const alert = typed('AAPL > 500', given)
  expect(onSplit(alert, FOUR, NOW)).toEqual({ alert, occurrences: [] })
})

test('one that is paused hears of it', () => {
  expect(onSplit(typed('AAPL > 500', { paused: true }), FOUR, NOW).occurrences).toHaveLength(1)
})
