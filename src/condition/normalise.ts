import type { Span } from '../errors.ts'

/** Text in the plain characters the lexer knows, and where each of them stood in what the person typed. */
export type Normalised = {
  readonly text: string
  /** For each character of `text`: where its source starts in the typed text (UTF-16 offset). */
  readonly starts: readonly number[]
  /** For each character of `text`: where its source ends, exclusive. */
  readonly ends: readonly number[]
}

/** What phones, keyboards and web pages put in place of the plain character. */
const PLAIN: Readonly<Record<string, string>> = {
  ...each('“”„‟«»', '"'),
  ...each('‘’‚‛ʼ`´′', "'"),
  ...each('‐‑‒–—―−﹣', '-'),
  ...each(
    '\t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000',
    ' ',
  ),
  ...each('\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u00ad\ufe0e\ufe0f\ufeff', ''),
  ...each('≥⩾≧', '>='),
  ...each('≤⩽≦', '<='),
  '≠': '!=',
  '…': '...',
  ...each('↑⬆⇧', ' up '),
  ...each('↓⬇⇩', ' down '),
  '×': '*',
  '÷': '/',
  '。': '.',
  '、': ',',
  '￡': '£',
  '￥': '¥',
}

function each(characters: string, plain: string): Record<string, string> {
  return Object.fromEntries([...characters].map((character) => [character, plain]))
}

/**
 * Typographic quotes and dashes, `≥ ≤ ≠`, unusual spaces and full-width characters as plain ones; a final full stop,
 * question or exclamation mark and the white space around it left out. Offsets of the result lead back to the typed text, of which `within` may be a part.
 */
export function normalise(typed: string, within: Span = { start: 0, end: typed.length }): Normalised {
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  for (let offset = within.start; offset < within.end; offset++) {
    const plain = plainOf(typed.charAt(offset))
    text += plain
    for (let i = 0; i < plain.length; i++) {
      starts.push(offset)
      ends.push(offset + 1)
    }
  }
  const length = lengthWithoutFullStop(text)
  return { text: text.slice(0, length), starts: starts.slice(0, length), ends: ends.slice(0, length) }
}

function plainOf(character: string): string {
  const plain = PLAIN[character]
  if (plain !== undefined) return plain
  const code = character.charCodeAt(0)
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : character
}

function lengthWithoutFullStop(text: string): number {
  const trimmed = text
    .trimEnd()
    .replace(/[?!]+$/, '')
    .trimEnd()
  return trimmed.endsWith('.') && !trimmed.endsWith('..') ? trimmed.slice(0, -1).trimEnd().length : trimmed.length
}
