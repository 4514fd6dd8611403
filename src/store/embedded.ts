import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, UserError } from '../errors.ts'
import { dbPathIn, readDataVersion, versionRefusal, writeDataVersion } from './data-version.ts'
import { type Lock, lockDirectory } from './lock.ts'
import { launchMongod, type Mongod } from './mongod.ts'
import { findMongod, type MongodBinary, type Way, waysToMongod } from './mongod-binary.ts'
import { argumentsOf, endProcess, isRunning } from './processes.ts'

export { checkMongod, waysToMongod } from './mongod-binary.ts'

/** What `startEmbedded` takes. */
export type EmbeddedOptions = {
  /** Where everything of ours is kept; made if it is not there. */
  readonly dataDir: string
  /** Where fetched binaries are kept, for all data directories of this person. */
  readonly cacheDir: string
  /** A `mongod` named by hand: then no other is tried. */
  readonly systemBinary?: string | undefined
  /** How to come by a `mongod`; by default all the ways there are. */
  readonly ways?: readonly Way[]
  /** Is told in plain lines what is done: each fetch with its progress, start, unexpected end. */
  say(line: string): void
  /** Ends the search and the fetch; after the start it does nothing. */
  readonly signal?: AbortSignal | undefined
  /** The server had died and is up again, on the same port and data. */
  onRestart?(): void
  /** The server keeps dying, or cannot start again; it was given up. */
  onLost?(error: UserError): void
  /** The clock, ms. */
  now?(): number
}

/** A MongoDB of our own. */
export type Embedded = {
  /**
   * Where to connect, with the database's name. Writes wait for the journal, so that what was acknowledged survives the
   * SIGKILL of the server; without that up to 100 ms of it are lost.
   */
  readonly uri: string
  /** The version of the server, such as `6.0.5`. */
  readonly version: string
  /** The process id of the server that runs now, or ran last. */
  pid(): number
  /** Ends the server cleanly and gives up the directory. May be called twice. */
  stop(): Promise<void>
}

const DATABASE = 'signal-generator'
const ORPHAN_GRACE_MS = 1000
const HELD_TRIES = 40
const HELD_PAUSE_MS = 250
const GIVE_UP_AFTER_DEATHS = 5
const DEATHS_WITHIN_MS = 60_000

/** A server, and all that is needed to start it again. */
type Run = {
  readonly options: EmbeddedOptions
  readonly binary: MongodBinary
  readonly dbPath: string
  readonly port: number
  server: Mongod
  readonly stopping: AbortController
  /** When it died lately, ms. */
  deaths: readonly number[]
}

/**
 * Starts a MongoDB on 127.0.0.1 whose data is in `dataDir`, fetching the server first if this machine has none, and
 * starts it again whenever it dies. It takes under a second when the server is there. It ends when this process ends,
 * in whatever way.
 *
 * Throws a UserError when another process uses the directory, when no server can be had, when the data was made by
 * another major version, or when the server does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir)
  const lock = await takeDirectory(dataDir)
  try {
    const binary = await chooseBinary(dataDir, options)
    const dbPath = dbPathIn(dataDir)
    await endOrphan(dbPath, options.say)
    const { server, port } = await launchWhenFree(binary, dbPath, freePort, options.signal)
    options.say(`MongoDB ${binary.version} runs on 127.0.0.1:${port}, data in ${dbPath}.`)
    return keepRunning({ options, binary, dbPath, port, server, stopping: new AbortController(), deaths: [] }, lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function takeDirectory(dataDir: string): Promise<Lock> {
  try {
    await mkdir(dbPathIn(dataDir), { recursive: true, mode: 0o700 })
    return await lockDirectory(dataDir)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(
      `I cannot keep data in ${dataDir}: ${messageOf(error)}. Set DATA_DIR to a folder I may write to.`,
    )
  }
}

/** A server that may open the data there is. The first one leaves its version with the data. */
async function chooseBinary(dataDir: string, options: EmbeddedOptions): Promise<MongodBinary> {
  const { cacheDir, say, signal, systemBinary, ways = waysToMongod(systemBinary) } = options
  const made = await readDataVersion(dataDir)
  const refuses = (version: string) => versionRefusal(made, version)
  const binary = await findMongod(ways, { cacheDir, refuses, say, signal }).catch((error) => {
    throw error instanceof UserError && made !== undefined ? withDataAdvice(error, dataDir, made) : error
  })
  if (made === undefined) await writeDataVersion(dataDir, binary.version)
  return binary
}

