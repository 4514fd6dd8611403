import { describe, expect, test } from 'vitest'
import { type Candle, emptySeries, type Series } from '../../src/condition/history.ts'
import { extend, finish, inMinorUnit, load } from '../../src/condition/series.ts'

const candle = (start: number, close: string, given: Partial<Candle> = {}): Candle => ({
  start,
  open: close,
  high: close,
  low: close,
  close,
  volume: null,
  ...given,
})
/** `start:open/high/low/close` of each finished candle, then of the live one. */
function shown({ finished, live }: Series): string[] {
  const one = ({ start, open, high, low, close }: Candle) => `${start}:${open}/${high}/${low}/${close}`
  return [...finished.map(one), live ? `live ${one(live)}` : 'no live one']
}

describe('a price that is seen', () => {
  const heard = (prices: [start: number, price: string][], keep = 10) => {
    const series = emptySeries()
    for (const [start, price] of prices) extend(series, { price }, start, keep)
    return series
  }

  test.each<[string, [number, string][], string[]]>([
    ['the first one begins a candle', [[0, '10']], ['live 0:10/10/10/10']],
    [
      'one of the same candle joins it, text kept as it came',
      [
        [0, '10'],
        [0, '12.50'],
        [0, '9'],
        [0, '11.0'],
      ],
      ['live 0:10/12.50/9/11.0'],
    ],
    [
      'one of a later candle finishes it and begins the next, also where candles in between are missing',
      [
        [0, '10'],
        [60, '11'],
        [180, '12'],
      ],
      ['0:10/10/10/10', '60:11/11/11/11', 'live 180:12/12/12/12'],
    ],
    [
      'one of an earlier candle comes too late',
      [
        [0, '10'],
        [60, '11'],
        [0, '99'],
      ],
      ['0:10/10/10/10', 'live 60:11/11/11/11'],
    ],
    [
      'what differs after more digits than a double has is told apart',
      [
        [0, '1.00000000000000000001'],
        [0, '1.00000000000000000002'],
        [0, '1'],
      ],
      ['live 0:1.00000000000000000001/1.00000000000000000002/1/1'],
    ],
  ])('%s', (_what, prices, result) => {
    expect(shown(heard(prices)).filter((line) => line !== 'no live one')).toEqual(result)
  })

  test('only so many finished candles are kept', () => {
    const series = heard(
      [0, 60, 120, 180].map((start) => [start, String(start)]),
      2,
    )
    expect(shown(series)).toEqual(['60:60/60/60/60', '120:120/120/120/120', 'live 180:180/180/180/180'])
  })

  test('the version grows where a candle is finished, and only there', () => {
    const series = emptySeries('not here yet')
    const versions = [0, 0, 60, 60, 0].map((start) => {
      extend(series, { price: String(start) }, start, 10)
      return series.version
    })
    expect(versions).toEqual([0, 0, 1, 1, 1])
    expect(series.why).toBeUndefined()
  })

  test('a price that says nothing new leaves the live candle the same object', () => {
    const series = heard([[0, '10']])
    const { live } = series
    extend(series, { price: '10' }, 0, 10)
    expect(series.live).toBe(live)
  })

  test('the last volume that was told is that of the candle', () => {
    const series = emptySeries()
    extend(series, { price: '10', volume: '5' }, 0, 10)
    extend(series, { price: '11' }, 0, 10)
    expect(series.live?.volume).toBe('5')
    extend(series, { price: '11', volume: '7' }, 0, 10)
    expect(series.live?.volume).toBe('7')
  })

  test('one of a candle that was finished comes too late', () => {
    const series = heard([[0, '10']])
    finish(series, 10)
    extend(series, { price: '11' }, 0, 10)
    expect(shown(series)).toEqual(['0:10/10/10/10', 'no live one'])
  })
})

describe('the end of the live candle', () => {
  test('makes it the last finished one', () => {
    const series = emptySeries()
    extend(series, { price: '10' }, 0, 10)
    finish(series, 10)
    expect(shown(series)).toEqual(['0:10/10/10/10', 'no live one'])
    expect(series.version).toBe(1)
  })

  test('where there is none changes nothing', () => {
    const series = emptySeries()
    finish(series, 10)
    expect(series).toEqual(emptySeries())
  })
})

describe('candles of a provider', () => {
  const over = (until: number) => (one: Candle) => one.start + 60 <= until
  const theirs = [candle(0, '10'), candle(60, '20'), candle(120, '30', { high: '35', low: '25', volume: '9' })]

  test('what lies before them stays where they join it, and goes where there is a hole between', () => {
    const series = emptySeries()
    load(series, theirs, over(180))
    load(series, [candle(120, '31'), candle(180, '40')], over(240))
    expect(shown(series).map((line) => line.split('/')[0])).toEqual([
      '0:10',
      '60:20',
      '120:31',
      '180:40',
      'no live one',
    ])
    load(series, [candle(300, '50')], over(360))
    expect(shown(series).map((line) => line.split('/')[0])).toEqual(['300:50', 'no live one'])
  })

  test.each<[string, number, string[]]>([
    ['the last one is live while it is not over', 150, ['0:10/10/10/10', '60:20/20/20/20', 'live 120:30/35/25/30']],
    ['it is finished when it is over', 180, ['0:10/10/10/10', '60:20/20/20/20', '120:30/35/25/30', 'no live one']],
  ])('%s', (_what, now, result) => {
    const series = emptySeries()
    load(series, theirs, over(now))
    expect(shown(series)).toEqual(result)
    expect(series.version).toBe(1)
    expect(series.why).toBeUndefined()
  })

  test.each<[string, [number, string][], number, string[]]>([
    [
      'what was seen of the live candle goes further than they do',
      [
        [120, '24'],
        [120, '40'],
        [120, '31'],
      ],
      150,
      ['0:10/10/10/10', '60:20/20/20/20', 'live 120:30/40/24/31'],
    ],
    [
      'what was seen of a candle that is over is theirs to say',
      [
        [120, '24'],
        [120, '40'],
      ],
      180,
      ['0:10/10/10/10', '60:20/20/20/20', '120:30/35/25/30', 'no live one'],
    ],
    [
      'candles after theirs stay, and end theirs',
      [
        [60, '21'],
        [120, '31'],
        [180, '41'],
        [240, '51'],
      ],
      150,
      ['0:10/10/10/10', '60:20/20/20/20', '120:30/35/25/31', '180:41/41/41/41', 'live 240:51/51/51/51'],
    ],
  ])('%s', (_what, seen, now, result) => {
    const series = emptySeries()
    for (const [start, price] of seen) extend(series, { price }, start, 10)
    load(series, theirs, over(now))
    expect(shown(series)).toEqual(result)
  })

  test('none at all change nothing', () => {
    const series = emptySeries('not here yet')
    load(series, [], () => true)
    expect(series).toEqual(emptySeries('not here yet'))
  })

  test('a price goes on from where they end', () => {
    const series = emptySeries()
    load(series, theirs, over(150))
    extend(series, { price: '99' }, 120, 10)
    extend(series, { price: '50' }, 180, 10)
    expect(shown(series)).toEqual(['0:10/10/10/10', '60:20/20/20/20', '120:30/99/25/99', 'live 180:50/50/50/50'])
  })

  test('of a listing in pence come in pence, the volume as it is', () => {
    const pounds = candle(0, '2.54', { high: '2.6', volume: '1000' })
    const pence = candle(0, '254', { high: '260', volume: '1000' })
    expect(inMinorUnit(pounds, { name: 'GBp', per: 100 })).toEqual(pence)
  })
})
