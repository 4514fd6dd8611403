import { segments, shortenedTo, toGsm } from '../gsm.ts'
import { type Button, plain, type Reply } from '../reply.ts'
import type { Offer } from './sms-ports.ts'
import { choiceLabel, inSmsWords, isReserved, MORE, WORDLESS } from './sms-words.ts'

/** The septets of a text that is alone in its segment. */
const ONE = 160
/** The most segments of one text. */
const MOST = 3
/** So many choices are numbered, in so many septets each. */
const MOST_CHOICES = 9
const LONGEST_CHOICE = 24

/** A text of GSM-7, and what a number or `MORE` stands for from then on. */
export type Page = { readonly text: string; readonly offer: Offer }

/**
 * A reply as a text: its short form where there is one, else its words, as many as go into three segments; `MORE` tells
 * the rest. Buttons that are choices are numbered, the others named where there is room. `before`: words that come first.
 */
export function pageOf(reply: Reply, before = ''): Page {
  const { brief, buttons, isQuestion = false } = reply
  const choices = buttons.filter((button) => isChoice(button, isQuestion)).slice(0, MOST_CHOICES)
  const hints = hintsFor(reply, choices)
  const next = choices.length === 0 ? buttons.find(isMore)?.command : undefined
  const offer = { commands: choices.map(({ command }) => command), isQuestion, ...(next === undefined ? {} : { next }) }
  const all = inGsm(withoutCarets(plain(reply))) || WORDLESS
  const opening = before === '' ? '' : `${before}\n`
  if (brief === undefined) return laidOut(opening, all, choices, hints, offer)
  const short = shortenedTo(inGsm(brief), ONE)
  const page = laidOut(opening, short, choices, hints, offer)
  const { rest = isSame(short, all) ? undefined : all } = page.offer
  return rest === undefined ? page : { text: page.text, offer: { ...page.offer, rest } }
}

/** A line that was typed, with the carets under a place in it: what is typed by text is there to be read above. */
function withoutCarets(text: string): string {
  return text.replace(/^ {2}.*\n {2}\s*\^+ *$\n?/gm, '')
}

/** The same words, wherever their lines end. */
function isSame(one: string, other: string): boolean {
  return one.replace(/\s+/g, ' ') === other.replace(/\s+/g, ' ')
}

/** What `MORE` tells of a text that goes on. */
export function pageOfRest(rest: string, next: string | undefined): Page {
  return laidOut('', rest, [], [], { commands: [], isQuestion: false, ...(next === undefined ? {} : { next }) })
}

function laidOut(
  opening: string,
  all: string,
  choices: readonly Button[],
  hints: readonly string[],
  offer: Offer,
): Page {
  const end = choicesText(choices)
  const more = offer.next === undefined ? '' : MORE
  const whole = joined([opening + all, end, more])
  if (segments(whole) <= MOST) return { text: withHints(whole, hints), offer }
  const { head, rest } = cut(all, (part) => segments(joined([opening + part, end, MORE])) <= MOST)
  return { text: joined([opening + head, end, MORE]), offer: { ...offer, rest } }
}

/** As much from the beginning as fits; up to the end of a line or of a word, unless that would leave half of the room. */
function cut(text: string, fits: (part: string) => boolean): { head: string; rest: string } {
  let most = 0
  for (let beyond = text.length; beyond - most > 1; ) {
    const middle = (most + beyond) >> 1
    if (fits(text.slice(0, middle))) most = middle
    else beyond = middle
  }
  const ends = ['\n', ' '].map((boundary) => text.lastIndexOf(boundary, most))
  const end = ends.find((place) => place >= most / 2) ?? most
  return { head: text.slice(0, end).trimEnd(), rest: text.slice(end).trimStart() }
}

/**
 * Characters of GSM-7, with words that are good by SMS; columns, which would line up nowhere on a phone, stand two spaces
 * apart.
 */
function inGsm(text: string): string {
  return (
    inSmsWords(text)
      .split('\n')
      .map((line) => ({ line, words: toGsm(line) }))
      // A line of signs that no text can have, such as a small chart, leaves no gap.
      .filter(({ line, words }) => line.trim() === '' || words.trim() !== '')
      .map(({ words }) => words)
      .join('\n')
      .replace(/\r/g, '')
      .replace(/ {2,}/g, '  ')
      .replace(/^ +| +$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  )
}

/** A command of a word or three, such as `snooze 7 1h` and `timezone Europe/Berlin`: as soon typed as a number. */
const EASILY_TYPED = /^[a-z]+( [\w/+-]+){0,2}$/i

/**
 * What stands behind a button of a question is one of its answers, and so is a command with more in it than a few
 * words (`alert stock:COIN > 5`). The others, on an alert mostly, anybody may type at any time.
 */
function isChoice(button: Button, isQuestion: boolean): boolean {
  return isQuestion || (!EASILY_TYPED.test(button.command) && !isMore(button))
}

function isMore({ label }: Button): boolean {
  return /^(more|next)$/i.test(label)
}

function choicesText(choices: readonly Button[]): string {
  if (choices.length === 0) return ''
  const names = choices.map(({ label }) => shortenedTo(toGsm(choiceLabel(label)), LONGEST_CHOICE))
  return `Reply by number: ${names.map((name, index) => `${index + 1} ${name}`).join(', ')}`
}

/** Commands as one types them, in the order of the buttons; none where there are choices, or the words name one already. */
function hintsFor({ buttons, brief, pieces }: Reply, choices: readonly Button[]): string[] {
  const all = withoutCarets(plain({ pieces, buttons: [] })).trim()
  if (choices.length > 0 || /\bReply [A-Z]|\bTry: /.test(brief ?? all)) return []
  const commands = buttons
    .filter((button) => !isMore(button) && !/^refresh$/i.test(button.label))
    .map(({ command }) => command.toUpperCase())
    .filter((command) => !isReserved(command))
  // What is no longer than its short form tells nothing more.
  return brief === undefined || all.length <= brief.length ? commands : [...commands, 'MORE']
}

/** Adds as many of the hints as cost no further segment. */
function withHints(text: string, hints: readonly string[]): string {
  for (let count = hints.length; count > 0; count--) {
    const whole = joined([text, `Reply ${orOf(hints.slice(0, count))}.`])
    if (segments(whole) === segments(text)) return whole
  }
  return text
}

function orOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n')
}
