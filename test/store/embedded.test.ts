import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { type Embedded, type EmbeddedOptions, startEmbedded } from '../../src/store/embedded.ts'
import { launchMongod } from '../../src/store/mongod.ts'
import { findMongod, waysToMongod } from '../../src/store/mongod-binary.ts'
import { isRunning } from '../../src/store/processes.ts'
import { testCacheDir } from '../mongo.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CHILD = fileURLToPath(new URL('./embedded-child.mjs', import.meta.url))
const SYSTEM_BINARY = process.env.MONGOMS_SYSTEM_BINARY

let folder: string
let dataDir: string
let said: string[]
const started: Embedded[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-'))
  await compile()
})
beforeEach(async () => {
  dataDir = await mkdtemp(join(folder, 'data-'))
  said = []
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const embedded of started.splice(0)) await embedded.stop()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Makes JavaScript of the code under test, for processes outside of vitest. */
async function compile(): Promise<void> {
  const compilerOptions = { rootDir: ROOT, outDir: join(folder, 'js'), incremental: false, tsBuildInfoFile: null }
  const typeRoots = [join(ROOT, 'node_modules/@types')]
  const config = {
    extends: join(ROOT, 'tsconfig.build.json'),
    compilerOptions: { ...compilerOptions, typeRoots },
    files: [join(ROOT, 'src/store/embedded.ts')],
    include: [],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-p', join(folder, 'tsconfig.json')])
}

async function start(more: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const say = (line: string) => said.push(line)
  const embedded = await startEmbedded({ dataDir, cacheDir: testCacheDir, systemBinary: SYSTEM_BINARY, say, ...more })
  started.push(embedded)
  return embedded
}

type Report = { said?: string; uri: string; pid: number; failed?: string; message?: string }

/** A process of its own that runs the embedded MongoDB on the same directory; resolves when it is up or has failed. */
async function startChild(then = '') {
  const module = join(folder, 'js/src/store/embedded.js')
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
  // A process group of its own, as a terminal gives it.
  const child = spawn(process.execPath, [CHILD, module, dataDir, testCacheDir, then], { stdio, detached: true })
  children.push(child)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return { child, report: await nextReport(lines), next: () => nextReport(lines) }
}

async function nextReport(lines: AsyncIterator<string>): Promise<Report> {
  for (;;) {
    const { value, done } = await lines.next()
    if (done) throw new Error('the child ended without a word')
    const report = JSON.parse(value) as Report
    if (report.said === undefined) return report
  }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function withThings<T>(uri: string, use: (things: ReturnType<typeof thingsOf>) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri)
  return use(thingsOf(client)).finally(() => client.close())
}
const thingsOf = (client: MongoClient) => client.db().collection<{ n: number }>('things')
const count = (uri: string) => withThings(uri, (things) => things.countDocuments())
const insert = (uri: string, n: number) => withThings(uri, (things) => things.insertOne({ n }))

const isGone = (pid: number) =>
  vi.waitFor(async () => expect(await isRunning(pid)).toBe(false), { timeout: 10_000, interval: 20 })

test('what was stored is there again after a clean stop and a new start', async () => {
  const first = await start()
  await insert(first.uri, 1)
  await first.stop()
  expect(await isRunning(first.pid())).toBe(false)
  expect(await readdir(dataDir)).toEqual(['db', 'mongodb-version'])
  const second = await start()
  expect(await count(second.uri)).toBe(1)
  expect((await readFile(join(dataDir, 'mongodb-version'), 'utf8')).trim()).toBe(second.version)
})

test('it says where it runs, and stop may be called twice', async () => {
  const embedded = await start()
  expect(said).toEqual([
    expect.stringContaining(`MongoDB ${embedded.version} runs on 127.0.0.1:${new URL(embedded.uri).port}`),
  ])
  await embedded.stop()
  await embedded.stop()
  expect(said).toHaveLength(1)
})

test('it can be reached by this machine only', async () => {
  const { port } = new URL((await start()).uri)
  const socket = connect(Number(port), '127.0.0.2')
  const [error] = await once(socket, 'error')
  expect(error).toBeInstanceOf(Error)
  socket.destroy()
})

test('a second process on the same directory is refused in a clear line, and the first goes on', async () => {
  const embedded = await start()
  const { report } = await startChild()
  expect(report).toMatchObject({ failed: 'UserError', message: expect.stringContaining(`process ${process.pid}`) })
  await insert(embedded.uri, 1)
  expect(await count(embedded.uri)).toBe(1)
})

test('so is a second start in the same process', async () => {
  await start()
  await expect(start()).rejects.toThrow(`in use by another Signal Generator (process ${process.pid})`)
})

test('after SIGKILL of its owner it starts again at once with all that was acknowledged', async () => {
  for (let round = 1; round <= 3; round++) {
    const { child, report } = await startChild()
    await insert(report.uri, round)
    await kill(child)
    const embedded = await start()
    expect(await count(embedded.uri)).toBe(round)
    expect(await isRunning(report.pid)).toBe(false)
    await embedded.stop()
  }
})

test('an orphan that does not end by itself is ended', async () => {
  const { child, report } = await startChild()
  await insert(report.uri, 1)
  process.kill(report.pid, 'SIGSTOP')
  await kill(child)
  const embedded = await start()
  expect(said[0]).toContain(`process ${report.pid}`)
  expect(await isRunning(report.pid)).toBe(false)
  expect(await count(embedded.uri)).toBe(1)
})

test('the server does not outlive a process that was killed, threw or left, also if nobody starts again', async () => {
  for (const end of ['', 'throw', 'exit']) {
    const { child, report } = await startChild(end)
    await (end === '' ? kill(child) : once(child, 'exit'))
    await isGone(report.pid)
  }
})

test('Ctrl-C in the terminal reaches this process only: the server stays until it is stopped', async () => {
  const { child, report, next } = await startChild('interrupt')
  process.kill(-child.pid!, 'SIGINT')
  expect(await next()).toEqual(report)
  await insert(report.uri, 1)
  expect(await isRunning(report.pid)).toBe(true)
})

test('a stop by signal ends the server cleanly and frees the directory', async () => {
  const { child, report } = await startChild()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await isRunning(report.pid)).toBe(false)
  expect(await readdir(dataDir)).not.toContain('lock')
  expect(await readFile(join(dataDir, 'db/mongod.lock'), 'utf8')).toBe('')
})

test('after SIGKILL of mongod open connections work again, and nothing acknowledged is lost', async () => {
  let restarts = 0
  const embedded = await start({ onRestart: () => restarts++ })
  await withThings(embedded.uri, async (things) => {
    for (let n = 1; n <= 200; n++) await things.insertOne({ n })
    const dead = embedded.pid()
    process.kill(dead, 'SIGKILL')
    await vi.waitFor(() => things.insertOne({ n: 201 }), { timeout: 20_000, interval: 20 })
    expect(await things.countDocuments()).toBe(201)
    expect(embedded.pid()).not.toBe(dead)
  })
  expect(restarts).toBe(1)
  expect(said.slice(1)).toEqual([
    'MongoDB ended unexpectedly (ended by SIGKILL). Starting it again.',
    expect.stringContaining('MongoDB runs again'),
  ])
})

test('it is given up at the fifth death within a minute, and told so', async () => {
  let now = 0
  const lost = await new Promise<UserError>((resolve) => {
    const killIt = () => process.kill(started[0]!.pid(), 'SIGKILL')
    void start({ now: () => now++, onRestart: killIt, onLost: resolve }).then(killIt)
  })
  expect(lost).toBeInstanceOf(UserError)
  expect(lost.message).toContain('died 5 times')
  expect(said.filter((line) => line.includes('runs again'))).toHaveLength(4)
  expect(await isRunning(started[0]!.pid())).toBe(false)
})

test('deaths further apart do not add up', async () => {
  let deaths = 0
  const again = await new Promise<string>((resolve) => {
    const killIt = () => (deaths++ < 5 ? process.kill(started[0]!.pid(), 'SIGKILL') : resolve('still there'))
    const now = () => deaths * 20_000
    void start({ now, onRestart: killIt, onLost: () => resolve('given up') }).then(killIt)
  })
  expect(again).toBe('still there')
})

test('a server that cannot start again is given up, and stop still frees the directory', async () => {
  const lost = await new Promise<UserError>((resolve) => {
    void start({ onLost: resolve }).then(async (embedded) => {
      await rename(join(dataDir, 'db'), join(dataDir, 'elsewhere'))
      process.kill(embedded.pid(), 'SIGKILL')
    })
  })
  expect(lost.message).toMatch(/NonExistentPath|not found/)
  await started[0]?.stop()
  expect(await readdir(dataDir)).not.toContain('lock')
})

test('stopped in the middle of starting again, it leaves no process', async () => {
  const embedded = await start()
  process.kill(embedded.pid(), 'SIGKILL')
  await vi.waitFor(() => expect(said.at(-1)).toContain('Starting it again'))
  await embedded.stop()
  expect(await isRunning(embedded.pid())).toBe(false)
  expect(await readdir(dataDir)).not.toContain('lock')
  const next = await start()
  expect(await count(next.uri)).toBe(0)
})

test('it waits for another server that is about to leave the directory', async () => {
  const want = { cacheDir: testCacheDir, refuses: () => undefined, say: () => {} }
  const { path } = await findMongod(waysToMongod(SYSTEM_BINARY), want)
  await mkdir(join(dataDir, 'db'))
  await symlink(dataDir, `${dataDir}-alias`)
  await writeFile(join(dataDir, 'mongodb-version'), `${(await start()).version}\n`)
  await started.pop()?.stop()
  const other = await launchMongod({ binary: path, dbPath: join(`${dataDir}-alias`, 'db'), port: 39_017 })
  if (!('server' in other)) throw new Error(other.failure.said)
  const starting = start()
  setTimeout(() => void other.server.stop(), 700)
  expect(await count((await starting).uri)).toBe(0)
})

test('data of another major version is not touched', async () => {
  const { version, stop } = await start()
  await stop()
  await writeFile(join(dataDir, 'mongodb-version'), '5.0.14\n')
  const refusal = await start().catch((error) => error)
  expect(refusal).toBeInstanceOf(UserError)
  expect(refusal.message).toContain(`it is MongoDB ${version}, but the data was made by MongoDB 5.0.14`)
  expect(refusal.message).toContain('needs a mongod 5.0')
  expect(await readdir(dataDir)).toEqual(['db', 'mongodb-version'])
})

test('without any way to a mongod the error lists the ways, and the directory is free again', async () => {
  const ways = ['one', 'two'].map((name) => ({ name, find: () => Promise.reject(new Error(`no ${name}`)) }))
  const refusal = await start({ ways }).catch((error) => error)
  expect(refusal).toBeInstanceOf(UserError)
  expect(refusal.message).toMatch(/one: no one\n {2}two: no two\n[\s\S]*MONGODB_URI/)
  expect(await count((await start()).uri)).toBe(0)
})

test('a directory that cannot be made is named, with what to do', async () => {
  await writeFile(join(dataDir, 'file'), '')
  await expect(start({ dataDir: join(dataDir, 'file') })).rejects.toThrow(/cannot keep data in .*file.*DATA_DIR/)
})

test('damaged data is not overwritten: it says what mongod said', async () => {
  await (await start()).stop()
  await writeFile(join(dataDir, 'db', 'WiredTiger.turtle'), 'rubbish')
  await expect(start()).rejects.toThrow(/does not start on .*: WiredTiger/)
})
