import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** What a process does: `bot` talks, `worker` watches, `start` both. */
export type Kind = 'start' | 'bot' | 'worker'

/** A process that is started again each time it dies. */
export type Member = {
  readonly name: string
  readonly kind: Kind
  /** The process that runs now: `worker-2.17`, the 17th of its line. */
  life(): string
  /** Since when the process that runs now does, ms; and whether it has said that it is ready. */
  startedAt(): number
  isReady(): boolean
  /** SIGKILL; resolves when it is dead, and the next one has been started. */
  kill(): Promise<void>
  /** Resolves when the process that runs now is ready. */
  ready(): Promise<void>
  /** Ends it in order. Gives the exit code; null where it had to be killed. */
  end(): Promise<number | null>
}

/** The processes, and what went wrong with them by itself. */
export type Fleet = {
  readonly members: readonly Member[]
  /** Ends that nobody had asked for. */
  readonly deaths: readonly string[]
  /** Kills what is left, at once and for good. */
  abandon(): void
}

/** `dist`: the compiled program; `folder`: where their notes go. `settingsOf`: what each needs, by its life's name. */
export type FleetOptions = {
  readonly dist: string
  readonly folder: string
  settingsOf(life: string, name: string): Readonly<Record<string, string>>
}

const INHERITED = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'MONGOMS_SYSTEM_BINARY', 'LD_LIBRARY_PATH']
const READY = /^.* (?:bot and worker|bot|worker)\.$/m
/** A process that ended by itself is started again after so long, ms. */
const AFTER_DEATH = 1_000
const ENDS_WITHIN = 40_000

/** Starts processes: `cli.js start`, `start bot` or `start worker`. */
export function startFleet(kinds: readonly Kind[], options: FleetOptions): Fleet {
  const deaths: string[] = []
  const children = new Set<ChildProcess>()
  let isOver = false
  const members = kinds.map((kind, index) => {
    const name = `${kind}-${index + 1}`
    const notes = createWriteStream(join(options.folder, `${name}.log`), { flags: 'a' })
    return createMember({ ...options, kind, name, notes, children, deaths, isOver: () => isOver })
  })
  return {
    members,
    deaths,
    abandon() {
      isOver = true
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

type Line = FleetOptions & {
  readonly kind: Kind
  readonly name: string
  readonly notes: WriteStream
  readonly children: Set<ChildProcess>
  readonly deaths: string[]
  isOver(): boolean
}

function createMember(line: Line): Member {
  let [lives, isWanted] = [0, true]
  let now = begin()

  function begin() {
    const life = `${line.name}.${++lives}`
    const child = spawnProgram(line, life)
    let isReady = false
    let announce = () => {}
    const ready = new Promise<void>((done) => {
      announce = done
    })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      line.notes.write(text)
      if (isReady || !READY.test(text)) return
      isReady = true
      announce()
    })
    const ended = once(child, 'close').then(([code, signal]) => {
      line.children.delete(child)
      line.notes.write(`--- ${life} ended: ${code ?? signal}\n`)
      return { code: code as number | null, signal: signal as string | null }
    })
    const self = { life, child, startedAt: Date.now(), isReady: () => isReady, ready, ended }
    void ended.then(async ({ code, signal }) => {
      if (!isWanted || line.isOver() || signal === 'SIGKILL') return
      line.deaths.push(`${life} ended by itself with ${code ?? signal}`)
      await new Promise((done) => setTimeout(done, AFTER_DEATH))
      if (isWanted && !line.isOver() && now === self) now = begin()
    })
    return self
  }

  return {
    name: line.name,
    kind: line.kind,
    life: () => now.life,
    startedAt: () => now.startedAt,
    isReady: () => now.isReady(),
    ready: () => now.ready,
    async kill() {
      const victim = now
      victim.child.kill('SIGKILL')
      await victim.ended
      if (isWanted && !line.isOver() && now === victim) now = begin()
    },
    async end() {
      isWanted = false
      now.child.kill('SIGTERM')
      const late = setTimeout(() => now.child.kill('SIGKILL'), ENDS_WITHIN)
      const { code } = await now.ended
      clearTimeout(late)
      return code
    },
  }
}

function spawnProgram({ dist, folder, kind, name, notes, children, settingsOf }: Line, life: string): ChildProcess {
  const inherited = Object.fromEntries(INHERITED.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])))
  const args = kind === 'start' ? ['start'] : ['start', kind]
  notes.write(`--- ${life} starts at ${new Date().toISOString()}\n`)
  const child = spawn(process.execPath, [join(dist, 'src/cli.js'), ...args], {
    cwd: folder,
    env: { ...inherited, ...settingsOf(life, name) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.add(child)
  return child
}
