import { describe, expect, test } from 'vitest'
import { blankCell, fillCell } from '../../src/condition/cell.ts'
import { type Cell, compileTrigger, MET, type Terms, UNKNOWN, UNMET } from '../../src/condition/evaluate.ts'
import { INTERVALS, type Interval } from '../../src/condition/history.ts'
import { NOTHING } from '../../src/condition/memory.ts'
import { parse } from '../../src/condition/parse.ts'
import { seriesIn } from '../../src/condition/rows.ts'
import { extend } from '../../src/condition/series.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { aCell, withCandles } from './cells.ts'
import { CLOCK } from './lines.ts'
import { showPrice, TERMS, truthsOf } from './stories.ts'

const MINUTE = 60_000

/** Shows a cell a price at so many minutes after the beginning, `30:101.5`, and adds it to its candles. */
function showAt(cell: Cell, interval: Interval): (look: string) => void {
  return (look) => {
    const [minutes, price] = look.split(':')
    const at = CLOCK.now + Number(minutes) * MINUTE
    if (price === 'x' || price === undefined) return blankCell(cell, 'It is silent.')
    fillCell(cell, { currency: 'USD', price, at })
    const size = INTERVALS[interval]
    extend(seriesIn(cell, interval), { price }, Math.floor(at / size) * size, 1_000)
  }
}

describe('a move in a length of time', () => {
  test.each([
    ['AAPL up 5% in 1h', '0:100 30:104.99 40:105 50:104', '- - + -'],
    // From the lowest of that time, wherever it lies in it.
    ['AAPL up 5% in 1h', '0:110 20:100 30:105', '- - +'],
    // The last price before it counts, what came earlier does not.
    ['AAPL up 5% in 1h', '0:100 1:103 70:106 71:109', '- - - +'],
    ['AAPL up 5% in 1h', '0:100 10:101 70:105 71:106.04 72:106.05', '- - + - +'],
    ['AAPL up 5% in 1h', '0:100 1200:105 1201:106', '- + +'],
    ['AAPL up 5% in 1h', '0:100 1200:105 1262:106', '- + -'],
    ['AAPL down 5% in 1h', '0:100 30:95.01 40:95 50:96', '- - + -'],
    ['AAPL down 5% in 1h', '0:90 20:100 30:95', '- - +'],
    ['AAPL down 5% in 1h', '0:100 61:96 62:95 130:94', '- - + -'],
    ['AAPL up 20 in 1h', '0:100 30:119.99 40:120', '- - +'],
    ['AAPL down 0.3 in 1h', '0:0.9 30:0.61 40:0.6', '- - +'],
    // Not known without a price, and known again with it.
    ['AAPL up 5% in 1h', '0:100 20:x 30:105', '- ? +'],
    // Deep inside of a condition, either way is one state.
    ['AAPL moves 5% in 1h and AAPL > 1', '0:100 10:105 20:99 30:102 40:99', '- + + - +'],
    ['not AAPL up 5% in 1h', '0:100 30:105', '+ -'],
  ])('%s, seen at %s: %s', (line, looks, truths) => {
    const cell = aCell()
    expect(truthsOf(line, looks, () => cell, showAt(cell, '1m'))).toBe(truths)
  })

  test('a move either way is two triggers', () => {
    const cell = aCell()
    const ways = triggersOf(parse('AAPL moves 5% in 1h', CLOCK)).map((way) => compileTrigger(way, () => cell, TERMS))
    const truths = ['0:100', '10:105', '20:99.75'].map((look) => {
      showAt(cell, '1m')(look)
      return ways.map((way) => way.truth())
    })
    expect(truths).toEqual([
      [UNMET, UNMET],
      [MET, UNMET],
      [UNMET, MET],
    ])
  })

  test('the highs and lows between the looks count, but of the candle in which the time begins only the close', () => {
    const at = CLOCK.now
    const cell = withCandles(aCell({ price: '105', at }), '1m', `50 200 50 100, ${'101,'.repeat(58)} 101 101 99 101`)
    const truth = (line: string) =>
      truthsOf(
        line,
        '_',
        () => cell,
        () => {},
      )
    // 60 finished candles: the first begins an hour ago and is in it.
    expect(truth('AAPL down 40% in 1h')).toBe('+')
    expect(truth('AAPL down 40% in 59m')).toBe('-')
    expect(truth('AAPL up 6% in 59m')).toBe('+')
    expect(truth('AAPL up 6.1% in 59m')).toBe('-')
  })

  test('what is newer than the quote does not count', () => {
    const cell = withCandles(
      aCell({ price: '100', at: CLOCK.now - 10 * MINUTE }),
      '1m',
      `100 100 100 100, ${'200,'.repeat(9)}`,
    )
    expect(
      truthsOf(
        'AAPL down 40% in 30m',
        '_',
        () => cell,
        () => {},
      ),
    ).toBe('-')
  })

  test('its candles are looked at as they are added, and again where they are replaced', () => {
    const cell = aCell({ price: '100', at: CLOCK.now })
    const watcher = compileTrigger(parse('AAPL down 5% in 1h', CLOCK).condition, () => cell, TERMS)
    const truths = ['100, 100', '100, 106', '100, 100'].map((prices) => {
      const series = seriesIn(cell, '1m')
      Object.assign(series, withCandles(aCell(), '1m', prices).series.get('1m'))
      return watcher.truth()
    })
    expect(truths).toEqual([UNMET, MET, UNMET])
  })

  test('without its candles it is unknown', () => {
    const cell = aCell({ price: '105', at: CLOCK.now })
    expect(
      truthsOf(
        'AAPL up 5% in 1h',
        '_',
        () => cell,
        () => {},
      ),
    ).toBe('?')
    expect([...cell.series.keys()]).toEqual(['1m'])
  })

  test('prices are told apart to the last digit', () => {
    const cell = aCell()
    const looks = '0:1.00000000000000000001 1:0.95000000000000000001 2:0.95'
    expect(truthsOf('AAPL down 5% in 1h', looks, () => cell, showAt(cell, '1m'))).toBe('- - +')
  })
})

