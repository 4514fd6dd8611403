import { expect, test } from 'vitest'
import { formatCondition } from '../../src/condition/format.ts'
import { parse } from '../../src/condition/parse.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { CLOCK } from './lines.ts'

test.each([
  ['AAPL > 500', ['AAPL price > 500']],
  ['AAPL > 500 or AAPL < 300', ['AAPL price > 500', 'AAPL price < 300']],
  ['AAPL > 500 or (MSFT > 3 or GOOG > 4)', ['AAPL price > 500', 'MSFT price > 3', 'GOOG price > 4']],
  ['AAPL > 500 and AAPL < 600', ['AAPL price > 500 and AAPL price < 600']],
  ['AAPL outside 300 and 500', ['AAPL price < 300', 'AAPL price > 500']],
  ['MSFT > 3 or AAPL outside 300 and 500', ['MSFT price > 3', 'AAPL price < 300', 'AAPL price > 500']],
  ['AAPL between 300 and 500', ['AAPL price between 300 and 500']],
  ['not (AAPL > 500 or AAPL < 300)', ['not (AAPL price > 500 or AAPL price < 300)']],
  ['AAPL > 500 or AAPL < 300 for 10m', ['AAPL price > 500 or AAPL price < 300']],
  ['AAPL outside 300 and 500 for 10m', ['AAPL price outside 300 and 500']],
  // Either way is two.
  ['AAPL crosses 500', ['AAPL price crosses above 500', 'AAPL price crosses below 500']],
  ['AAPL crosses above 500', ['AAPL price crosses above 500']],
  ['AAPL crosses above 500 for 10m', ['AAPL price crosses above 500']],
  [
    'AAPL crosses 500 and MSFT > 3',
    ['AAPL price crosses above 500 and MSFT price > 3', 'AAPL price crosses below 500 and MSFT price > 3'],
  ],
  [
    'AAPL crosses 500 or MSFT crosses below 3',
    ['AAPL price crosses above 500', 'AAPL price crosses below 500', 'MSFT price crosses below 3'],
  ],
  [
    '(AAPL crosses 500 or MSFT crosses 3) and AAPL > 2',
    [
      '(AAPL price crosses above 500 or MSFT price crosses above 3) and AAPL price > 2',
      '(AAPL price crosses below 500 or MSFT price crosses below 3) and AAPL price > 2',
    ],
  ],
  ['AAPL moves 5% in 1h', ['AAPL price up 5% in 1h', 'AAPL price down 5% in 1h']],
  ['AAPL moves 5% in 1h for 10m', ['AAPL price moves 5% in 1h']],
  ['AAPL moves 5% in 1h and MSFT > 3', ['AAPL price moves 5% in 1h and MSFT price > 3']],
  ['not AAPL moves 5% in 1h', ['not AAPL price moves 5% in 1h']],
  ['AAPL drops 8% from peak', ['AAPL price down 8% from peak']],
])('%s has the triggers %j', (text, triggers) => {
  expect(triggersOf(parse(text, CLOCK)).map(formatCondition)).toEqual(triggers)
})

test('a crossing that touches goes either way too, and keeps that it does', () => {
  const ways = triggersOf(parse('AAPL hits 500', CLOCK))
  expect(ways).toMatchObject([
    { type: 'cross', direction: 'above', touch: true },
    { type: 'cross', direction: 'below', touch: true },
  ])
})
