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

const TRADED = [candle('2026-11-18', '300', '310'), candle('2026-11-19', '320', '330')]
const BEFORE_OPENING = Date.parse('2026-11-20T08:00:00-05:00')

it('before the opening a price is counted from the last close, and the regular one beside it from the close before', async () => {
  const { clock, days, answer } = someDays()
  clock.now = BEFORE_OPENING
  const early = { ...quoteAt(BEFORE_OPENING, '340'), session: 'pre' } as const
  const completed = days.complete({ ...early, regular: { price: '330', asOf: BEFORE_OPENING - 16 * 60 * MINUTE } })
  await answer(TRADED)
  const { previousClose, open, high, low, regular } = await completed
  expect({ previousClose, open, high, low }).toEqual({ previousClose: '330' })
  expect(regular).toMatchObject({ price: '330', previousClose: '310', open: '320', high: '330', low: '320' })
})

it('a day so far that has not traded is no day, whatever a provider shows of it', async () => {
  const { clock, days, answer } = someDays()
  clock.now = BEFORE_OPENING
  const completed = days.complete({ ...quoteAt(BEFORE_OPENING, '340'), session: 'pre' })
  await answer([...TRADED, candle('2026-11-20', '330', '340')])
  expect(await completed).toMatchObject({ previousClose: '330' })
})

it('a price after the close is no high and no low of the day', async () => {
  const { clock, days, answer } = someDays()
  clock.now = Date.parse('2026-11-20T17:00:00-05:00')
  const late = { ...quoteAt(clock.now, '400'), session: 'post', regular: { price: '336' } } as const
  const completed = days.complete(late)
  await answer()
  expect(await completed).toMatchObject({
    ...OF_THE_DAY,
    high: '336',
    regular: { price: '336', high: '336', low: '331' },
  })
})

it('a provider that lacks yesterday does not make the day before it the last close: the next one is asked', async () => {
  const provider = (...all: Candle[]) => ({ classes: ['stock'], candles: async () => all }) as unknown as Provider
  const lacking = provider(candle('2026-11-18', '300', '310'), candle('2026-11-20', '331', '335'))
  const whole = provider(...TRADED, candle('2026-11-20', '331', '335'))
  const daysOf = (...providers: Provider[]) =>
    createDays({
      providersFor: () => providers,
      calendar: calendar({ alwaysOpen: false }),
      now: () => NOON,
      failed: () => {},
    })
  expect(await daysOf(lacking, whole).complete(quoteAt(NOON))).toMatchObject(OF_THE_DAY)
  const alone = await daysOf(lacking).complete(quoteAt(NOON))
  expect(alone).toMatchObject({ open: '331', high: '335' })
  expect(alone).not.toHaveProperty('previousClose')
})
