import { access, chmod, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder something is being fetched into. One this old was left behind by a process that died. */
const FETCH_PREFIX = '.fetching-'
const ABANDONED_AFTER_MS = 6 * 3600_000

/** Where a fetched `mongod` of this version (`6.0.5`) for this kind of machine is kept. */
export function cachedMongod(cacheDir: string, version: string): string {
  return join(cacheDir, `mongod-${version}${machineSuffix()}`)
}

/** The versions in the cache that are for this kind of machine, newest first. */
export async function cachedVersions(cacheDir: string): Promise<readonly string[]> {
  const names = await readdir(cacheDir).catch(() => [])
  const versions = names.flatMap((name) => {
    const version = /^mongod-(\d+\.\d+\.\d+)-/.exec(name)?.[1]
    return version !== undefined && name.endsWith(machineSuffix()) ? [version] : []
  })
  return versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

/**
 * Gives the cached `mongod` of a version, and has it fetched if it is not there: `fetch` gets an empty folder and gives
 * the path of the binary in it, checked. It is moved into its place in one step, so what is in the cache is whole,
 * whatever dies when, and two processes may fetch at the same time.
 */
export async function keepInCache(
  cacheDir: string,
  version: string,
  fetch: (folder: string) => Promise<string>,
): Promise<string> {
  const kept = cachedMongod(cacheDir, version)
  if (await exists(kept)) return kept
  await mkdir(cacheDir, { recursive: true })
  await removeAbandoned(cacheDir)
  const folder = await mkdtemp(join(cacheDir, FETCH_PREFIX))
  try {
    const fetched = await fetch(folder)
    await chmod(fetched, 0o755)
    await flush(fetched)
    await rename(fetched, kept)
    return kept
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The rename must not reach the disk before the contents. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync().finally(() => file.close())
}

async function removeAbandoned(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    const path = join(cacheDir, name)
    const made = name.startsWith(FETCH_PREFIX) ? (await stat(path).catch(() => undefined))?.mtimeMs : undefined
    if (made !== undefined && Date.now() - made > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function machineSuffix(): string {
  return `-${process.platform}-${process.arch}`
}
