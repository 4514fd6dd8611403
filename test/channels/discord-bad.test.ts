import { afterEach, describe, expect, test } from 'vitest'
import type { Message } from '../../src/channels/channel.ts'
import { compose, NOT_PRESSED, say } from '../../src/reply.ts'
import { ANNA, BEN, CHANNEL, directOf, GUILD, type Writer } from '../doubles/discord.ts'
import { closeRooms, enter, type Room } from './discord-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const texts = ({ discord }: Room, channel?: string) => discord.shown(channel).map(({ content }) => content)
const ME = '900000000000000001'
const inServer: Writer = { channel: CHANNEL }

/** Waits until something said after it was heard and answered; whatever was to be passed over has been by then. */
async function settles(room: Room): Promise<void> {
  const person = '700000000000000099'
  room.discord.says('settled?', { id: person })
  await room.discord.until(() => room.discord.shown(directOf(person)).length === 1)
}
const heardIn = (room: Room) => room.heard.map(({ text }) => text).filter((text) => text !== 'settled?')
const errorsIn = (room: Room) => room.logged.filter((line) => /"level":(50|60)/.test(line))

describe('what nobody can read is passed over, and what comes after it is answered', () => {
  const message = {
    id: '100000000000000009',
    channel_id: directOf(ANNA),
    author: { id: ANNA, username: 'anna' },
    content: 'list',
    type: 0,
    timestamp: '',
    edited_timestamp: null,
    mentions: [],
    embeds: [],
  }
  const interaction = { id: '1', application_id: '2', token: 't', type: 2, data: {}, channel_id: '3' }
  test.each<[string, string, unknown]>([
    ['a kind there is not yet', 'FUTURE_THING', { id: '1' }],
    ['somebody who types', 'TYPING_START', { channel_id: CHANNEL, user_id: ANNA }],
    ['an event without a content', 'MESSAGE_CREATE', null],
    ['a text in place of a message', 'MESSAGE_CREATE', 'hello'],
    ['a message without an author', 'MESSAGE_CREATE', { ...message, author: undefined }],
    ['a message whose words are no text', 'MESSAGE_CREATE', { ...message, content: 7 }],
    ['a message of another bot', 'MESSAGE_CREATE', { ...message, author: { ...message.author, bot: true } }],
    ['our own message', 'MESSAGE_CREATE', { ...message, author: { id: ME, username: 'signal', bot: true } }],
    ['a message of a webhook', 'MESSAGE_CREATE', { ...message, webhook_id: '5' }],
    ['that somebody came', 'MESSAGE_CREATE', { ...message, type: 7 }],
    ['that a message was pinned', 'MESSAGE_CREATE', { ...message, type: 6 }],
    ['a message in a server without words', 'MESSAGE_CREATE', { ...message, guild_id: GUILD, content: null }],
    ['a change without words', 'MESSAGE_UPDATE', { ...message, content: undefined, edited_timestamp: 'x' }],
    ['a change of a message that is none', 'MESSAGE_UPDATE', {}],
    ['that a message was deleted', 'MESSAGE_DELETE', { id: '100000000000000009', channel_id: directOf(ANNA) }],
    ['an interaction that is none', 'INTERACTION_CREATE', 7],
    ['a ping', 'INTERACTION_CREATE', { ...interaction, type: 1 }],
    ['an interaction without a token', 'INTERACTION_CREATE', { ...interaction, token: undefined }],
    [
      'an interaction with permissions that are none',
      'INTERACTION_CREATE',
      { ...interaction, member: { user: message.author, permissions: 'all' } },
    ],
  ])('%s', async (_title, t, d) => {
    const room = await enter()
    room.discord.push(t, d)
    await settles(room)
    expect(heardIn(room)).toEqual([])
    const answers = room.discord.calls.filter(({ route }) => /POST \/(channels|interactions|webhooks)/.test(route))
    expect(answers).toHaveLength(1)
    expect(room.channel.health?.()).toEqual({ ok: true, says: 'connected' })
  })

  test.each<[string, string]>([
    ['no JSON', '{"op":'],
    ['nothing', ''],
    ['no object', '7'],
    ['an operation there is not', '{"op":99,"d":null}'],
    ['an event without a name', '{"op":0,"d":{},"s":2}'],
  ])('on the gateway itself: %s', async (_title, frame) => {
    const room = await enter()
    room.discord.frame(frame)
    await settles(room)
    expect(heardIn(room)).toEqual([])
  })
})

