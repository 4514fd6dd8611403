import { fillCell } from '../../src/condition/cell.ts'
import { type Cell, compileTrigger, type Terms, type Truth, wordOf } from '../../src/condition/evaluate.ts'
import { type Memory, NOTHING } from '../../src/condition/memory.ts'
import { parse } from '../../src/condition/parse.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { CLOCK } from './lines.ts'

/** Terms under which nothing is apart, in New York. */
export const TERMS: Terms = { zone: 'America/New_York', atClose: false, apart: Number.POSITIVE_INFINITY }

const SIGNS: Readonly<Record<Truth, string>> = { met: '+', unmet: '-', unknown: '?' }

/**
 * What the first trigger of a line is at one look after another, as signs: `+` met, `-` unmet, `?` unknown. Before each
 * look `see` shows it the next thing. A look with `!` before it is one at which it fired. The process restarts after each
 * look: what is remembered goes through JSON into a new watcher.
 */
export function truthsOf(
  line: string,
  looks: string,
  cellOf: (written: string) => Cell,
  see: (look: string) => void,
  terms: Terms = TERMS,
): string {
  const [trigger] = triggersOf(parse(line, CLOCK))
  let memory: Memory = NOTHING
  const signs = looks.split(' ').map((look) => {
    see(look.replace('!', ''))
    const watcher = compileTrigger(trigger!, cellOf, terms)
    watcher.recall(JSON.parse(JSON.stringify(memory)))
    const truth = watcher.truth()
    memory = look.startsWith('!') ? watcher.begun() : watcher.after(truth)
    return SIGNS[wordOf(truth)]
  })
  return signs.join(' ')
}

/** Shows a cell a price; `x`: none is known. */
export function showPrice(cell: Cell): (look: string) => void {
  return (look) => fillCell(cell, { currency: 'USD', ...(look === 'x' ? {} : { price: look }) })
}