describe('a move from the high or low of a length of time', () => {
  const cell = withCandles(aCell({ price: '90', at: CLOCK.now }), '1h', '100 110 95 100, 100 105 99 100, 100 101 85 90')

  test.each([
    ['AAPL drops 10% from 30d high', '+'],
    ['AAPL drops 19% from 30d high', '-'],
    ['AAPL rises 5% from 30d low', '+'],
    ['AAPL rises 6% from 30d low', '-'],
  ])('%s is %s', (line, truth) => {
    expect(
      truthsOf(
        line,
        '_',
        () => cell,
        () => {},
      ),
    ).toBe(truth)
  })

  test('a high that lies before that time does not count, and the price now does', () => {
    const cell = aCell()
    const looks = '0:100 60:95 1500:91 1501:200 1502:180'
    expect(truthsOf('AAPL drops 10% from 1d high', looks, () => cell, showAt(cell, '5m'))).toBe('- - - - +')
  })
})

describe('a move today', () => {
  test('of a stock is counted from its previous close', () => {
    const truth = (line: string, price: string) =>
      truthsOf(
        line,
        '_',
        () => aCell({ price, previousClose: '100' }),
        () => {},
      )
    expect(truth('AAPL down 5% today', '95')).toBe('+')
    expect(truth('AAPL down 5% today', '95.01')).toBe('-')
    expect(truth('AAPL up 5 today', '105')).toBe('+')
    expect(truth('AAPL moves 5% today and AAPL > 1', '95')).toBe('+')
    expect(
      truthsOf(
        'AAPL up 5% today',
        '_',
        () => aCell({ price: '105' }),
        () => {},
      ),
    ).toBe('?')
  })

  test('of crypto is counted from midnight in the person’s zone', () => {
    const zones = ['UTC', 'America/New_York', 'Asia/Kolkata'].map((zone) => {
      const cell = aCell({}, 'crypto:BTC/USD')
      // Each hour the price is a hundred higher; the last look is at 14:00 UTC.
      const looks = Array.from({ length: 48 }, (_, hour) => `${(hour - 47) * 60}:${(hour + 1) * 100}`)
      for (const look of looks) showAt(cell, '15m')(look)
      const from = (price: number) =>
        truthsOf(
          `BTC up ${4800 - price} today`,
          '_',
          () => cell,
          () => {},
          { ...TERMS, zone },
        )
      // The price of the last hour before midnight, and one less.
      const before = { UTC: 3300, 'America/New_York': 3700, 'Asia/Kolkata': 2800 }[zone]!
      return [from(before), from(before - 1)]
    })
    expect(zones).toEqual([
      ['+', '-'],
      ['+', '-'],
      ['+', '-'],
    ])
  })

  test('one watcher goes from day to day', () => {
    const cell = aCell({}, 'crypto:BTC/USD')
    const terms: Terms = { ...TERMS, zone: 'UTC' }
    const watcher = compileTrigger(parse('BTC up 5% today', CLOCK).condition, () => cell, terms)
    const truths = ['-900:90', '0:100', '500:106', '700:107', '1400:110', '2100:113', '-10:100'].map((look) => {
      showAt(cell, '15m')(look)
      return watcher.truth()
    })
    expect(truths).toEqual([UNKNOWN, MET, MET, UNMET, UNMET, UNMET, MET])
  })

  test('begins anew at midnight, and is unknown without a price from before it', () => {
    const cell = aCell({}, 'crypto:BTC/USD')
    const terms: Terms = { ...TERMS, zone: 'UTC' }
    const looks = '0:100 10:105 590:106 600:110 601:111.29 602:111.3'
    expect(truthsOf('BTC up 5% today', looks, () => cell, showAt(cell, '15m'), terms)).toBe('? ? ? - - +')
  })
})

