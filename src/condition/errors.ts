import type { Span } from '../errors.ts'

/**
 * What is wrong with a line, before it is known which of the proposals really works.
 * `message` is a whole sentence for the person; `tries` are whole lines to type instead, the best first.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly at: Span
  readonly tries: readonly string[]

  constructor(message: string, at: Span, tries: readonly string[] = []) {
    super(message)
    this.at = at
    this.tries = tries
  }
}

/** The stretch of the typed text a span points to, short enough to be quoted in a sentence. */
export function quoted(text: string, at: Span): string {
  return `"${shortened(text.slice(at.start, at.end), 30)}"`
}

/** Text of at most `most` characters: what is longer ends in three points. */
export function shortened(text: string, most = 50): string {
  // Half of a character that takes two units would be shown as none.
  return text.length > most ? `${text.slice(0, most - 3).replace(/[\ud800-\udbff]$/, '')}...` : text
}

/** The typed text with one stretch of it replaced. */
export function replaced(text: string, at: Span, by: string): string {
  return text.slice(0, at.start) + by + text.slice(at.end)
}

/** The typed text with one stretch of it left out, and the spaces around it made one. */
export function without(text: string, at: Span): string {
  return `${text.slice(0, at.start).trimEnd()} ${text.slice(at.end).trimStart()}`.replace(/ (?=[),])/g, '').trim()
}

/** From the start of the one to the end of the other. */
export function spanning(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) }
}
