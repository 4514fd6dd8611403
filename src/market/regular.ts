import type { Quote } from './provider.ts'

/**
 * A quote as regular trading last said it: itself, or, of a price of extended hours, the regular one that came beside it.
 * Where none did, the quote as it is: its session says what it is worth.
 */
export function regularOf(quote: Quote): Quote {
  const { regular, ...rest } = quote
  if (!regular || quote.session === undefined || quote.session === 'regular') return quote
  // The figures of the day that came with it are of the hours it is of.
  const { asOf: _, previousClose: __, open: ___, high: ____, low: _____, ...own } = rest
  return { ...own, ...regular, session: 'regular' }
}
