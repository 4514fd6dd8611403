import { describe, expect, test } from 'vitest'
import { fillCell } from '../../src/condition/cell.ts'
import { type Cell, compile, explain, wordOf } from '../../src/condition/evaluate.ts'
import { INTERVALS } from '../../src/condition/history.ts'
import { parse } from '../../src/condition/parse.ts'
import { seriesIn } from '../../src/condition/rows.ts'
import { aCandle, aCell, withCandles } from './cells.ts'
import { CLOCK } from './lines.ts'

const conditionOf = (line: string) => parse(line, CLOCK).condition
const leafOf = (line: string, cell: Cell) => explain(conditionOf(line), () => cell)[0]!
/** What a function is, read off the explanation of a comparison with it. */
const seenAs = (value: string, cell: Cell) => leafOf(`${value} > 0`, cell).operands[0]?.value
const DAY = INTERVALS['1d']

describe('the last so many candles', () => {
  const cell = () =>
    withCandles(
      aCell({ price: '108', at: CLOCK.now + 1 }),
      '1d',
      '99 99 97 98 5000, 100 101 99 100 1000, 102 105 101 104 2000',
      { live: '104 109 103 107 500' },
    )

  test.each([
    // The unfinished candle counts, with the price now as its close.
    ['sma(AAPL, 1)', '108'],
    ['sma(AAPL, 2)', '106'],
    ['sma(AAPL, 3)', '104'],
    ['sma(AAPL, 4)', '102.5'],
    ['change(AAPL, 2)', '8'],
    ['sma(AAPL open, 2)', '103'],
    ['sma(AAPL high, 2)', '107'],
    ['atr(AAPL, 1)', '6'],
    // These look at finished ones alone, so that a new high is higher than they are.
    ['high(AAPL, 2)', '105'],
    ['low(AAPL, 2)', '99'],
    ['avg(AAPL, 2)', '102'],
    ['sum(AAPL, 3)', '302'],
    // So does everything that is of the volume.
    ['sma(AAPL volume, 2)', '1500'],
    ['sum(AAPL volume, 3)', '8000'],
  ])('%s is %s', (text, value) => {
    expect(seenAs(text, cell())).toBe(value)
  })

  test('the price now widens the unfinished candle', () => {
    const now = cell()
    fillCell(now, { currency: 'USD', price: '112', at: CLOCK.now + 2 })
    expect(seenAs('sma(AAPL high, 1)', now)).toBe('112')
    expect(seenAs('atr(AAPL, 1)', now)).toBe('9')
    fillCell(now, { currency: 'USD', price: '90', at: CLOCK.now + 3 })
    expect(seenAs('sma(AAPL low, 1)', now)).toBe('90')
  })

  test('a price newer than the last finished candle begins the unfinished one', () => {
    const closed = withCandles(aCell({ price: '106', at: CLOCK.now - 1 }), '1d', '100, 102, 104')
    expect(seenAs('sma(AAPL, 2)', closed)).toBe('103')
    closed.at = CLOCK.now
    expect(seenAs('sma(AAPL, 2)', closed)).toBe('105')
  })

  test('a value follows prices and candles as they come', () => {
    const now = withCandles(aCell({ price: '106', at: CLOCK.now }), '1h', '100, 102, 104')
    const series = seriesIn(now, '1h')
    const truth = compile(conditionOf('AAPL > sma(AAPL, 3, 1h)'), () => now)
    const fall = (price: string) => {
      fillCell(now, { currency: 'USD', price, at: CLOCK.now + 1 })
      return wordOf(truth())
    }
    expect(['106', '103', '103.01', '100', '104', '2'].map(fall)).toEqual([
      'met',
      'unmet',
      'met',
      'unmet',
      'met',
      'unmet',
    ])
    series.live = aCandle('106', CLOCK.now)
    expect(['103', '103.01'].map(fall)).toEqual(['unmet', 'met'])
    // The hour is over at 106: of the three candles that count then, two are 104 and 106.
    series.finished = [...series.finished, series.live]
    series.live = undefined
    series.version++
    now.at = CLOCK.now + INTERVALS['1h']
    const later = (price: string) => {
      fillCell(now, { currency: 'USD', price, at: CLOCK.now + INTERVALS['1h'] })
      return wordOf(truth())
    }
    expect(['105', '105.01', '104.99'].map(later)).toEqual(['unmet', 'met', 'unmet'])
  })

  test('no more candles are taken than it asks for', () => {
    const far = '7, 700, 7, 700, '
    const near = Array.from({ length: 8 * 2 + 2 }, (_, i) => String(100 + (i % 5))).join(', ')
    const price = aCell({ price: '103', at: CLOCK.now - 1 })
    const value = seenAs('rsi(AAPL, 2)', withCandles(price, '1d', near))
    expect(seenAs('rsi(AAPL, 2)', withCandles(price, '1d', far.repeat(30) + near))).toBe(value)
  })
})

