import { describe, expect, test } from 'vitest'
import { type Cell, explain, type Terms } from '../../src/condition/evaluate.ts'
import { parse } from '../../src/condition/parse.ts'
import { aCell, withCandles } from './cells.ts'
import { CLOCK } from './lines.ts'
import { TERMS, truthsOf } from './stories.ts'

const terms: Terms = { ...TERMS, apart: 20_000 }

/** When a quote was received and when its session ends, in seconds after the same moment; no end: it never closes. */
type Heard = readonly [heard: number, end?: number]

function cellsOf(heard: Readonly<Record<string, Heard>>): (written: string) => Cell {
  const cells = Object.entries(heard).map(([name, [seconds, end]]) => {
    const times = { at: CLOCK.now + seconds * 1000, heardAt: CLOCK.now + seconds * 1000 }
    const sessionEnd = end === undefined ? {} : { sessionEnd: CLOCK.now + end * 1000 }
    return [name, aCell({ price: '5', bid: '5', ...times, ...sessionEnd }, `stock:${name}`)] as const
  })
  const byName = new Map(cells)
  return (written) => byName.get(written)!
}

describe('symbols in session that are compared with each other', () => {
  test.each<[string, string, Record<string, Heard>, string]>([
    ['near each other', 'AAPL = MSFT', { AAPL: [0, 60], MSFT: [20, 60] }, '+'],
    ['too far apart', 'AAPL = MSFT', { AAPL: [0, 60], MSFT: [20.001, 60] }, '?'],
    ['too far apart the other way round', 'AAPL = MSFT', { AAPL: [21, 60], MSFT: [0, 60] }, '?'],
    ['never closed and too far apart', 'AAPL = MSFT', { AAPL: [0], MSFT: [21] }, '?'],
    ['one closed: its last price counts', 'AAPL = MSFT', { AAPL: [0, 10], MSFT: [99_999] }, '+'],
    ['one closed just as the other was heard', 'AAPL = MSFT', { AAPL: [0, 21], MSFT: [21, 60] }, '+'],
    ['both closed', 'AAPL = MSFT', { AAPL: [0, 40], MSFT: [50, 40] }, '+'],
    ['in arithmetic', 'AAPL / MSFT = 1', { AAPL: [0], MSFT: [21] }, '?'],
    ['in a function', 'AAPL - max(MSFT, 1) = 0', { AAPL: [0], MSFT: [21] }, '?'],
    ['in a range', 'AAPL between 1 and MSFT', { AAPL: [0], MSFT: [21] }, '?'],
    ['as a level to move from', 'AAPL up 0.1 from MSFT', { AAPL: [0], MSFT: [21] }, '?'],
    ['of three, any two', 'AAPL + MSFT > GOOG', { AAPL: [0], MSFT: [15], GOOG: [30] }, '?'],
    ['different figures of one symbol', 'AAPL = AAPL bid', { AAPL: [0] }, '+'],
    ['not compared with each other', 'AAPL = 5 and MSFT = 5', { AAPL: [0], MSFT: [99] }, '+'],
  ])('%s', (_, line, heard, truth) => {
    expect(truthsOf(line, '_', cellsOf(heard), () => {}, terms)).toBe(truth)
  })

  test('a function counts as far as it looks at the quote', () => {
    const cellOf = cellsOf({ AAPL: [0], MSFT: [21] })
    withCandles(cellOf('MSFT'), '1d', '5, 5, 5')
    const truth = (line: string) => truthsOf(line, '_', cellOf, () => {}, terms)
    expect(truth('AAPL = sma(MSFT, 2)')).toBe('?')
    expect(truth('AAPL = high(MSFT, 2)')).toBe('+')
  })

  test('a crossing keeps what it knows meanwhile', () => {
    const cellOf = cellsOf({ AAPL: [0], MSFT: [0] })
    // At the third look AAPL is far below, but nobody knows whether MSFT is still where it was.
    const looks = '4:0 6:0 1:30 6:0 4:0'
    const see = (look: string) => {
      const [price, heard] = look.split(':').map(Number)
      Object.assign(cellOf('AAPL'), { price, text: {}, heardAt: CLOCK.now + heard! * 1000 })
    }
    expect(truthsOf('AAPL crosses above MSFT', looks, cellOf, see, terms)).toBe('- + ? + -')
  })

  test('says why', () => {
    const why = (line: string, heard: Record<string, Heard>) =>
      explain(parse(line, CLOCK).condition, cellsOf(heard), terms)[0]?.why
    expect(why('AAPL = MSFT', { AAPL: [0], MSFT: [45] })).toBe(
      'The quotes of AAPL and MSFT were received 45 s apart: too far to compare them.',
    )
    expect(why('AAPL + MSFT > GOOG', { AAPL: [0], MSFT: [0], GOOG: [30] })).toBe(
      'The quotes of AAPL, MSFT and GOOG were received 30 s apart: too far to compare them.',
    )
    expect(why('AAPL = MSFT', { AAPL: [0], MSFT: [1] })).toBeUndefined()
  })
})
