import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, PUBLIC_URL } from './webhooks-platform.ts'

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url))
const HEAP = new URL('./webhooks-heap.js', import.meta.url).href
/** A market that stands still: nothing upstream is asked. */
const DAY = `time,symbol,price
2026-03-10T14:00:00Z,AAPL,320
2026-03-10T14:00:00Z,BTC,97410
`
const MEGABYTE = 1024 * 1024

/** The program, run with a MongoDB of its own in a folder that goes with it. */
export type Program = {
  /** Where its web server is. */
  readonly origin: string
  /** Rejects when it ends before it is to. */
  readonly failed: Promise<never>
  /** Ms of processor time that it and its database have taken so far. */
  work(): { program: number; database: number }
  /** MB that the process holds. */
  memory(): number
  /** MB of its heap that are in use after the garbage was collected; it does nothing else meanwhile. */
  heap(): Promise<number>
  stop(): Promise<void>
}

/** Starts the program in some roles (`bot`, `worker`), with what a platform wants set. */
export async function startProgram(
  roles: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'signal-generator-bench-'))
  writeFileSync(join(folder, 'day.csv'), DAY)
  const port = await freePort()
  const program = spawn(process.execPath, [...process.execArgv, '--import', HEAP, CLI, 'start', ...roles], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...{ MARKET: 'replay:day.csv', MARKET_SPEED: '0.0001', DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'warn' },
      ...{ PORT: String(port), PUBLIC_URL, COMMANDS_PER_MINUTE: '1000' },
      ...settings,
    },
  })
  const ended = once(program, 'exit')
  return {
    origin: `http://127.0.0.1:${port}`,
    failed: ended.then(() => Promise.reject(new Error('the program ended'))),
    work: () => ({ program: workOf(program.pid!), database: workOf(databaseOf(program)) }),
    memory: () => memoryOf(program.pid!),
    async heap() {
      const told = once(program, 'message')
      program.send('heap')
      return Number((await told)[0]) / MEGABYTE
    },
    async stop() {
      program.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function memoryOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** Ms of processor time, as proc_pid_stat(5) tells it in hundredths of a second. */
function workOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** The program's own database. */
function databaseOf({ pid }: ChildProcess): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  const database = children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('mongod'))
  if (database === undefined) throw new Error('the program has no database of its own')
  return database
}
