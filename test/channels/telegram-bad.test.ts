import { afterEach, describe, expect, test } from 'vitest'
import type { Message } from '../../src/channels/channel.ts'
import { compose, say } from '../../src/reply.ts'
import { closeRooms, enter, type Room } from './telegram-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const GROUP = -500
const texts = ({ telegram }: Room, chat?: number) => telegram.shown(chat).map(({ text }) => text)
const errorsIn = ({ logged }: Room) => logged.filter((line) => /"level":(50|60)/.test(line))
const heardIn = ({ heard }: Room) => heard.map(({ text }) => text).filter((text) => text !== 'settled?')
const said = ({ telegram }: Room) =>
  telegram.calls.filter(({ method }) => method.startsWith('send') || method.startsWith('edit'))

/** Waits until something said after it was heard and answered; whatever was to be passed over has been by then. */
async function settles(room: Room): Promise<void> {
  room.telegram.says('settled?', { id: 99 })
  await room.telegram.until(() => room.telegram.shown(99).length === 1)
}

describe('an update of a shape that Telegram does not have is passed over, and what comes after it is answered', () => {
  const from = { id: 7, is_bot: false, first_name: 'Anna' }
  const chat = { id: 7, type: 'private', first_name: 'Anna' }
  const message = { message_id: 1, from, chat, date: 1, text: '/list' }
  const query = { id: 'q', from, chat_instance: '1', data: 'list', message }
  test.each<[string, Record<string, unknown>]>([
    ['a text in place of a message', { message: 'list' }],
    ['a list in place of a message', { message: [] }],
    ['words that are no text', { message: { ...message, text: 7 } }],
    ['words that are a query', { message: { ...message, text: { $ne: null } } }],
    ['a message from nobody', { message: { ...message, from: undefined } }],
    ['a message in a chat without an id', { message: { ...message, chat: { type: 'private' } } }],
    ['a message in a chat whose id is a query', { message: { ...message, chat: { ...chat, id: { $gt: 0 } } } }],
    ['a message whose writer has a query as an id', { message: { ...message, from: { ...from, id: { $gt: 0 } } } }],
    ['a change of a message that is none', { edited_message: null }],
    ['a change without words', { edited_message: { ...message, text: undefined, edit_date: 2 } }],
    ['a move of a group to nowhere', { message: { ...message, text: undefined, migrate_to_chat_id: { $gt: 0 } } }],
    ['a move of a group from nowhere', { message: { ...message, text: undefined, migrate_from_chat_id: null } }],
    ['a press without a person', { callback_query: { ...query, from: undefined } }],
    ['a press under nothing in no chat', { callback_query: { ...query, message: {} } }],
    ['a press whose data are no text', { callback_query: { ...query, data: { $ne: null } } }],
    ['news of a chat that it is not', { message_reaction: { chat, message_id: 1, new_reaction: [] } }],
    ['a vote', { poll_answer: { poll_id: '1', user: from, option_ids: [0] } }],
    [
      'a wish to pay',
      { pre_checkout_query: { id: '1', from, currency: 'USD', total_amount: 1, invoice_payload: 'x' } },
    ],
    ['__proto__', JSON.parse('{"__proto__":{"message":{"text":"/list"}},"constructor":"x"}')],
  ])('%s', async (_title, update) => {
    const room = await enter()
    room.telegram.push(update)
    await settles(room)
    expect(heardIn(room)).toEqual([])
    expect(said(room)).toHaveLength(1)
    expect([room.moves, errorsIn(room)]).toEqual([[], []])
    expect(room.channel.health?.()).toEqual({ ok: true, says: 'listens' })
  })
})

