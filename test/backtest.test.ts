import { describe, expect, test } from 'vitest'
import { aContent, MINUTE, run, START, ticksOf } from './backtest/past.ts'

/** When it would have fired, in minutes. */
function firings(line: string, story: string, from = 0, to = 10_000): string {
  const content = aContent(line)
  const period = { from: START + from * MINUTE, to: START + to * MINUTE }
  const outcome = run(content, ticksOf(story, content.symbols), period)
  return outcome.firings.map(({ at }) => (at - START) / MINUTE).join(' ') || 'never'
}

describe('the life of an alert in the past', () => {
  test.each<[what: string, line: string, story: string, fires: string]>([
    ['each time it becomes true', 'BTC > 500 repeat', '0:490 1:510 2:520 3:490 4:510', '1 4'],
    ['with once as with repeat: the question is how often', 'BTC > 500', '0:490 1:510 3:490 4:510', '1 4'],
    ['what is true at the beginning is the baseline', 'BTC > 500', '0:510 1:520 2:490 3:510', '3'],
    ['each side of an or by itself, over both levels in one step', 'BTC > 500 or < 300', '0:490 1:510 2:290', '1 2'],
    ['a cooldown holds an edge', 'BTC > 500 cooldown 10m', '0:490 1:510 2:490 3:510 30:520', '1 11'],
    [
      'an edge is not held where it is over at the end of the cooldown',
      'BTC > 500 cooldown 10m',
      '0:490 1:510 3:490 4:510 5:490',
      '1',
    ],
    ['every: again and again while it is true', 'BTC > 500 every 10m', '0:490 1:510 22:490', '1 11 21'],
    ['for: at the moment the time is over, without a quote', 'BTC > 500 for 5m', '0:490 1:510 9:490', '6'],
    ['for: not where it was over before', 'BTC > 500 for 5m', '0:490 1:510 4:490 5:510 30:510', '10'],
    ['until: nothing after it', 'BTC > 500 until 15:02', '0:490 1:510 2:490 3:510', '1'],
    ['two symbols, looked at when one changes', 'BTC > 500 and ETH > 80', '0:490/70 1:510 2:/90', '2'],
    ['a symbol that comes later begins with its own baseline', 'BTC > 500 or ETH > 80', '0:490 1:/90 2:/70 3:/90', '3'],
    [
      'crossing: from one known side to the other',
      'BTC crosses above 500',
      '0:510 1:490 2:500 3:501 4:490 5:502',
      '3 5',
    ],
    ['crossing either way', 'BTC crosses 500', '0:510 1:490 2:500 3:501', '1 3'],
    [
      'from the peak, which begins anew at a firing',
      'BTC drops 10% from peak',
      '0:100 1:200 2:181 3:180 4:170 5:162',
      '3 5',
    ],
    ['at the very next quote, if that is as far again', 'BTC drops 10% from peak', '0:100 1:90 2:81', '1 2'],
    ['not true before the first look', 'BTC > 500', '0:510', 'never'],
  ])('%s', (_what, line, story, fires) => {
    expect(firings(line, story)).toBe(fires)
  })
})

describe('the period', () => {
  test('what was heard by its beginning is the baseline, whenever that was', () => {
    expect(firings('BTC > 500', '0:490 10:510', 5)).toBe('10')
    expect(firings('BTC > 500', '0:510 10:520 20:490 30:510', 5)).toBe('30')
    expect(firings('BTC > 500', '0:490 5:510 10:520', 5)).toBe('never')
  })

  test('nothing after its end counts, timers up to it do', () => {
    expect(firings('BTC > 500', '0:490 1:510 2:490 3:510', 0, 2)).toBe('1')
    expect(firings('BTC > 500 for 5m', '0:490 1:510', 0, 6)).toBe('6')
    expect(firings('BTC > 500 for 5m', '0:490 1:510', 0, 5)).toBe('never')
  })
})

