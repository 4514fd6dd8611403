import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { aFolder, runProgram, type Settings } from './run-program.ts'

type Start = {
  readonly args?: readonly string[]
  readonly settings?: Settings
  readonly files?: Record<string, string>
}

const REPLAY = { MARKET: 'replay:day.csv' }
const ROW = '2026-03-10T14:00:00Z,AAPL,320'

/** What a start that cannot be is answered with: name, start, all of stderr. */
const REFUSED: readonly (readonly [string, Start, string])[] = [
  [
    'several bad values in .env are each named',
    {
      settings: { TIMEZONE: undefined },
      files: { '.env': 'FETCH_INTERVAL=soon\nPORT=99999\nMARKET=fake\nTIMEZONE=Mars/Base\nSHARDS=8\n' },
    },
    `The configuration cannot be used:
  MARKET must be live, simulated or replay:FILE.csv (it is "fake", in .env)
  FETCH_INTERVAL must be a length of time such as 10s, 500ms or 5m, between 250ms and 1h (it is "soon", in .env)
  TIMEZONE must be a time zone such as Europe/Berlin (it is "Mars/Base", in .env)
  PORT must be a whole number from 1 to 65535 (it is "99999", in .env)
→ Correct it there; .env.example explains each setting.
`,
  ],
  [
    'a bad value in the environment is named, and where it is',
    { settings: { MARKET_SPEED: 'fast' }, files: { '.env': 'MARKET_SPEED=10\n' } },
    `The configuration cannot be used:
  MARKET_SPEED must be a number above 0 and at most 1000000 (it is "fast", in the environment)
→ Correct it there; .env.example explains each setting.
`,
  ],
  [
    'a database address that is none is not shown, as it may hold a password',
    { settings: { MONGODB_URI: 'bob:s3cret@host/alerts' } },
    `The configuration cannot be used:
  MONGODB_URI must begin with mongodb:// or mongodb+srv:// (in the environment)
→ Correct it there; .env.example explains each setting.
`,
  ],
  [
    'a secret in a file that is not there',
    { settings: { MONGODB_URI_FILE: '/run/secrets/none' } },
    'The file /run/secrets/none, which MONGODB_URI_FILE names, cannot be read: there is no such file.\n',
  ],
  [
    'a replay file that is not there',
    { settings: REPLAY },
    'The replay file day.csv cannot be read: there is no such file.\n',
  ],
  [
    'a price in the replay that is none',
    { settings: REPLAY, files: { 'day.csv': `time,symbol,price\n${ROW}\n2026-03-10T14:00:01Z,AAPL,abc\n` } },
    'day.csv, line 3: "abc" is not a price above zero.\n',
  ],
  [
    'a row of the replay that goes back in time',
    { settings: REPLAY, files: { 'day.csv': `${ROW}\n2026-03-10T13:00:00Z,AAPL,321\n` } },
    'day.csv, line 2: 2026-03-10T13:00:00Z is before the time of the line above it.\n',
  ],
  [
    'a replay file without quotes',
    { settings: REPLAY, files: { 'day.csv': 'time,symbol,price\n' } },
    'day.csv has no quotes in it.\n',
  ],
  [
    'a role there is not',
    { args: ['start', 'nonsense'] },
    '"nonsense" is no role.\n→ signal-generator start bot worker\n',
  ],
  ['a sub-command there is not', { args: ['strat'] }, 'There is no sub-command "strat".\n→ signal-generator --help\n'],
  ['an option there is not', { args: ['--fast'] }, 'There is no option "--fast".\n→ signal-generator --help\n'],
]

test.each(REFUSED)('%s: one clear text, exit code 1', async (_, { args = ['start'], settings = {}, files }, text) => {
  const program = runProgram(args, settings, { folder: aFolder(files) })
  expect(await program.ended()).toEqual({ code: 1, signal: null })
  expect(program.err()).toBe(text)
  expect(program.out()).toBe('')
})

