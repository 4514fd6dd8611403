import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { copyDatabase, THE_DAY } from './database.ts'
import { DAY, FIRST_TICK, TYPED } from './day.ts'
import { createDelivered } from './delivered.ts'
import type { Point } from './points.ts'
import { type Program, startProgram } from './process.ts'
import { startWireProxy } from './wire-proxy.ts'

/** What came of a kill and the restart after it. */
export type Killed = {
  /** Every firing that was told, by both processes. */
  readonly delivered: readonly string[]
  /** Told by the process that was killed and not recorded as sent when it died: these may be told again. */
  readonly inFlight: readonly string[]
  /** The last operations on the wire before the kill, the last one last. */
  readonly operations: readonly string[]
  /** The restarted process went on until nothing was owed any more. */
  readonly isSettled: boolean
  /** With which exit code the restarted process ended. */
  readonly code: number | null
  /** What both processes noted. */
  readonly notes: string
}

/** A day on which all alerts are set and nothing has happened yet. */
export type Morning = { readonly folder: string; readonly uri: string; close(): Promise<void> }

const POLL = 100
/** How long a program may take for its day, ms: far more than it does, so that a slow machine is no failure. */
export const PATIENCE = 120_000

/** Has the real program set the alerts, in an empty database at `uri`, on the first tick of the day. */
export async function startMorning(uri: string, dist: string): Promise<Morning> {
  const folder = await mkdtemp(join(tmpdir(), 'signal-generator-kill-'))
  await writeFile(join(folder, 'first-tick.csv'), FIRST_TICK)
  await writeFile(join(folder, 'day.csv'), DAY)
  await setAlerts({ dist, folder, settings: { MONGODB_URI: uri } })
  return { folder, uri, close: () => rm(folder, { recursive: true, force: true }) }
}

/** Types the alerts; the clock all but stands still, so that the day is still to come. */
export async function setAlerts(options: Parameters<typeof startProgram>[0]): Promise<void> {
  let set = 0
  const program = startProgram({
    ...options,
    settings: { ...options.settings, MARKET: 'replay:first-tick.csv', MARKET_SPEED: '0.001' },
    line: (line) => {
      if (/^Alert \d+ is on\.$/.test(line)) set++
    },
  })
  for (const line of TYPED) program.type(line)
  program.type('exit')
  const { code } = await program.ended
  if (set !== TYPED.length || code !== 0) throw new Error(`the alerts could not be set: ${program.notes()}`)
}

/** The settings under which the day is played. */
export const PLAY_DAY = { MARKET: 'replay:day.csv', MARKET_SPEED: '250' }

/** `stuckAfter`: nothing owed for so long (ms) has changed after the end of the day: it will not be told any more. */
export type KillOptions = { readonly dist: string; readonly stuckAfter: number }

/**
 * Plays the day on a copy of the morning, kills the program at `point`, starts it again, and waits until nothing is owed
 * any more, or nothing happens to what is owed. Throws when the program was not killed.
 */
export async function killAt(point: Point, morning: Morning, { dist, stuckAfter }: KillOptions): Promise<Killed> {
  const database = await copyDatabase(morning.uri)
  const delivered = createDelivered()
  const play = (uri: string, line: (text: string) => void) =>
    startProgram({ dist, folder: morning.folder, settings: { ...PLAY_DAY, MONGODB_URI: uri }, line })
  const trap = 'line' in point ? undefined : point
  const proxy = await startWireProxy(database.uri, trap, () => first.kill())
  const first = play(proxy.uri, (text) => {
    const isFiring = delivered.add(text)
    if (!isFiring || !('line' in point) || delivered.firings().length !== point.line) return
    first.kill()
    proxy.freeze()
  })
  try {
    const end = await within(PATIENCE, first.ended)
    if (end?.code !== null) throw new Error(`it was not killed at the point: ${first.notes()}`)
    const inFlight = await database.unrecorded(delivered.firings())
    const second = play(database.uri, delivered.add)
    const isSettled = await settles(database.owed, second, stuckAfter)
    second.type('exit')
    const { code } = await second.ended
    const notes = `${first.notes()}${second.notes()}`
    return { delivered: delivered.firings(), inFlight, operations: proxy.operations(), isSettled, code, notes }
  } finally {
    first.kill()
    await proxy.close()
    await database.drop()
  }
}

/** Waits until a program owes nothing any more, has ended, or is stuck. True when nothing is owed. */
async function settles(owed: () => Promise<string[]>, program: Program, stuckAfter: number): Promise<boolean> {
  let hasEnded = false
  void program.ended.then(() => {
    hasEnded = true
  })
  let before = ''
  let stuckAt = Date.now() + PATIENCE
  for (let now = await owed(); now.length > 0; now = await owed()) {
    const state = now.join()
    if (state !== before) stuckAt = Date.now() + (now.includes(THE_DAY) ? PATIENCE : stuckAfter)
    before = state
    if (hasEnded || Date.now() > stuckAt) return false
    await sleep(POLL)
  }
  return true
}

/** The value, or undefined when it takes longer than `ms`. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const giveUp = new AbortController()
  const late = sleep(ms, undefined, { signal: giveUp.signal }).catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    giveUp.abort()
  }
}
