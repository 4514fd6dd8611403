import type { Options, Until } from './ast.ts'
import type { Length, RawOption } from './build.ts'
import { Problem, quoted, without } from './errors.ts'
import { type Clock, untilAfter, untilOf } from './until.ts'

/** Options that cannot stand together. */
const EXCLUSIVE = [
  ['once', 'repeat'],
  ['once', 'every'],
  ['repeat', 'every'],
  ['once', 'cooldown'],
  ['every', 'cooldown'],
  ['until', 'expires in'],
] as const

/** What was typed after the condition, put together. Throws a `Problem` for what is said twice or contradicts itself. */
export function readOptions(raw: readonly RawOption[], text: string, clock: Clock): Options {
  checkTogether(raw, text)
  const named = new Map(raw.map((option) => [option.name, option]))
  const every = lengthOf(named.get('every'), text)
  const cooldown = lengthOf(named.get('cooldown'), text)
  const held = lengthOf(named.get('for'), text)
  const until = untilIn(named, text, clock)
  return {
    mode: every !== undefined ? 'every' : named.has('repeat') || cooldown !== undefined ? 'repeat' : 'once',
    ...(every === undefined ? {} : { every }),
    ...(cooldown === undefined ? {} : { cooldown }),
    ...(held === undefined ? {} : { for: held }),
    ...(until === undefined ? {} : { until }),
  }
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

const LONGEST = 3653 * 86_400_000

/** The length (ms) an option was given. */
function lengthOf(option: RawOption | undefined, text: string): number | undefined {
  if (!option || !('length' in option)) return undefined
  const { ms, at }: Length = option.length
  if (ms >= 1000 && ms <= LONGEST && ms % 1000 === 0) return ms
  const wrong =
    ms > LONGEST
      ? 'too long; ten years is the most'
      : ms < 1000
        ? 'too short; a second is the least'
        : 'no whole number of seconds'
  throw new Problem(`${quoted(text, at)} is ${wrong}.`, at, [without(text, option.at)])
}

function untilIn(named: ReadonlyMap<string, RawOption>, text: string, clock: Clock): Until | undefined {
  const until = named.get('until')
  if (until && 'moment' in until) return untilOf(until.moment, text, clock)
  const ms = lengthOf(named.get('expires in'), text)
  return ms === undefined ? undefined : untilAfter(ms, clock)
}
