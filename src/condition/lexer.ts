import moo from 'moo'
import type { Span } from '../errors.ts'
import { Problem, quoted, replaced } from './errors.ts'
import { normalise } from './normalise.ts'
import { checkSize, readDigits } from './numbers.ts'
import { CURRENCIES, isReserved, MONTHS, SYNONYMS, UNITS, WEEKDAYS } from './words.ts'

/**
 * `number`: 500, 1.5k; `span`: 10min; `mixed`: 2m, two million or two minutes; `strange`: a word nobody knows;
 * `word`: one of the language's own; `sign`: an operator, a bracket, a comma or a sign of currency.
 */
export type TokenType =
  | 'number'
  | 'span'
  | 'mixed'
  | 'symbol'
  | 'strange'
  | 'word'
  | 'sign'
  | 'date'
  | 'clock'
  | 'weekday'
  | 'month'

/** A piece of the line. `text` is what the grammar compares: lower case for words, upper case for symbols. */
export type Token = {
  readonly type: TokenType
  readonly text: string
  readonly at: Span
  /** Of `span` and `mixed`: how long, ms. */
  readonly ms?: number
}

/** Longest first, so that `min` is not read as `m`. */
function choice(words: Iterable<string>): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  return longestFirst.map((word) => [...word].map((c) => `[${c}${c.toUpperCase()}]`).join('')).join('|')
}

const UNIT = choice(UNITS.keys())
const NOT_A_TICKER = choice([...UNITS.keys(), ...CURRENCIES.keys(), ...MONTHS.keys(), 'am', 'pm', 'pct', 'percent'])
const PAIR = '(?:[./-][A-Za-z][A-Za-z0-9]*)*'
const LETTER = 'A-Za-z_\\u00a1-\\uffff'

const lexicon = moo.compile({
  space: / +/,
  date: /\d{4}-\d{2}-\d{2}(?!\d)|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)/,
  clock: /\d{1,2}:\d{2}(?::\d{2})?(?: *[aApP][mM](?![A-Za-z]))?|\d{1,2} *[aApP][mM](?![A-Za-z])/,
  ordinal: /\d{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)(?![A-Za-z0-9])/,
  symbol: [
    /(?:[sS][tT][oO][cC][kK]|[cC][rR][yY][pP][tT][oO]|[fF][xX]):\^?[A-Za-z0-9]+(?:[./=-][A-Za-z0-9]+)*/,
    new RegExp(`\\$[A-Za-z][A-Za-z0-9]*${PAIR}`),
    /\^[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]|\^[A-Za-z]/,
    new RegExp(`\\d+(?!(?:${NOT_A_TICKER})(?![A-Za-z]))[A-Za-z]{2,}[A-Za-z0-9]*${PAIR}`),
    /\d{3,6}\.[A-Za-z]{1,3}(?![A-Za-z0-9])/,
  ],
  number: new RegExp(`(?:\\d+(?:[.,]\\d+)*|\\.\\d+)(?:[eE][+-]?\\d+)?(?: *(?:${UNIT})(?![A-Za-z]))?`),
  sign: ['>=', '<=', '=>', '=<', '!=', '<>', '==', '&&', '||', '...', '..', ...'<>=&|!(),%+-*/$€£¥"'],
  word: new RegExp(`[${LETTER}][${LETTER}0-9]*${PAIR}(?:=[XxFf](?![A-Za-z0-9]))?(?:'[A-Za-z]+)?`),
  unknown: moo.error,
})

/** The pieces of a line. Throws a `Problem` where a character or a number cannot be read. */
export function tokenise(typed: string): Token[] {
  const { text, starts, ends } = normalise(typed)
  const pieces: Piece[] = []
  for (const { type, value, offset } of lexicon.reset(text)) {
    if (type === 'space') continue
    const end = type === 'unknown' ? offset : offset + value.length - 1
    const at = { start: starts[offset] ?? 0, end: ends[end] ?? typed.length }
    if (type === 'unknown') throw unknownCharacter(typed, at, pieces.at(-1))
    pieces.push({ type: type ?? '', value, at })
  }
  return classify(pieces, typed)
}

type Piece = { readonly type: string; readonly value: string; readonly at: Span }

function unknownCharacter(typed: string, at: Span, before: Piece | undefined): Problem {
  if (typed.charAt(at.start) === ':' && before?.type === 'word') {
    const sentence = `Before a colon I know stock, crypto and fx, not ${quoted(typed, before.at)}.`
    const whole = { start: before.at.start, end: at.end }
    return new Problem(sentence, whole, [replaced(typed, whole, ''), replaced(typed, whole, 'stock:')])
  }
  return new Problem(`I don't know what ${quoted(typed, at)} means here.`, at, [replaced(typed, at, '')])
}

