import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Channel, Message } from '../src/channels/channel.ts'
import { readConfig, secretsOf } from '../src/config.ts'
import { SendError } from '../src/errors.ts'
import { deliverJob, type JobParts } from '../src/jobs/index.ts'
import { createLog, type Log } from '../src/log.ts'
import { say } from '../src/reply.ts'
import { connect, type Store } from '../src/store/connect.ts'
import * as discordRoom from './channels/discord-room.ts'
import * as smsRoom from './channels/sms-room.ts'
import * as telegramRoom from './channels/telegram-room.ts'
import { startTalk } from './commands/talk.ts'
import { aNotification } from './delivery/a-notification.ts'
import { freshDatabase } from './mongo.ts'

const PHONE = '+12025550123'
const CHAT = '987654321'
const PERSON = '123456789012345678'
const MAIL = 'anna.smith+alerts@mail.example.org'

let store: Store
let lines: string[]
let log: Log
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  lines = []
  log = createLog('trace', { write: (line) => void lines.push(line) })
})
afterEach(async () => {
  for (const { closeRooms } of [telegramRoom, discordRoom, smsRoom]) expect(await closeRooms()).toEqual([])
})

/** Something was logged, each line is JSON still, and none of these is in any. */
function expectSilence(...secrets: readonly string[]): void {
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  for (const secret of secrets) expect(lines.join('')).not.toContain(secret)
}

describe('by its looks alone is taken out', () => {
  test.each([
    ['a phone number', `The 'To' number ${PHONE} is not valid`, PHONE],
    ['an e-mail address', `cannot mail <${MAIL}>`, MAIL],
    ['an address as the settings have it', 'nobody at telegram:987654321', '987654321'],
    ['a chat of Telegram', `{"chat_id":${CHAT},"text":"x"}`, CHAT],
    ['a group of Telegram', 'chat_id=-100987654321', '100987654321'],
    ['a person of Discord', `POST /channels/${PERSON}/messages`, PERSON],
    [
      'a token of Telegram',
      'https://api.telegram.org/bot4711:AAH-double_of_a_token_0123456789abc/sendMessage',
      'AAH-double',
    ],
    ['a token of Discord', 'Bot MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs', 'Cl2FMQ.ZnCjm1'],
    ['a password in an address', 'mongodb+srv://me:s3cret@cluster.example.net/x', 's3cret'],
    ['a key in a query', 'GET https://example.com/quote?symbol=AAPL&apikey=abc123def', 'abc123def'],
    ['a header', 'authorization: Bearer abcdefghijklmnop0123456789', 'abcdefghijklmnop'],
    ['an account of Twilio', `AC${'0123456789abcdef'.repeat(2)}`, '0123456789abcdef'],
    ['a key of Amazon', 'AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7'],
  ])('%s', (_title, text, secret) => {
    const error = Object.assign(new Error(text, { cause: new Error(text) }), { request: { deep: { down: text } } })
    log.error({ err: error, deep: { deeper: { said: text } } }, text)
    expectSilence(secret)
    expect(lines[0]).toContain('[redacted]')
  })

  test.each([
    'AAPL 501.12 USD at 15:04:07, up 1.9 %',
    'alert AAPL > 500 until 2026-12-31 17:00',
    'price 0.12345678901234567 of 1234567890',
    'https://query1.finance.yahoo.com/v8/finance/chart/AAPL?range=1d&interval=1m',
    'telegram: 3 waiting',
    'the provider coinbase:BTC/USD answers 429',
  ])('and nothing of: %s', (text) => {
    log.info(text)
    expect(JSON.parse(lines[0]!).msg).toBe(text)
  })
})