function withDataAdvice(error: UserError, dataDir: string, made: string): UserError {
  const series = made.split('.').slice(0, 2).join('.')
  return new UserError(
    `${error.message}\nThe data in ${dbPathIn(dataDir)} was made by MongoDB ${made} and needs a mongod ${series}; ` +
      'to start without that data, move the folder away.',
  )
}

/** Ends the server a killed process of ours left behind. Called by the owner of the directory, so nobody uses it. */
async function endOrphan(dbPath: string, say: (line: string) => void): Promise<void> {
  const pid = Number(await readFile(join(dbPath, 'mongod.lock'), 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid < 1 || !(await isRunning(pid))) return
  if (!(await argumentsOf(pid)).includes(dbPath)) return
  say(`Ending the MongoDB that the last run left behind (process ${pid}).`)
  await endProcess(pid, ORPHAN_GRACE_MS)
}

/**
 * Starts the server on the port that `choosePort` gives, and waits up to 10 s for another process that still holds the
 * directory or the port. Throws a UserError when that does not end or the server does not start.
 */
async function launchWhenFree(
  { path, version }: MongodBinary,
  dbPath: string,
  choosePort: () => Promise<number>,
  signal: AbortSignal | undefined,
): Promise<{ server: Mongod; port: number }> {
  for (let tries = 1; ; tries++) {
    const port = await choosePort()
    const launch = await launchMongod({ binary: path, dbPath, port })
    if ('server' in launch) return { server: launch.server, port }
    const { reason, said } = launch.failure
    if (reason === 'other') throw new UserError(`MongoDB ${version} does not start on ${dbPath}: ${said}`)
    if (tries === HELD_TRIES) throw new UserError(`Another process holds what MongoDB needs on ${dbPath}: ${said}`)
    await sleep(HELD_PAUSE_MS, undefined, { signal })
  }
}

/** A port nobody listens on at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

function keepRunning(run: Run, lock: Lock): Embedded {
  const watching = watch(run)
  return {
    uri: `mongodb://127.0.0.1:${run.port}/${DATABASE}?directConnection=true&journal=true`,
    version: run.binary.version,
    pid: () => run.server.pid,
    async stop() {
      run.stopping.abort()
      await run.server.stop()
      await watching
      await lock.release()
    },
  }
}

/** Resolves when the server was stopped on purpose, or given up. */
async function watch(run: Run): Promise<void> {
  for (;;) {
    const end = await run.server.exited
    if (run.stopping.signal.aborted) return
    run.options.say(`MongoDB ended unexpectedly (${end}). Starting it again.`)
    const server = await startAgain(run, end)
    if (server === undefined) return
    run.server = server
    run.options.say(`MongoDB runs again on 127.0.0.1:${run.port}.`)
    run.options.onRestart?.()
  }
}

/** Gives the new server; undefined when it is not wanted any more, or after too many deaths. `end`: of what it died. */
async function startAgain(run: Run, end: string): Promise<Mongod | undefined> {
  const { binary, dbPath, port } = run
  const { signal } = run.stopping
  let reason = end
  while (!hasDiedTooOften(run)) {
    try {
      const { server } = await launchWhenFree(binary, dbPath, async () => port, signal)
      if (!signal.aborted) return server
      await server.stop()
    } catch (error) {
      reason = messageOf(error)
    }
    if (signal.aborted) return undefined
    run.options.say(`MongoDB did not come up again (${reason}).`)
  }
  const text = `MongoDB died ${GIVE_UP_AFTER_DEATHS} times within a minute, the last time with: ${reason}. I gave it up.`
  run.options.say(text)
  run.options.onLost?.(new UserError(text))
  return undefined
}

/** Counts one more death. */
function hasDiedTooOften(run: Run): boolean {
  const now = (run.options.now ?? Date.now)()
  run.deaths = [...run.deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now]
  return run.deaths.length >= GIVE_UP_AFTER_DEATHS
}
