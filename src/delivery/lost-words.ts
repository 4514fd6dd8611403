import { tickerOf } from '../condition/name.ts'
import { type Button, compose, type Piece, type Reply } from '../reply.ts'
import { alertNames, beginning, groupsOf } from './outage-words.ts'
import type { Bundle } from './together.ts'
import type { Tracked } from './types.ts'

const MOST_BUTTONS = 3

/** Symbols are lost: which, who says so, which alerts watch them, and what one can do. `late`: what else is to be said. */
export function renderLost(bundle: Bundle, late: readonly string[]): Reply {
  const pieces = [...groupsOf(bundle, symbolOf)].flatMap(([symbol, members], index): Piece[] => {
    const said = members[0]!.occurrence.loss!.said
    const numbers = numbersOf(members).map(String)
    const [watch, them] = numbers.length > 1 ? ['watch', 'them'] : ['watches', 'it']
    const rest = `: ${said}. ${beginning(alertNames(numbers))} ${watch} it: delete ${them}, or set ${them} anew with the new name.`
    return [...(index > 0 ? ['\n'] : []), { strong: lossFact(symbol) }, rest]
  })
  return compose([...pieces, ...late.map((line) => `\n${line}`)], buttonsOf(bundle))
}

/** `DEAD may have been delisted or renamed`. */
export function lossFact(symbol: string): string {
  return `${tickerOf(symbol)} may have been delisted or renamed`
}

function symbolOf({ occurrence: { loss } }: Tracked): string {
  if (!loss) throw new Error('a word of a loss without the loss')
  return loss.symbol
}

function buttonsOf(bundle: Bundle): Button[] {
  const numbers = numbersOf(bundle)
  const [only] = numbers
  if (numbers.length === 1)
    return [
      { label: 'Delete', command: `delete ${only}` },
      { label: 'Why', command: `why ${only}` },
    ]
  return numbers.slice(0, MOST_BUTTONS).map((number) => ({ label: `Delete ${number}`, command: `delete ${number}` }))
}

/** An alert may watch two symbols that are lost: its number is there once. */
function numbersOf(members: readonly Tracked[]): number[] {
  return [...new Set(members.map(({ alert }) => alert.number))].sort((one, other) => one - other)
}
