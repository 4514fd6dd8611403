import { describe, expect, test } from 'vitest'
import { type Cell, compileTrigger, explain, type Leaf, type Operand } from '../../src/condition/evaluate.ts'
import type { Memory } from '../../src/condition/memory.ts'
import { parse } from '../../src/condition/parse.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { aCell, withCandles } from './cells.ts'
import { CLOCK } from './lines.ts'
import { TERMS } from './stories.ts'

/** Of the first trigger of a line. */
function leavesOf(line: string, cells: Cell | Record<string, Cell>, memory?: Memory): Leaf[] {
  const [trigger] = triggersOf(parse(line, CLOCK))
  const cellOf = (written: string) => ('symbol' in cells ? (cells as Cell) : (cells as Record<string, Cell>)[written]!)
  return explain(trigger!, cellOf, TERMS, memory)
}

/** `AAPL 1h low = 5 USD`. */
function said({ symbol, metric, value = '?', currency }: Operand): string {
  return `${symbol.replace(/^.*:/, '')} ${metric} = ${value} ${currency}`.trim()
}

describe('explain', () => {
  test('gives each comparison with its truth and the figures behind it', () => {
    const cell = aCell({ price: '512.30', previousClose: '500', volume: '1000000' })
    expect(leavesOf('AAPL > 500 and not (volume > 2m or AAPL change > 3%)', cell)).toEqual([
      {
        text: 'AAPL price > 500',
        truth: 'met',
        operands: [{ symbol: 'stock:AAPL', metric: 'price', value: '512.30', currency: 'USD' }],
      },
      {
        text: 'AAPL volume > 2m',
        truth: 'unmet',
        operands: [{ symbol: 'stock:AAPL', metric: 'volume', value: '1000000', currency: '' }],
      },
      {
        text: 'AAPL change > 3%',
        truth: 'unmet',
        operands: [{ symbol: 'stock:AAPL', metric: 'change', value: '2.46', currency: '%' }],
      },
    ])
  })

  test('says why something is unknown', () => {
    expect(leavesOf('AAPL > 500', aCell())).toEqual([
      {
        text: 'AAPL price > 500',
        truth: 'unknown',
        operands: [{ symbol: 'stock:AAPL', metric: 'price', currency: '' }],
        why: 'stock:AAPL has no quote.',
      },
    ])
    const [leaf] = leavesOf('AAPL volume > 2m', aCell({ price: '5' }))
    expect(leaf?.why).toBe('The volume of AAPL is not known.')
  })

  const at = CLOCK.now
  const stock = () => {
    const cell = aCell({ price: '105.50', previousClose: '100', volume: '7000', at })
    withCandles(cell, '1d', '99.111 100 98 99.99999 5000, 100 101 99 100 6000', { live: '100' })
    withCandles(cell, '1m', '101.25, 101, 102')
    return withCandles(cell, '1h', '90 110.75 80.5 100')
  }

  test.each([
    ['AAPL > 5 and AAPL < 500', ['AAPL price = 105.50 USD'], ['AAPL price = 105.50 USD']],
    ['AAPL between AAPL previous close and AAPL', ['AAPL price = 105.50 USD', 'AAPL previous close = 100 USD']],
    ['AAPL > sma(AAPL, 2)', ['AAPL price = 105.50 USD', 'AAPL sma(AAPL, 2) = 102.75 USD']],
    ['AAPL > sma(AAPL, 3)', ['AAPL price = 105.50 USD', 'AAPL sma(AAPL, 3) = 101.8333 USD']],
    [
      'AAPL volume > 2 * sma(AAPL volume, 2)',
      ['AAPL volume = 7000', 'AAPL sma(AAPL volume, 2) = 5500', 'AAPL 2 * sma(AAPL volume, 2) = 11000'],
    ],
    ['change(AAPL, 1) > 5%', ['AAPL change(AAPL, 1) = 5.5 %']],
    ['stdev(AAPL, 2) > 1', ['AAPL stdev(AAPL, 2) = 2.75 USD']],
    ['AAPL / 3 > 35', ['AAPL price = 105.50 USD', 'AAPL AAPL price / 3 = 35.1667 USD']],
    ['AAPL / 300000 > 1', ['AAPL price = 105.50 USD', 'AAPL AAPL price / 300000 = 0.000351667 USD']],
    ['-AAPL > 1', ['AAPL price = 105.50 USD', 'AAPL -AAPL price = -105.5 USD']],
    ['max(AAPL, 3) > 1', ['AAPL price = 105.50 USD', 'AAPL max(AAPL, 3) = 105.5 USD']],
    ['AAPL up 5% in 2m', ['AAPL price = 105.50 USD', 'AAPL 2m low = 101 USD']],
    ['AAPL down 5% in 2m', ['AAPL price = 105.50 USD', 'AAPL 2m high = 105.5 USD']],
    [
      'AAPL moves 50% in 2m and AAPL > 1',
      ['AAPL price = 105.50 USD', 'AAPL 2m low = 101 USD', 'AAPL 2m high = 105.5 USD'],
      ['AAPL price = 105.50 USD'],
    ],
    ['AAPL drops 10% from 30d high', ['AAPL price = 105.50 USD', 'AAPL 30d high = 110.75 USD']],
    ['AAPL rises 10% from 30d low', ['AAPL price = 105.50 USD', 'AAPL 30d low = 80.5 USD']],
    ['AAPL up 5% today', ['AAPL price = 105.50 USD', 'AAPL previous close = 100 USD']],
    ['AAPL up 5% from 90', ['AAPL price = 105.50 USD']],
    ['AAPL up 5% from AAPL previous close', ['AAPL price = 105.50 USD', 'AAPL previous close = 100 USD']],
    ['AAPL crosses above 90', ['AAPL price = 105.50 USD']],
  ])('%s rests on %j', (line, ...operands) => {
    expect(leavesOf(line, stock()).map((leaf) => leaf.operands.map(said))).toEqual(operands)
  })

  test('names what it remembers', () => {
    const memory: Memory = [{ type: 'mark', value: '120' }]
    expect(leavesOf('AAPL drops 8% from peak', stock(), memory)).toEqual([
      {
        text: 'AAPL price down 8% from peak',
        truth: 'met',
        operands: [
          { symbol: 'stock:AAPL', metric: 'price', value: '105.50', currency: 'USD' },
          { symbol: 'stock:AAPL', metric: 'peak', value: '120', currency: 'USD' },
        ],
      },
    ])
    const from = (line: string, value: string) => {
      const [leaf] = leavesOf(line, stock(), [{ type: 'mark', value }])
      return [leaf?.truth, leaf?.operands.at(-1)].map((one) => (typeof one === 'string' ? one : said(one!)))
    }
    expect(from('AAPL up 10% from now', '90')).toEqual(['met', 'AAPL start = 90 USD'])
    expect(from('AAPL rises 10% from bottom', '90')).toEqual(['met', 'AAPL bottom = 90 USD'])
    expect(from('AAPL drops 10% from peak', '100')).toEqual(['unmet', 'AAPL peak = 105.5 USD'])
    expect(from('AAPL rises 10% from bottom', '110')).toEqual(['unmet', 'AAPL bottom = 105.5 USD'])
    expect(leavesOf('AAPL up 10% from now', stock())[0]?.operands.map(said)).toContain('AAPL start = 105.5 USD')
  })

  test('a crossing is met at the look at which it happens', () => {
    const memory: Memory = [{ type: 'cross', side: 'below', crossed: false }]
    expect(leavesOf('AAPL crosses above 90', stock(), memory)[0]?.truth).toBe('met')
    expect(leavesOf('AAPL crosses above 90', stock())[0]?.truth).toBe('unmet')
  })

  test('of several parts that remember, each finds its own', () => {
    const line = 'AAPL up 5% from now and AAPL > 1 and AAPL drops 8% from peak'
    const memory: Memory = [
      { type: 'mark', value: '50' },
      { type: 'mark', value: '200' },
    ]
    const operands = leavesOf(line, stock(), memory).flatMap((leaf) => leaf.operands.map(said))
    expect(operands).toEqual(expect.arrayContaining(['AAPL start = 50 USD', 'AAPL peak = 200 USD']))
  })

  test('goes across symbols and currencies', () => {
    const cells = {
      ETH: aCell({ price: '3000', currency: 'USD' }, 'crypto:ETH/USD'),
      BTC: aCell({ price: '60000', currency: 'USD' }, 'crypto:BTC/USD'),
    }
    expect(leavesOf('ETH / BTC > 0.04', cells)[0]).toEqual({
      text: 'ETH price / BTC price > 0.04',
      truth: 'met',
      operands: [
        { symbol: 'crypto:ETH/USD', metric: 'price', value: '3000', currency: 'USD' },
        { symbol: 'crypto:BTC/USD', metric: 'price', value: '60000', currency: 'USD' },
        { symbol: 'crypto:ETH/USD', metric: 'ETH price / BTC price', value: '0.05', currency: '' },
      ],
    })
  })

  test('today of crypto is counted from midnight', () => {
    const coin = withCandles(aCell({ price: '105', at }, 'crypto:BTC/USD'), '15m', '99, 98, 97', {
      until: Date.UTC(2026, 9, 7, 4),
    })
    expect(leavesOf('BTC up 5% today', coin)[0]?.operands.map(said)).toEqual([
      'BTC/USD price = 105 USD',
      'BTC/USD midnight = 97 USD',
    ])
  })
})

