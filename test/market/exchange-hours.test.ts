import { expect, test } from 'vitest'
import { createExchangeHours, type HoursKept } from '../../src/market/exchange-hours.ts'
import { calendar } from '../../src/market/sessions.ts'
import type { Told } from '../../src/market/told.ts'

const usual = { zone: 'Asia/Tokyo', open: 540, close: 930, currency: 'JPY' }
const SONY = 'stock:6758.T'
/** A Monday on which Tokyo rests, and noon of it there. */
const [MONDAY, NOON] = ['2026-11-23', Date.parse('2026-11-23T12:00+09:00')]
const toldOf = (...days: [string, { from: number; until: number } | null][]): Told => ({ usual, days: new Map(days) })

function aPlace() {
  const kept = new Map<string, Told>()
  const written: string[] = []
  const place: HoursKept = {
    // As a database gives it: other objects each time.
    read: async () => new Map([...kept].map(([suffix, told]) => [suffix, { ...told, days: new Map(told.days) }])),
    write: async (suffix, told) => {
      written.push(suffix)
      kept.set(suffix, told)
    },
  }
  return { place, written }
}

test('a holiday that one process was told of is one in every process', async () => {
  const { place, written } = aPlace()
  const worker = createExchangeHours(() => toldByWorker)
  const toldByWorker = toldOf([MONDAY, null])
  const bot = createExchangeHours(() => undefined)
  const hours = calendar({ alwaysOpen: false, told: bot.told })
  expect(hours.isOpen(SONY, NOON)).toBe(true)
  worker.told(SONY)
  await worker.exchange(place)
  await worker.exchange(place)
  await bot.exchange(place)
  expect(hours.isOpen(SONY, NOON)).toBe(false)
  expect([hours.isOpen('stock:OCDO.L', NOON), written]).toEqual([false, ['T']])
})

test('what was told to both is put together, as the same object until there are news', async () => {
  const { place } = aPlace()
  const theirs = createExchangeHours(() => own)
  const own = toldOf(['2026-11-20', null])
  theirs.told(SONY)
  await theirs.exchange(place)
  const mine = createExchangeHours(() => here)
  const here = toldOf([MONDAY, null])
  await mine.exchange(place)
  const told = mine.told(SONY)
  expect([...told!.days.keys()]).toEqual(['2026-11-20', MONDAY])
  await mine.exchange(place)
  expect(mine.told(SONY)).toEqual(told)
  expect(mine.told(SONY)).toBe(mine.told(SONY))
  await theirs.exchange(place)
  expect([...theirs.told(SONY)!.days.keys()]).toEqual(['2026-11-20', MONDAY])
})

test('New York, coins and currencies need nobody to tell their hours', () => {
  const told = createExchangeHours(() => toldOf([MONDAY, null])).told
  expect([told('stock:AAPL'), told('crypto:BTC/USD'), told('fx:EUR/USD')]).toEqual([undefined, undefined, undefined])
})
