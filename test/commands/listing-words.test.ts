import { describe, expect, test } from 'vitest'
import { choiceText, type Found, symbolLines } from '../../src/commands/listing-words.ts'
import type { Listing } from '../../src/market/provider.ts'

const APPLE: Listing = { symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NasdaqGS' }

test.each<[Listing, string]>([
  [APPLE, 'stock:AAPL (Apple Inc., NasdaqGS)'],
  [{ symbol: 'stock:AAPL', name: 'Apple Inc.' }, 'stock:AAPL (Apple Inc.)'],
  [{ symbol: 'stock:AAPL', name: 'AAPL', exchange: 'NASDAQ' }, 'stock:AAPL (NASDAQ)'],
  [{ symbol: 'stock:AAPL', name: 'AAPL' }, 'stock:AAPL'],
  [{ symbol: 'stock:AAPL', name: '' }, 'stock:AAPL'],
  [{ symbol: 'stock:A', name: `A${'n'.repeat(60)}` }, `stock:A (A${'n'.repeat(38)}…)`],
])('a choice: %j', (listing, text) => expect(choiceText(listing)).toBe(text))

describe('what somebody should know of the symbols they typed', () => {
  const aapl: Found = { symbol: 'stock:AAPL', checked: true, listing: APPLE }
  const tui: Found = { symbol: 'stock:TUI1.DE', checked: true, listing: { symbol: 'stock:TUI1.DE', name: 'TUI AG' } }
  const bitcoin: Found = {
    symbol: 'crypto:BTC/USD',
    checked: true,
    listing: { symbol: 'crypto:BTC/USD', name: 'Bitcoin' },
  }

  test.each<[string, Found[], string[]]>([
    ['the name and exchange of a stock', [aapl], ['AAPL is Apple Inc. (NasdaqGS).']],
    ['of each', [aapl, tui], ['AAPL is Apple Inc. (NasdaqGS), TUI1.DE is TUI AG.']],
    ['one full stop', [{ ...aapl, listing: { symbol: 'stock:AAPL', name: 'Apple Inc.' } }], ['AAPL is Apple Inc.']],
    ['nothing of a coin', [bitcoin], []],
    ['nothing where nothing is known', [{ symbol: 'stock:AAPL', checked: true }], []],
    ['that it could not be checked', [{ symbol: 'stock:X', checked: false }], ['I could not check that X exists.']],
    [
      'that two could not be checked',
      [{ symbol: 'stock:X', checked: false }, { symbol: 'crypto:Y/USD', checked: false }, aapl],
      ['AAPL is Apple Inc. (NasdaqGS).', 'I could not check that X and Y/USD exist.'],
    ],
  ])('%s', (_what, found, lines) => expect(symbolLines(found)).toEqual(lines))
})