describe('a move from a level or from now', () => {
  test.each([
    ['AAPL down 5% from 180', '172 171 170', '- + +'],
    ['AAPL up 5 from 180', '184.99 185', '- +'],
    ['AAPL up 10% from now', '100 109 110 120 105', '- - + + -'],
    ['AAPL moves 10% from now and AAPL > 1', '100 110 90 95', '- + + -'],
    ['AAPL up 10% from now', 'x 100 x 110', '? - ? +'],
    // A firing does not change what now was.
    ['AAPL up 10% from now', '100 !110 115 109 111', '- + + - +'],
    // Up is up below zero too.
    ['AAPL - 200 up 10% from now', '100 105 110 90', '- - + -'],
    ['AAPL / 3 up 10% from now', '100 109.9999999999999999999 110', '- - +'],
  ])('%s, seen at %s: %s', (line, prices, truths) => {
    const cell = aCell()
    expect(truthsOf(line, prices, () => cell, showPrice(cell))).toBe(truths)
  })
})

describe('a move from the peak or the bottom', () => {
  test.each([
    ['AAPL drops 8% from peak', '100 93 92 91', '- - + +'],
    ['AAPL drops 8% from peak', '100 110 101.21 101.2', '- - - +'],
    // It comes back over the line, and falls again from the same peak.
    ['AAPL drops 8% from peak', '100 92 95 92', '- + - +'],
    // A firing restarts it at the price of that moment.
    ['AAPL drops 8% from peak', '100 !92 91 85 84.64', '- + - - +'],
    ['AAPL drops 8% from peak', '100 !92 96 88.33 88.32', '- + - - +'],
    ['AAPL drops 20 from peak', '100 80.01 80', '- - +'],
    ['AAPL drops 8% from peak', 'x 100 x 92', '? - ? +'],
    ['AAPL rises 8% from bottom', '100 90 97.19 97.2', '- - - +'],
    ['AAPL rises 8% from bottom', '100 !108 110 116.64', '- + - +'],
    // To the last digit, and of what is no decimal.
    ['AAPL drops 10% from peak', '1 1.00000000000000000001 0.9', '- - +'],
    ['AAPL drops 10% from peak', '1 0.90000000000000000001 0.9', '- - +'],
    ['AAPL / 3 drops 10% from peak', '100 90.0000000000000000001 89.99999', '- - +'],
  ])('%s, seen at %s: %s', (line, prices, truths) => {
    const cell = aCell()
    expect(truthsOf(line, prices, () => cell, showPrice(cell))).toBe(truths)
  })

  test('is remembered as decimal text, and the same object where it is no news', () => {
    const cell = aCell()
    const watcher = compileTrigger(parse('AAPL drops 8% from peak', CLOCK).condition, () => cell, TERMS)
    expect(watcher.after(watcher.truth())).toBe(NOTHING)
    showPrice(cell)('100.50')
    const memory = watcher.after(watcher.truth())
    expect(memory).toEqual([{ type: 'mark', value: '100.5' }])
    watcher.recall(memory)
    for (const price of ['100.5', '99', 'x']) {
      showPrice(cell)(price)
      expect(watcher.after(watcher.truth())).toBe(memory)
    }
    showPrice(cell)('101')
    expect(watcher.after(watcher.truth())).toEqual([{ type: 'mark', value: '101' }])
    expect(watcher.begun()).toEqual([{ type: 'mark', value: '101' }])
    showPrice(cell)('90')
    expect(watcher.begun()).toEqual([{ type: 'mark', value: '90' }])
  })

  test('each part of a trigger has a trace of its own, in the order they are written', () => {
    const cell = aCell({ price: '100' })
    const line = 'AAPL up 5% from now and AAPL drops 8% from peak and (AAPL crosses above 500 or AAPL up 1% from 3)'
    const watcher = compileTrigger(parse(line, CLOCK).condition, () => cell, TERMS)
    expect(watcher.after(UNMET)).toEqual([
      { type: 'mark', value: '100' },
      { type: 'mark', value: '100' },
      { type: 'cross', side: 'below', crossed: false },
    ])
  })

  test('a peak that was not seen when another part fired begins with the next price', () => {
    const cell = aCell()
    const watcher = compileTrigger(parse('AAPL drops 8% from peak', CLOCK).condition, () => cell, TERMS)
    watcher.recall([{ type: 'mark', value: '100' }])
    expect(watcher.begun()).toEqual([{ type: 'mark', value: null }])
  })

  test.each([
    ['no number', [{ type: 'mark', value: 'high' }]],
    ['empty', [{ type: 'mark', value: '' }]],
    ['of a crossing', [{ type: 'cross', side: null, crossed: false }]],
  ] as const)('a stored mark that is %s begins anew', (_, stored) => {
    const cell = aCell({ price: '100' })
    const watcher = compileTrigger(parse('AAPL drops 8% from peak', CLOCK).condition, () => cell, TERMS)
    watcher.recall(stored)
    expect(watcher.truth()).toBe(UNMET)
    expect(watcher.after(UNMET)).toEqual([{ type: 'mark', value: '100' }])
  })
})