describe('what people type is heard as it is, and shown as text', () => {
  const evil = [
    ['another one’s number', 'delete 12345'],
    ['tags', '<b>bold</b> <i>x <u>y</i></u> <script>alert(1)</script> <!-- -->'],
    ['the end of what we began', '</b></pre></code></blockquote>'],
    ['a link to a person', '<a href="tg://user?id=8">Ben</a>'],
    ['entities of HTML', '&lt;b&gt; &amp;amp; &#60; &#x3c; &nbsp; &bogus;'],
    ['markup of other kinds', '*bold* _under_ `code` [money](https://evil.example) ||hidden||'],
    ['an angle bracket alone', 'AAPL < 300 & > 500 <'],
    ['something that looks like data', '{"$ne": null}'],
    ['a path and a template', '../../etc/passwd {{7*7}} %s%n $(id)'],
  ] as const

  test.each(evil)('%s', async (_title, typed) => {
    const room = await enter({ answer: ({ text }) => compose([text, '\n', { strong: text }, '\n', { block: text }]) })
    room.telegram.says(typed)
    await room.telegram.until(() => room.telegram.shown().length === 1)
    expect(heardIn(room)).toEqual([typed])
    const [shown] = room.telegram.shown()
    expect(shown!.text).toBe([typed, typed, typed].join('\n'))
    expect(shown!.entities.map(({ type }) => type)).toEqual(['bold', 'pre'])
    expect(errorsIn(room)).toEqual([])
  })

  test('names, in a group: nobody is called by our words', async () => {
    const room = await enter()
    room.telegram.says('@SignalBot list @ben @everyone', { chat: GROUP })
    await room.telegram.until(() => room.telegram.shown(GROUP).length === 1)
    expect(heardIn(room)).toEqual(['list @ben @everyone'])
    expect(texts(room, GROUP)).toEqual(['you said list @\u2060ben @\u2060everyone'])
  })

  test.each([
    ['turned round', 'abc\u202edef\u2066ghi\u200f'],
    ['control characters', 'a\u0000b\u0007c\u001b[31md\u009be'],
    ['half of a character', 'a\ud800b'],
  ])('%s: heard, and shown without it', async (_title, typed) => {
    const room = await enter()
    room.telegram.says(typed)
    await room.telegram.until(() => room.telegram.shown().length === 1)
    expect(room.heard).toHaveLength(1)
    expect(texts(room)[0]).not.toMatch(/\p{Cs}|[\u202a-\u202e\u2066-\u2069]|\p{Cc}/u)
  })

  test('a line of 10 kB', async () => {
    const line = 'x'.repeat(10_000)
    const room = await enter()
    room.telegram.says(line)
    await room.telegram.until(() => texts(room).join('').replace('you said ', '') === line)
    expect(heardIn(room)).toEqual([line])
    expect(texts(room).every((text) => text.length <= 4_096)).toBe(true)
  })

  test('names of people and groups that are markup', async () => {
    const room = await enter({
      answer: ({ sender }) => ({ ...say(`${sender!.name} asked`), isPrivate: true as const }),
    })
    room.telegram.opens(8)
    room.telegram.says('/list@SignalBot', { id: 8, name: '</b><a href="tg://user?id=7">', chat: GROUP })
    await room.telegram.until(() => room.telegram.shown(8).length === 1)
    expect(texts(room, 8)).toEqual(['About Traders <b>:\n</b><a href="tg://user?id=7"> asked'])
    expect(room.telegram.shown(8)[0]!.entities).toEqual([])
  })
})

describe('buttons that are old, or were made up, get no further than what is typed', () => {
  const answer = ({ text }: Message) =>
    text === 'set' ? say('Alert 1 is on.', [{ label: 'Delete', command: 'delete 1' }]) : say(`did ${text}`)

  test.each([
    ['another one’s alert', 'delete 99', 'did delete 99'],
    ['more than Telegram lets a button carry', `delete ${'9'.repeat(10_000)}`, `did delete ${'9'.repeat(4_000)}`],
    ['data', '{"$ne": null}', 'did {"$ne": null}'],
    ['control characters', 'a\u0000\u202eb', 'did a  b'],
  ])('%s', async (_title, data, shown) => {
    const room = await enter({ answer })
    room.telegram.says('set')
    await room.telegram.until(() => room.telegram.shown().length === 1)
    room.telegram.forges(data, room.telegram.shown()[0]!.id)
    await room.telegram.until(() => room.telegram.shown().length > 1)
    expect(texts(room)[1]).toContain(shown)
    expect(heardIn(room)).toEqual(['set', data])
  })

  test('a press that comes again is carried out once', async () => {
    const room = await enter({ answer })
    room.telegram.says('set')
    await room.telegram.until(() => room.telegram.shown().length === 1)
    room.telegram.presses('Delete')
    await room.telegram.until(() => room.telegram.shown().length === 2)
    room.telegram.repeat(1_002)
    await settles(room)
    expect(heardIn(room)).toEqual(['set', 'delete 1'])
  })
})
