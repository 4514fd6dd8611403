import { describe, expect, test } from 'vitest'
import { type Cell, compile, compileTrigger, MET, UNMET } from '../../src/condition/evaluate.ts'
import { type Memory, NOTHING } from '../../src/condition/memory.ts'
import { parse } from '../../src/condition/parse.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { aCell } from './cells.ts'
import { CLOCK } from './lines.ts'
import { showPrice, TERMS, truthsOf } from './stories.ts'

const triggerOf = (line: string) => triggersOf(parse(line, CLOCK))[0]!

describe('a crossing', () => {
  test.each([
    // At the first look it only learns the side.
    ['AAPL crosses above 500', '490 501 505', '- + +'],
    ['AAPL crosses above 500', '505 506', '- -'],
    // It stays met until it comes back, and can be met again.
    ['AAPL crosses above 500', '490 501 499 501', '- + - +'],
    // Equality keeps the side.
    ['AAPL crosses above 500', '490 500 501', '- - +'],
    ['AAPL crosses above 500', '490 501 500 502', '- + + +'],
    ['AAPL crosses above 500', '500 501', '- -'],
    ['AAPL crosses above 500', '500 499 501', '- - +'],
    // Exactly, and across a gap.
    ['AAPL crosses above 0.1', '0.1 0.09 0.1000000000000000055', '- - +'],
    ['AAPL crosses above 500', '490 x 501', '- ? +'],
    ['AAPL crosses above 500', 'x 501', '? -'],
    ['AAPL crosses above 500', '490 501 x 502', '- + ? +'],
    ['AAPL crosses below 500', '510 500 499 505', '- - + -'],
    ['AAPL crosses below 500', '490 480', '- -'],
    ['AAPL rises above 500', '490 501', '- +'],
    ['AAPL drops below 500', '510 499', '- +'],
    // With hits and reaches equality counts; of these lines the first trigger is the way up.
    ['AAPL hits 500', '490 500 505 499', '- + + -'],
    ['AAPL hits 500', '490 510', '- +'],
    ['AAPL hits 500', '500 510', '- -'],
    ['AAPL reaches 500', '490 500 500', '- + +'],
    ['AAPL crosses 500', '490 500 505', '- - +'],
    // A level that moves, and values that are made of others.
    ['2 * AAPL crosses above 1000', '490 500 501', '- - +'],
    ['AAPL / 3 crosses above 100', '300 300.0000000000000001', '- -'],
    ['AAPL / 3 crosses above 100', '299 300.0000000000000001', '- +'],
  ])('%s, seen at %s: %s', (line, prices, truths) => {
    const cell = aCell()
    expect(truthsOf(line, prices, () => cell, showPrice(cell))).toBe(truths)
  })

  test('the other way of a crossing either way is the second trigger', () => {
    const ways = triggersOf(parse('AAPL hits 500', CLOCK))
    const cell = aCell()
    const watcher = compileTrigger(ways[1]!, () => cell, TERMS)
    const truths = ['510', '500', '501', '499'].map((price) => {
      showPrice(cell)(price)
      const truth = watcher.truth()
      watcher.recall(watcher.after(truth))
      return truth
    })
    expect(truths).toEqual([UNMET, MET, UNMET, MET])
  })
})

