import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Settings } from '../program/program.ts'
import type { Jump } from './clock-story.ts'

/** Where Debian's package `libfaketime` puts it. */
const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`,
)

/** A clock under a process that can be set while it runs: what the process is to be started with, and how it is set. */
export type FakeClock = { readonly settings: Settings; readonly jump: Jump }

/** Makes one by libfaketime, for the time of a test. It is right at first. */
export function fakeClock(): FakeClock {
  const library = LIBRARIES.find(existsSync)
  if (library === undefined) throw new Error('libfaketime is not here: apt-get install libfaketime')
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
  return {
    settings: {
      ...{ LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1' },
      DONT_FAKE_MONOTONIC: '1',
    },
    async jump(ms) {
      ahead += ms
      set()
    },
  }
}
