import type { Span } from '../errors.ts'
import { Problem, quoted, replaced } from './errors.ts'
import { isFiller, isValueEnd } from './filler.ts'
import { checkSize, readDigits } from './numbers.ts'
import { isCall, type Piece, piecesOf } from './pieces.ts'
import {
  AFTER_IS,
  AFTER_VALUE,
  CONTEXTS,
  type Context,
  CURRENCIES,
  isFunction,
  isReserved,
  METRIC_WORDS,
  MONTHS,
  SYNONYMS,
  UNITS,
  WEEKDAYS,
} from './words.ts'

/**
 * `number`: 500, 1.5k; `span`: 10min; `mixed`: 2m, two million or two minutes; `strange`: a word nobody knows;
 * `word`: one of the language's own; `sign`: an operator, a bracket, a comma or a sign of currency; `call`: a name before
 * a bracket; `note`: text in quotes.
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
  | 'call'
  | 'note'

/**
 * A piece of the line. `text` is what the grammar compares: lower case for words and names of functions, upper case for
 * symbols, with its quotes for a note.
 */
export type Token = {
  readonly type: TokenType
  readonly text: string
  readonly at: Span
  /** Of `span` and `mixed`: how long, ms. */
  readonly ms?: number
}

/** The pieces of a line. Throws a `Problem` where a character or a number cannot be read, or a quote is not closed. */
export function tokenise(typed: string): Token[] {
  return classify(piecesOf(typed), typed)
}

/** Where in the line the pieces are that are being read. */
type Place = {
  readonly before: Token | undefined
  readonly next: Piece | undefined
  /** After `until`, and between what may stand there. */
  readonly inCalendar: boolean
  /** What the last keyword lets be understood. */
  readonly context: Context | undefined
}

/** Gives each piece its type; some words mean something only beside a number or after a keyword. */
function classify(pieces: readonly Piece[], typed: string): Token[] {
  const tokens: Token[] = []
  let inCalendar = false
  let context: Context | undefined
  for (const [i, piece] of pieces.entries()) {
    if (piece.type === 'word' && context?.skip.has(piece.value.toLowerCase())) continue
    if (isFiller(piece, tokens.at(-1), pieces.slice(i + 1, i + 3))) continue
    if (inCalendar && isBeforeYear(piece, pieces[i + 1])) continue
    const place = { before: tokens.at(-1), next: pieces[i + 1], inCalendar, context }
    const token: Token = piece.type === 'word' ? readWord(piece, place) : readPiece(piece, typed)
    inCalendar = token.text === 'until' || (inCalendar && isInCalendar(token))
    context = isApart(token, tokens) ? CONTEXTS.get('from') : contextAfter(token, context)
    tokens.push(token)
  }
  return tokens
}

/** `until Dec 31, 2026`: a comma that separates nothing. */
function isBeforeYear({ value }: Piece, next: Piece | undefined): boolean {
  return value === ',' && next?.type === 'number' && /^\d{4}$/.test(next.value)
}

function isInCalendar({ type, text }: Token): boolean {
  return type !== 'word' || /^(?:today|tomorrow|at)$/.test(text)
}

/** Lists go on after a comma: `via sms, email and telegram`. */
function contextAfter({ type, text }: Token, context: Context | undefined): Context | undefined {
  const goesOn =
    (type === 'word' && context?.words.has(text)) || (context === CONTEXTS.get('via') && /^(?:,|and)$/.test(text))
  return goesOn ? context : type === 'word' ? CONTEXTS.get(text) : undefined
}

/** Whether a token goes on from an amount after a value: `AAPL 5% below its peak` goes on as `from` does. */
function isApart({ text }: Token, tokens: readonly Token[]): boolean {
  if (text !== 'above' && text !== 'below') return false
  const [value, first, last] = tokens.slice(-3)
  if (!first || !last) return false
  const isAmount = first.type === 'number' ? /^[%$€£¥]$/.test(last.text) : /^[$€£¥]$/.test(first.text)
  return isAmount && (isValueEnd(value) || value?.text === 'is' || value?.text === 'not')
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
      return { type: 'symbol', text: value.toUpperCase().replace(/^\$|(?<=:) +/, ''), at }
    case 'note':
      return { type: 'note', text: value, at }
    default:
      return { type: 'sign', text: SYNONYMS.get(value) ?? value, at }
  }
}

function readWord(piece: Piece, { before, next, inCalendar, context }: Place): Token {
  const { value, at } = piece
  const lower = value.toLowerCase()
  if (isCall(piece, next)) return { type: 'call', text: lower, at }
  const said = context?.words.get(lower)
  if (said !== undefined) return { type: 'word', text: said, at }
  const does = (isValueEnd(before) && AFTER_VALUE.get(lower)) || (isDone(before) && AFTER_IS.get(lower))
  if (does) return { type: 'word', text: does, at }
  if (isReserved(lower)) return { type: 'word', text: SYNONYMS.get(lower) ?? lower, at }
  const afterNumber = before?.type === 'number' || before?.type === 'mixed'
  const sign = CURRENCIES.get(lower)
  if (sign && (afterNumber || next?.type === 'number')) return { type: 'sign', text: sign, at }
  if (afterNumber && (lower === 'percent' || lower === 'pct')) return { type: 'sign', text: '%', at }
  const owner = /^([a-z0-9.]+)'s$/i.exec(value)?.[1]
  if (owner && isFigure(next?.value.toLowerCase() ?? '') && !isValueEnd(before)) {
    return { type: 'symbol', text: owner.toUpperCase(), at }
  }
  const ms = UNITS.get(lower)?.ms
  if (ms && AWAITS_LENGTH.has(before?.text ?? '')) return { type: 'span', text: lower, ms, at }
  if (inCalendar && WEEKDAYS.has(lower)) return { type: 'weekday', text: String(WEEKDAYS.get(lower)), at }
  if (inCalendar && MONTHS.has(lower)) return { type: 'month', text: String(MONTHS.get(lower)), at }
  return { type: /^[A-Za-z][A-Za-z0-9./=-]*$/.test(value) ? 'symbol' : 'strange', text: value.toUpperCase(), at }
}

/** Whether a word names something that a symbol has: its price, its rsi. */
function isFigure(word: string): boolean {
  return METRIC_WORDS.has(word) || isFunction(word)
}

/** Whether what is said of a value may begin after a token. */
function isDone(before: Token | undefined): boolean {
  return isValueEnd(before) || before?.text === 'is' || before?.text === 'not'
}

/** Words after which a unit alone is one of it: `every hour`, `in the last hour`. */
const AWAITS_LENGTH: ReadonlySet<string> = new Set(['every', 'in', 'for', 'cooldown'])

const NUMBER = /^([\d.,]+)([eE][+-]?\d+)?[ -]*([A-Za-z]*)$/

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

/** `31.12.2026` → `2026-12-31`; `2026-12-31` as it is, without the `T` before a time. */
function isoDate(value: string): string {
  const [day = '', month = '', year] = value.split('.')
  return year === undefined ? value.slice(0, 10) : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
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

/** Hands tokens to the parser one by one, in the form it asks for; `at` counts those it has got. */
export function streamOf(tokens: readonly Token[]) {
  let next = 0
  return {
    next: () => tokens[next++] as (Token & { value: string }) | undefined,
    at: () => next,
    reset: (_chunk: string) => {},
    save: () => ({}),
    formatError: (_token: unknown) => '',
    has: (_type: string) => true,
  }
}
