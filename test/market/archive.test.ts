import { describe, expect, test } from 'vitest'
import { createArchive } from '../../src/market/archive.ts'
import { type Candle, type Interval, type Provider, ProviderError } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Monday, 2 March 2026, 9:30 in New York. */
const OPENING = Date.UTC(2026, 2, 2, 14, 30)

type Asked = { symbol: string; interval: Interval; from: number; to: number }

/** A provider that gives the candles that begin at these times (ms), and notes what it was asked. */
function aProvider(name: string, give: readonly number[] | Error, asked: Asked[] = []): Provider {
  return {
    name,
    classes: ['stock', 'crypto', 'fx'],
    batch: 1,
    pace: 0,
    quotes: async () => new Map(),
    candles: async (symbol, interval, from, to) => {
      asked.push({ symbol, interval, from, to })
      if (give instanceof Error) throw give
      return give.map((start): Candle => ({ start, open: '1', high: '1', low: '1', close: '1', volume: null }))
    },
    search: async () => [],
  }
}

function archiveOf(providers: readonly Provider[], now: number) {
  return createArchive({ providersFor: () => providers, calendar: calendar({ alwaysOpen: false }), now: () => now })
}

const BTC = { symbol: 'crypto:BTC/USD', interval: '1h', count: 3 } as const
const AAPL = { symbol: 'stock:AAPL', interval: '1h', count: 3 } as const

describe('what is over', () => {
  test('a candle ends where the next begins, that of a stock with the trading in it', async () => {
    const btc = await archiveOf([aProvider('a', [0, HOUR])], DAY)(BTC, 0, DAY)
    expect(btc.map(({ end }) => end)).toEqual([HOUR, 2 * HOUR])
    const last = OPENING + 6 * HOUR
    const hours = await archiveOf([aProvider('a', [OPENING, last])], OPENING + DAY)(AAPL, OPENING, OPENING + DAY)
    expect(hours.map(({ end }) => end)).toEqual([OPENING + HOUR, last + HOUR / 2])
    const days = await archiveOf([aProvider('a', [OPENING])], OPENING + DAY)(
      { ...AAPL, interval: '1d' },
      OPENING,
      OPENING + DAY,
    )
    expect(days.map(({ end }) => end)).toEqual([last + HOUR / 2])
  })

  test('one that ends after the period, or only just now, is not given', async () => {
    const starts = [0, HOUR, 2 * HOUR]
    expect(await archiveOf([aProvider('a', starts)], DAY)(BTC, 0, 2 * HOUR)).toHaveLength(2)
    expect(await archiveOf([aProvider('a', starts)], 3 * HOUR + 60_000)(BTC, 0, DAY)).toHaveLength(2)
    expect(await archiveOf([aProvider('a', starts)], 3 * HOUR + 120_000)(BTC, 0, DAY)).toHaveLength(3)
  })
})

test('so many candles before the period are asked for as well, over nights and weekends', async () => {
  const asked: Asked[] = []
  const archive = archiveOf([aProvider('a', [], asked)], OPENING + DAY)
  await archive(BTC, 10 * HOUR, DAY)
  await archive(AAPL, OPENING, OPENING + HOUR)
  expect(asked[0]).toEqual({ symbol: BTC.symbol, interval: '1h', from: 7 * HOUR, to: DAY })
  // Friday's last three hours.
  expect(asked[1]!.from).toBeLessThanOrEqual(OPENING - 3 * DAY + 4 * HOUR)
})

describe('whom it asks', () => {
  const down = aProvider('down', new ProviderError('down', 'does not answer'))

  test.each<[what: string, providers: readonly Provider[], given: number]>([
    ['the first that has candles', [aProvider('a', [0]), aProvider('b', [0, HOUR])], 1],
    ['the next where the first has none', [aProvider('a', []), aProvider('b', [0, HOUR])], 2],
    ['the next where the first does not answer', [down, aProvider('b', [0, HOUR])], 2],
    ['nobody has any', [aProvider('a', []), down], 0],
  ])('%s', async (_what, providers, given) => {
    expect(await archiveOf(providers, DAY)(BTC, 0, DAY)).toHaveLength(given)
  })

  test('where nobody answers, it says what the first said', async () => {
    const other = aProvider('other', new ProviderError('other', 'does not answer'))
    await expect(archiveOf([down, other], DAY)(BTC, 0, DAY)).rejects.toThrow('down does not answer')
    await expect(archiveOf([], DAY)(BTC, 0, DAY)).rejects.toThrow('Nobody has prices of BTC/USD')
  })
})
