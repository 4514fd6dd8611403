import { Problem, quoted, replaced, spanning, without } from './errors.ts'
import type { Failure, Works } from './failure.ts'
import { endings } from './going-on.ts'
import { isLeadIn } from './lead-in.ts'
import type { Token } from './lexer.ts'
import { nearestOf } from './nearest.ts'
import { beginsComparison } from './no-link.ts'
import { undecorated } from './pieces.ts'
import { METRIC_WORDS, MONTHS, OTHER_CURRENCIES, SYNONYMS, WEEKDAYS, WORDS } from './words.ts'

const CALENDAR = [...WEEKDAYS.keys(), ...MONTHS.keys()]
  .filter((word) => word.length > 3)
  .map((word) => word.charAt(0).toUpperCase() + word.slice(1))

/** A word that is no symbol's place and no word of the language. */
export function diagnoseUnknown(failure: Failure, works: Works): Problem | undefined {
  const { text, tokens, index, expected } = failure
  const token = tokens[index]!
  if (token.type !== 'symbol' && token.type !== 'strange') return undefined
  const currency = diagnoseCurrency(token, tokens[index - 1], text)
  if (currency) return currency
  const near = nearestOf(token.text, wordsFor(expected))
  const meant = near.find((word) => works(replaced(text, token.at, word)))
  if (meant !== undefined) return didYouMean(token, meant, failure)
  const stray = diagnoseStrayStart(failure, works)
  if (stray) return stray
  if (expected.has('or') && beginsComparison(tokens, index)) return undefined
  if (near[0] !== undefined && token.text.length > 3) return didYouMean(token, near[0], failure)
  const at = placeOfUnknown(failure)
  const sentence = `I don't know what ${quoted(text, at)} means here.`
  // Left out, the line would say the opposite.
  if (NEGATION.test(token.text)) return new Problem(sentence, at, [replaced(text, at, 'not')])
  return new Problem(sentence, at, [
    without(text, at),
    ...(token.type === 'strange' ? [undecorated(text)] : []),
    ...withoutRun(failure),
    withoutStrangers(failure),
    ...(isLeadIn(failure.tokens[0]!.text) ? [] : endings(failure)),
  ])
}

