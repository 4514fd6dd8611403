import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import type { Program } from '../program/program.ts'
import { expectToldOnce, jumpAbout } from './clock-story.ts'
import { fakeClock } from './faketime.ts'
import { startWorld, type World } from './world.ts'

const HOUR = 3_600_000
const AHEAD_AND_BACK = [HOUR, -HOUR]
const BACK_AND_AHEAD = [-HOUR, HOUR]

/** A program whose clock can be set, and the address of its database. */
type Started = { readonly program: Program; readonly uri: string }
type Start = (world: World, clock: Record<string, string | undefined>) => Promise<Started>

/** The database is on another machine, whose clock is right. */
const alone: Start = async (world, clock) => {
  const uri = freshDatabase()
  return { program: world.run([], { MONGODB_URI: uri, LOCK_LIFETIME: '30s', ...clock }), uri }
}

/** The program's own database has the same clock. */
const withItsDatabase: Start = async (world, clock) => {
  const folder = mkdtempSync(join(tmpdir(), 'signal-generator-clock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const program = world.run([], { DATA_DIR: folder, LOCK_LIFETIME: '30s', ...clock })
  const [, host] = await program.notes(/MongoDB \S+ runs on (127\.0\.0\.1:\d+)/)
  return { program, uri: `mongodb://${host}/signal-generator` }
}

test.for([
  ['the program', 'ahead and back again', alone, AHEAD_AND_BACK],
  ['the program', 'back and ahead again', alone, BACK_AND_AHEAD],
  ['the program and its own database', 'ahead and back again', withItsDatabase, AHEAD_AND_BACK],
  ['the program and its own database', 'back and ahead again', withItsDatabase, BACK_AND_AHEAD],
] as const)(
  'by libfaketime the clock under %s, while it runs, is set an hour %s: every alert goes on firing, and nothing is told that is not so',
  async ([, , start, jumps]) => {
    const clock = fakeClock()
    const world = await startWorld(2)
    onTestFinished(world.stop)
    const { program, uri } = await start(world, clock.settings)
    const story = await jumpAbout(world, uri, clock.jump, jumps)
    console.log(
      `${story.prices.length} times ${world.people.length} firings; the first one after each jump stored after ${story.recovered.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`,
    )
    expectToldOnce(story, world, program)
  },
)
