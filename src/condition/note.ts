import type { Span } from '../errors.ts'
import { Problem } from './errors.ts'

/** What was typed between quotes after `note`, as it was typed; where the quotes stand, and where the word before ends. */
export type Note = { readonly text: string; readonly at: Span; readonly wordEnd: number }

/** By what a note is closed that was opened by one of these. */
const CLOSING: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['“', '”'],
  ['”', '”'],
  ['„', '“”'],
  ['«', '»'],
  ['»', '«'],
  ['＂', '＂'],
])

const OPENED = /(?<![\p{L}\p{N}_$:./-])(?:note|ｎｏｔｅ)(?:[\s:]*[“”„«»＂"]|[\s:]+['‘’‚‛`´])/giu

/** The notes of a line. Throws a `Problem` that points at the opening quote where one is not closed. */
export function findNotes(typed: string): Note[] {
  const notes: Note[] = []
  const opened = new RegExp(OPENED)
  for (let found = opened.exec(typed); found; found = opened.exec(typed)) {
    const start = opened.lastIndex - 1
    const closing = CLOSING.get(typed.charAt(start)) ?? ''
    const end = closing === '' ? endOfSingle(typed, start + 1) : endOfDouble(typed, start + 1, closing)
    if (end === typed.length) {
      const at = { start, end: start + 1 }
      throw new Problem('This quote is never closed.', at, [
        typed.trimEnd() + (closing.charAt(0) || typed.charAt(start)),
        typed.slice(0, found.index).trimEnd(),
      ])
    }
    notes.push({ text: typed.slice(start + 1, end), at: { start, end: end + 1 }, wordEnd: found.index + 'note'.length })
    opened.lastIndex = end + 1
  }
  return notes
}

function endOfDouble(typed: string, start: number, closing: string): number {
  let end = start
  while (end < typed.length && !closing.includes(typed.charAt(end))) end++
  return end
}

const SINGLE = /['‘’‚‛`´]/g
/** What may follow a note in single quotes: the end, or an option, and no other such quote but those of another note. */
const AFTER_SINGLE =
  /^[\s.?!]*$|^[\s,;]+(?:once|repeat|every|cooldown|for|until|expires|during|via|urgent|note|at)\b(?:[^'‘’‚‛`´]*$|[^'‘’‚‛`´]*(?<=\bnote[\s:]*)['‘’‚‛`´])/iu

/** Where a note in single quotes ends: an apostrophe in it does not end it. */
function endOfSingle(typed: string, start: number): number {
  const quotes = new RegExp(SINGLE)
  quotes.lastIndex = start
  for (let found = quotes.exec(typed); found; found = quotes.exec(typed)) {
    if (AFTER_SINGLE.test(typed.slice(found.index + 1))) return found.index
  }
  return typed.length
}

/** A note in quotes that do not occur in it, so that it is read as it is. */
export function inQuotes(text: string): string {
  const [opening, closing] =
    [...CLOSING].find(([, closers]) => ![...closers].some((quote) => text.includes(quote))) ?? []
  return `${opening ?? '"'}${text}${closing?.charAt(0) ?? '"'}`
}
