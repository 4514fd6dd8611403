import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../src/store/embedded.ts'

declare module 'vitest' {
  // vitest asks for an interface: it is merged into its own.
  interface ProvidedContext {
    mongoUri: string
  }
}

/** Where tests look for a `mongod`, and keep one they had to fetch: where the program itself does. */
export const testCacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'signal-generator')

/** For vitest's `globalSetup`: one MongoDB for the whole run, on a throwaway directory. Gives the function that ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signal-generator-test-'))
  const mongo = await startEmbedded({
    dataDir,
    cacheDir: testCacheDir,
    systemBinary: process.env.MONGOMS_SYSTEM_BINARY,
    say: (line) => console.error(line),
  })
  project.provide('mongoUri', mongo.uri)
  return async () => {
    await mongo.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Gives the URI of an empty database of its own on the run's MongoDB. */
export function freshDatabase(): string {
  const uri = new URL(inject('mongoUri'))
  uri.pathname = `/test-${randomUUID()}`
  return uri.href
}
