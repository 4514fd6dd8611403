import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { figure, quantile, type Say, table } from './stats.ts'

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url))
const TOKEN = '4711:AAH-measured'
const PER_SECOND = 200
/** Into so many parts the time is divided to see whether memory grows. */
const PARTS = 3
/** Not measured, and slower: the program compiles what it runs often, and the database opens its files. */
const WARM_UP = { seconds: 20, perSecond: 50 }
/** How many requests Telegram has open at a time (core.telegram.org/bots/api, `max_connections`, at most). */
const CONNECTIONS = 100
/** So many people that none of them writes more than a chat bears. */
const CHATS = 600
/** The most a reply may take at p99, ms. */
const MOST = 50
/** A market that stands still: nothing upstream is asked. */
const DAY = `time,symbol,price
2026-03-10T14:00:00Z,AAPL,320
2026-03-10T14:00:00Z,BTC,97410
`
const LINES = [
  'alert AAPL price > 500 or AAPL price < 300',
  'list',
  'price BTC',
  'why 1',
  'pause 1',
  'resume 1',
  'help',
  'alert BTC crosses above 200k repeat',
  'list',
  'snooze 1 2h',
]

/** Answers of the Bot API that are enough for a bot to be content; `sent` hears of each message to a chat. */
async function startApi(sent: (chat: string) => void, hook: (url: string, secret: string) => void): Promise<Server> {
  let last = 0
  const result = (method: string, params: Record<string, unknown>): unknown => {
    if (method === 'getMe') return { id: 4711, is_bot: true, first_name: 'Signal', username: 'SignalBot' }
    if (method === 'setWebhook') hook(String(params.url), String(params.secret_token))
    if (method !== 'sendMessage') return true
    sent(String(params.chat_id))
    last += 1
    return { message_id: last, date: 0, chat: { id: Number(params.chat_id), type: 'private' }, text: params.text }
  }
  const server = createServer(async (asked: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk as Buffer)
    const isJson = asked.headers['content-type']?.includes('json') === true
    const params = isJson ? JSON.parse(Buffer.concat(chunks).toString()) : {}
    const method = asked.url?.split('/').at(-1) ?? ''
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, result: result(method, params) }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const port = portOf(server)
  await new Promise((done) => server.close(done))
  return port
}

/** Posts as Telegram does; gives the status of the answer. */
function postTo(address: string, agent: Agent, secret: string, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
  return new Promise((resolve, reject) => {
    const asking = request(address, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
    })
    asking.once('error', reject)
    asking.end(body)
  })
}

/** Memory that a process holds, MB. */
function memoryOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** Ms of processor time that a process has taken so far, as proc_pid_stat(5) tells it in hundredths of a second. */
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

/**
 * 200 messages a second for `seconds`, posted as Telegram posts them, to the program with its own MongoDB: how long from
 * the request until the reply is with Telegram, and whether any is lost or memory grows. Once to a process that only talks
 * (`start bot`, as where there is more than one), and once to one that does everything.
 */
export async function run(say: Say, seconds = 60): Promise<void> {
  const measured = [await measure(['bot'], seconds), await measure(['bot', 'worker'], seconds)]
  const head = [
    `${PER_SECOND}/s for ${seconds} s by Telegram's webhook`,
    'messages',
    'p50 ms',
    'p99 ms',
    'max ms',
    'lost',
    '',
  ]
  for (const line of table([head, ...measured.map(({ row }) => row)])) say(line)
  for (const { notes } of measured) for (const line of ['', ...notes]) say(line)
  if (measured.some(({ isWell }) => !isWell)) process.exitCode = 1
}

type Measured = { readonly row: string[]; readonly notes: readonly string[]; readonly isWell: boolean }

