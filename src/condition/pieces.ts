import moo from 'moo'
import type { Span } from '../errors.ts'
import { Problem, quoted, replaced, without } from './errors.ts'
import { normalise } from './normalise.ts'
import { findNotes, type Note } from './note.ts'
import { CURRENCIES, isFunction, isReserved, METRIC_WORDS, MONTHS, UNITS } from './words.ts'

/** Longest first, so that `min` is not read as `m`. */
function choice(words: Iterable<string>): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  return longestFirst.map((word) => [...word].map((c) => `[${c}${c.toUpperCase()}]`).join('')).join('|')
}

const UNIT = choice(UNITS.keys())
/** Units that are written with a dash too: `52-week`. */
const DASHED = choice(['minute', 'hour', 'day', 'week'])
const NOT_A_TICKER = choice([...UNITS.keys(), ...CURRENCIES.keys(), ...MONTHS.keys(), 'am', 'pm', 'pct', 'percent'])
const PAIR = '(?:[./-][A-Za-z][A-Za-z0-9]*)*'
const LETTER = 'A-Za-z_\\u00a1-\\uffff'

const lexicon = moo.compile({
  space: / +/,
  date: /\d{4}-\d{2}-\d{2}(?:[tT](?=\d{2}:)|(?!\d))|\d{1,2}\.\d{1,2}\.\d{4}(?!\d)/,
  clock: /\d{1,2}:\d{2}(?::\d{2})?(?: *[aApP][mM](?![A-Za-z]))?|\d{1,2} *[aApP][mM](?![A-Za-z])/,
  ordinal: /\d{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)(?![A-Za-z0-9])/,
  symbol: [
    /(?:[sS][tT][oO][cC][kK]|[cC][rR][yY][pP][tT][oO]|[fF][xX]): *\^?[A-Za-z0-9]+(?:[./=-][A-Za-z0-9]+)*/,
    new RegExp(`\\$[A-Za-z][A-Za-z0-9]*${PAIR}`),
    /\^[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]|\^[A-Za-z]/,
    new RegExp(`\\d+(?!(?:${NOT_A_TICKER})(?![A-Za-z]))[A-Za-z]{2,}[A-Za-z0-9]*${PAIR}`),
    /\d{3,6}\.[A-Za-z]{1,3}(?![A-Za-z0-9])/,
  ],
  number: new RegExp(
    `(?:\\d+(?:[.,]\\d+)*|\\.\\d+)(?:[eE][+-]?\\d+)?(?:(?: *(?:${UNIT})|-(?:${DASHED}))(?![A-Za-z]))?`,
  ),
  sign: ['>=', '<=', '=>', '=<', '!=', '<>', '==', '&&', '||', '...', '..', ...'<>=&|!(),;%+-*/$€£¥"'],
  word: new RegExp(`[${LETTER}][${LETTER}0-9]*${PAIR}(?:=[XxFf](?![A-Za-z0-9]))?(?:'[A-Za-z]+)?`),
  unknown: moo.error,
})

/** A stretch of the line that belongs together, in plain characters; `tight`: without a space before it. */
export type Piece = { readonly type: string; readonly value: string; readonly at: Span; readonly tight: boolean }

/** The pieces of a line, before it is known what they mean. Throws a `Problem` where a character cannot be read. */
export function piecesOf(typed: string): Piece[] {
  const notes = findNotes(typed)
  const pieces = notes.flatMap((note, i) => [
    ...piecesIn(typed, { start: notes[i - 1]?.at.end ?? 0, end: note.wordEnd }),
    ofNote(note),
  ])
  return [...pieces, ...piecesIn(typed, { start: notes.at(-1)?.at.end ?? 0, end: typed.length })]
}

function ofNote({ text, at }: Note): Piece {
  return { type: 'note', value: `"${text}"`, at, tight: false }
}