describe('what is known of a firing', () => {
  test('its time, its triggers, the figures it rests on, and the price of each symbol as it was written', () => {
    const content = aContent('BTC > 500 or ETH > 80')
    const { firings: all } = run(content, ticksOf('0:490/70 1:510.10', content.symbols), {
      from: START,
      to: START + MINUTE,
    })
    expect(all).toEqual([
      {
        at: START + MINUTE,
        triggers: ['BTC price > 500'],
        evidence: [
          expect.objectContaining({ symbol: 'crypto:BTC/USD', metric: 'price', value: '510.10', at: START + MINUTE }),
          expect.objectContaining({ symbol: 'crypto:ETH/USD', metric: 'price', value: '70', at: START }),
        ],
        prices: { 'crypto:BTC/USD': '510.10', 'crypto:ETH/USD': '70' },
      },
    ])
  })
})

describe('market hours', () => {
  const story = (line: string, events: string) => {
    const content = aContent(line)
    const shifted = ticksOf(events, content.symbols)
    return run(content, shifted, { from: START, to: START + 10 * 24 * 60 * MINUTE })
      .firings.map(({ at }) => (at - START) / MINUTE)
      .join(' ')
  }
  /** In minutes from 10:00 in New York on Monday. */
  const [CLOSE, NIGHT, OPEN] = [360, 1000, 1410]

  test.each<[what: string, line: string, events: string, fires: string]>([
    ['quotes of closed hours do not count', 'AAPL > 500', `0:490 ${CLOSE + 5}:510 ${OPEN + 1}:490`, ''],
    [
      'those of extended hours do where they are asked for',
      'AAPL > 500 during extended hours',
      `0:490 ${CLOSE + 5}:510`,
      String(CLOSE + 5),
    ],
    [
      'nothing counts at night, with extended hours neither',
      'AAPL > 500 during extended hours',
      `0:490 ${NIGHT}:510`,
      '',
    ],
    ['always is always', 'AAPL > 500 during always', `0:490 ${NIGHT}:510`, String(NIGHT)],
    ['for: closed hours stop the clock', 'AAPL > 500 for 10m', `0:490 ${CLOSE - 4}:510`, String(OPEN + 6)],
    [
      'a coin goes on while stocks rest, which count at their last price',
      'AAPL > 500 and BTC > 90',
      `0:510/80 ${CLOSE + 60}:/95`,
      String(CLOSE + 60),
    ],
  ])('%s', (_what, line, events, fires) => {
    expect(story(line, events)).toBe(fires)
  })
})

describe('what cannot be seen', () => {
  test('is counted, with its reason', () => {
    const content = aContent('BTC > sma(BTC, 3)')
    const days = [0, 1, 2, 3].map((day) => `${day * 24 * 60}:${500 + day}`).join(' ')
    const {
      looks,
      unseen,
      why,
      firings: all,
    } = run(content, ticksOf(days, content.symbols), { from: START, to: START + 1e10 })
    expect({ looks, unseen, why, fired: all.length }).toEqual({
      looks: 3,
      unseen: 1,
      why: 'Only 2 of the 3 daily candles of BTC are here.',
      fired: 0,
    })
  })

  test('a quote grows stale in trading time, and fires nothing then', () => {
    const content = aContent('BTC > 500 for 10m')
    const freshFor = () => 5 * MINUTE
    const period = { from: START, to: START + 60 * MINUTE }
    const ticks = ticksOf('0:490 1:510 20:510 22:511', content.symbols)
    expect(run(content, ticks, period, { freshFor }).firings.map(({ at }) => (at - START) / MINUTE)).toEqual([25])
  })
})

test('it yields after each moment, so that others can have their turn', async () => {
  const { backtest } = await import('../src/backtest.ts')
  const content = aContent('BTC > 500')
  const hours = {
    sessionAt: () => ({ session: 'regular' as const, until: Number.POSITIVE_INFINITY }),
    bucketStart: () => 0,
    candleEnd: () => 0,
    freshFor: () => 1e9,
    silence: () => '',
  }
  const work = backtest(
    content,
    ticksOf('0:490 1:510 2:490', content.symbols),
    { from: START, to: START + 1e6 },
    { hours, apart: 1e9 },
  )
  const turns: unknown[] = []
  for (let turn = work.next(); !turn.done; turn = work.next()) turns.push(turn.value)
  expect(turns).toHaveLength(3)
})
