import { expect, test } from 'vitest'
import { distance } from '../../src/condition/distance.ts'
import { parse } from '../../src/condition/parse.ts'
import { aCell } from './cells.ts'
import { CLOCK } from './lines.ts'

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
])('%s at %s: %j', (text, price, expected) => {
  expect(distances(text, price)).toEqual(expected)
})

test('an unknown price has no distance', () => {
  expect(distance(parse('AAPL > 500', CLOCK).condition, () => aCell())).toEqual([])
})
