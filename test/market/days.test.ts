import { expect, it } from 'vitest'
import { createDays } from '../../src/market/days.ts'
import type { Candle, Provider, Quote } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const MINUTE = 60_000
const NOON = Date.parse('2026-11-20T12:00:00-05:00')
const candle = (day: string, open: string, close: string): Candle => ({
  start: Date.parse(`${day}T09:30:00-05:00`),
  open,
  high: close,
  low: open,
  close,
  volume: '1000',
})
const quoteAt = (at: number, price = '333'): Quote => ({
  symbol: 'stock:AAPL',
  price,
  currency: 'USD',
  source: 'test',
  receivedAt: at,
  asOf: at,
})

/** Days over two daily candles, on a clock that the test moves; `answer` lets the provider answer, or fail. */
function someDays() {
  const clock = { now: NOON }
  const asked: ((candles: Candle[] | Error) => void)[] = []
  const failures: string[] = []
  const candles = () =>
    new Promise<Candle[]>((resolve, reject) => {
      asked.push((given) => (given instanceof Error ? reject(given) : resolve(given)))
    })
  const provider = { name: 'test', classes: ['stock'], candles } as unknown as Provider
  const days = createDays({
    providersFor: () => [provider],
    calendar: calendar({ alwaysOpen: false }),
    now: () => clock.now,
    failed: (symbol) => failures.push(symbol),
  })
  const answer = async (
    given: Candle[] | Error = [candle('2026-11-19', '320', '330'), candle('2026-11-20', '331', '335')],
  ) => {
    asked.at(-1)!(given)
    await new Promise((done) => setImmediate(done))
  }
  return { clock, days, asked, failures, answer }
}

const OF_THE_DAY = { previousClose: '330', open: '331', high: '335', low: '331' }

it('the figures of the day are waited for where somebody asks for one quote', async () => {
  const { days, answer } = someDays()
  const completed = days.complete(quoteAt(NOON))
  await answer()
  expect(await completed).toMatchObject(OF_THE_DAY)
})

it('a round over many quotes does not wait: the figures are in the next one', async () => {
  const { days, asked, answer } = someDays()
  expect(days.soon(quoteAt(NOON))).toEqual(quoteAt(NOON))
  expect(days.soon(quoteAt(NOON))).toEqual(quoteAt(NOON))
  expect(asked).toHaveLength(1)
  await answer()
  expect(days.soon(quoteAt(NOON))).toMatchObject(OF_THE_DAY)
  expect(asked).toHaveLength(1)
})

it('a price beyond the day so far is its new high or low', async () => {
  const { days, answer } = someDays()
  days.soon(quoteAt(NOON))
  await answer()
  expect(days.soon(quoteAt(NOON, '340'))).toMatchObject({ high: '340', low: '331' })
  expect(days.soon(quoteAt(NOON, '329.5'))).toMatchObject({ high: '335', low: '329.5' })
})

it("a provider's own figures of the day are never taken for ours", async () => {
  const { days } = someDays()
  expect(days.soon({ ...quoteAt(NOON), previousClose: '1', high: '2' })).toEqual(quoteAt(NOON))
})

it('a quote of the day before has no part in this day', async () => {
  const { days, answer } = someDays()
  days.soon(quoteAt(NOON))
  await answer()
  const yesterday = Date.parse('2026-11-19T15:59:00-05:00')
  expect(days.soon(quoteAt(yesterday))).toEqual(quoteAt(yesterday))
})

it('where candles cannot be had the figures stay unknown, and are asked for again after a minute', async () => {
  const { clock, days, asked, failures, answer } = someDays()
  days.soon(quoteAt(NOON))
  await answer(new Error('no candles'))
  expect(days.soon(quoteAt(NOON))).toEqual(quoteAt(NOON))
  expect([asked.length, failures]).toEqual([1, ['stock:AAPL']])
  clock.now += MINUTE
  days.soon(quoteAt(clock.now))
  await answer()
  expect(days.soon(quoteAt(clock.now))).toMatchObject(OF_THE_DAY)
})

it('where the first provider fails the next one is asked', async () => {
  const asked: string[] = []
  const provider = (name: string, answer: () => Promise<Candle[]>) =>
    ({
      name,
      classes: ['stock'],
      candles: () => {
        asked.push(name)
        return answer()
      },
    }) as unknown as Provider
  const days = createDays({
    providersFor: () => [
      provider('dead', async () => {
        throw new Error('no answer')
      }),
      provider('alive', async () => [candle('2026-11-19', '320', '330'), candle('2026-11-20', '331', '335')]),
    ],
    calendar: calendar({ alwaysOpen: false }),
    now: () => NOON,
    failed: () => {},
  })
  expect(await days.complete(quoteAt(NOON))).toMatchObject(OF_THE_DAY)
  expect(asked).toEqual(['dead', 'alive'])
})