test('a database that does not answer is named without its password', async () => {
  const program = runProgram(['start'], { MARKET: 'simulated', MONGODB_URI: 'mongodb://bob:s3cret@127.0.0.1:9/alerts' })
  expect(await program.ended()).toEqual({ code: 1, signal: null })
  expect(program.err()).toBe(
    `The database at mongodb://127.0.0.1:9/alerts cannot be used: connect ECONNREFUSED 127.0.0.1:9
→ Check MONGODB_URI, or leave it empty: a database of our own is then started in DATA_DIR.
`,
  )
})

test('a database that goes away in the middle of a start is waited for', async () => {
  const { hostname, port, pathname } = new URL(freshDatabase())
  let isCut = false
  const proxy = createTcpServer((client) => {
    const upstream = connect(Number(port), hostname)
    client.on('data', (chunk) => {
      if (isCut || !chunk.includes('createIndexes')) return void upstream.write(chunk)
      isCut = true
      client.destroy()
    })
    upstream.pipe(client)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void proxy.close())
  await new Promise((done) => proxy.once('listening', done))
  const MONGODB_URI = `mongodb://127.0.0.1:${(proxy.address() as AddressInfo).port}${pathname}`
  const program = runProgram(['start'], { MARKET: 'simulated', MONGODB_URI })
  expect(await program.ask('list')).toMatch(/no alerts/)
  expect(program.err()).toMatch(/^The database went away while I was starting. I try again.\n/)
  program.type('exit')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
})

test('a port in use is named, and the database that was started for it is ended again', async () => {
  const server = createServer().listen(0, '0.0.0.0')
  onTestFinished(() => void server.close())
  await new Promise((done) => server.once('listening', done))
  const port = String((server.address() as AddressInfo).port)
  const folder = aFolder()
  const program = runProgram(['start'], { MARKET: 'simulated', PORT: port }, { folder })
  expect(await program.ended()).toEqual({ code: 1, signal: null })
  expect(program.err()).toMatch(/^MongoDB .* runs on 127\.0\.0\.1:\d+, data in .*\n/)
  expect(program.err().split('\n').slice(1)).toEqual([
    `Port ${port} cannot be used: another program uses it.`,
    '→ Set PORT to another one, or leave it empty: no web server is started then.',
    '',
  ])
  expect(processesIn(folder)).toEqual([])
})

test('a second process on the same folder is turned away, and the first goes on', async () => {
  const folder = aFolder()
  const first = runProgram(['start'], { MARKET: 'simulated' }, { folder })
  expect(await first.ask('list')).toBe('You have no alerts. Set one with: alert AAPL > 500 or < 300')
  const second = runProgram(['start'], { MARKET: 'simulated' }, { folder })
  expect(await second.ended()).toEqual({ code: 1, signal: null })
  expect(second.err()).toBe(
    `${join(folder, 'data')} is in use by another Signal Generator (process ${first.pid}). Stop that one first.\n`,
  )
  expect(await first.ask('list')).toBe('You have no alerts. Set one with: alert AAPL > 500 or < 300')
  first.type('exit')
  expect(await first.ended()).toEqual({ code: 0, signal: null })
  expect(processesIn(folder)).toEqual([])
})

test('where a bad start has been corrected, the same folder starts', async () => {
  const folder = aFolder({ 'day.csv': `${ROW}\n` })
  const bad = runProgram(['start'], { MARKET: 'replay:dya.csv', MONGODB_URI: freshDatabase() }, { folder })
  expect(await bad.ended()).toEqual({ code: 1, signal: null })
  const good = runProgram(['start'], { ...REPLAY, MONGODB_URI: freshDatabase() }, { folder })
  expect(await good.ask('price AAPL')).toMatch(/^AAPL +320 USD/)
})

/** The command lines of the processes that work in a folder (Linux; elsewhere none are found). */
function processesIn(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(commandLine).filter((line) => line.includes(folder))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