describe('what we never offered is answered so, to who asked alone, and does nothing', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a command of a person’s menu', { type: 2, data: { id: '1', type: 2, name: 'x', target_id: '5' } }],
    ['a command of a message’s menu', { type: 2, data: { id: '1', type: 3, name: 'x', target_id: '5' } }],
    [
      'a list to choose from',
      { type: 3, data: { component_type: 3, custom_id: 'x', values: ['delete all'] }, message: {} },
    ],
    ['a form', { type: 5, data: { custom_id: 'x', components: [] } }],
    ['a kind of interaction there is not yet', { type: 99, data: {} }],
    ['a button that carries nothing', { type: 3, data: { component_type: 2, custom_id: '' }, message: {} }],
    ['something typed in no option', { type: 4, data: { id: '1', type: 1, name: 'alert', options: [] } }],
    ['a command from nobody', { type: 2, data: { id: '1', type: 1, name: 'list' }, user: undefined }],
  ])('%s', async (_title, interaction) => {
    const room = await enter()
    const id = room.discord.interacts(interaction)
    await room.discord.until(() => room.discord.answered(id).length === 1)
    expect(room.discord.answered(id)).toMatchObject([{ type: 4, data: { flags: 68 } }])
    await settles(room)
    expect(heardIn(room)).toEqual([])
  })
})

describe('buttons that are old, or were made up', () => {
  const answer = ({ text }: Message) =>
    text === 'set' ? say('Alert 1 is on.', [{ label: 'Delete', command: 'delete 1' }]) : say(`did ${text}`)

  test.each<[string, string, string | undefined, string]>([
    [
      'the key of a command that is kept no more',
      `#${'A'.repeat(22)}`,
      undefined,
      'That button is too old for me. Type the command instead.',
    ],
    ['a key that is none', '#', undefined, 'That button is too old for me. Type the command instead.'],
    ['a command that no button had', 'delete all', 'delete all', 'did delete all'],
    ['another one’s alert', 'delete 99', 'delete 99', 'did delete 99'],
    ['markup', '<b>**', '<b>**', 'did \\<b>\\*\\*'],
    ['control characters', 'a\u0000\u202eb', 'a\u0000\u202eb', 'did a  b'],
  ])('%s: gets no further than what is typed', async (_title, data, heard, shown) => {
    const room = await enter({ answer })
    room.discord.says('set')
    await room.discord.until(() => room.discord.shown().length === 1)
    room.discord.forges(data, room.discord.shown()[0]!.id)
    await room.discord.until(() => room.discord.shown().length === 2)
    expect(texts(room)[1]).toBe(shown)
    expect(heardIn(room)).toEqual(heard === undefined ? ['set'] : ['set', heard])
  })

  test('where what is kept cannot be read, the press is answered so and nothing is done', async () => {
    const long = { keep: async () => {}, find: () => Promise.reject(new Error('the database is gone')) }
    const room = await enter({ answer, long })
    room.discord.says('set')
    await room.discord.until(() => room.discord.shown().length === 1)
    room.discord.forges('#xyz', room.discord.shown()[0]!.id)
    await room.discord.until(() => room.discord.shown().length === 2)
    expect(texts(room)[1]).toBe(NOT_PRESSED)
    expect(heardIn(room)).toEqual(['set'])
  })

  test('a press that comes again is carried out once', async () => {
    const room = await enter({ answer })
    room.discord.says('set')
    await room.discord.until(() => room.discord.shown().length === 1)
    const id = room.discord.presses('Delete')
    await room.discord.until(() => room.discord.shown().length === 2)
    room.discord.repeat(id)
    await settles(room)
    expect(heardIn(room)).toEqual(['set', 'delete 1'])
  })
})

