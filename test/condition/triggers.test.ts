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
])('%s has the triggers %j', (text, triggers) => {
  expect(triggersOf(parse(text, CLOCK)).map(formatCondition)).toEqual(triggers)
})
