import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CandleMetric,
  FUNCTIONS,
  type NumberFunction,
  type Row,
  type SeriesFunction,
} from '../../src/condition/functions.ts'
import { Exact } from '../../src/condition/numbers.ts'
import { AVERAGES, BANDS, CONVERGENCE, RANGE, STRENGTH } from './published-figures.ts'

const entries = Object.entries(FUNCTIONS)
const series = entries.flatMap(([name, entry]) => (entry.type === 'series' ? [[name, entry] as const] : []))
const numbers = entries.flatMap(([name, entry]) => (entry.type === 'numbers' ? [[name, entry] as const] : []))

/** Functions in which every candle before counts, however little. */
const ENDLESS = ['ema', 'rsi', 'macd', 'signal', 'atr']

describe('the table', () => {
  test('has every function of the language, in the order of help', () => {
    expect(Object.keys(FUNCTIONS).join(' ')).toBe(
      'sma ema rsi macd signal atr vwap stdev bbupper bbmiddle bblower high low avg sum change abs min max round',
    )
  })

  test('has no other names, not even those of every object', () => {
    expect(['constructor', 'toString', '__proto__'].map((name) => FUNCTIONS[name])).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test.each(entries)('%s is shown as it is typed, with a line of help', (name, { usage, help }) => {
    expect(usage).toMatch(new RegExp(`^${name}\\(AAPL.*\\)$`))
    expect(help).toMatch(/^[^.]{4,56}$/)
  })

  test.each([
    ['sma', '?'],
    ['ema', '?'],
    ['rsi', '14'],
    ['macd', '12 26'],
    ['signal', '12 26 9'],
    ['atr', '14'],
    ['vwap', '?'],
    ['stdev', '?'],
    ['bbupper', '20 2'],
    ['bbmiddle', '20 2'],
    ['bblower', '20 2'],
    ['high', '?'],
    ['low', '?'],
    ['avg', '?'],
    ['sum', '?'],
    ['change', '?'],
  ])('the lengths of %s are, where none are given, %s', (name, presets) => {
    expect(
      seriesNamed(name)
        .lengths.map(({ preset }) => preset ?? '?')
        .join(' '),
    ).toBe(presets)
  })

  test('the unfinished candle is left out of what counts whole candles, and of nothing else', () => {
    expect(series.filter(([, { unfinished }]) => unfinished === 'out').map(([name]) => name)).toEqual([
      'high',
      'low',
      'avg',
      'sum',
    ])
  })
})

describe('worked by hand', () => {
  test.each<[string, number[], number[], number[], string]>([
    ['sma', [3], [1, 2, 6, 7], [3, 5], '(1 + 2 + 6) / 3 = 3; (2 + 6 + 7) / 3 = 5'],
    ['sma', [1], [1, 2], [1, 2], 'each alone'],
    [
      'ema',
      [3],
      [2, 4, 6, 8, 10],
      [4, 6, 8],
      '(2 + 4 + 6) / 3 = 4; weight 2 / 4; 4 + (8 − 4) / 2 = 6; 6 + (10 − 6) / 2 = 8',
    ],
    ['ema', [1], [5, 7], [5, 7], 'weight 2 / 2 = 1'],
    [
      'rsi',
      [2],
      [10, 11, 10.5, 12.5],
      [200 / 3, 1000 / 11],
      'up 1, down 0.5: 0.5 / 0.75; then up 2: 1.25 / (1.25 + 0.125)',
    ],
    ['rsi', [1], [10, 11, 10], [100, 0], 'all up; all down'],
    ['rsi', [2], [10, 11, 12], [100], 'never down'],
    ['rsi', [2], [10, 10, 10], [50], 'never moved'],
    ['macd', [2, 3], [1, 2, 3, 5], [0.5, 2 / 3], 'fast 2.5, 2.5 + 2.5 × 2 / 3 = 25 / 6; slow 2, 2 + 3 / 2 = 3.5'],
    ['macd', [3, 2], [1, 2, 3, 5], [-0.5, -2 / 3], 'the same, the other way round'],
    [
      'signal',
      [2, 3, 2],
      [1, 2, 3, 5, 5],
      [7 / 12, 55 / 108],
      '(1 / 2 + 2 / 3) / 2; macd 85 / 18 − 17 / 4 = 17 / 36; 7 / 12 − 1 / 9 × 2 / 3',
    ],
    ['stdev', [8], [2, 4, 4, 4, 5, 5, 7, 9], [2], 'mean 5; (9 + 1 + 1 + 1 + 0 + 0 + 4 + 16) / 8 = 4'],
    ['bbupper', [8, 2], [2, 4, 4, 4, 5, 5, 7, 9], [9], '5 + 2 × 2'],
    ['bbmiddle', [8, 2], [2, 4, 4, 4, 5, 5, 7, 9], [5], 'the mean'],
    ['bblower', [8, 2], [2, 4, 4, 4, 5, 5, 7, 9], [1], '5 − 2 × 2'],
    ['bblower', [8, 1], [2, 4, 4, 4, 5, 5, 7, 9], [3], '5 − 2'],
    ['high', [3], [5, 9, 7, 6, 8], [9, 9, 8], 'of 5 9 7, of 9 7 6, of 7 6 8'],
    ['low', [3], [5, 9, 7, 6, 8], [5, 6, 6], 'of the same'],
    ['avg', [2], [1, 2, 6], [1.5, 4], '(1 + 2) / 2; (2 + 6) / 2'],
    ['sum', [2], [1, 2, 6], [3, 8], '1 + 2; 2 + 6'],
    ['change', [2], [80, 90, 100, 45], [25, -50], '(100 − 80) / 80; (45 − 90) / 90'],
  ])('%s%j of %j is %j', (name, lengths, values, expected) => {
    const seen = known(run(name, lengths, values.map(flat)))
    expect(seen).toEqual(expected.map((value) => expect.closeTo(value, 12)))
  })

  test('atr: a gap counts from the close before', () => {
    const rows = [candle(10, 8, 9), candle(11, 10, 10.5), candle(12, 11.5, 12), candle(9, 8, 8)]
    // Ranges: 10 − 8 = 2; 11 − 9 = 2; 12 − 10.5 = 1.5; 12 − 8 = 4. (2 + 2) / 2; (2 + 1.5) / 2; (1.75 + 4) / 2.
    expect(known(run('atr', [2], rows))).toEqual([2, 1.75, 2.875])
  })

  test('vwap: typical prices by volume, of the last candles alone', () => {
    const rows = [candle(12, 9, 12, 100), candle(15, 12, 12, 300), candle(10, 10, 10, 100)]
    // Typical prices 11, 13, 10: (1100 + 3900) / 400 = 12.5; (3900 + 1000) / 400 = 12.25.
    expect(known(run('vwap', [2], rows))).toEqual([12.5, 12.25])
  })

  test('vwap: a newest candle whose volume is not known yet has no weight', () => {
    const rows = [candle(12, 9, 12, 100), candle(15, 12, 12, 300), candle(99, 99, 99, Number.NaN)]
    // 13 alone, for 3900 / 300.
    expect(run('vwap', [2], rows)).toEqual([undefined, 12.5, 13])
    expect(run('vwap', [2], [...rows, candle(10, 10, 10, 100)]).at(-1)).toBeUndefined()
  })

  test.each<[string, CandleMetric, number]>([
    ['high', 'price', 30],
    ['high', 'open', 12],
    ['high', 'low', 8],
    ['high', 'volume', 500],
    ['low', 'price', 7],
    ['low', 'open', 11],
    ['low', 'high', 20],
    ['low', 'volume', 400],
  ])('the %s of %s is taken of the right figure', (name, of, expected) => {
    const rows = [
      { start: 0, open: 11, high: 20, low: 8, close: 15, volume: 500 },
      { start: 1, open: 12, high: 30, low: 7, close: 16, volume: 400 },
    ]
    const valued = rows.map((row) => ({ ...row, value: of === 'price' ? row.close : row[of] }))
    expect(run(name, [2], valued, of).at(-1)).toBe(expected)
  })
})

describe('published tables', () => {
  test.each<[string, string, number[], readonly Row[], readonly number[], number]>([
    ['StockCharts', 'sma', [10], AVERAGES.closes.map(flat), AVERAGES.simple, 2],
    ['StockCharts', 'ema', [10], AVERAGES.closes.map(flat), AVERAGES.exponential, 2],
    ['StockCharts', 'rsi', [14], STRENGTH.closes.map(flat), STRENGTH.index, 2],
    [
      'StockCharts',
      'atr',
      [14],
      RANGE.closes.map((c, i) => candle(RANGE.highs[i]!, RANGE.lows[i]!, c)),
      RANGE.range,
      2,
    ],
    ['StockCharts', 'bbupper', [20, 2], BANDS.closes.map(flat), BANDS.upper, 2],
    ['StockCharts', 'bbmiddle', [20, 2], BANDS.closes.map(flat), BANDS.middle, 2],
    ['StockCharts', 'bblower', [20, 2], BANDS.closes.map(flat), BANDS.lower, 2],
    ['Invest Excel', 'macd', [12, 26], CONVERGENCE.closes.map(flat), CONVERGENCE.macd, 10],
    ['Invest Excel', 'signal', [12, 26, 9], CONVERGENCE.closes.map(flat), CONVERGENCE.signal, 10],
  ])('%s: %s%j', (_source, name, lengths, rows, printed, digits) => {
    expect(known(run(name, lengths, rows)).map((value) => Number(value.toFixed(digits)))).toEqual(printed)
  })
})

describe('every function over candles', () => {
  const LENGTHS = { short: [2, 3, 2], even: [1, 1, 1] } as const
  const figure = fc.double({ min: 1, max: 1000, noNaN: true })
  const row = fc.record({
    start: fc.constant(0),
    open: figure,
    high: figure,
    low: figure,
    close: figure,
    volume: figure,
    value: figure,
  })
  const rows = fc.array(row, { minLength: 1, maxLength: 12 })

  test.each(series)('%s: a live candle told many times is worth what it is worth told once', (name, entry) => {
    const told = fc.array(fc.tuple(row, fc.array(row, { maxLength: 3 })), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(told, fc.constantFrom(LENGTHS.short, LENGTHS.even), (candles, lengths) => {
        const many = begin(entry, lengths)
        const seen = candles.map(([last, before]) => [...before, last].map((one, i) => many.update(one, i > 0)).at(-1))
        expect(seen).toEqual(
          run(
            name,
            lengths,
            candles.map(([last]) => last),
          ),
        )
      }),
    )
  })

  test.each(series)('%s: what is not known in a live candle is forgotten with it', (name, entry) => {
    fc.assert(
      fc.property(rows, (candles) => {
        const calculation = begin(entry, LENGTHS.short)
        const seen = candles.map((one) => {
          calculation.update(UNKNOWN, false)
          return calculation.update(one, true)
        })
        expect(seen).toEqual(run(name, LENGTHS.short, candles))
      }),
    )
  })

  const calm = Array.from({ length: 30 }, (_, i) => flat(100 + ((i * 7) % 5)))
  const endless = series.filter(([name]) => ENDLESS.includes(name))
  const ofWindows = series.filter(([name]) => !ENDLESS.includes(name) && name !== 'change')

  test.each(endless)('%s: what is not known makes it unknown for good', (name) => {
    const seen = run(name, LENGTHS.short, [...calm, UNKNOWN, ...calm])
    expect(seen[29]).toBeDefined()
    expect(seen.slice(30)).toEqual(seen.slice(30).fill(undefined))
  })

  test.each(ofWindows)('%s: what is not known makes it unknown while it is in the window', (name) => {
    const seen = run(name, LENGTHS.short, [...calm, UNKNOWN, ...calm])
    expect(seen[29]).toBeDefined()
    expect(seen.slice(30)).toEqual([undefined, ...run(name, LENGTHS.short, calm)])
  })

  test('change: what is not known matters at both ends alone', () => {
    expect(run('change', [2], [10, Number.NaN, 11, 12, 22].map(flat))).toEqual([
      undefined,
      undefined,
      10,
      undefined,
      100,
    ])
  })

  test.each(series)('%s: lies between the bounds that the table says', (name, { least, most }) => {
    fc.assert(
      fc.property(rows, (candles) => {
        const ordered = candles.map((one) => ({
          ...one,
          high: Math.max(one.high, one.low),
          low: Math.min(one.high, one.low),
        }))
        const values = known(run(name, LENGTHS.short, ordered))
        expect(values.filter((value) => value < (least ?? value) || value > (most ?? value))).toEqual([])
      }),
    )
  })

  test.each(series)('%s: has a value from the candle on that the table says', (name, entry) => {
    for (const lengths of [LENGTHS.short, LENGTHS.even, [5, 9, 4], [9, 5, 4]]) {
      const seen = run(
        name,
        lengths,
        Array.from({ length: 30 }, (_, i) => flat(100 + i)),
      )
      expect(seen.findIndex((value) => value !== undefined) + 1).toBe(entry.first(lengthsOf(entry, lengths)))
    }
  })

  test.each([
    ['sma', [50], 51],
    ['ema', [20], 91],
    ['ema', [500], 1000],
    ['rsi', [14], 114],
    ['rsi', [500], 1000],
    ['macd', [12, 26], 118],
    ['signal', [12, 26, 9], 159],
    ['atr', [14], 113],
    ['vwap', [20], 21],
    ['bbupper', [20, 2], 21],
    ['high', [20], 21],
    ['change', [5], 7],
  ])('%s%j asks for %s candles, one of which may not count', (name, lengths, count) => {
    expect(seriesNamed(name).history(lengths)).toBe(count)
  })

  test.each([
    ['ema', [20]],
    ['macd', [12, 26]],
    ['signal', [12, 26, 9]],
    ['atr', [14]],
    ['rsi', [14]],
  ])('%s%j: with so many candles, those before weigh less than 0.1 per cent', (name, lengths) => {
    const recent = Array.from({ length: seriesNamed(name).history(lengths) - 1 }, (_, i) => 1000 + ((i * 37) % 11))
    const settled = run(name, lengths, recent.map(flat)).at(-1)!
    const steps = (by: number) => Array.from({ length: 500 }, (_, i) => 1000 + (500 - i) * by)
    for (const past of [steps(1), steps(-1)]) {
      const charted = run(name, lengths, [...past, ...recent].map(flat)).at(-1)!
      // Where the past ends, averages are some 10 away, the range is 1 in place of 5, the index 0 or 100 in place of 50.
      expect(Math.abs(charted - settled)).toBeLessThan({ rsi: 0.05, atr: 0.005 }[name] ?? 0.01)
    }
  })
})

describe('change', () => {
  test('is not known from nothing, or from less', () => {
    expect(run('change', [1], [0, 5, 0].map(flat))).toEqual([undefined, undefined, -100])
    expect(run('change', [1], [-5, 5].map(flat))).toEqual([undefined, undefined])
  })
})

describe('functions over numbers', () => {
  test.each<[string, string[], string]>([
    ['abs', ['-0.1234567890123456789'], '0.1234567890123456789'],
    ['abs', ['2.5'], '2.5'],
    ['min', ['3', '-1', '2'], '-1'],
    ['min', ['1.00000000000000000001', '1'], '1'],
    ['max', ['3', '-1', '2'], '3'],
    ['max', ['1.00000000000000000001', '1'], '1.00000000000000000001'],
    ['round', ['2.5'], '3'],
    ['round', ['-2.5'], '-3'],
    ['round', ['-0.5'], '-1'],
    ['round', ['2.4999'], '2'],
    ['round', ['0.4999999999999999999'], '0'],
    ['round', ['1.005', '2'], '1.01'],
    ['round', ['12345678901234567890.125', '2'], '12345678901234567890.13'],
    ['round', ['1250', '-2'], '1300'],
    ['round', ['1', '2'], '1'],
    ['round', ['1.5', '0.5'], 'NaN'],
    ['round', ['1.5', '13'], 'NaN'],
  ])('%s%j is %s', (name, values, expected) => {
    const decimals = values.map((value) => new Exact(value))
    expect(numbersNamed(name).exactly(decimals).toString()).toBe(expected)
  })
})

const UNKNOWN: Row = {
  start: 0,
  open: Number.NaN,
  high: Number.NaN,
  low: Number.NaN,
  close: Number.NaN,
  volume: Number.NaN,
  value: Number.NaN,
}

function seriesNamed(name: string): SeriesFunction {
  return series.find(([one]) => one === name)![1]
}

function numbersNamed(name: string): NumberFunction {
  return numbers.find(([one]) => one === name)![1]
}

/** A candle that never moved. */
function flat(price: number): Row {
  return candle(price, price, price)
}

function candle(high: number, low: number, close: number, volume = 1): Row {
  return { start: 0, open: close, high, low, close, volume, value: close }
}

/** As many of the lengths as a function has. */
function lengthsOf({ lengths }: SeriesFunction, given: readonly number[]): readonly number[] {
  return given.slice(0, lengths.length)
}

function begin(entry: SeriesFunction, lengths: readonly number[], of: CandleMetric = 'price') {
  return entry.begin(lengthsOf(entry, lengths), of)
}

/** The value after each row. */
function run(name: string, lengths: readonly number[], rows: readonly Row[], of?: CandleMetric) {
  const calculation = begin(seriesNamed(name), lengths, of)
  return rows.map((row) => calculation.update(row, false))
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined)
}
