import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { jumpAbout } from './clock-story.ts'
import { startWorld } from './world.ts'

const HOUR = 3_600_000
/** Where Debian's package `libfaketime` puts it. */
const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`,
)

test.for([
  ['ahead and back again', [HOUR, -HOUR]],
  ['back and ahead again', [-HOUR, HOUR]],
] as const)(
  'by libfaketime the clock under the running process is set an hour %s: every alert goes on firing, and nothing is told that is not so',
  async ([, jumps]) => {
    const library = LIBRARIES.find(existsSync)
    if (library === undefined) throw new Error('libfaketime is not here: apt-get install libfaketime')
    const world = await startWorld(2)
    onTestFinished(world.stop)
    const folder = mkdtempSync(join(tmpdir(), 'signal-generator-clock-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'offset')
    let ahead = 0
    const set = () => {
      // It is read with every look at the clock: half a file must never be seen.
      writeFileSync(`${file}.new`, `${ahead < 0 ? '' : '+'}${ahead / 1000}\n`)
      renameSync(`${file}.new`, file)
    }
    set()
    const uri = freshDatabase()
    const program = world.run([], {
      ...{ MONGODB_URI: uri, LOCK_LIFETIME: '30s', LD_PRELOAD: library },
      ...{ FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1' },
    })
    const jump = async (ms: number) => {
      ahead += ms
      set()
    }
    const story = await jumpAbout(world, uri, jump, jumps)
    console.log(
      `${story.prices.length} times ${world.people.length} firings; the first one after each jump stored after ${story.recovered.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`,
    )
    for (const { who, prices, others } of story.told)
      expect({ who, prices: [...prices].sort(), others }, program.err()).toEqual({
        who,
        prices: story.prices,
        others: [],
      })
    expect(world.refused()).toEqual([])
  },
)
