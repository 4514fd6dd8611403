import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commands } from '../src/commands/index.ts'
import { plain, say } from '../src/reply.ts'
import { connect, type Store } from '../src/store/connect.ts'
import * as discordRoom from './channels/discord-room.ts'
import * as smsRoom from './channels/sms-room.ts'
import * as telegramRoom from './channels/telegram-room.ts'
import { startTalk, type Talk } from './commands/talk.ts'
import { ANNA, CHANNEL, directOf, GUILD } from './doubles/discord.ts'
import { freshDatabase } from './mongo.ts'

/** What a database would take for an order where a text is expected. */
const ORDERS: readonly unknown[] = [{ $gt: '' }, ['$gt', ''], 7]
const SECRET = 'the secret of somebody else'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
  const victim = startTalk(store)
  for (const channel of ['telegram', 'discord', 'sms']) {
    const text = `alert AAPL > 500 note "${SECRET}"`
    await victim.handle({ channel, address: '+12025550199', id: 'victim', text })
  }
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})
afterEach(async () => {
  for (const { closeRooms } of [telegramRoom, discordRoom, smsRoom]) await closeRooms()
})

/** Somebody else's alerts are as they were, and nowhere is anything kept under a name that is an order. */
async function expectUntouched(channel: string): Promise<void> {
  const victim = await store.users.find(channel, '+12025550199')
  const alerts = await store.alerts.ofUser(victim!.id)
  expect(alerts.every(({ text, phase, paused }) => text.includes(SECRET) && phase === 'armed' && !paused)).toBe(true)
  expect(alerts.length).toBeGreaterThan(0)
  for (const { name } of await store.db.listCollections().toArray()) {
    const kept = await store.db.collection(name).find().toArray()
    expect([name, /"\$\w+":/.test(JSON.stringify(kept))]).toEqual([name, false])
  }
}

type Path = readonly string[]

/** The way to everything in an object that holds nothing else. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, [...path, name]))
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) }
  return Object.assign(copy, { [name]: replaced((value as Record<string, unknown>)[name], rest, by) })
}

/** An object once for each field and each order, with the order in place of the field. */
function forgeries<T>(whole: T): { what: string; forged: T }[] {
  return leavesOf(whole).flatMap((path) =>
    ORDERS.map((order) => ({
      what: `${path.join('.')} = ${JSON.stringify(order)}`,
      forged: replaced(whole, path, order) as T,
    })),
  )
}

describe('an order to the database in any field of what a platform tells is none', () => {
  const person = { id: 7, is_bot: false, first_name: 'Anna', last_name: 'A.', username: 'anna' }
  const chat = { id: 7, type: 'private', first_name: 'Anna' }
  const message = { message_id: 5, from: person, chat, date: 1_800_000_000, text: 'list' }
  const group = { ...chat, id: -100_500, type: 'supergroup', title: 'Traders' }

  test.each([
    ['a message', { message: { ...message, caption: 'list' } }],
    [
      'one of a group',
      { message: { ...message, chat: group, text: '/list@SignalBot', is_topic_message: true, message_thread_id: 3 } },
    ],
    ['a changed one', { edited_message: message }],
    ['a pressed button', { callback_query: { id: '9', from: person, chat_instance: '1', data: 'list', message } }],
    ['a move', { message: { message_id: 6, chat, date: 1, migrate_to_chat_id: 55 } }],
  ])('Telegram: %s', async (_title, update) => {
    const room = await telegramRoom.enter({ answer: talk.handle, clock: telegramRoom.fastClock(10_000) })
    for (const { forged } of forgeries(update)) room.telegram.push(forged as Record<string, unknown>)
    room.telegram.says('list', { id: 99 })
    await room.telegram.until(() => room.telegram.shown(99).length > 0)
    await room.channel.stop()
    expect(JSON.stringify([room.telegram.shown(), room.telegram.calls])).not.toContain(SECRET)
    await expectUntouched('telegram')
  })

  const author = { id: ANNA, username: 'anna', global_name: 'Anna', discriminator: '0' }
  const words = {
    ...{ id: '100000000000000009', channel_id: directOf(ANNA), author, content: 'list', type: 0 },
    ...{ timestamp: '2027-01-15T08:00:00.000000+00:00', nonce: '1' },
  }
  const interaction = {
    ...{ id: '200000000000000001', application_id: '900000000000000001', token: 'token', version: 1, locale: 'en-US' },
    ...{ channel_id: directOf(ANNA), user: author, channel: { id: directOf(ANNA), type: 1 } },
  }
  const member = { user: author, permissions: '8', roles: ['1'], nick: 'Anna' }
  test.each([
    ['a message', 'MESSAGE_CREATE', words],
    [
      'one of a server',
      'MESSAGE_CREATE',
      { ...words, channel_id: CHANNEL, guild_id: GUILD, content: '<@900000000000000001> list', member },
    ],
    ['a changed one', 'MESSAGE_UPDATE', { ...words, edited_timestamp: '2027-01-15T08:01:00.000000+00:00' }],
    [
      'a slash command',
      'INTERACTION_CREATE',
      {
        ...interaction,
        type: 2,
        data: { id: '3', type: 1, name: 'price', options: [{ type: 3, name: 'symbols', value: 'AAPL' }] },
      },
    ],
    [
      'what is being typed',
      'INTERACTION_CREATE',
      {
        ...interaction,
        type: 4,
        data: {
          id: '3',
          type: 1,
          name: 'price',
          options: [{ type: 3, name: 'symbols', value: 'AAPL', focused: true }],
        },
      },
    ],
    [
      'a pressed button',
      'INTERACTION_CREATE',
      { ...interaction, type: 3, data: { component_type: 2, custom_id: 'list' }, message: words },
    ],
  ])('Discord: %s', async (_title, event, whole) => {
    const room = await discordRoom.enter({ answer: talk.handle, menu: commands, clock: telegramRoom.fastClock(100) })
    for (const { forged } of forgeries(whole)) room.discord.push(event, forged)
    room.discord.says('list', { id: '700000000000000099' })
    await room.discord.until(() => room.discord.shown(directOf('700000000000000099')).length > 0)
    await room.channel.stop()
    expect(JSON.stringify(room.discord.calls)).not.toContain(SECRET)
    await expectUntouched('discord')
  })

  const SMS_FIELDS = [
    'Body',
    'From',
    'MessageSid',
    'NumMedia',
    'OptOutType',
    'To',
    'SmsSid',
    'FromCountry',
    'Body[$gt]',
    'From[$ne]',
  ]
  test('SMS: a text', async () => {
    const room = await smsRoom.enter({ answer: talk.handle })
    const answers = []
    for (const field of SMS_FIELDS)
      for (const order of ['{"$gt":""}', '[$ne]='])
        answers.push(await room.twilio.texts('list', smsRoom.ANNA, { [field]: order }))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]))
    expect(JSON.stringify(answers)).not.toContain(SECRET)
    await expectUntouched('sms')
  })
})