describe('a length of time', () => {
  const hours = (cell: Cell) => withCandles(cell, '5m', `1 900 1 100, ${'100 101 99 100, '.repeat(286)}100 105 98 100`)

  test.each([
    ['high(AAPL, 1d)', 0, '900'],
    // A candle that began before that time does not count.
    ['high(AAPL, 1d)', 1, '105'],
    ['low(AAPL, 1d)', 0, '1'],
    ['low(AAPL, 1d)', 1, '98'],
    ['high(AAPL, 1d)', 30 * 60_000, '105'],
  ])('%s looks at the candles that began in it, %i ms later: %s', (text, later, value) => {
    const cell = hours(aCell({ price: '100', at: CLOCK.now + later }))
    cell.series.get('5m')!.finished = [aCandle('50', CLOCK.now - 290 * 300_000), ...cell.series.get('5m')!.finished]
    expect(seenAs(text, cell)).toBe(value)
  })

  test('candles that do not go back so far leave it unknown', () => {
    const cell = hours(aCell({ price: '100', at: CLOCK.now }))
    expect(seenAs('high(AAPL, 1d)', cell)).toBe('900')
    cell.at = CLOCK.now - 300_000
    expect(leafOf('AAPL > high(AAPL, 1d)', cell)).toMatchObject({
      truth: 'unknown',
      why: 'The 5-minute candles of AAPL that are here do not go back 1d.',
    })
  })

  test('of days, a week may be missing at its beginning: markets have holidays', () => {
    const year = (days: number) => withCandles(aCell({ price: '100', at: CLOCK.now }), '1d', '100, '.repeat(days))
    expect(seenAs('high(AAPL, 52w)', year(364))).toBe('100')
    expect(seenAs('high(AAPL, 52w)', year(357))).toBe('100')
    expect(seenAs('high(AAPL, 52w)', year(356))).toBeUndefined()
  })

  test('a time without a finished candle has no high', () => {
    const cell = withCandles(aCell({ price: '100', at: CLOCK.now + 3 * DAY }), '1m', '100, 101')
    expect(leafOf('AAPL > high(AAPL, 1h)', cell)).toMatchObject({
      truth: 'unknown',
      why: 'No 1-minute candle of AAPL has finished in the last 1h.',
    })
  })

  test('where the unfinished candle counts, it is one of them', () => {
    const cell = withCandles(
      aCell({ price: '110', at: CLOCK.now + 1 }),
      '1m',
      `${'1 1 1 1 7, '.repeat(61)}100 100 100 100 30`,
      {
        live: '110 110 110 110 10',
      },
    )
    expect(seenAs('vwap(AAPL, 1m, 1m)', cell)).toBe('110')
  })
})

describe('why it is unknown', () => {
  const at = CLOCK.now - 1
  test.each([
    [
      'AAPL > sma(AAPL, 50)',
      withCandles(aCell({ price: '5', at }), '1d', '1, 2, 3'),
      'Only 3 of the 50 daily candles of AAPL are here.',
    ],
    [
      'AAPL > sma(AAPL, 50)',
      withCandles(aCell({ price: '5', at }), '1d', '1'),
      'Only 1 of the 50 daily candles of AAPL is here.',
    ],
    [
      'AAPL > high(AAPL, 50, 1h)',
      withCandles(aCell({ price: '5', at }), '1h', ''),
      'None of the 50 hourly candles of AAPL is here.',
    ],
    ['AAPL > sma(AAPL, 5)', aCell({ price: '5', at }), 'Its history is not here yet.'],
    [
      'AAPL open > sma(AAPL, 2)',
      withCandles(aCell({ open: '5', at }), '1d', '1, 2, 3'),
      'The price of AAPL is not known.',
    ],
    ['AAPL open > sma(AAPL, 2)', withCandles(aCell(), '1d', '1, 2, 3'), 'stock:AAPL has no quote.'],
    [
      'AAPL volume > sma(AAPL volume, 2)',
      withCandles(aCell({ price: '5', volume: '7', at }), '1d', '1 1 1 1 5, 2, 3 3 3 3 5'),
      'The volume of some daily candles of AAPL is not known.',
    ],
    [
      'vwap(AAPL, 2) > 5',
      withCandles(aCell({ price: '5', at }), '1d', '1 1 1 1 0, 2 2 2 2 0'),
      'vwap(AAPL, 2) has no value now.',
    ],
  ])('%s: %#', (line, cell, why) => {
    expect(leafOf(line, cell)).toMatchObject({ truth: 'unknown', why })
  })

  test('a gap heals as soon as it has left the candles that are looked at', () => {
    const cell = withCandles(aCell({ price: '5', at }), '1d', '1, 1 1 1 1 5, 3 3 3 3 7')
    expect(seenAs('sma(AAPL volume, 2)', cell)).toBe('6')
  })
})

test('functions are compared with decimals as they are told: a close that equals the mean is not above it', () => {
  const cell = withCandles(aCell({ price: '0.3', at: CLOCK.now - 1 }), '1d', '0.3, 0.3, 0.3')
  expect(leafOf('AAPL > high(AAPL, 3)', cell).truth).toBe('unmet')
  expect(leafOf('AAPL >= high(AAPL, 3)', cell).truth).toBe('met')
  expect(leafOf('AAPL = high(AAPL, 3) + 0', cell).truth).toBe('met')
})
