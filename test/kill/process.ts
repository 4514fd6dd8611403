import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** The real program as a process of its own, whose stdout is read line by line. */
export type Program = {
  type(line: string): void
  /** At once, without a chance to say goodbye. */
  kill(): void
  /** Resolves when it is gone and all it printed was read. */
  readonly ended: Promise<{ code: number | null }>
  /** What it noted on stderr. */
  notes(): string
}

export type ProgramOptions = {
  /** The folder of the compiled program. */
  readonly dist: string
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
  line?(line: string): void
}

/** The program as it is built from the sources. */
export const DIST = resolve('dist')

/** What it needs of this machine: where programs and fetched databases are. */
const INHERITED = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'MONGOMS_SYSTEM_BINARY', 'LD_LIBRARY_PATH']
// Firings are counted one by one: a whole day passes in two seconds, and none is gathered with others.
const ONE_BY_ONE = { FLOOD_PERSON: '1000000', FLOOD_ALERT: '1000000' }
const COMMON = {
  TIMEZONE: 'UTC',
  BLIND_AFTER: '1d',
  SHARDS: '2',
  LOCK_LIFETIME: '2s',
  LOG_LEVEL: 'warn',
  ...ONE_BY_ONE,
}

/** Starts `cli.js start`: a console chat over pipes. */
export function startProgram({ dist, folder, settings, line }: ProgramOptions): Program {
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  )
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [`${dist}/src/cli.js`, 'start'], {
    cwd: folder,
    env: { ...inherited, ...COMMON, ...settings },
  })
  let notes = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    notes += text
  })
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })
  if (line) lines.on('line', line)
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(([[code]]) => ({
    code: code as number | null,
  }))
  return {
    type: (text) => void child.stdin.write(`${text}\n`),
    kill: () => void child.kill('SIGKILL'),
    ended,
    notes: () => notes,
  }
}