const NEGATION = /^(?:.*N'T|NEVER|CANNOT)$/

/** `buy AAPL whatever`: what is not known is the word before the symbol, not the symbol. */
function placeOfUnknown({ text, tokens, index }: Failure): Token['at'] {
  const { at } = tokens[index]!
  const before = tokens.slice(0, index)
  const isSymbolAfterWords =
    before.length > 0 && isInCapitals(tokens[index]!, text) && before.every(({ type }) => type === 'symbol')
  if (!isSymbolAfterWords || before.some((token) => isInCapitals(token, text))) return at
  return spanning(before[0]!.at, before.at(-1)!.at)
}

/** `AAPL stop loss 500`: the line without all the unknown words that follow each other, and with a sign in their place. */
function withoutRun({ text, tokens, index }: Failure): string[] {
  const end = tokens.findIndex(({ type }, i) => i > index && type !== 'symbol' && type !== 'strange')
  if (end < 0) return []
  const run = spanning(tokens[index]!.at, tokens[end - 1]!.at)
  return [without(text, run), replaced(text, run, '>')]
}

/** Whether a word is typed as symbols usually are. */
function isInCapitals({ type, at }: Token, text: string): boolean {
  return type === 'symbol' && /^[$^]|^[A-Z0-9]{2,}(?:[./:-]|$)/.test(text.slice(at.start, at.end))
}

/** `tell me when AAPL goes above 500`: the line without the words in small letters that the language does not have. */
function withoutStrangers({ text, tokens }: Failure): string {
  const strange = tokens.filter(({ type, at }) => type === 'symbol' && /^[a-z]+$/.test(text.slice(at.start, at.end)))
  return strange.reduceRight((line, { at }) => without(line, at), text)
}

/** The words of the language that fit at a place. */
function wordsFor(expected: ReadonlySet<string>): readonly string[] {
  if (expected.has('%weekday') || expected.has('%month')) return CALENDAR
  return WORDS.filter((word) => expected.has(SYNONYMS.get(word) ?? word))
}

/** `AAPL crosses abvoe 500`: where a symbol may stand, a misspelt word looks like one, and what follows it fits nothing. */
export function diagnoseMisspelt(failure: Failure, works: Works): Problem | undefined {
  const { text, tokens, index } = failure
  const token = tokens[index - 1]
  if (token?.type !== 'symbol') return undefined
  const meant = nearestOf(token.text, WORDS).find((word) => works(replaced(text, token.at, word)))
  return meant === undefined ? undefined : didYouMean(token, meant, failure)
}

/** In so few words in front of a condition it is looked for. */
const MOST_STRAY = 6

/** `if AAPL > 500`, `price AAPL > 500`: words in front of the condition. */
function diagnoseStrayStart({ text, tokens, index, expected }: Failure, works: Works): Problem | undefined {
  if (expected.has('or')) return undefined
  const end = tokens.findIndex(({ type }) => type !== 'symbol' && type !== 'strange' && type !== 'word')
  const start = tokens
    .slice(0, Math.min(MOST_STRAY, end))
    .find(({ at }, i) => i >= index && works(text.slice(at.start)))
  if (!start || isAboutOther(tokens.slice(0, tokens.indexOf(start)), start, text)) return undefined
  const before = { start: tokens[0]!.at.start, end: tokens[tokens.indexOf(start) - 1]!.at.end }
  const words = text.slice(before.start, before.end)
  const rest = text.slice(start.at.start)
  const metric = /^(?:the )?(.*?)(?: of)?$/i.exec(words)?.[1] ?? ''
  if (!METRIC_WORDS.has(metric.toLowerCase().replace(/ close$/, ''))) {
    return new Problem(`I don't know what ${quoted(text, before)} means here.`, before, [rest])
  }
  const symbol = text.slice(start.at.start, start.at.end)
  const swapped = replaced(rest, { start: 0, end: symbol.length }, `${symbol} ${metric}`)
  return new Problem(`The symbol comes first: ${symbol} ${metric}.`, { start: before.start, end: start.at.end }, [
    swapped,
  ])
}

/**
 * `BTC dominance > 50`: whether one of the words in front seems to be the symbol that is meant. In a line without capitals
 * it is the first word that nobody begins a sentence with.
 */
function isAboutOther(before: readonly Token[], start: Token, text: string): boolean {
  const others = before.filter(({ type, text: word }) => type === 'symbol' && !isLeadIn(word))
  return isInCapitals(start, text) ? others.some((token) => isInCapitals(token, text)) : others.length > 0
}

function didYouMean(token: Token, word: string, { text, tokens }: Failure): Problem {
  const line = replaced(text, token.at, word)
  const whole =
    token === tokens.at(-1) ? GOING_ON.map((next) => `${line} ${next}`) : [mended(line, token, word, tokens)]
  return new Problem(`I don't know ${quoted(text, token.at)}. Did you mean ${word}?`, token.at, [line, ...whole])
}

/** What may have to follow a word at the end of a line. */
const GOING_ON = ['500', '> 500', '1h', 'Friday', 'sms', 'regular hours', '"sell half"']

/** In lines of so many pieces each word is looked at. */
const MOST_MENDED = 30

/** A line in which a word was put right, with all that seem misspelt after it put right too. */
function mended(line: string, { at }: Token, word: string, tokens: readonly Token[]): string {
  if (tokens.length > MOST_MENDED) return line
  const shift = word.length - (at.end - at.start)
  const later = tokens.filter(({ type, at: place }) => type === 'symbol' && place.start >= at.end)
  return later.reduceRight((text, token) => {
    const place = { start: token.at.start + shift, end: token.at.end + shift }
    const isLower = /^[a-z]{3,}$/.test(text.slice(place.start, place.end))
    return isLower ? replaced(text, place, nearestOf(token.text, WORDS)[0] ?? token.text) : text
  }, line)
}

function diagnoseCurrency({ text: code, at }: Token, before: Token | undefined, text: string): Problem | undefined {
  const afterNumber = before?.type === 'number' || before?.type === 'mixed'
  if (!afterNumber || !OTHER_CURRENCIES.has(code.toLowerCase())) return undefined
  const sentence = `Leave out ${code}: a number counts in the currency its symbol is quoted in.`
  return new Problem(sentence, at, [without(text, at)])
}
