import { type Options, VIA, type Via } from './ast.ts'
import type { RawOption, Said } from './build.ts'
import { Problem, quoted, replaced, without } from './errors.ts'
import { type Bounds, checkBounds } from './lengths.ts'
import { type Clock, untilAfter, untilOf } from './until.ts'

/** Options that cannot stand together. */
const EXCLUSIVE = [
  ['once', 'repeat'],
  ['once', 'every'],
  ['repeat', 'every'],
  ['once', 'cooldown'],
  ['every', 'cooldown'],
  ['until', 'expires in'],
  ['at close', 'for'],
  ['at close', 'during'],
] as const

/** What was typed after the condition, put together. Throws a `Problem` for what is said twice or contradicts itself. */
export function readOptions(raw: readonly RawOption[], text: string, clock: Clock): Options {
  checkTogether(raw, text)
  const said = <Name extends Said['name']>(name: Name) =>
    raw.find((option): option is Extract<Said, { name: Name }> & RawOption => option.name === name)
  const every = lengthOf(said('every'), text)
  const cooldown = lengthOf(said('cooldown'), text)
  const held = lengthOf(said('for'), text)
  const until = said('until')
  const expiry = lengthOf(said('expires in'), text)
  const atClose = said('at close')
  if (atClose && every !== undefined && every < DAY) throw onceADay(said('every')!, text)
  return {
    mode: every !== undefined ? 'every' : said('repeat') || cooldown !== undefined ? 'repeat' : 'once',
    ...given('every', every),
    ...given('cooldown', cooldown),
    ...given('for', held),
    ...given('atClose', atClose && true),
    ...given('during', said('during')?.hours.text),
    ...given('until', until && untilOf(until.moment, text, clock)),
    ...given('until', expiry === undefined ? undefined : untilAfter(expiry, clock)),
    ...given('via', channelsOf(said('via'), text)),
    ...given('urgent', said('urgent') && true),
    ...given('note', noteOf(said('note'), text)),
  }
}

/** Part of the options, empty where there is no value. */
function given<Name extends keyof Options>(name: Name, value: Options[Name] | undefined): Partial<Pick<Options, Name>> {
  return value === undefined ? {} : ({ [name]: value } as Pick<Options, Name>)
}

function checkTogether(raw: readonly RawOption[], text: string): void {
  for (const [i, option] of raw.entries()) {
    const earlier = raw.slice(0, i)
    if (earlier.some(({ name }) => name === option.name)) {
      throw new Problem(`"${option.name}" is there twice.`, option.at, [without(text, option.at)])
    }
    const rival = earlier.find(({ name }) =>
      EXCLUSIVE.some((pair) => pair.includes(name as never) && pair.includes(option.name as never)),
    )
    if (!rival) continue
    const sentence = `"${rival.name}" and "${option.name}" exclude each other.`
    throw new Problem(
      sentence,
      option.at,
      shorterFirst(rival, option).map(({ at }) => without(text, at)),
    )
  }
}

/** The option that says less is the one to leave out. */
function shorterFirst(one: RawOption, other: RawOption): RawOption[] {
  const length = ({ at }: RawOption) => at.end - at.start
  return length(one) <= length(other) ? [one, other] : [other, one]
}

const DAY = 86_400_000
const BOUNDS: Bounds = { least: 1000, most: 3653 * DAY, short: 'a second', long: 'ten years' }

/** The length (ms) an option was given. */
function lengthOf(option: Extract<RawOption, { length: unknown }> | undefined, text: string): number | undefined {
  return option && checkBounds(option.length.ms, BOUNDS, text, option.length.at, [without(text, option.at)])
}

function onceADay({ length, at }: Extract<RawOption, { length: unknown }>, text: string): Problem {
  const sentence = 'At close it is looked at once a day, so every 1d is the least.'
  return new Problem(sentence, at, [replaced(text, length.at, '1d')])
}

function channelsOf(option: Extract<RawOption, { name: 'via' }> | undefined, text: string): Via[] | undefined {
  const names = option?.channels.map((channel) => channel.text)
  const twice = option?.channels.find((channel, i) => names?.indexOf(channel.text) !== i)
  if (twice) {
    const whole = { start: option!.channels[0]!.at.start, end: option!.channels.at(-1)!.at.end }
    const once = [...new Set(names)].join(', ')
    throw new Problem(`${quoted(text, twice.at)} is there twice.`, twice.at, [replaced(text, whole, once)])
  }
  return names && VIA.filter((channel) => names.includes(channel))
}

const LONGEST_NOTE = 200

function noteOf(option: Extract<RawOption, { name: 'note' }> | undefined, text: string): string | undefined {
  if (!option) return undefined
  const note = option.note.text.slice(1, -1)
  if (note.trim() === '') throw new Problem('The note is empty.', option.note.at, [without(text, option.at)])
  if (note.length <= LONGEST_NOTE) return note
  const beyond = { start: option.note.at.start + 1 + LONGEST_NOTE, end: option.note.at.end - 1 }
  const sentence = `A note has at most ${LONGEST_NOTE} characters, this one has ${note.length}.`
  throw new Problem(sentence, beyond, [replaced(text, beyond, '')])
}