describe('what people type is heard as it is, and shown as text', () => {
  const evil = [
    ['another one’s number', 'delete 12345'],
    ['calls of everyone', `@everyone @here <@${BEN}> <@&${GUILD}> <#${CHANNEL}>`],
    ['emphasis', '**bold** __under__ ~~gone~~ ||hidden|| `code`'],
    ['a link under other words', '[free money](https://evil.example)'],
    ['the end of a block', '``` **out** ```'],
    ['a heading and a quotation', '# BIG\n> said nobody\n-# small'],
    ['turned round', 'abc\u202edef\u2066ghi'],
    ['control characters', 'a\u0000b\u0007c\u001b[31md'],
    ['half of a character', 'a\ud800b'],
    ['something that looks like data', '{"$ne": null}'],
  ] as const

  test.each(evil)('%s', async (_title, typed) => {
    const room = await enter({ answer: ({ text }) => compose([text, '\n', { strong: text }, '\n', { block: text }]) })
    room.discord.says(typed)
    await room.discord.until(() => room.discord.shown().length === 1)
    expect(heardIn(room)).toEqual([typed])
    const [shown] = room.discord.shown()
    expect(shown!.calls).toEqual([])
    expect(outsideBlock(shown!.content)).not.toMatch(/(?<!\\)<[@#]|@(everyone|here)|^[#>]|^-#/m)
    expect(shown!.content).not.toMatch(/\p{Cs}|[\u202a-\u202e\u2066-\u2069]|[^\P{Cc}\n]/u)
    expect(outsideBlock(shown!.content).replaceAll(/\\./g, '').replaceAll('**', '')).not.toMatch(/[*_~`|[\]]/)
    expect(shown!.content.match(/```/g)).toHaveLength(2)
  })

  test('a line of 10 kB', async () => {
    const line = 'x'.repeat(10_000)
    const room = await enter()
    room.discord.says(line)
    await room.discord.until(() => texts(room).join('').replace('you said ', '') === line)
    expect(heardIn(room)).toEqual([line])
    expect(texts(room).every((text) => text.length <= 2_000)).toBe(true)
  })

  test('nothing at all, as with a picture alone', async () => {
    const room = await enter({ answer: ({ text }) => say(`"${text}"`) })
    room.discord.says('', { with: { attachments: [{ id: '1', filename: 'cat.png' }] } })
    await room.discord.until(() => room.discord.shown().length === 1)
    expect(texts(room)).toEqual(['""'])
  })

  test('a name that is markup is handed on as it is', async () => {
    const room = await enter()
    room.discord.says('list', { name: '**<@1>' })
    await room.discord.until(() => room.discord.shown().length === 1)
    expect(room.heard[0]!.sender!.name).toBe('**<@1>')
  })
})

describe('what goes wrong inside', () => {
  const answer = ({ text }: Message) => {
    if (text.includes('boom')) throw new Error('boom')
    return say('fine')
  }

  test('a message that cannot be handled does not end the listening', async () => {
    const room = await enter({ answer })
    room.discord.says('boom')
    room.discord.says('and now?')
    await room.discord.until(() => room.discord.shown().length === 1)
    expect(texts(room)).toEqual(['fine'])
    expect(errorsIn(room).join('')).toContain('a message of Discord could not be answered')
  })

  test('a slash command that cannot be handled is answered so, to who asked alone', async () => {
    const room = await enter({ answer })
    room.discord.slash('boom', {}, inServer)
    await room.discord.until(() => room.discord.shown(CHANNEL).length === 1)
    expect(room.discord.shown(CHANNEL)).toMatchObject([
      { content: 'Something broke on my side. Try again in a moment.', onlyFor: ANNA },
    ])
  })

  test('neither the token of the bot nor that of an interaction is in the log', async () => {
    const room = await enter({ answer })
    for (const route of ['POST /interactions/:id/:token/callback', 'POST /channels/:id/messages'])
      room.discord.behave(route, { status: 403, code: 50_001 })
    room.discord.slash('list', {}, inServer)
    room.discord.says('list')
    await room.discord.until(() => room.discord.calls.filter(({ route }) => route.includes('/messages')).length === 2)
    await room.channel.stop()
    expect(errorsIn(room)).toHaveLength(2)
    expect(room.logged.join('')).not.toMatch(/token-of-|double\.of-a-token/)
  })
})

/** A message without what stands in its block. */
function outsideBlock(content: string): string {
  return content.replace(/```[\s\S]*```/, '')
}