/** The pieces of a stretch of the typed text. */
function piecesIn(typed: string, within: Span): Piece[] {
  const { text, starts, ends } = normalise(typed, within)
  const pieces: Piece[] = []
  const inCall: boolean[] = []
  let tight = false
  for (const { type = '', value, offset } of lexicon.reset(text)) {
    const span = (from: number, length: number) => ({
      start: starts[from] ?? within.start,
      end: ends[from + length - 1] ?? within.end,
    })
    if (type === 'unknown') throw unknownCharacter(typed, span(offset, 1), pieces.at(-1))
    const place = { before: pieces.at(-1), isInCall: inCall.at(-1) === true, next: text.charAt(offset + value.length) }
    let from = offset
    for (const part of type === 'space' ? [] : partsOf({ type, value }, place)) {
      pieces.push({ ...part, at: span(from, part.value.length), tight: tight || from > offset })
      from += part.value.length
    }
    tight = type !== 'space'
    if (value === '(') inCall.push(place.isInCall || isCall(pieces.at(-2), pieces.at(-1)))
    if (value === ')') inCall.pop()
  }
  return pieces
}

function unknownCharacter(typed: string, at: Span, before: Piece | undefined): Problem {
  if (typed.charAt(at.start) === ':' && before?.type === 'word') {
    const sentence = `Before a colon I know stock, crypto and fx, not ${quoted(typed, before.at)}.`
    const whole = { start: before.at.start, end: at.end }
    return new Problem(sentence, whole, [
      without(typed, whole),
      replaced(typed, whole, 'stock:'),
      replaced(typed, at, ''),
    ])
  }
  return strangeCharacter(typed, at)
}

/** Pictures, and signs that nothing is made of here. */
const DECORATION = /(?:[\p{So}\p{Sk}?@#~\\{}[\]]|\u200d|\ufe0f)+/gu

/** A line without pictures and signs that mean nothing here. */
export function undecorated(typed: string): string {
  return typed.replace(DECORATION, ' ').replace(/ {2,}/g, ' ').trim()
}

function strangeCharacter(typed: string, at: Span): Problem {
  const character = typed.slice(at.start, at.end)
  if (/['‘’‚‛`´]/.test(character)) {
    const asNote = replaced(typed, { start: at.start, end: at.start }, 'note ')
    return new Problem('Only a note stands in quotes.', at, [asNote, typed.replace(/['‘’‚‛`´]/g, '')])
  }
  const tries = [replaced(typed, at, ''), undecorated(typed)]
  return new Problem(`I don't know what ${quoted(typed, at)} means here.`, at, [
    ...(/[@~]/.test(character) && !/\d\s*$/.test(typed.slice(0, at.start))
      ? [typed.replace(/\s*[@~]\s*/, ' hits ')]
      : []),
    ...tries,
  ])
}

/** Whether a word and the bracket after it are a function, known or not. */
export function isCall(word: Piece | undefined, bracket: Piece | undefined): boolean {
  if (word?.type !== 'word' || bracket?.value !== '(') return false
  const name = word.value.toLowerCase()
  return isFunction(name) || (bracket.tight && !isReserved(name))
}

type Part = Pick<Piece, 'type' | 'value'>
type Place = { readonly before: Piece | undefined; readonly isInCall: boolean; readonly next: string }

/** What is written without spaces and yet is several pieces. */
function partsOf(part: Part, place: Place): Part[] {
  if (part.type === 'number' && place.isInCall) return listed(part.value)
  if (part.type === 'word' && /[-/]/.test(part.value)) return calculated(part.value, place)
  return [part]
}

/** `14,1h` in the brackets of a function is two arguments: commas group no thousands there. */
function listed(value: string): Part[] {
  return value.split(/(,)/).map((part) => ({ type: part === ',' ? 'sign' : 'number', value: part }))
}

/** A pair has a name on each side. Where there is a metric of a symbol, or a function, it is arithmetic: `AAPL high-low`. */
function calculated(value: string, { before, next }: Place): Part[] {
  const names = value.split(/([-/])/)
  const isMetric = METRIC_WORDS.has(names[0]!.toLowerCase()) && isSymbol(before)
  const isFunctionLast = next === '(' && isFunction(names.at(-1)!.toLowerCase())
  const parts = isMetric ? names : isFunctionLast ? [names.slice(0, -2).join(''), ...names.slice(-2)] : [value]
  return parts.map((part) => ({ type: /^[-/]$/.test(part) ? 'sign' : 'word', value: part }))
}

function isSymbol(piece: Piece | undefined): boolean {
  return piece?.type === 'symbol' || (piece?.type === 'word' && !isReserved(piece.value))
}