test('the value of every secret setting is taken out wherever it stands, also one that came from a file', () => {
  const given = { TIINGO_KEY: 'tii/"ngo', TWILIO_AUTH_TOKEN: 'hunter-2-hunter', MONGODB_URI: 'mongodb://db/secretly' }
  const { TWILIO_AUTH_TOKEN: token, ...others } = given
  const folder = mkdtempSync(join(tmpdir(), 'signal-generator-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'token')
  writeFileSync(file, `${token}\n`)
  const secrets = secretsOf(readConfig({ ...others, TWILIO_AUTH_TOKEN_FILE: file }, '/nowhere'))
  expect(secrets.sort()).toEqual(Object.values(given).sort())
  const knowing = createLog('info', { secrets, write: (line) => void lines.push(line) })
  knowing.warn({ why: `refused: ${Object.values(given).join(' ')}` }, `with ${given.TIINGO_KEY}`)
  expectSilence('ngo', 'hunter', 'secretly')
})

describe('what goes wrong on the way is logged without saying who it was', () => {
  test('a message that could not be answered', async () => {
    const talk = startTalk(store, {
      log,
      commands: [
        {
          ...{ name: 'break', usage: 'break', summary: '' },
          run: async ({ message: { address } }) => {
            throw new Error(`E11000 duplicate key: { address: "${address}", phone: "${PHONE}", mail: "${MAIL}" }`)
          },
        },
      ],
    })
    const message: Message = { channel: 'sms', address: PHONE, id: 'SM1', text: 'break' }
    expect(await talk.handle(message)).toEqual(say('Something broke on my side (ref 8f3a). Your alerts are safe.'))
    expectSilence(PHONE, MAIL)
  })

  test('a notification that a channel did not take', async () => {
    await store.notifications.add([aNotification({ id: 'n', channel: 'sms', address: PHONE, createdAt: Date.now() })])
    const user = await store.users.ofAddress('sms', PHONE, Date.now())
    const [subscription] = user.subscriptions
    const filter = { _id: 'n' as never }
    await store.db
      .collection('notifications')
      .updateOne(filter, { $set: { user: user.id, subscription: subscription!.id } })
    const channel: Channel = {
      name: 'sms',
      start: async () => {},
      stop: async () => {},
      send: async (address) => {
        throw new SendError(`${address} takes nothing from ${MAIL}`, { permanent: false })
      },
    }
    const market = { now: Date.now, freshFor: () => 0 }
    const parts = { config: readConfig({}, '/nowhere'), log, store, market, zone: 'UTC', due: async () => {} }
    await deliverJob(parts as unknown as JobParts, channel).run()
    expect((await store.notifications.byIds(['n']))[0]).toMatchObject({ state: 'due', tries: 1 })
    expectSilence(PHONE, MAIL)
  })

  test('what Telegram refuses, and where it is not to be reached at all', async () => {
    const room = await telegramRoom.enter({ log })
    const refusal = { code: 400, description: `Bad Request: cannot write to chat_id=${CHAT}, ${MAIL}` }
    room.telegram.behave('answerCallbackQuery', refusal)
    room.telegram.behave('editMessageText', refusal)
    room.telegram.behave('sendMessage', { code: 403, description: `Forbidden: ${PHONE}` })
    room.telegram.says('hello', { id: Number(CHAT) })
    await room.telegram.until(() => room.telegram.calls.some(({ method }) => method === 'sendMessage'))
    await room.channel.stop()
    const nowhere = await telegramRoom.enter({ log, listens: false, apiRoot: 'http://127.0.0.1:1' })
    await expect(nowhere.channel.send(CHAT, say('x'), 'key')).rejects.toThrow(SendError)
    log.warn({ err: await nowhere.channel.send(CHAT, say('x'), 'key').catch((error: unknown) => error) }, 'not sent')
    expectSilence(PHONE, MAIL, CHAT, room.telegram.token)
  })

  test('what Discord refuses', async () => {
    const room = await discordRoom.enter({
      log,
      answer: async () => Promise.reject(new Error(`no ${MAIL} of ${PERSON}`)),
    })
    room.discord.slash('list')
    await room.discord.until(() => room.discord.shown().length > 0)
    await room.channel.stop()
    log.warn(
      { err: await room.channel.send(`user/${PERSON}`, say('x'), 'key').catch((error: unknown) => error) },
      'sent?',
    )
    expectSilence(MAIL, PERSON, room.discord.token)
  })

  test('a text that could not be answered, and one that Twilio refuses', async () => {
    const room = await smsRoom.enter({ log, answer: async () => Promise.reject(new Error(`E11000 ${PHONE} ${MAIL}`)) })
    await room.twilio.texts('list', PHONE)
    room.twilio.behave({ status: 400, code: 20_003, message: `Authenticate ${room.twilio.accountSid} for ${PHONE}` })
    await expect(room.channel.send(PHONE, say('x'), 'key')).rejects.toThrow(SendError)
    expectSilence(PHONE, MAIL, room.twilio.accountSid, room.twilio.authToken)
  })
})
