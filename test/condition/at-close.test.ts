import { describe, expect, test } from 'vitest'
import { type Cell, compileTrigger, explain, MET, type Terms, UNMET } from '../../src/condition/evaluate.ts'
import { INTERVALS } from '../../src/condition/history.ts'
import { parse } from '../../src/condition/parse.ts'
import { seriesIn } from '../../src/condition/rows.ts'
import { aCandle, aCell, withCandles } from './cells.ts'
import { CLOCK } from './lines.ts'
import { TERMS, truthsOf } from './stories.ts'

const AT_CLOSE: Terms = { ...TERMS, atClose: true }

/** The last finished day went from 102 to 104; now it is 500. */
const cell = () =>
  withCandles(
    aCell({ price: '500', previousClose: '400', bid: '499', at: CLOCK.now + 1 }),
    '1d',
    '99 99 97 98, 100 101 99 100 1000, 102 105 101 104 2000',
    { live: '450 510 440 500 9000' },
  )

const truthOf = (line: string, one: Cell = cell()) =>
  truthsOf(
    line,
    '_',
    () => one,
    () => {},
    AT_CLOSE,
  )

describe('at close', () => {
  test.each([
    ['AAPL = 104', '+'],
    ['AAPL open = 102', '+'],
    ['AAPL high = 105', '+'],
    ['AAPL low = 101', '+'],
    ['AAPL volume = 2000', '+'],
    ['AAPL previous close = 100', '+'],
    ['AAPL change = 4%', '+'],
    ['AAPL up 4% today', '+'],
    ['AAPL up 4.1% today', '-'],
    ['AAPL bid > 1', '?'],
    ['sma(AAPL, 2) = 102', '+'],
    ['high(AAPL, 2) = 101', '+'],
    ['AAPL > high(AAPL, 2)', '+'],
    ['AAPL > high(AAPL, 4w)', '?'],
    ['sum(AAPL volume, 1) = 1000', '+'],
    ['AAPL between 103 and 105 and AAPL > 1', '+'],
  ])('%s is %s', (line, truth) => {
    expect(truthOf(line)).toBe(truth)
  })

  test('moves look at finished candles up to that close', () => {
    const one = cell()
    // The last day began at 14:00, so it was over an hour before the last of these.
    withCandles(one, '15m', `${'104 104 104 104, '.repeat(95)}104 120 104 104, 500, 500, 500, 500`, {
      until: CLOCK.now + INTERVALS['1h'],
      live: '600',
    })
    expect(truthOf('AAPL down 13% in 1h', one)).toBe('+')
    expect(truthOf('AAPL down 14% in 1h', one)).toBe('-')
  })

  test('crossings and peaks go from close to close', () => {
    const one = withCandles(aCell(), '1d', '100')
    const series = seriesIn(one, '1d')
    const close = (look: string) => {
      if (look === '_') return
      series.finished = [...series.finished, aCandle(look, CLOCK.now + series.version * INTERVALS['1d'])]
      series.version++
    }
    expect(truthsOf('AAPL crosses above 104', '_ 103 105 _ 103 106', () => one, close, AT_CLOSE)).toBe('- - + + - +')
    expect(truthsOf('AAPL drops 10% from peak', '_ 120 108', () => one, close, AT_CLOSE)).toBe('- - +')
  })

  test('a watcher sees the next close', () => {
    const one = cell()
    const watcher = compileTrigger(parse('AAPL > 104', CLOCK).condition, () => one, AT_CLOSE)
    expect(watcher.truth()).toBe(UNMET)
    const series = seriesIn(one, '1d')
    series.finished = [...series.finished, series.live!]
    series.version++
    expect(watcher.truth()).toBe(MET)
  })

  test('crypto goes by its daily candles too', () => {
    const coin = withCandles(aCell({}, 'crypto:BTC/USD'), '1d', '100, 95')
    expect(truthOf('BTC down 5% today', coin)).toBe('+')
    expect([...coin.series.keys()]).toEqual(['1d'])
  })

  test('quotes that are apart do not matter', () => {
    const cells: Record<string, Cell> = { AAPL: cell(), MSFT: withCandles(aCell({}, 'stock:MSFT'), '1d', '103') }
    const terms = { ...AT_CLOSE, apart: 1 }
    expect(
      truthsOf(
        'AAPL > MSFT',
        '_',
        (written) => cells[written]!,
        () => {},
        terms,
      ),
    ).toBe('+')
  })

  test('is unknown before the first close, for the reason why there are no candles', () => {
    const why = (one: Cell) => explain(parse('AAPL > 5', CLOCK).condition, () => one, AT_CLOSE)[0]?.why
    expect(truthOf('AAPL > 5', aCell({ price: '6' }))).toBe('?')
    expect(why(aCell({ price: '6' }))).toBe('Its history is not here yet.')
    expect(why(withCandles(aCell({ price: '6' }), '1d', '', { live: '6' }))).toBe(
      'No trading day of AAPL has finished yet.',
    )
  })
})
