import type { Span } from './ast.ts'
import { Problem, quoted, replaced, without } from './errors.ts'
import type { Failure, Works } from './failure.ts'
import { leadInLength } from './lead-in.ts'
import type { Token } from './lexer.ts'
import { isAfterMove, SAYINGS, type Saying } from './sayings-table.ts'

/** A stretch of a line, and what the language has for it; empty where it has no need of it. */
type Mending = { readonly at: Span; readonly by: string }

/** `NEW high`: how the language itself prints a symbol and its figure. */
function isPrinted(typed: string): boolean {
  return /^[A-Z]+ [a-z]+$/.test(typed)
}

/** What is said in a line otherwise than the language says it, if the line is understood once all of it is mended. */
export function diagnoseSayings({ text, tokens, index }: Failure, works: Works): Problem | undefined {
  const mendings = mendingsOf(text, tokens, SAYINGS, tokens[index]?.at.start)
  const [first] = mendings
  if (!first) return undefined
  const tries = [mended(text, mendings), mended(text, [first])]
  return tries.some(works) ? new Problem(sentenceOf(text, first), first.at, tries) : undefined
}

/** Refuses, with a `Problem`, what would be taken for something else: `200dma`, `new high` are no symbols. */
export function checkSayings(text: string, tokens: readonly Token[]): void {
  if (
    !/ma\b|ma\d|new|fresh|all.time|yesterday|average|avg|usual|normal|here|current|last|hourly|daily|weekly/i.test(text)
  )
    return
  const mendings = mendingsOf(text, tokens, SAYINGS, undefined)
  const first = mendings.find(({ misread, at }) => misread && !isPrinted(text.slice(at.start, at.end)))
  if (first) throw new Problem(sentenceOf(text, first), first.at, [mended(text, mendings), mended(text, [first])])
}

function sentenceOf(text: string, { at, by }: Mending): string {
  return by === '' ? `I don't know what ${quoted(text, at)} means here.` : `For ${quoted(text, at)} write ${by.trim()}.`
}

function mended(text: string, mendings: readonly Mending[]): string {
  return mendings.reduceRight((line, { at, by }) => (by === '' ? without(line, at) : replaced(line, at, by)), text)
}

/** Nobody says so much at once; and what was typed must never keep the program busy. */
const LONGEST = 160

/** What is to be mended in a line, from left to right. Nothing in a note is. */
function mendingsOf(text: string, tokens: readonly Token[], sayings: readonly Saying[], here: number | undefined) {
  const end = tokens.find(({ type, text: word }) => type === 'word' && word === 'note')?.at.start ?? text.length
  const head = text.slice(0, end).replace(/[\s.?!]+$/, '')
  if (head.length > LONGEST || /\s{4}/.test(head)) return []
  const lead = leadInLength(head)
  const found: (Mending & { misread?: boolean })[] =
    lead > 0 ? [{ at: trimmed({ start: 0, end: lead }, head.slice(0, lead)), by: '' }] : []
  for (const { said, written, isHere, misread } of sayings) {
    for (const match of head.matchAll(said)) {
      const at = { start: match.index, end: match.index + match[0].length }
      if (found.some((other) => other.at.start < at.end && at.start < other.at.end)) continue
      const before = head.slice(0, at.start)
      const isAtStop = here === at.start + match[0].search(/\S/) || (lead > 0 && !isAfterMove(before))
      if (isHere && !isAtStop) continue
      const by = written(match, { before, symbol: symbolBefore(text, tokens, at.start) })
      if (by !== undefined) found.push({ at: trimmed(at, match[0]), by, misread: misread === true })
    }
  }
  return found.sort((a, b) => a.at.start - b.at.start)
}

function trimmed({ start, end }: Span, typed: string): Span {
  return { start: start + typed.search(/\S/), end: end - (typed.length - typed.trimEnd().length) }
}

/** The symbol spoken of last before a place, as it was typed. */
function symbolBefore(text: string, tokens: readonly Token[], end: number): string | undefined {
  const symbol = tokens.findLast(
    ({ type, at }, i) => type === 'symbol' && at.end <= end && !isPartOfName(tokens, i, text),
  )
  return symbol && text.slice(symbol.at.start, symbol.at.end)
}

/** Only the first of the words that follow each other without a sign can be a symbol. */
function isPartOfName(tokens: readonly Token[], index: number, text: string): boolean {
  const before = tokens[index - 1]
  const { start, end } = tokens[index]!.at
  if (/^(?:all|new|its|the|a|an|golden|death|todays?|yesterdays?|\d+.*|[es]?ma\d*)$/i.test(text.slice(start, end)))
    return true
  return before?.type === 'symbol' && !/^[a-z]+$/.test(text.slice(before.at.start, before.at.end))
}
