import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { figure, processorTime, quantile, type Say, table } from './stats.ts'
import type { Platform, StandIn } from './webhooks-platform.ts'
import { type Program, startProgram } from './webhooks-program.ts'
import { sms } from './webhooks-sms.ts'
import { telegram } from './webhooks-telegram.ts'

const PLATFORMS: Readonly<Record<string, Platform>> = { telegram, sms }
/** As where there is more than one process, and all in one. */
const ROLES = [['bot'], ['bot', 'worker']]
const PER_SECOND = 200
/** Into so many parts the time is divided to see whether memory grows. */
const PARTS = 3
/** Not measured, and slower: the program compiles what it runs often, and the database opens its files. */
const WARM_UP = { seconds: 20, perSecond: 50 }
/** How many requests are open at a time: as many as Telegram has (core.telegram.org/bots/api, `max_connections`, at most). */
const CONNECTIONS = 100
/** So many people that none of them writes more than a chat bears. */
const PEOPLE = 600
/** The most a reply may take at p99, ms. */
const MOST = 50

/** What a person writes, again and again: `N` is the newest alert they have set. Half of it changes something, and none stays. */
const LINES = [
  'alert AAPL price > 500 or AAPL price < 300',
  'list',
  'price BTC',
  'why N',
  'pause N',
  'resume N',
  'commands',
  'list',
  'snooze N 2h',
  'delete N',
]

/** The names of the platforms whose webhooks can be measured. */
export const WEBHOOKS = Object.keys(PLATFORMS)

/**
 * 200 messages a second for `seconds`, posted as the platforms post them, to the program with its own MongoDB: how long
 * from the request until the reply is handed over, and whether any is lost or memory grows.
 */
export async function run(say: Say, seconds = 60, platforms: readonly string[] = WEBHOOKS): Promise<void> {
  const measured: Measured[] = []
  for (const name of platforms) for (const roles of ROLES) measured.push(await measure(name, roles, seconds))
  const title = `${PER_SECOND}/s for ${seconds} s by webhook`
  const head = [title, 'messages', 'p50 ms', 'p99 ms', 'max ms', 'lost', '']
  for (const line of table([head, ...measured.map(({ row }) => row)])) say(line)
  for (const { notes } of measured) for (const line of ['', ...notes]) say(line)
  if (measured.some(({ isWell }) => !isWell)) process.exitCode = 1
}

type Measured = { readonly row: string[]; readonly notes: readonly string[]; readonly isWell: boolean }

async function measure(platform: string, roles: readonly string[], seconds: number): Promise<Measured> {
  const waits = createWaits()
  const standIn = await PLATFORMS[platform]!(waits.end)
  const program = await startProgram(roles, standIn.settings)
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  await Promise.race([standIn.ready(program.origin), program.failed])
  const load = createLoad(waits, (message) => standIn.post(program.origin, agent, message))
  await load.run(WARM_UP.seconds, WARM_UP.perSecond)
  waits.forget()
  const before = { ...program.work(), bench: processorTime() }
  const heapBefore = await program.heap()
  const held = [program.memory()]
  for (let part = 0; part < PARTS; part++) {
    await load.run(seconds / PARTS, PER_SECOND)
    held.push(program.memory())
  }
  await sleep(2_000)
  const after = { ...program.work(), bench: processorTime() }
  const heapAfter = await program.heap()
  const { took, lost } = waits.known()
  await end(program, standIn, agent)
  const each = (who: keyof typeof before) => figure((after[who] - before[who]) / took.length)
  const p99 = quantile(took, 0.99)
  const isWell = p99 <= MOST && lost === 0 && [...load.statuses].join() === '200'
  const name = `${platform}: ${roles.join(' and ')}`
  const figures = [took.length, quantile(took, 0.5), p99, Math.max(...took), lost].map(figure)
  return {
    row: [name, ...figures, isWell ? 'ok' : 'MISSED'],
    notes: [
      `${name}: processor time for each message ${each('program')} ms of the program, ${each('database')} ms of its database,`,
      `${each('bench')} ms of this bench; what they do when nobody writes is counted too. The program's heap when it is cleared, before`,
      `and after: ${heapBefore.toFixed(1)} and ${heapAfter.toFixed(1)} MB; its memory before, and after each part of the time: ${held.map(Math.round).join(', ')} MB.`,
    ],
    isWell,
  }
}

async function end(program: Program, standIn: StandIn, agent: Agent): Promise<void> {
  program.failed.catch(() => {})
  await program.stop()
  agent.destroy()
  standIn.stop()
}

/** Since when each person waits for replies; they come in the order of what was asked. */
function createWaits() {
  const waiting = new Map<number, number[]>()
  let took: number[] = []
  return {
    begin(person: number) {
      waiting.set(person, [...(waiting.get(person) ?? []), performance.now()])
    },
    end(person: number) {
      const begunAt = waiting.get(person)?.shift()
      if (begunAt !== undefined) took.push(performance.now() - begunAt)
    },
    /** What was waited for until now is not counted. */
    forget() {
      took = []
    },
    /** How long replies took, ms, and how many never came. */
    known: () => ({ took, lost: [...waiting.values()].reduce((sum, { length }) => sum + length, 0) }),
  }
}

type Message = { readonly id: number; readonly person: number; readonly text: string }

/** Posts messages of all people in turn, at an even pace whatever becomes of them; resolves when all are answered. */
function createLoad(waits: ReturnType<typeof createWaits>, post: (message: Message) => Promise<number>) {
  const statuses = new Set<number>()
  const textFor = createWriting()
  let id = 0
  const postOne = async () => {
    const person = 1 + (id % PEOPLE)
    id += 1
    const message = { id, person, text: textFor(person) }
    waits.begin(person)
    statuses.add(await post(message))
  }
  const run = async (seconds: number, perSecond: number) => {
    const begunAt = performance.now()
    const posts: Promise<void>[] = []
    for (let sent = 0; sent < seconds * perSecond; sent++) {
      const early = begunAt + (sent * 1_000) / perSecond - performance.now()
      if (early > 0) await sleep(early)
      posts.push(postOne())
    }
    await Promise.all(posts)
  }
  return { run, statuses }
}

/** What a person writes next; they begin at different lines. */
function createWriting(): (person: number) => string {
  const written = new Map<number, number>()
  const alerts = new Map<number, number>()
  return (person) => {
    const count = written.get(person) ?? person
    written.set(person, count + 1)
    const line = LINES[count % LINES.length]!
    const newest = (alerts.get(person) ?? 0) + (line.startsWith('alert') ? 1 : 0)
    alerts.set(person, newest)
    return line.replace(/\bN\b/, String(Math.max(1, newest)))
  }
}
