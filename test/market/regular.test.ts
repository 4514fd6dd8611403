import { expect, test } from 'vitest'
import type { Quote } from '../../src/market/provider.ts'
import { regularOf } from '../../src/market/regular.ts'
import { aQuote } from '../builders.ts'

const late = aQuote({ price: '512', session: 'post', asOf: 9_000, regular: { price: '501.12', asOf: 5_000 } })

test.each<[string, Quote, Quote]>([
  [
    'of a price after the close it is the close that came beside it, with its own time',
    late,
    aQuote({ price: '501.12', session: 'regular', asOf: 5_000 }),
  ],
  [
    'of a close without a time it is a price without a time, not the one of extended hours',
    { ...late, regular: { price: '501.12' } },
    aQuote({ price: '501.12', session: 'regular' }),
  ],
  [
    'of a price before the opening it has the figures of its own day, not those of the day to come',
    aQuote({ session: 'pre', previousClose: '501', high: '9', regular: { price: '501', previousClose: '490' } }),
    aQuote({ price: '501', session: 'regular', previousClose: '490' }),
  ],
  ['a regular price is itself', aQuote({ session: 'regular' }), aQuote({ session: 'regular' })],
  ['so is one whose session only its time tells', aQuote(), aQuote()],
  [
    'and one of extended hours with nothing beside it',
    aQuote({ price: '512', session: 'pre' }),
    aQuote({ price: '512', session: 'pre' }),
  ],
])('%s', (_title, quote, regular) => {
  expect(regularOf(quote)).toEqual(regular)
})
