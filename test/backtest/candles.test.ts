import { describe, expect, test } from 'vitest'
import { type Course, momentsOf } from '../../src/backtest/candles.ts'
import { dayStart } from '../../src/market/day-start.ts'
import { aContent, aCourse, candlesOf, DAY, HOUR, runCandles, START } from './past.ts'

const BTC = 'crypto:BTC/USD'
const AAPL = 'stock:AAPL'
/** Midnight UTC of the Monday that `START` is in. */
const MONDAY = Date.UTC(2026, 2, 2)
/** 9:30 in New York. */
const OPENING = Date.UTC(2026, 2, 2, 14, 30)

const hoursOf = (line: string, story: string, start = START) => {
  const { firings } = runCandles(line, [aCourse(BTC, candlesOf(BTC, '1h', start, story))], '1h')
  return firings.map(({ at }) => (at - start) / HOUR)
}

describe('closes of finished candles', () => {
  test('are heard when their candle is over; what happened in it fires nothing', () => {
    expect(hoursOf('BTC > 500', '490 480-505:495 505 490 501')).toEqual([3, 5])
  })

  test('a stock is over with its trading, and its price then is of that trading', () => {
    const course = aCourse(AAPL, candlesOf(AAPL, '1h', OPENING, '490 490 490 490 490 490 510'))
    expect(
      runCandles('AAPL > 500', [course], '1h').firings.map(({ at, prices }) => [new Date(at).toISOString(), prices]),
    ).toEqual([['2026-03-02T21:00:00.000Z', { [AAPL]: '510' }]])
  })

  test('a wait runs on between closes, and not over night', () => {
    const monday = candlesOf(AAPL, '1h', OPENING, '490 490 490 490 490 490 510')
    const tuesday = candlesOf(AAPL, '1h', OPENING + DAY, '510 510 510')
    const { firings } = runCandles('AAPL > 500 for 1h30m', [aCourse(AAPL, [...monday, ...tuesday])], '1h')
    expect(firings.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-03-03T16:00:00.000Z'])
  })

  test('several symbols are looked at as their candles end', () => {
    const courses = [
      aCourse(BTC, candlesOf(BTC, '1h', START, '80 90 95')),
      aCourse(AAPL, candlesOf(AAPL, '1h', START - HOUR / 2, '510 510 490')),
    ]
    const { firings, looks } = runCandles('BTC > 85 and AAPL > 500', courses, '1h', {
      from: START + HOUR,
      to: START + 1e9,
    })
    expect(firings.map(({ at }) => (at - START) / HOUR)).toEqual([2])
    expect(looks).toBe(4)
  })

  test('a listing in pence is watched in pence', () => {
    const steps = candlesOf('stock:OCDO.L', '1h', Date.UTC(2026, 2, 2, 8), '2.9 3.1')
    const course: Course = { ...aCourse('stock:OCDO.L', steps), currency: 'GBP', minor: { name: 'GBp', per: 100 } }
    const { firings } = runCandles('OCDO.L > 300', [course], '1h')
    expect(firings.map(({ prices }) => prices)).toEqual([{ 'stock:OCDO.L': '310' }])
  })
})

describe('functions over candles', () => {
  test('see the candles that were over, and of the one under way what had been', () => {
    const days = candlesOf(BTC, '1d', MONDAY - 3 * DAY, '100 100 100 999')
    const steps = candlesOf(BTC, '1h', MONDAY, '105 99 101')
    const { firings, unseen } = runCandles('BTC > sma(BTC, 4)', [aCourse(BTC, steps, new Map([['1d', days]]))], '1h')
    expect(firings.map(({ at }) => (at - MONDAY) / HOUR)).toEqual([3])
    expect(unseen).toBe(0)
  })

  test('a new high is one over those before', () => {
    const days = candlesOf(BTC, '1d', MONDAY - 9 * DAY, '100 100 100 120 100 100 100 100 100')
    const steps = candlesOf(BTC, '1h', MONDAY, '110 119 121 122 118 123')
    const { firings } = runCandles('BTC > high(BTC, 7)', [aCourse(BTC, steps, new Map([['1d', days]]))], '1h')
    expect(firings.map(({ at }) => (at - MONDAY) / HOUR)).toEqual([3, 6])
  })

  test('of steps as long as their interval each is the one under way at its close', () => {
    const steps = candlesOf(BTC, '1d', MONDAY, '100 100 100 106 100 100')
    const { firings, unseen } = runCandles('BTC > sma(BTC, 3)', [aCourse(BTC, steps)], '1d')
    expect(firings.map(({ at }) => (at - MONDAY) / DAY)).toEqual([4])
    expect(unseen).toBe(1)
  })

  test('longer ones go back as far as there are some, and say so where there are too few', () => {
    const steps = candlesOf(BTC, '1h', MONDAY, '105 99 101')
    const { unseen, looks, why } = runCandles('BTC > sma(BTC, 4)', [aCourse(BTC, steps, new Map([['1d', []]]))], '1h')
    expect([unseen, looks, why]).toEqual([2, 2, 'Only 1 of the 4 daily candles of BTC is here.'])
  })
})

describe('moves', () => {
  test('over a window look at the candles in it', () => {
    expect(hoursOf('BTC up 5% in 2h', '100 100 103 105 106 106 106 112')).toEqual([4, 8])
  })

  test('over a long window at longer candles', () => {
    const days = candlesOf(BTC, '1h', MONDAY - 4 * DAY, Array(96).fill('100').join(' '))
    const steps = candlesOf(BTC, '1h', MONDAY, '101 103 105')
    const { firings } = runCandles('BTC up 5% in 3d', [aCourse(BTC, [...days, ...steps])], '1h', {
      from: MONDAY,
      to: MONDAY + DAY,
    })
    expect(firings.map(({ at }) => (at - MONDAY) / HOUR)).toEqual([3])
  })

  test('today for a coin: since midnight in the zone', () => {
    const steps = candlesOf(BTC, '1h', MONDAY - 2 * HOUR, '90 100 101 106')
    const { firings } = runCandles('BTC up 5% today', [aCourse(BTC, steps)], '1h')
    expect(firings.map(({ at }) => (at - MONDAY) / HOUR)).toEqual([2])
  })
})

describe('figures of the day', () => {
  const figuresOf = (line: string, course: Course) =>
    [...momentsOf(aContent(line), [course], '1h', dayStart)].map(({ quotes: [quote] }) => {
      const { open, high, low, previousClose, volume } = quote!
      return [open, high, low, previousClose, volume].map((text) => text ?? '-').join(' ')
    })

  test('of a stock are of its day, the previous close is the last of the day before', () => {
    const steps = [
      ...candlesOf(AAPL, '1h', OPENING - 3 * DAY, '300 310'),
      ...candlesOf(AAPL, '1h', OPENING, '320 325-335:330 315'),
    ]
    expect(figuresOf('AAPL change > 5 and AAPL volume > 5', aCourse(AAPL, steps))).toEqual([
      '300 300 300 - 100',
      '300 310 300 - 200',
      '320 320 320 310 100',
      '320 335 320 310 200',
      '320 335 315 310 300',
    ])
  })

  test('of a coin are of the last 24 hours', () => {
    const steps = candlesOf(BTC, '1h', START, Array.from({ length: 27 }, (_, hour) => String(100 + hour)).join(' '))
    expect(figuresOf('BTC change > 5 and BTC volume > 5', aCourse(BTC, steps)).slice(-2)).toEqual([
      '101 125 101 101 2400',
      '102 126 102 102 2400',
    ])
  })

  test('of a currency are since 17:00 in New York', () => {
    const five = Date.UTC(2026, 2, 2, 22)
    const steps = candlesOf('fx:EUR/USD', '1h', five - 2 * HOUR, '1.01 1.02 1.03 1.04')
    expect(figuresOf('EURUSD change > 5', aCourse('fx:EUR/USD', steps)).slice(-2)).toEqual([
      '1.02 1.03 1.02 1.02 -',
      '1.02 1.04 1.02 1.02 -',
    ])
  })

  test('a move today counts from the close of the day before', () => {
    const steps = [
      ...candlesOf(AAPL, '1h', OPENING - 3 * DAY, '300 300'),
      ...candlesOf(AAPL, '1h', OPENING, '310 315 320'),
    ]
    expect(
      runCandles('AAPL up 5% today', [aCourse(AAPL, steps)], '1h').firings.map(({ at }) => (at - OPENING) / HOUR),
    ).toEqual([2])
  })
})

describe('at the close', () => {
  test('the day is looked at when it is over', () => {
    const days = candlesOf(AAPL, '1d', OPENING, '490 480-520:495 505 506')
    expect(
      runCandles('AAPL > 500 at close', [aCourse(AAPL, days)], '1d').firings.map(({ at }) =>
        new Date(at).toISOString(),
      ),
    ).toEqual(['2026-03-04T21:00:00.000Z'])
  })

  test('its change is from the close before', () => {
    const days = candlesOf(BTC, '1d', MONDAY, '100 101 107 108')
    expect(
      runCandles('BTC change > 5 at close', [aCourse(BTC, days)], '1d').firings.map(({ at }) => (at - MONDAY) / DAY),
    ).toEqual([3])
  })
})
