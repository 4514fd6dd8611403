import type { Span, UserError } from '../errors.ts'
import { septets, shortenedTo, toGsm } from '../gsm.ts'

/**
 * The long form of an error: what is wrong, the line as typed with carets under the place, and what to type instead.
 *
 *     I don't know "prise". Did you mean price?
 *       AAPL prise > 500
 *            ^^^^^
 *     Try: AAPL price > 500
 */
export function caret({ message, text, at, suggestion }: UserError): string {
  const lines = [message]
  if (text !== undefined && at) lines.push(`  ${oneLine(text)}`, `  ${underline(text, at)}`)
  if (suggestion !== undefined) lines.push(`Try: ${suggestion}`)
  return lines.join('\n')
}

/** Line breaks and other control characters would tear the line from its carets; a tab stays one. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (c) => (c === '\t' ? c : ' '))
}

function underline(text: string, { start, end }: Span): string {
  const before = [...oneLine(text.slice(0, start))].map((c) => (c === '\t' ? c : ' '.repeat(widthOf(c)))).join('')
  const width = [...text.slice(start, end)].reduce((sum, c) => sum + widthOf(c), 0)
  return before + '^'.repeat(Math.max(1, width))
}

const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]$/u
/** East Asian Wide and Fullwidth (Unicode TR 11) by block, and what is shown as a picture. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u

function widthOf(character: string): number {
  return INVISIBLE.test(character) ? 0 : WIDE.test(character) || character === '\u3000' ? 2 : 1
}

/** One SMS, in septets of GSM-7. */
const SEGMENT = 160

/** The short form: what is wrong and what to type instead, within one SMS of at most 160 GSM-7 characters. */
export function shortForm({ message, suggestion }: UserError): string {
  const said = toGsm(message)
  const whole = suggestion === undefined ? said : `${said} Try: ${toGsm(suggestion)}`
  if (septets(whole) <= SEGMENT) return whole
  return shortenedTo(said, SEGMENT)
}
