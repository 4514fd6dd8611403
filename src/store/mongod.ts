import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { signal } from './processes.ts'

/** A server process that accepts connections. */
export type Mongod = {
  readonly pid: number
  /** Resolves when it is gone, with how it went, in words. Never rejects. */
  readonly exited: Promise<string>
  /** Ends it cleanly, by force if it takes longer than 10 s. */
  stop(): Promise<void>
}

/** Why a server did not come up. `held`: another `mongod` has the directory open. `taken`: the port is in use. */
export type LaunchFailure = { readonly reason: 'held' | 'taken' | 'other'; readonly said: string }

/** The program to run, the directory of its data, and the port it listens on. */
export type LaunchOptions = { readonly binary: string; readonly dbPath: string; readonly port: number }

/** Recovery after a crash reads the journal, which may take a while on a slow disk. */
const START_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 10_000

/**
 * Starts `mongod` on 127.0.0.1 and resolves when it accepts connections, or with why it does not.
 *
 * We run it ourselves instead of with MongoMemoryServer, which would leave it in the terminal's process group, where
 * one Ctrl-C ends the database before the bot has written what it still owes; whose helper process ends an orphan only
 * after up to 2 s; and which cannot start it again on the same port.
 */
export async function launchMongod(options: LaunchOptions): Promise<{ server: Mongod } | { failure: LaunchFailure }> {
  const child = spawn(options.binary, argumentsFor(options), { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const exited = exitOf(child)
  const log = readLog(child)
  const late = setTimeout(() => child.kill('SIGKILL'), START_WITHIN_MS)
  const release = child.pid === undefined ? () => {} : dieWithUs(child.pid)
  const ended = exited.finally(release)
  const ready = await Promise.race([log.ready.then(() => true), ended.then(() => false)])
  clearTimeout(late)
  if (ready) return { server: { pid: child.pid!, exited: ended, stop: () => stop(child, ended) } }
  return { failure: failureOf(await log.problems(), await ended) }
}

function argumentsFor({ dbPath, port }: LaunchOptions): readonly string[] {
  const place = ['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--storageEngine', 'wiredTiger']
  // Diagnostic data would fill up to 200 MB beside a few MB of alerts.
  const settings = ['--noauth', '--setParameter', 'diagnosticDataCollectionEnabled=false']
  return [...place, ...settings, ...(process.platform === 'win32' ? [] : ['--nounixsocket'])]
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await ended.finally(() => clearTimeout(force))
}

/**
 * Sees to it that the server does not outlive this process, however it ends, and gives a function that lets go.
 * A crash still runs our `exit` handler. SIGKILL does not, but it closes the pipe that a waiting shell reads from.
 */
function dieWithUs(pid: number): () => void {
  const end = () => signal(pid, 'SIGTERM')
  process.once('exit', end)
  const watcher = process.platform === 'win32' ? undefined : spawnWatcher(pid)
  return () => {
    process.removeListener('exit', end)
    watcher?.kill('SIGKILL')
  }
}

function spawnWatcher(pid: number): ChildProcess {
  const script = 'read -r line; kill -TERM "$0"'
  const watcher = spawn('/bin/sh', ['-c', script, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  // Without a shell the next start of ours ends the orphan.
  watcher.on('error', () => {})
  watcher.stdin?.on('error', () => {})
  return watcher
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, name) => resolve(name === null ? `exit code ${code}` : `ended by ${name}`))
  })
}

/**
 * Follows the server's log. It must be read as long as the server lives, or that blocks on a full pipe.
 * `problems` waits for the end of the output and gives what it said was wrong.
 */
function readLog(child: ChildProcess) {
  const problems: string[] = []
  const closed = new Promise((resolve) => child.once('close', resolve).once('error', resolve))
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout!).on('line', (line) => {
      if (/waiting for connections/i.test(line)) resolve()
      const problem = problemIn(line)
      if (problem !== undefined && problems.length < 20) problems.push(problem)
    })
  })
  createInterface(child.stderr!).on('line', (line) => {
    if (problems.length < 20) problems.push(line)
  })
  return { ready, problems: () => closed.then(() => problems) }
}

/** The text of a log line (JSON since MongoDB 4.4) of severity error or fatal; undefined for any other line. */
function problemIn(line: string): string | undefined {
  if (!/"s":"[EF]"/.test(line)) return undefined
  try {
    const { msg, attr = {} } = JSON.parse(line) as { msg: string; attr?: Record<string, unknown> }
    const detail = [attr.message, attr.error].map(textOf).find((text) => text !== undefined)
    return detail === undefined ? msg : `${msg}: ${detail}`
  } catch {
    return line
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const { msg, errmsg } = (value ?? {}) as { msg?: unknown; errmsg?: unknown }
  return [msg, errmsg].find((text) => typeof text === 'string')
}

function failureOf(problems: readonly string[], exit: string): LaunchFailure {
  const all = problems.join('\n')
  const said = problems[0] ?? exit
  if (/address already in use/i.test(all)) return { reason: 'taken', said }
  return { reason: /DBPathInUse/.test(all) ? 'held' : 'other', said }
}