describe('why it is unknown', () => {
  test.each<[string, Cell, string]>([
    ['5 / (AAPL - 2) > 1', aCell({ price: '2' }), 'It would divide by zero.'],
    ['1 + 5 / (AAPL - 2) > 1', aCell({ price: '2' }), 'It would divide by zero.'],
    ['5 / (AAPL open - 2) > 1', aCell({ price: '2' }), 'The open of AAPL is not known.'],
    ['max(AAPL, AAPL bid) > 1', aCell({ price: '2' }), 'The bid of AAPL is not known.'],
    ['round(AAPL, AAPL) > 1', aCell({ price: '2.5' }), 'round(AAPL, AAPL) has no value now.'],
    ['AAPL change > 1%', aCell({ price: '2' }), 'The change of AAPL is not known.'],
    ['AAPL up 5% today', aCell({ price: '2' }), 'The previous close of AAPL is not known.'],
    ['AAPL up 5% today', aCell(), 'stock:AAPL has no quote.'],
    ['AAPL up 5% in 1h', aCell({ price: '2' }), 'Its history is not here yet.'],
    ['AAPL drops 5% from 1h high', aCell({ price: '2' }), 'Its history is not here yet.'],
    ['AAPL drops 5% from peak', aCell(), 'stock:AAPL has no quote.'],
    ['AAPL crosses above AAPL open', aCell({ price: '2' }), 'The open of AAPL is not known.'],
    ['AAPL up 5% from AAPL open', aCell({ price: '2' }), 'The open of AAPL is not known.'],
    [
      'BTC up 5% today',
      withCandles(aCell({ price: '2', at: CLOCK.now }, 'crypto:BTC/USD'), '15m', '1'),
      'The price of BTC at midnight is not known.',
    ],
  ])('%s', (line, cell, why) => {
    expect(leavesOf(line, cell)[0]).toMatchObject({ truth: 'unknown', why })
  })

  test('a crossing either way is explained as the trigger it is', () => {
    expect(() => explain(parse('AAPL crosses 500', CLOCK).condition, () => aCell())).toThrow(/two triggers/)
    expect(() => compileTrigger(parse('AAPL hits 500', CLOCK).condition, () => aCell(), TERMS)).toThrow(/two triggers/)
  })
})
