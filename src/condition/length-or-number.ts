import { Problem, quoted, replaced, spanning } from './errors.ts'
import type { Failure, Works } from './failure.ts'

/** A number where a length of time belongs, and the reverse. */
export function diagnoseLength(failure: Failure, works: Works): Problem | undefined {
  const { text, tokens, index, expected } = failure
  const token = tokens[index]!
  const typed = text.slice(token.at.start, token.at.end)
  const unit = diagnoseUnit(failure)
  if (unit) return unit
  if (expected.has('%span') && token.type === 'number') {
    const tries = ['m', 'h'].map((unit) => replaced(text, token.at, typed + unit))
    return new Problem(`${typed} what? Write ${typed}s, ${typed}m, ${typed}h or ${typed}d.`, token.at, tries)
  }
  const misplaced = diagnoseMoment(failure, works)
  if (misplaced || (token.type !== 'span' && token.type !== 'mixed')) return misplaced
  if (expected.has('from') && expected.has('in')) {
    const sentence = `Write in before a length of time: in ${typed}.`
    return new Problem(sentence, token.at, [replaced(text, token.at, `in ${typed}`)])
  }
  if (!expected.has('%number')) return undefined
  const digits = /^[\d.,]+/.exec(typed)?.[0] ?? typed
  const sentence = `${quoted(text, token.at)} is a length of time; I expected a number.`
  return new Problem(sentence, token.at, [replaced(text, token.at, digits)])
}

/** How many days the lengths of time have that are not all of one length. */
const UNEVEN: Readonly<Record<string, number>> = table([
  [30, 'MO MOS MONTH MONTHS'],
  [365, 'Y YR YRS YEAR YEARS'],
])

function table(entries: readonly (readonly [days: number, words: string])[]): Record<string, number> {
  return Object.fromEntries(entries.flatMap(([days, words]) => words.split(' ').map((word) => [word, days])))
}

/** `in 2 months`: there is no unit for what is now longer and now shorter. */
function diagnoseUnit({ text, tokens, index }: Failure): Problem | undefined {
  for (const [number, unit] of [tokens.slice(index - 1, index + 1), tokens.slice(index, index + 2)]) {
    const days = unit?.type === 'symbol' ? UNEVEN[unit.text] : undefined
    // Nobody waits for three billion years.
    if (number?.type !== 'number' || !/^[\d.]+$/.test(number.text) || !unit || days === undefined) continue
    const whole = spanning(number.at, unit.at)
    const length = `${Math.round(Number(number.text) * days)}d`
    const sentence = `Months and years are not all of one length; for ${quoted(text, whole)} write ${length}.`
    return new Problem(sentence, whole, [replaced(text, whole, length)])
  }
  return undefined
}

/** `until 10m`, `for Friday`, `expires Friday`: the word for the other. */
function diagnoseMoment({ text, tokens, index }: Failure, works: Works): Problem | undefined {
  const token = tokens[index]!
  const before = tokens[index - 1]
  const typed = text.slice(token.at.start, token.at.end)
  if (before?.text === 'until' && (token.type === 'span' || token.type === 'mixed')) {
    const sentence = `After until I expected a day or a time; for a length of time write expires in ${typed}.`
    return new Problem(sentence, token.at, [replaced(text, before.at, 'expires in')])
  }
  if (before?.text === 'expires') {
    const tries = [replaced(text, token.at, `in ${typed}`), replaced(text, before.at, 'until')]
    return new Problem('Write expires in 3d, or until Friday.', spanning(before.at, token.at), tries)
  }
  const asDay = before?.text === 'for' ? replaced(text, before.at, 'until') : ''
  return asDay && works(asDay)
    ? new Problem(`For a day or a time write until ${typed}.`, before!.at, [asDay])
    : undefined
}
