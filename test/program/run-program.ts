import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Program, type Settings, startProgram } from './program.ts'

export type { End, Program, Settings } from './program.ts'

/** A new folder with the given files in it, removed at the end of the test. */
export function aFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'signal-generator-program-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** Starts the program as `startProgram` does. Whatever still runs at the end of the test is killed. */
export function runProgram(
  args: readonly string[],
  settings: Settings = {},
  { folder = aFolder(), clock }: { folder?: string; clock?: string } = {},
): Program {
  const { program, child } = startProgram(args, settings, { folder, clock })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return program
}
