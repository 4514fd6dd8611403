import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Settings of the program; one that is undefined is left out. */
export type Settings = Readonly<Record<string, string | undefined>>

/** How a process ended: its exit code, or the signal that ended it. */
export type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** The real program as a process, with somebody who types at it. */
export type Program = {
  readonly pid: number
  /** Everything on stdout so far. */
  out(): string
  /** Everything on stderr so far. */
  err(): string
  /** Types lines, each ended by Enter. */
  type(...lines: string[]): void
  /**
   * Types a line, waits until it is answered, and gives what was printed meanwhile, without the newline at the end: the
   * reply, and notifications if any came. Lines are answered in order, so a second one tells when the first is done.
   */
  ask(line: string): Promise<string>
  /** Asks a line, with pauses in which the program can work, until the answer has a text in it, or matches. */
  askUntil(line: string, expected: string | RegExp): Promise<void>
  /** Waits until what was printed on stdout since `from` (its length then; 0) matches; gives the match. */
  sees(pattern: RegExp, from?: number): Promise<RegExpExecArray>
  /** The same for stderr. */
  notes(pattern: RegExp): Promise<RegExpExecArray>
  /** Sets its clock so many ms ahead; it must have been started with one. */
  jump(ms: number): void
  /** Ends the input, as Ctrl-D does. */
  closeInput(): void
  kill(signal: NodeJS.Signals): void
  /** Waits for the end. */
  ended(): Promise<End>
}

/** How long anything may take at most, ms: far more than it does, so that a slow machine is no failure. */
const PATIENCE = 45_000
/** Between two askings of one thing, ms. */
const ASK_PAUSE = 100
const CLI = resolve('dist/src/cli.js')
const CLOCK = resolve('test/program/clock.mjs')
/** A day that is played in seconds is no flood: each firing is told by itself. */
const ONE_BY_ONE = { FLOOD_PERSON: '1000000', FLOOD_ALERT: '1000000' }
/** What the program needs of this machine: where programs and fetched databases are. */
const INHERITED = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'MONGOMS_SYSTEM_BINARY', 'LD_LIBRARY_PATH']

/**
 * Starts `node dist/src/cli.js` with these arguments and settings in `folder`. Times are told in Berlin's and warnings
 * are logged unless the settings say otherwise. `clock`: a moment (ISO 8601) at which the program's clock begins; each
 * SIGUSR2 then sets it 3 min ahead. Whoever starts it sees to its end.
 */
export function startProgram(
  args: readonly string[],
  settings: Settings,
  { folder, clock }: { folder: string; clock?: string | undefined },
): { program: Program; child: ChildProcess } {
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]))
  const env = {
    ...inherited,
    ...ONE_BY_ONE,
    TIMEZONE: 'Europe/Berlin',
    LOG_LEVEL: 'warn',
    ...settings,
    CLOCK_START: clock,
  }
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))
  const preload = clock === undefined ? [] : ['--import', CLOCK]
  const child = spawn(process.execPath, [...preload, CLI, ...args], {
    ...{ cwd: folder, env: set as NodeJS.ProcessEnv },
    stdio: ['pipe', 'pipe', 'pipe', ...(clock === undefined ? [] : (['ipc'] as const))],
  })
  return { program: programOf(child), child }
}

function programOf(child: ChildProcess): Program {
  const out = follow(child, child.stdout!)
  const err = follow(child, child.stderr!)
  const end = once(child, 'close').then(([code, signal]): End => ({ code, signal }))
  let asked = 0
  // Whoever types at a process that has ended learns it from what it did not print.
  child.stdin!.on('error', () => {})
  const type = (...lines: string[]) => void child.stdin!.write(lines.map((line) => `${line}\n`).join(''))
  const ask = async (line: string) => {
    const from = out.text().length
    asked += 1
    type(line, `help mark${asked}`)
    const after = await out.match(new RegExp(`I have no help on "mark${asked}"\\.\\nTry: help \\w+\\n`), from)
    return out
      .text()
      .slice(from, from + after.index)
      .trimEnd()
  }
  return {
    pid: child.pid ?? 0,
    out: out.text,
    err: err.text,
    type,
    ask,
    async askUntil(line, expected) {
      while ((await ask(line)).search(expected) < 0) await sleep(ASK_PAUSE)
    },
    sees: (pattern, from = 0) => out.match(pattern, from),
    notes: (pattern) => err.match(pattern, 0),
    jump: (ms) => void child.send(ms),
    closeInput: () => void child.stdin!.end(),
    kill: (signal) => void child.kill(signal),
    ended: () => within(end, () => `it did not end. ${told(out.text(), err.text())}`),
  }

  function follow(of: ChildProcess, stream: NodeJS.ReadableStream) {
    let text = ''
    let isOver = false
    const look = new Set<() => void>()
    const looks = () => {
      for (const one of [...look]) one()
    }
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      looks()
    })
    of.once('close', () => {
      isOver = true
      looks()
    })
    const match = (pattern: RegExp, from: number) => {
      const found = new Promise<RegExpExecArray>((done, fail) => {
        const tryIt = () => {
          const match = pattern.exec(text.slice(from))
          if (match) done(match)
          else if (isOver) fail(new Error(`it ended before ${pattern}. ${everything()}`))
          else return
          look.delete(tryIt)
        }
        look.add(tryIt)
        tryIt()
      })
      return within(found, () => `${pattern} did not come. ${everything()}`)
    }
    return { text: () => text, match }
  }

  function everything(): string {
    return told(out.text(), err.text())
  }
}

function told(out: string, err: string): string {
  return `It printed:\n${out}\nand noted:\n${err}`
}

async function within<T>(work: Promise<T>, problem: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`After ${PATIENCE / 1000} s ${problem()}`)), PATIENCE)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