describe('a crossing together with something else', () => {
  const both = (line: string, looks: string) => {
    const cells: Record<string, Cell> = { AAPL: aCell(), MSFT: aCell({}, 'stock:MSFT') }
    return truthsOf(
      line,
      looks,
      (written) => cells[written]!,
      (look) => {
        const [aapl = '', msft = ''] = look.split('/')
        showPrice(cells.AAPL!)(aapl)
        showPrice(cells.MSFT!)(msft)
      },
    )
  }

  test.each([
    // It counts at the moment at which it happens...
    ['AAPL crosses above 500 and MSFT > 300', '490/301 501/302', '- +'],
    ['AAPL crosses above 500 and MSFT > 300', '490/290 501/290 505/301', '- - -'],
    ['AAPL crosses above 500 and MSFT > 300', '490/290 501/301', '- +'],
    // ...stays met as long as the whole does, through what is not known...
    ['AAPL crosses above 500 and MSFT > 300', '490/301 501/302 505/303', '- + +'],
    ['AAPL crosses above 500 and MSFT > 300', '490/301 501/x 505/303', '- ? +'],
    // ...and is over when the whole is unmet.
    ['AAPL crosses above 500 and MSFT > 300', '490/301 501/302 505/299 506/301', '- + - -'],
    ['AAPL crosses above 500 and MSFT > 300', '490/301 501/302 499/302 501/302', '- + - +'],
    ['(AAPL crosses above 500 or MSFT < 9) and MSFT < 300', '490/290 501/290 502/301 503/290', '- + - -'],
    ['AAPL crosses above MSFT', '490/500 499/495', '- +'],
    ['AAPL crosses above MSFT', '490/500 495/495 496/495', '- - +'],
  ])('%s, seen at %s: %s', (line, looks, truths) => {
    expect(both(line, looks)).toBe(truths)
  })
})

describe('what a crossing remembers', () => {
  const watch = (line: string) => {
    const cell = aCell()
    return { cell, see: showPrice(cell), watcher: compileTrigger(triggerOf(line), () => cell, TERMS) }
  }

  test('is plain data', () => {
    const { see, watcher } = watch('AAPL crosses above 500')
    see('490')
    expect(watcher.after(watcher.truth())).toEqual([{ type: 'cross', side: 'below', crossed: false }])
    watcher.recall(watcher.after(watcher.truth()))
    see('501')
    expect(watcher.after(watcher.truth())).toEqual([{ type: 'cross', side: 'above', crossed: true }])
    expect(watcher.begun()).toEqual([{ type: 'cross', side: 'above', crossed: true }])
  })

  test('is the same object where a look brought no news', () => {
    const { see, watcher } = watch('AAPL crosses above 500')
    expect(watcher.after(watcher.truth())).toBe(NOTHING)
    see('490')
    const memory = watcher.after(watcher.truth())
    watcher.recall(memory)
    for (const price of ['495', '500', 'x']) {
      see(price)
      expect(watcher.after(watcher.truth())).toBe(memory)
      expect(watcher.begun()).toBe(memory)
    }
  })

  test('looking changes nothing', () => {
    const { see, watcher } = watch('AAPL crosses above 500')
    see('490')
    watcher.recall(watcher.after(watcher.truth()))
    see('501')
    expect([watcher.truth(), watcher.truth(), watcher.truth()]).toEqual([MET, MET, MET])
    see('490')
    expect(watcher.truth()).toBe(UNMET)
  })

  test.each<[string, unknown]>([
    ['nothing', NOTHING],
    ['too much', Array(2).fill({ type: 'cross', side: 'below', crossed: true })],
    ['something of another kind', [{ type: 'mark', value: '5' }]],
    ['a side that there is not', [{ type: 'cross', side: 'left', crossed: true }]],
    ['something broken', [{ type: 'cross' }]],
  ])('begins anew where what was stored is %s', (_, stored) => {
    const { see, watcher } = watch('AAPL crosses above 500')
    watcher.recall(stored as Memory)
    see('501')
    expect(watcher.truth()).toBe(UNMET)
    expect(watcher.after(UNMET)).toEqual([{ type: 'cross', side: 'above', crossed: false }])
  })

  test('a condition without memory has a watcher that remembers nothing', () => {
    const { see, watcher } = watch('AAPL > 500')
    see('501')
    watcher.recall([{ type: 'mark', value: '5' }])
    expect(watcher.truth()).toBe(MET)
    expect(watcher.after(MET)).toBe(NOTHING)
    expect(watcher.begun()).toBe(NOTHING)
  })

  test('a condition with memory cannot be compiled without it', () => {
    expect(() => compile(triggerOf('AAPL crosses above 500'), () => aCell())).toThrow(/remember/)
    expect(() => compile(parse('AAPL crosses 500', CLOCK).condition, () => aCell())).toThrow(/two triggers/)
  })
})