describe('an order to the database behind any command is words', () => {
  const WORDS = [
    '{"$gt": ""}',
    "'; return true; var x='",
    '$where 1 [$ne]=1 7',
    'page {"$gt":1}',
    `\u0000\u001b[2J\u202e\ud800 ${'e\u0301'.repeat(300)}`,
  ]

  test.each(commands.map(({ name }) => name))('%s', async (name) => {
    talk = startTalk(store, { access: { operators: [`double:user/1`] } })
    const sender = { id: 'user/1', name: 'Anna', isAdmin: true }
    const answers = await Promise.all(WORDS.map((words) => talk.hears(`${name} ${words}`, { sender })))
    for (const answer of answers) {
      expect(plain(answer)).not.toContain('Something broke')
      expect(plain(answer)).not.toContain(SECRET)
    }
  })

  test('and nothing of all that is kept as one', async () => {
    await expectUntouched('telegram')
  })
})

describe('a message of which any part is no text', () => {
  const whole = {
    channel: 'double',
    address: 'here',
    id: '1',
    text: 'list',
    sender: { id: '5', name: 'Anna', isAdmin: false },
  }

  test('is not handled, whatever it is instead; only what says yes or no may be anything, and is no then', async () => {
    for (const { what, forged } of forgeries(whole)) {
      const reply = await talk.handle(forged)
      if (what.startsWith('sender.isAdmin')) expect(plain(reply)).toContain('You have no alerts')
      else expect([what, reply]).toEqual([what, say('I cannot read that.')])
    }
  })

  test.each([
    ['an address that is longer than any', { address: 'x'.repeat(201) }],
    ['an address of two lines', { address: 'a\nb' }],
    ['no id', { id: '' }],
  ])('the same with %s', async (_title, given) => {
    expect(await talk.handle({ ...whole, ...given })).toEqual(say('I cannot read that.'))
  })
})

describe('what is kept is written in one way', () => {
  test('letters as one character each (NFC), without those that give orders', async () => {
    await talk.hears('alert AAPL > 500 note "cafe\u0301 \u202eetc\u0007\ud800 done"', {
      isGroup: true,
      sender: { id: '5', name: ` Zoe\u0308\n\u202e${'x'.repeat(200)}`, isAdmin: true },
    })
    const [alert] = await talk.alerts()
    expect(alert!.options.note).toBe('caf\u00e9  etc   done')
    expect(alert!.maker).toEqual({ id: '5', name: `Zo\u00eb ${'x'.repeat(96)}` })
    expect(JSON.stringify(alert)).not.toMatch(/\u202e|\\u0007|\\ud800|\u0301/)
  })
})
