import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY, FIRST_TICK } from './day.ts'
import { createDelivered, type Log } from './delivered.ts'
import { PATIENCE, PLAY_DAY, setAlerts } from './kill-at.ts'
import { type Program, startProgram } from './process.ts'
import { judge } from './verdict.ts'

/** A day played on the program's own database. */
export type EmbeddedDay = {
  /** Every firing told so far, by all processes. */
  readonly delivered: Log
  /** Starts the program; `told` is called after each firing it tells, with their number. */
  play(told?: (count: number, program: Program) => void): Program
  /** Sends SIGKILL to the `mongod` that has the data open. */
  killMongod(): void
  remove(): Promise<void>
}

const POLL = 100

/** Sets all alerts in an empty database of the program's own; the day is still to come. */
export async function startEmbeddedDay(dist: string): Promise<EmbeddedDay> {
  const folder = await mkdtemp(join(tmpdir(), 'signal-generator-kill-'))
  await writeFile(join(folder, 'first-tick.csv'), FIRST_TICK)
  await writeFile(join(folder, 'day.csv'), DAY)
  const settings = { DATA_DIR: join(folder, 'data') }
  await setAlerts({ dist, folder, settings })
  const delivered = createDelivered()
  return {
    delivered,
    play(told) {
      const program = startProgram({
        dist,
        folder,
        settings: { ...settings, ...PLAY_DAY },
        line: (text) => {
          if (delivered.add(text)) told?.(delivered.firings().length, program)
        },
      })
      return program
    },
    killMongod: () => {
      process.kill(Number(readFileSync(join(settings.DATA_DIR, 'db', 'mongod.lock'), 'utf8')), 'SIGKILL')
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }),
  }
}

/** Waits until every firing was told, or the program has ended, for a long time at most; then it is told to go. Gives its exit code. */
export async function tellAll(program: Program, delivered: Log, expected: readonly string[]): Promise<number | null> {
  let hasEnded = false
  void program.ended.then(() => {
    hasEnded = true
  })
  const until = Date.now() + PATIENCE
  while (judge(expected, delivered.firings()).lost.length > 0 && !hasEnded && Date.now() < until) await sleep(POLL)
  program.type('exit')
  return (await program.ended).code
}
