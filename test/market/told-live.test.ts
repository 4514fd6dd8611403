import { expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { createMarket, type LiveOptions } from '../../src/market/index.ts'
import { SOURCES } from '../../src/market/sources.ts'
import { startYahoo } from '../doubles/yahoo.ts'

it('a holiday that Yahoo tells of is one for the whole exchange, from the first quote on', async () => {
  const seconds = (text: string) => Date.parse(text) / 1000
  // Boxing Day is made up for on Monday: London opens on Tuesday.
  const [from, until] = [seconds('2026-12-29T08:00Z'), seconds('2026-12-29T16:30Z')]
  const now = Date.parse('2026-12-28T07:30Z')
  const stocks = await startYahoo({
    'OCDO.L': {
      price: 305.3,
      currency: 'GBp',
      zone: 'Europe/London',
      periods: [from - 2700, from, until, until + 2700],
    },
  })
  const urls = Object.fromEntries(Object.keys(SOURCES).map((name) => [name, stocks.url])) as LiveOptions['urls']
  const { chain, calendar } = createMarket({
    market: 'live',
    speed: 1,
    seed: 1,
    live: { urls, keys: {}, order: { stock: ['nasdaq', 'yahoo'], crypto: [], fx: [] } },
    interval: 10_000,
    now: () => now,
    log: createLog('silent'),
  })
  const monday = Date.parse('2026-12-28T10:00Z')
  expect(calendar.isOpen('stock:VOD.L', monday)).toBe(true)
  await chain.quotes(['stock:OCDO.L'], { for: 'round' })
  expect(calendar.isOpen('stock:VOD.L', monday)).toBe(false)
  expect(calendar.nextOpen('stock:VOD.L', monday)).toBe(from * 1000)
  expect(calendar.isOpen('stock:MC.PA', monday)).toBe(true)
  await stocks.stop()
})
