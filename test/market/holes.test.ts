import { describe, expect, test } from 'vitest'
import { holesIn } from '../../src/market/gaps.ts'
import { createHistory } from '../../src/market/history.ts'
import { createHoles } from '../../src/market/holes.ts'
import type { Candle, Provider } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const DAY = 86_400_000
const BTC = 'crypto:BTC/USD'
const FIRST = Date.parse('2026-11-10T00:00Z')
const hours = calendar({ alwaysOpen: false })
/** Days by their numbers; the close is the number, or what is given. */
const days = (numbers: readonly number[], close?: string): Candle[] =>
  numbers.map((number) => {
    const price = close ?? String(number + 100)
    return { start: FIRST + number * DAY, open: price, high: price, low: price, close: price, volume: '1' }
  })

/** Who has some days; `undefined` numbers: it fails. */
function aProvider(name: string, numbers: readonly number[] | undefined, close?: string) {
  const asked: number[][] = []
  const provider = {
    ...{ name, classes: ['crypto'] },
    candles: async (_symbol: string, _interval: string, from: number, to: number) => {
      asked.push([(from - FIRST) / DAY, (to - FIRST) / DAY])
      if (numbers === undefined) throw new Error(`${name} is down`)
      return days(numbers, close).filter(({ start }) => start >= from && start < to)
    },
  } as unknown as Provider
  return { provider, asked }
}

const holesOver = (...providers: Provider[]) =>
  createHoles({
    providersFor: () => providers,
    calendar: hours,
    align: (_s, _i, candles) => [...candles],
    failed: () => {},
  })
const told = { symbol: BTC, interval: '1d', candles: days([0, 1, 4, 5]), source: 'One' } as const

describe('days that a provider leaves out', () => {
  test('are taken from another one that has them', async () => {
    const [one, other] = [aProvider('One', [0, 1, 4, 5]), aProvider('Other', [0, 1, 2, 3, 4, 5], '7')]
    const { candles, holes } = await holesOver(one.provider, other.provider).filled(told)
    expect(candles.map(({ close }) => close)).toEqual(['100', '101', '7', '7', '104', '105'])
    expect([holes, one.asked, other.asked]).toEqual([[], [], [[1, 5]]])
  })

  test('were quiet where another one has none either, and that is asked once', async () => {
    const other = aProvider('Other', [0, 1, 4, 5])
    const holes = holesOver(other.provider)
    expect(await holes.filled(told)).toEqual({ candles: told.candles, holes: [] })
    expect(await holes.filled(told)).toEqual({ candles: told.candles, holes: [] })
    expect(other.asked).toHaveLength(1)
  })

  test.each<[string, readonly number[] | undefined]>([
    ['fails', undefined],
    ['knows nothing of the symbol', []],
    ['does not reach so far back', [4, 5]],
  ])('are missing where the other one %s', async (_what, numbers) => {
    const { candles, holes } = await holesOver(aProvider('Other', numbers).provider).filled(told)
    expect([candles, holes]).toEqual([
      told.candles,
      [{ from: FIRST + 2 * DAY, until: FIRST + 4 * DAY, trading: 2 * DAY }],
    ])
  })
})

test('a history fills holes before anybody looks, and tells those that are left', async () => {
  const load = async (...providers: Provider[]) => {
    const history = createHistory({
      ...{ providersFor: () => providers, calendar: hours, isInstant: false, failed: () => {} },
      now: () => FIRST + 5.5 * DAY,
    })
    const { finished, gaps } = (await history.load([{ symbol: BTC, interval: '1d', count: 6 }])).get(BTC)!.get('1d')!
    return [finished.length, gaps]
  }
  const one = aProvider('One', [0, 1, 4, 5]).provider
  expect(await load(one, aProvider('Other', [0, 1, 2, 3, 4, 5]).provider)).toEqual([5, undefined])
  expect(await load(one)).toEqual([3, [{ from: FIRST + 2 * DAY, until: FIRST + 4 * DAY, trading: 2 * DAY }]])
})

test('short stretches in which perhaps nobody traded are no holes', () => {
  const HOUR = DAY / 24
  const at = (hour: number): Candle => ({ ...days([0])[0]!, start: FIRST + hour * HOUR })
  expect(holesIn(BTC, '1h', [at(0), at(3)], hours.sessionAt)).toEqual([])
  expect(holesIn(BTC, '1h', [at(0), at(4)], hours.sessionAt)).toHaveLength(1)
})
