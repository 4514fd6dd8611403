import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { startTalk, type Talk } from '../commands/talk.ts'
import { freshDatabase } from '../mongo.ts'
import { aFolder, runProgram } from './run-program.ts'

let uri: string
let store: Store
let talk: Talk
beforeAll(async () => {
  uri = freshDatabase()
  store = await connect(uri)
  talk = startTalk(store)
})
afterAll(() => store.close())

/** Runs a sub-command on the test's database and a made market. */
async function run(args: readonly string[], files: Record<string, string> = {}) {
  const program = runProgram(args, { MONGODB_URI: uri, MARKET: 'simulated' }, { folder: aFolder(files) })
  const { code } = await program.ended()
  return { code, out: program.out(), err: program.err() }
}

const says = (address: string, text: string) =>
  talk.handle({ channel: 'telegram', address, id: `${address}/${talk.now++}`, text })
const texts = async (address: string) => {
  const user = await store.users.find('telegram', address)
  return (await store.alerts.ofUser(user!.id)).map(({ number, text, paused }) => [number, text, paused])
}

test('what is exported of everybody sets the alerts again where they are missing, and only there', async () => {
  await says('1', 'alert AAPL > 500 or < 300 repeat\nBTC > 1 note \'a "b"\'')
  await says('1', 'pause 1')
  await says('1', 'timezone Europe/Berlin')
  await says('2', 'alert EURUSD < 1.05')
  const exported = await run(['export'])
  expect({ code: exported.code, err: exported.err }).toEqual({ code: 0, err: '2 people.\n' })
  const one = await run(['export', '--address', 'telegram:2'])
  expect(JSON.parse(exported.out).people).toContainEqual(JSON.parse(one.out).people[0])

  const file = { 'all.json': exported.out }
  expect(await run(['import', 'all.json'], file)).toMatchObject({
    code: 0,
    err: '0 set, 3 there already, 0 not taken.\n',
  })
  await says('1', 'delete 1 2')
  const back = await run(['import', 'all.json'], file)
  expect(back).toMatchObject({ code: 0, err: '2 set, 1 there already, 0 not taken.\n' })
  expect(back.out).toContain('telegram:1 alert 3 is paused: alert AAPL price > 500 or AAPL price < 300 repeat\n')
  expect(await texts('1')).toEqual([
    [3, 'AAPL price > 500 or AAPL price < 300 repeat', true],
    [4, 'BTC price > 1 note “a "b"”', false],
  ])
  expect(await texts('2')).toEqual([[1, 'EURUSD price < 1.05', false]])

  // Who had everything erased after the export gets none of it back by it.
  await says('1', 'forgetme yes')
  const after = await run(['import', 'all.json'], file)
  expect(after.code).toBe(1)
  expect(after.out).toContain('telegram:1: had everything erased after this was exported; nothing is taken.\n')
  expect(await store.users.find('telegram', '1')).toBeNull()
})

test('lines become the alerts of whoever has the address; what cannot be taken is said and spoils nothing', async () => {
  await says('3', 'list')
  const lines = '/alert AAPL > 500\n\nalert BTC > 1 via sms\n/alert nonsense here\n/alert AAPL price > 500\n'
  const imported = await run(['import', 'lines.txt', '--address', 'telegram:3'], { 'lines.txt': lines })
  expect(imported.code).toBe(1)
  expect(imported.out.split('\n')).toEqual([
    'telegram:3 alert 1 is on: alert AAPL price > 500',
    expect.stringMatching(/^telegram:3 not taken: BTC > 1 via sms \(I cannot tell you by SMS/),
    expect.stringMatching(/^telegram:3 not taken: nonsense here \(/),
    'telegram:3 alert 2 is on: alert AAPL price > 500',
    '',
  ])
  expect(await texts('3')).toHaveLength(2)
})

test.each<[string, readonly string[], string]>([
  ['a file that is not there', ['none.txt'], 'The file none.txt cannot be read: there is no such file.'],
  ['lines without an address', ['x'], 'The file does not say whose alerts these are.'],
  ['an address of nobody', ['x', '--address', 'sms:+12025550199'], 'nobody has written to the bot from there yet'],
])('import refuses %s', async (_title, args, said) => {
  const { code, out, err } = await run(['import', ...args], { x: '/alert AAPL > 1' })
  expect(code).toBe(1)
  expect(out + err).toContain(said)
})
