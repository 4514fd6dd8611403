import { expect, test } from 'vitest'
import { distance } from '../../src/condition/distance.ts'
import type { Memory } from '../../src/condition/memory.ts'
import { parse } from '../../src/condition/parse.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { aCell, withCandles } from './cells.ts'
import { CLOCK } from './lines.ts'
import { TERMS } from './stories.ts'

const distances = (text: string, price: string) =>
  distance(parse(text, CLOCK).condition, () => aCell({ price, volume: '1', previousClose: price })).map(
    ({ level, toward, percent }) => `${percent.toFixed(1)} % ${toward === 'above' ? 'below' : 'above'} ${level}`,
  )

test.each([
  ['AAPL > 500 or AAPL < 300', '333.69', ['49.8 % below 500', '11.2 % above 300']],
  ['AAPL > 500 or AAPL < 300', '505', ['68.3 % above 300']],
  ['AAPL > 500', '501', []],
  ['AAPL > 500', '500', ['0.0 % below 500']],
  ['BTC > 100k', '97410', ['2.7 % below 100k']],
  ['AAPL > $500', '250', ['100.0 % below 500']],
  ['AAPL outside 300 and 500', '400', ['33.3 % above 300', '25.0 % below 500']],
  ['AAPL between 300 and 500', '250', ['20.0 % below 300']],
  ['AAPL between 300 and 500', '600', ['20.0 % above 500']],
  ['not AAPL > 500', '600', ['20.0 % above 500']],
  ['not AAPL between 300 and 500', '400', ['33.3 % above 300', '25.0 % below 500']],
  ['AAPL = 500', '400', ['25.0 % below 500']],
  ['AAPL = 500', '600', ['20.0 % above 500']],
  ['AAPL != 500', '500', []],
  ['AAPL volume > 2m or change > 5%', '400', []],
  ['AAPL > MSFT', '400', []],
  // Any value that is a price.
  ['AAPL + 100 > 500', '300', ['25.0 % below 500']],
  ['AAPL * 2 between 300 and 500', '300', ['20.0 % above 500']],
  ['AAPL / AAPL open > 2', '300', []],
  // Crossings, from the side they have to come from.
  ['AAPL crosses above 500', '400', ['25.0 % below 500']],
  ['AAPL crosses above 500', '600', []],
  ['AAPL crosses below 500', '600', ['20.0 % above 500']],
  ['AAPL crosses 500', '400', ['25.0 % below 500']],
  ['AAPL crosses 500', '600', ['20.0 % above 500']],
  ['AAPL hits 500', '500', []],
  ['AAPL rises to 500', '400', ['25.0 % below 500']],
  ['AAPL crosses above 500', '500', ['0.0 % below 500']],
  ['AAPL crosses above AAPL open', '400', []],
  // Moves, to the price at which they are met.
  ['AAPL up 5% today', '400', ['5.0 % below 420']],
  ['AAPL up 5.55555% today', '400', ['5.6 % below 422.2222']],
  ['AAPL up 5% today', '0.0004', ['5.0 % below 0.00042']],
  ['AAPL down 20 today', '400', ['5.3 % above 380']],
  ['AAPL moves 5% today', '400', ['5.0 % below 420', '5.3 % above 380']],
  ['AAPL down 5% from 800', '800', ['5.3 % above 760']],
  ['AAPL down 5% from 800', '700', []],
  ['not AAPL up 5% from 300', '400', ['27.0 % above 315']],
  ['AAPL drops 5% from peak', '400', ['5.3 % above 380']],
  ['AAPL up 5% from now', '400', ['5.0 % below 420']],
  ['AAPL up 5% in 1h', '400', []],
])('%s at %s: %j', (text, price, expected) => {
  expect(distances(text, price)).toEqual(expected)
})

test('an unknown price has no distance', () => {
  expect(distance(parse('AAPL > 500', CLOCK).condition, () => aCell())).toEqual([])
})

test('a peak is counted from what the trigger remembers', () => {
  const [trigger] = triggersOf(parse('AAPL crosses above 900 and AAPL drops 5% from peak', CLOCK))
  const memory: Memory = [
    { type: 'cross', side: 'below', crossed: false },
    { type: 'mark', value: '440' },
  ]
  const found = distance(trigger!, () => aCell({ price: '420' }), TERMS, memory)
  expect(found).toMatchObject([
    { level: '900', toward: 'above' },
    { level: '418', toward: 'below' },
  ])
})

test('at close it is counted from the last close', () => {
  const cell = withCandles(aCell({ price: '1' }), '1d', '400')
  const found = distance(parse('AAPL > 500', CLOCK).condition, () => cell, { ...TERMS, atClose: true })
  expect(found).toEqual([{ written: 'AAPL', level: '500', toward: 'above', percent: 25 }])
})
