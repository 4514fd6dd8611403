import { messageOf } from '../../src/errors.ts'
import type { Happening, Platform } from './platforms.ts'

/** What goes on in the world while people talk. Each resolves when it has come about. */
export type World = {
  /** A day on which AAPL costs so many dollars, and nobody has been told anything yet. */
  begins(price: number): Promise<void>
  /** AAPL, in dollars. */
  goesTo(price: number): Promise<void>
  /** Nobody tells the price of AAPL any more. */
  goesDark(): Promise<void>
  /** They do again. */
  comesBack(price: number): Promise<void>
  /** A moment, so that nobody writes faster than a platform lets us answer. */
  passes(): void
}

const STEP = /^(Anna|Ben|Cara)(, in the group,)? (writes|answers|changes it to|presses|uses):(?: (.*))?$/
const WORLD: readonly (readonly [RegExp, (world: World, price: number) => Promise<void>])[] = [
  [/^\(AAPL goes to ([\d.]+)\)$/, (world, price) => world.goesTo(price)],
  [/^\(Yahoo does not answer any more; time passes\)$/, (world) => world.goesDark()],
  [/^\(Yahoo answers again: AAPL is at ([\d.]+)\)$/, (world, price) => world.comesBack(price)],
]
/** Begins a line of what the bot said. */
const SAID = '  |'
/** How long anything may take at most, ms: far more than it does; and where something did not come already. */
const PATIENCE = 20_000
const IMPATIENCE = 1_000

/**
 * Plays a transcript: does what its people do, waits for as many words of the bot as it has in each place, and gives it as
 * it really went: its own lines, with what the bot really said below them, times, ages and codes taken out. What nobody waited for
 * stands at the end. `⏎` in what somebody writes is a new line.
 */
export async function play(transcript: string, platform: Platform, world: World): Promise<string> {
  const played: string[] = []
  let patience = PATIENCE
  for (const line of transcript.trimEnd().split('\n')) {
    if (line.startsWith(SAID)) continue
    if (line.startsWith('The bot')) {
      const happening = await within(patience, platform.next(placeIn(line)))
      played.push(...(happening ? linesOf(happening) : [line, `${SAID} (nothing came)`]))
      if (!happening) patience = IMPATIENCE
      continue
    }
    played.push(line)
    await act(line, platform, world).catch((error: unknown) => played.push(`${SAID} (${messageOf(error)})`))
  }
  const rest = platform.rest().flatMap((happening) => ['', 'Nobody waited for this:', ...linesOf(happening)])
  return `${[...played, ...rest].join('\n')}\n`
}

async function act(line: string, platform: Platform, world: World): Promise<void> {
  const [, who, inGroup, what, words = ''] = STEP.exec(line) ?? []
  if (who && what) {
    world.passes()
    return await platform.act({ who, what, words: words.replaceAll(' ⏎ ', '\n'), inGroup: inGroup !== undefined })
  }
  for (const [pattern, happen] of WORLD) {
    const match = pattern.exec(line)
    if (match) return await happen(world, Number(match[1]))
  }
  if (line !== '' && !line.startsWith('#')) throw new Error(`what is "${line}" in a transcript?`)
}

/** `The bot, to Anna:` and `The bot, in the group, …:` as places. */
function placeIn(line: string): string {
  const place = /^The bot, (?:to (\w+)|in the group)/.exec(line)
  if (!place) throw new Error(`where is "${line}"?`)
  return place[1] ?? 'the group'
}

function linesOf({ place, how, lines }: Happening): string[] {
  const where = place === 'the group' ? 'in the group' : `to ${place}`
  return [`The bot, ${where}${how === '' ? '' : `, ${how}`}:`, ...lines.map((line) => steady(`${SAID} ${line}`))]
}

/** Times, ages and codes differ from run to run. */
function steady(line: string): string {
  return line
    .replace(/\b\d+ (s|min) ago/g, 'N s ago')
    .replace(/\b\d\d:\d\d:\d\d\b/g, 'hh:mm:ss')
    .replace(/\b\d\d:\d\d\b/g, 'hh:mm')
    .replace(/\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/g, 'CODE-CODE')
    .replace(/\(id [^)]+\)/g, '(id of it)')
    .trimEnd()
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
