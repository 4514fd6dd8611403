import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'

/** Where the data of the embedded MongoDB lies inside the data directory. */
export function dbPathIn(dataDir: string): string {
  return join(dataDir, 'db')
}

/**
 * Gives the version of MongoDB (`6.0.5`) that made the data in a data directory; undefined when there is no data yet.
 * Throws a UserError when there is data and no word of who made it.
 */
export async function readDataVersion(dataDir: string): Promise<string | undefined> {
  const hasData = await access(join(dbPathIn(dataDir), 'WiredTiger')).then(
    () => true,
    () => false,
  )
  if (!hasData) return undefined
  const text = await readFile(markerIn(dataDir), 'utf8').catch(() => '')
  if (isVersion(text.trim())) return text.trim()
  throw new UserError(
    `${dbPathIn(dataDir)} holds data, but ${markerIn(dataDir)} does not say which MongoDB made it. ` +
      'If you know, write the version there (such as 6.0.5); if you do not need the data, move the folder away.',
  )
}

/** Notes which version makes the data. To be called before that version first writes any. */
export async function writeDataVersion(dataDir: string, version: string): Promise<void> {
  await writeFile(markerIn(dataDir), `${version}\n`, { flush: true })
}

/**
 * Says why a server of version `server` must not open data made by version `made`; undefined when it may.
 * MongoDB reads files of its own major version, made by the same or an earlier minor one
 * (https://www.mongodb.com/docs/manual/reference/command/setFeatureCompatibilityVersion/).
 */
export function versionRefusal(made: string | undefined, server: string): string | undefined {
  if (made === undefined) return undefined
  const [major, minor] = partsOf(server)
  const [madeMajor, madeMinor] = partsOf(made)
  if (major === madeMajor && minor >= madeMinor) return undefined
  return `it is MongoDB ${server}, but the data was made by MongoDB ${made}`
}

function markerIn(dataDir: string): string {
  return join(dataDir, 'mongodb-version')
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(text)
}

function partsOf(version: string): [number, number] {
  const [major, minor] = version.split('.')
  return [Number(major), Number(minor)]
}