async function measure(roles: readonly string[], seconds: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'signal-generator-bench-'))
  const waiting = new Map<string, number[]>()
  const took: number[] = []
  let isMeasured = false
  let target: { url: string; secret: string } | undefined
  const api = await startApi(
    (chat) => {
      const begunAt = waiting.get(chat)?.shift()
      if (begunAt !== undefined && isMeasured) took.push(performance.now() - begunAt)
    },
    (url, secret) => {
      target = { url, secret }
    },
  )
  writeFileSync(join(folder, 'day.csv'), DAY)
  const port = await freePort()
  const program = spawn(process.execPath, [...process.execArgv, CLI, 'start', ...roles], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...{
        MARKET: 'replay:day.csv',
        MARKET_SPEED: '0.0001',
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'warn',
        PORT: String(port),
      },
      ...{ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: `http://127.0.0.1:${portOf(api)}` },
      ...{
        TELEGRAM_PER_SECOND: '1000',
        PUBLIC_URL: 'https://bench.example.com',
        MAX_ALERTS: '100000',
        COMMANDS_PER_MINUTE: '1000',
      },
    },
  })
  while (!target && program.exitCode === null) await sleep(100)
  if (!target) throw new Error('the program did not start')
  const { url, secret } = target
  const address = url.replace('https://bench.example.com', `http://127.0.0.1:${port}`)
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  let update = 0
  const post = async () => {
    const chat = 1 + (update % CHATS)
    const text = LINES[Math.floor(update / CHATS + update) % LINES.length]
    update += 1
    const from = { id: chat, is_bot: false, first_name: 'Ann' }
    const message = { message_id: update, date: 0, chat: { id: chat, type: 'private' }, from, text }
    waiting.set(String(chat), [...(waiting.get(String(chat)) ?? []), performance.now()])
    return await postTo(address, agent, secret, JSON.stringify({ update_id: update, message }))
  }
  const statuses = new Map<number, number>()
  const load = async (seconds: number, perSecond: number) => {
    const begunAt = performance.now()
    const posts: Promise<void>[] = []
    for (let sent = 0; sent < seconds * perSecond; sent++) {
      const late = begunAt + (sent * 1_000) / perSecond - performance.now()
      if (late > 0) await sleep(late)
      posts.push(post().then((status) => void statuses.set(status, (statuses.get(status) ?? 0) + 1)))
    }
    await Promise.all(posts)
  }
  await load(WARM_UP.seconds, WARM_UP.perSecond)
  const bot = program.pid!
  const database = databaseOf(program)
  const processes = [bot, database, process.pid]
  const worked = processes.map(workOf)
  const memory = [memoryOf(bot)]
  isMeasured = true
  for (let part = 0; part < PARTS; part++) {
    await load(seconds / PARTS, PER_SECOND)
    memory.push(memoryOf(bot))
  }
  await sleep(2_000)
  const [ofBot, ofDatabase, ofBench] = processes.map((one, index) => (workOf(one) - worked[index]!) / took.length)
  const lost = [...waiting.values()].reduce((sum, { length }) => sum + length, 0)
  program.kill('SIGTERM')
  await new Promise((done) => program.once('exit', done))
  agent.destroy()
  api.closeAllConnections()
  api.close()
  rmSync(folder, { recursive: true, force: true })
  const p99 = quantile(took, 0.99)
  const isWell = p99 <= MOST && lost === 0 && [...statuses.keys()].join() === '200'
  const figures = [took.length, quantile(took, 0.5), p99, Math.max(...took), lost].map(figure)
  return {
    row: [roles.join(' and '), ...figures, isWell ? 'ok' : 'MISSED'],
    notes: [
      `${roles.join(' and ')}: processor time for each message ${figure(ofBot!)} ms of the program, ${figure(ofDatabase!)} ms of its`,
      `database, ${figure(ofBench!)} ms of this bench; what they do when nobody writes is counted too. The program's memory before,`,
      `and after each part of the time: ${memory.map(Math.round).join(', ')} MB.`,
    ],
    isWell,
  }
}