/** Gives each piece its type; some words mean something only beside a number or after `until` or `every`. */
function classify(pieces: readonly Piece[], typed: string): Token[] {
  const tokens: Token[] = []
  let inCalendar = false
  for (const [i, piece] of pieces.entries()) {
    const before = tokens.at(-1)
    const nextIsNumber = pieces[i + 1]?.type === 'number'
    const token: Token =
      piece.type === 'word' ? readWord(piece, before, nextIsNumber, inCalendar) : readPiece(piece, typed)
    if (token.type === 'word')
      inCalendar = token.text === 'until' || (inCalendar && /^(?:today|tomorrow|at)$/.test(token.text))
    tokens.push(token)
  }
  return tokens
}

function readPiece({ type, value, at }: Piece, typed: string): Token {
  switch (type) {
    case 'number':
      return readNumber(value, at, typed)
    case 'ordinal':
      return { type: 'number', text: value.slice(0, -2), at }
    case 'date':
      return { type: 'date', text: isoDate(value), at }
    case 'clock':
      return { type: 'clock', text: clockTime(value, at), at }
    case 'symbol':
      return { type: 'symbol', text: value.toUpperCase().replace(/^\$/, ''), at }
    default:
      return { type: 'sign', text: SYNONYMS.get(value) ?? value, at }
  }
}

function readWord({ value, at }: Piece, before: Token | undefined, nextIsNumber: boolean, inCalendar: boolean): Token {
  const lower = value.toLowerCase()
  const text = SYNONYMS.get(lower) ?? lower
  const afterNumber = before?.type === 'number' || before?.type === 'mixed'
  if (isReserved(text)) return { type: 'word', text, at }
  const sign = CURRENCIES.get(lower)
  if (sign && (afterNumber || nextIsNumber)) return { type: 'sign', text: sign, at }
  if (afterNumber && (lower === 'percent' || lower === 'pct')) return { type: 'sign', text: '%', at }
  const ms = UNITS.get(lower)?.ms
  if (before?.text === 'every' && ms) return { type: 'span', text: lower, ms, at }
  if (inCalendar && WEEKDAYS.has(lower)) return { type: 'weekday', text: String(WEEKDAYS.get(lower)), at }
  if (inCalendar && MONTHS.has(lower)) return { type: 'month', text: String(MONTHS.get(lower)), at }
  return { type: /^[A-Za-z][A-Za-z0-9./=-]*$/.test(value) ? 'symbol' : 'strange', text: value.toUpperCase(), at }
}

const NUMBER = /^([\d.,]+)([eE][+-]?\d+)? *([A-Za-z]*)$/

function readNumber(value: string, at: Span, typed: string): Token {
  const [, digits = '', exponent = '', letters = ''] = NUMBER.exec(value) ?? []
  const plain = readDigits(digits, at, typed) + exponent.toLowerCase()
  const { scale, ms } = UNITS.get(letters.toLowerCase()) ?? {}
  if (scale && exponent) {
    throw new Problem(`${quoted(typed, at)} has both an exponent and a unit.`, at, [replaced(typed, at, plain)])
  }
  const text = scale ? plain + scale : plain
  checkSize(text, at)
  if (ms === undefined) return { type: 'number', text, at }
  return { type: scale ? 'mixed' : 'span', text, ms: Math.round(Number(plain) * ms), at }
}

/** `31.12.2026` → `2026-12-31`; `2026-12-31` as it is. */
function isoDate(value: string): string {
  const [day = '', month = '', year] = value.split('.')
  return year === undefined ? value : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** `5pm` → `17:00`, `9:05` → `09:05`; a `Problem` where there is no such time. */
function clockTime(value: string, at: Span): string {
  const half = /[ap](?=m$)/i.exec(value)?.[0].toLowerCase()
  const [hours = 0, minutes = 0, seconds] = value
    .replace(/ *[ap]m$/i, '')
    .split(':')
    .map(Number)
  const hour = half === undefined ? hours : (hours % 12) + (half === 'p' ? 12 : 0)
  const wrong = half === undefined ? hours > 23 : hours < 1 || hours > 12
  if (wrong || minutes > 59 || (seconds ?? 0) > 59) throw new Problem('There is no such time of day.', at)
  const parts = seconds === undefined ? [hour, minutes] : [hour, minutes, seconds]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** Hands tokens to the parser one by one, in the form it asks for. */
export function streamOf(tokens: readonly Token[]) {
  let next = 0
  return {
    next: () => tokens[next++] as (Token & { value: string }) | undefined,
    reset: (_chunk: string) => {},
    save: () => ({}),
    formatError: (_token: unknown) => '',
    has: (_type: string) => true,
  }
}
