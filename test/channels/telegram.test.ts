import { afterEach, describe, expect, test } from 'vitest'
import type { Message } from '../../src/channels/channel.ts'
import { commands } from '../../src/commands/index.ts'
import { compose, NOT_PRESSED, type Reply, say } from '../../src/reply.ts'
import { aTelegram, closeRooms, enter, type Room } from './telegram-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

/** What is shown in a chat, word for word. */
function texts({ telegram }: Room, chat?: number, topic?: number): string[] {
  return telegram.shown(chat, topic).map(({ text }) => text)
}

async function shows(room: Room, count: number, chat?: number, topic?: number): Promise<void> {
  await room.telegram.until(() => room.telegram.shown(chat, topic).length >= count)
}

/** Waits until something said after it in the same place was heard: whatever was to be passed over has been by then. */
async function settles(room: Room, chat = 99, topic?: number): Promise<void> {
  const count = () => room.heard.filter(({ sender }) => sender?.id === '99').length
  const before = count()
  const place = topic === undefined ? { chat } : { chat, topic }
  room.telegram.says(chat < 0 ? '/settled@SignalBot' : 'settled?', { id: 99, ...place })
  await room.telegram.until(() => count() > before)
}

const labels = (room: Room, chat?: number) =>
  room.telegram.shown(chat).map(({ buttons }) => buttons.flat().map(({ text }) => text))

describe('a conversation', () => {
  test('a message says where it came from, who wrote it, and has an id of its own', async () => {
    const room = await enter()
    room.telegram.says('/list', { id: 7, name: 'Anna' })
    await shows(room, 1)
    expect(room.heard).toEqual([
      {
        channel: 'telegram',
        address: '7',
        id: '1001',
        text: '/list',
        sender: { id: '7', name: 'Anna', isAdmin: true },
      },
    ])
    expect(texts(room)).toEqual(['you said /list'])
  })

  test.each<[string, string, string]>([
    ['a command with our name', '/alert@SignalBot AAPL > 500', '/alert AAPL > 500'],
    ['our name in another case', '/list@signalbot', '/list'],
    ['a command over two lines', '/alert AAPL > 500\nor < 300', '/alert AAPL > 500\nor < 300'],
    ['no command', 'AAPL > 500', 'AAPL > 500'],
    ['a link that says nothing', '/start', '/start'],
    ['a link that says something', '/start link_K7QM-2XRA', '/start link K7QM-2XRA'],
    ['a name that is not ours', 'write to @somebody', 'write to @somebody'],
    ['right-to-left marks and control characters', 'a\u202eb\u0007c', 'a\u202eb\u0007c'],
  ])('%s is heard as it is meant', async (_title, typed, text) => {
    const room = await enter()
    room.telegram.says(typed)
    await shows(room, 1)
    expect(room.heard.map((message) => message.text)).toEqual([text])
  })

  test('a picture with words is its words, a sticker is nothing that can be read', async () => {
    const room = await enter()
    const photo = [{ file_id: 'f', file_unique_id: 'u', width: 1, height: 1 }]
    room.telegram.says('', { with: { text: undefined, photo, caption: '/price AAPL' } })
    room.telegram.says('', { with: { text: undefined, sticker: { file_id: 'f', emoji: '🚀' } } })
    await shows(room, 2)
    expect(room.heard.map(({ text }) => text)).toEqual(['/price AAPL', ''])
  })

  test('emphasis and columns are shown; whatever looks like markup is text', async () => {
    const evil = '<b>&lt;/b> <a href="tg://user?id=1">x</a> *_`[ & </pre>'
    const room = await enter({
      answer: () => compose([{ strong: `Alert 1 ${evil}` }, `: ${evil}\n`, { block: `1  ${evil}` }]),
    })
    room.telegram.says('/list')
    await shows(room, 1)
    const [shown] = room.telegram.shown()
    const line = `Alert 1 ${evil}`
    expect(shown!.text).toBe(`${line}: ${evil}\n1  ${evil}`)
    expect(shown!.entities).toEqual([
      { type: 'bold', offset: 0, length: line.length },
      { type: 'pre', offset: line.length + evil.length + 3, length: evil.length + 3 },
    ])
  })

  test('control characters and halves of characters do not reach Telegram', async () => {
    const room = await enter({ answer: () => say('a\u0000b\ud800c\u202ed') })
    room.telegram.says('x')
    await shows(room, 1)
    expect(texts(room)).toEqual(['a b c d'])
  })

  test('messages of one chat are answered in order, however long one takes; other chats do not wait', async () => {
    let release = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const room = await enter({
      async answer({ text }) {
        if (text === 'first') await slow
        return say(`answer to ${text}`)
      },
    })
    room.telegram.says('first')
    room.telegram.says('second')
    room.telegram.says('other', { id: 8 })
    await shows(room, 1, 8)
    expect(texts(room)).toEqual([])
    release()
    await shows(room, 2)
    expect(texts(room)).toEqual(['answer to first', 'answer to second'])
  })

  test('an update that comes again is answered once', async () => {
    const room = await enter()
    room.telegram.says('/list')
    await shows(room, 1)
    room.telegram.repeat(1_001)
    await settles(room, 7)
    expect(room.heard.map(({ text }) => text)).toEqual(['/list', 'settled?'])
    expect(texts(room).filter((text) => !text.includes('settled'))).toEqual(['you said /list'])
  })

  test('a message that was changed is answered anew, and the answer says so', async () => {
    const room = await enter()
    const message = room.telegram.says('/alert AAPL > 500')
    await shows(room, 1)
    room.telegram.edits(message, '/alert AAPL > 600')
    await shows(room, 2)
    expect(texts(room)[1]).toBe(
      'You changed that message, so I read it anew. What I did about it before stays.\n\nyou said /alert AAPL > 600',
    )
  })

  test('a change that changes no word is passed over', async () => {
    const room = await enter()
    const message = room.telegram.says('/alert AAPL > 500')
    await shows(room, 1)
    room.telegram.edits(message, '/alert AAPL > 500')
    await settles(room, 7)
    expect(room.heard.map(({ text }) => text)).toEqual(['/alert AAPL > 500', 'settled?'])
  })

  test.each<[string, Record<string, unknown>]>([
    ['a kind there is not yet', { future_thing: { id: 1 } }],
    [
      'a post of a channel',
      { channel_post: { message_id: 1, chat: { id: -5, type: 'channel', title: 'x' }, date: 1, text: '/list' } },
    ],
    ['a member who comes or goes', { my_chat_member: { chat: { id: 7, type: 'private' }, date: 1 } }],
    ['a question typed in another chat', { inline_query: { id: '1', from: { id: 7 }, query: 'AAPL', offset: '' } }],
    [
      'a message that a bot wrote',
      {
        message: {
          message_id: 1,
          from: { id: 9, is_bot: true, first_name: 'B' },
          chat: { id: 9, type: 'private' },
          date: 1,
          text: 'hi',
        },
      },
    ],
    ['a message without a chat', { message: { message_id: 1, text: '/list' } }],
    ['a message that is none', { message: null }],
    ['a press that is none', { callback_query: 7 }],
    ['nothing', {}],
  ])('%s is passed over, and what comes after it is answered', async (_title, update) => {
    const room = await enter()
    room.telegram.push(update)
    await settles(room)
    await shows(room, 1, 99)
    expect(room.heard.map(({ text }) => text)).toEqual(['settled?'])
    expect(room.telegram.calls.filter(({ method }) => method === 'sendMessage')).toHaveLength(1)
  })

  test('a message that cannot be handled does not end the listening', async () => {
    const room = await enter({
      answer({ text }) {
        if (text === 'boom') throw new Error('boom')
        return say('fine')
      },
    })
    room.telegram.says('boom')
    room.telegram.says('and now?')
    await shows(room, 1)
    expect(texts(room)).toEqual(['fine'])
    expect(room.logged.join('')).toContain('an update could not be answered')
  })

  test('the menu is that of private chats, and in groups without what is of no use there', async () => {
    const menu = [
      { name: 'alert', summary: 'Set an alert' },
      { name: 'mydata', summary: 'All I know about you', isPersonal: true as const },
    ]
    const room = await enter({ menu })
    await room.telegram.until(() => room.telegram.menu('all_group_chats') !== undefined)
    expect(room.telegram.menu('all_private_chats')).toEqual([
      { command: 'alert', description: 'Set an alert' },
      { command: 'mydata', description: 'All I know about you' },
    ])
    expect(room.telegram.menu('all_group_chats')).toEqual([{ command: 'alert', description: 'Set an alert' }])
  })

  test('are those of the program, and Telegram takes them', async () => {
    const menu = commands.filter(({ isHidden }) => !isHidden)
    const room = await enter({ menu })
    await room.telegram.until(() => room.telegram.menu('all_group_chats') !== undefined)
    const named = (scope: string) => room.telegram.menu(scope)?.map(({ command }) => command)
    expect(named('all_private_chats')).toEqual(menu.map(({ name }) => name))
    expect(named('all_group_chats')).toEqual(menu.filter(({ isPersonal }) => !isPersonal).map(({ name }) => name))
  })
})

test('a menu that Telegram does not take is reported, and the bot listens all the same', async () => {
  const room = await enter({ menu: [{ name: 'Not A Name', summary: 'x' }] })
  await settles(room)
  await room.telegram.until(() => room.telegram.calls.filter(({ method }) => method === 'setMyCommands').length === 2)
  expect(room.logged.join('')).toContain('Telegram does not take the menu')
  expect(room.channel.health?.()).toEqual({ ok: true, says: 'listens' })
})

describe('buttons', () => {
  const paused: Reply = { ...say('Alert 1 is paused.', [{ label: 'Resume', command: 'resume 1' }]), place: 'below' }
  const resumed: Reply = { ...say('Alert 1 is on.', [{ label: 'Pause', command: 'pause 1' }]), place: 'below' }
  const answers: Readonly<Record<string, Reply>> = {
    set: compose(
      [{ strong: 'Alert 1' }, ' is on.'],
      [
        { label: 'Pause', command: 'pause 1' },
        { label: 'Why', command: 'why 1' },
      ],
    ),
    'pause 1': paused,
    'resume 1': resumed,
    'why 1': say('Because.'),
    list: say('page 1', [{ label: 'More', command: 'list 2' }]),
    'list 2': { ...say('page 2', [{ label: 'Back', command: 'list 1' }]), place: 'instead' },
    'list 1': { ...say('page 1', [{ label: 'More', command: 'list 2' }]), place: 'instead' },
  }
  const answer = ({ text }: Message) => answers[text] ?? say(`? ${text}`)
  const presses = (room: Room) => room.telegram.calls.filter(({ method }) => method === 'answerCallbackQuery')

  test('a pressed button is the command it stands for, from who pressed it; each press is answered', async () => {
    const room = await enter({ answer })
    room.telegram.says('set')
    await shows(room, 1)
    expect(labels(room)).toEqual([['Pause', 'Why']])
    room.telegram.presses('Why')
    await shows(room, 2)
    expect(room.heard[1]).toEqual({
      channel: 'telegram',
      address: '7',
      id: '1002',
      text: 'why 1',
      sender: { id: '7', name: 'Anna', isAdmin: true },
      isPress: true,
      shownAt: 1_800_000_000_000,
    })
    expect(texts(room)).toEqual(['Alert 1 is on.', 'Because.'])
    expect(presses(room)).toHaveLength(1)
  })

  test('what takes the place of the message is shown in it, with its buttons', async () => {
    const room = await enter({ answer })
    room.telegram.says('list')
    await shows(room, 1)
    for (const [label, page] of [
      ['More', 'page 2'],
      ['Back', 'page 1'],
      ['More', 'page 2'],
    ] as const) {
      room.telegram.presses(label)
      await room.telegram.until(() => texts(room)[0] === page)
    }
    expect(texts(room)).toEqual(['page 2'])
    expect(labels(room)).toEqual([['Back']])
  })

  test('an answer gives way to what a press made of it', async () => {
    const room = await enter({ answer })
    room.telegram.says('set')
    await shows(room, 1)
    room.telegram.presses('Pause')
    await room.telegram.until(() => room.telegram.shown()[0]!.edits === 1)
    expect([texts(room), labels(room)]).toEqual([['Alert 1 is paused.'], [['Resume']]])
  })

  test('what was told unasked keeps its words, emphasis and all: below stands what came of the last press alone', async () => {
    const room = await enter({ answer })
    room.telegram.opens(7)
    const fired = compose([{ strong: 'Alert 1' }, ': AAPL > 500\n501.12'], [{ label: 'Pause', command: 'pause 1' }])
    await room.channel.send('7', fired, 'firing')
    await shows(room, 1)
    for (const [index, [label, outcome, next]] of [
      ['Pause', 'Alert 1 is paused.', 'Resume'],
      ['Resume', 'Alert 1 is on.', 'Pause'],
      ['Pause', 'Alert 1 is paused.', 'Resume'],
    ].entries()) {
      room.telegram.presses(label!)
      await room.telegram.until(() => room.telegram.shown()[0]!.edits === index + 1)
      const [shown] = room.telegram.shown()
      expect(shown!.text).toBe(`Alert 1: AAPL > 500\n501.12\n\n→ ${outcome}`)
      expect(shown!.entities).toEqual([{ type: 'bold', offset: 0, length: 7 }])
      expect(labels(room)).toEqual([[next]])
    }
  })

  test('what would take the place of what was told unasked is a message of its own', async () => {
    const room = await enter({ answer })
    room.telegram.opens(7)
    await room.channel.send('7', say('While you slept: 7 firings.', [{ label: 'List', command: 'list 1' }]), 'digest')
    await shows(room, 1)
    room.telegram.presses('List')
    await shows(room, 2)
    expect(texts(room)).toEqual(['While you slept: 7 firings.', 'page 1'])
    expect(labels(room)).toEqual([['List'], ['More']])
  })

  test('pressed twice at once it acts once; when its button is back it acts again', async () => {
    const room = await enter({ answer })
    room.telegram.says('set')
    await shows(room, 1)
    room.telegram.presses('Pause')
    room.telegram.presses('Pause')
    await room.telegram.until(() => presses(room).length === 2)
    expect(room.heard.map(({ text }) => text)).toEqual(['set', 'pause 1'])
    expect(presses(room)[1]!.params.text).toBe('That is done already.')
    await room.telegram.until(() => room.telegram.shown()[0]!.edits === 1)
    room.telegram.presses('Resume')
    await room.telegram.until(() => room.telegram.shown()[0]!.edits === 2)
    room.telegram.presses('Pause')
    await room.telegram.until(() => room.telegram.shown()[0]!.edits === 3)
    expect(room.heard.map(({ text }) => text)).toEqual(['set', 'pause 1', 'resume 1', 'pause 1'])
  })

  test('a command too long for a button is kept, and found again by another process', async () => {
    const long = `alert ${'AAPL > 500 or '.repeat(10)}MSFT > 500`
    const first = await enter({ answer: () => say('Shall I watch that?', [{ label: 'Yes', command: long }]) })
    first.telegram.says('x')
    await shows(first, 1)
    const [button] = first.telegram.shown()[0]!.buttons.flat()
    expect(button!.callback_data).toMatch(/^#[A-Za-z0-9_-]{22}$/)
    expect([...first.kept.values()]).toEqual([long])
    await first.channel.stop()
    const { kept } = first
    const second = await enter({
      telegram: first.telegram,
      long: { keep: async () => {}, find: async (key) => kept.get(key) ?? null },
    })
    second.telegram.presses('Yes')
    await shows(second, 2)
    expect(second.heard.map(({ text }) => text)).toEqual([long])
  })

  test.each<[string, number]>([
    ['a command of 63 bytes is carried as it is', 63],
    ['one of 64 is kept', 64],
  ])('%s, counted in bytes, not in characters', async (_title, bytes) => {
    const command = `a${'é'.repeat(30)}${'b'.repeat(bytes - 61)}`
    const room = await enter({ answer: () => say('x', [{ label: 'Go', command }]) })
    room.telegram.says('x')
    await shows(room, 1)
    expect(room.kept.size).toBe(bytes > 63 ? 1 : 0)
    room.telegram.presses('Go')
    await shows(room, 2)
    expect(room.heard[1]!.text).toBe(command)
  })

  test.each<[string, string, string | undefined, string | undefined]>([
    [
      'the key of a command that is kept no more',
      `#${'A'.repeat(22)}`,
      undefined,
      'That button is too old for me. Type the command instead.',
    ],
    ['a key that is none', '#', undefined, 'That button is too old for me. Type the command instead.'],
    ['a command that no button had', 'delete all', 'delete all', undefined],
    ['no command at all', '<b>\u0000', '<b>\u0000', undefined],
  ])('made-up data, %s: gets no further than what is typed', async (_title, data, heard, toast) => {
    const room = await enter({ answer })
    room.telegram.says('set')
    await shows(room, 1)
    room.telegram.forges(data, room.telegram.shown()[0]!.id)
    await room.telegram.until(() => presses(room).length === 1)
    await settles(room, 7)
    expect(presses(room)[0]!.params.text).toBe(toast)
    expect(room.heard.map(({ text }) => text).filter((text) => text !== 'settled?')).toEqual(
      heard === undefined ? ['set'] : ['set', heard],
    )
  })

  test('where what is kept cannot be read, the press is answered so and nothing is done', async () => {
    const long = { keep: async () => {}, find: () => Promise.reject(new Error('the database is gone')) }
    const room = await enter({ answer, long })
    room.telegram.says('set')
    await shows(room, 1)
    room.telegram.forges('#xyz', room.telegram.shown()[0]!.id)
    await room.telegram.until(() => presses(room).length === 1)
    expect(presses(room)[0]!.params.text).toBe(NOT_PRESSED)
    expect(room.heard).toHaveLength(1)
  })

  test('buttons without a message of ours, or of a game, are answered too', async () => {
    const room = await enter({ answer })
    const from = { id: 7, is_bot: false, first_name: 'Anna' }
    room.telegram.push({ callback_query: { id: 'a', from, chat_instance: '1', data: 'why 1', inline_message_id: 'i' } })
    room.telegram.push({ callback_query: { id: 'b', from, chat_instance: '1', game_short_name: 'g' } })
    await room.telegram.until(() => presses(room).length === 2)
    await settles(room)
    expect(room.heard.map(({ text }) => text)).toEqual(['settled?'])
  })

  test('an answer that does not fit below the words is a message of its own, and the old buttons are gone', async () => {
    const long = 'x'.repeat(4_000)
    const room = await enter({ answer: () => ({ ...paused, pieces: [long] }) })
    room.telegram.opens(7)
    await room.channel.send('7', say(long, [{ label: 'Pause', command: 'pause 1' }]), 'firing')
    await shows(room, 1)
    room.telegram.presses('Pause')
    await shows(room, 2)
    expect(labels(room)).toEqual([[], ['Resume']])
    expect(texts(room)).toEqual([long, long])
  })

  test('a message that is already as it is to be is no trouble', async () => {
    const same: Reply = { ...say('page 1', [{ label: 'Again', command: 'list 1' }]), place: 'instead' }
    const room = await enter({ answer: () => same })
    room.telegram.says('list')
    await shows(room, 1)
    room.telegram.presses('Again')
    await room.telegram.until(() => room.telegram.calls.some(({ method }) => method === 'editMessageText'))
    await settles(room)
    expect(texts(room)).toEqual(['page 1'])
    expect(room.logged.filter((line) => line.includes('"level":50'))).toEqual([])
  })

  test('where the message cannot be changed any more, the answer is a message of its own', async () => {
    const room = await enter({ answer })
    room.telegram.behave('editMessageText', { code: 400, description: "Bad Request: message can't be edited" }, 1)
    room.telegram.says('list')
    await shows(room, 1)
    room.telegram.presses('More')
    await shows(room, 2)
    expect(texts(room)).toEqual(['page 1', 'page 2'])
  })

  test('a press that Telegram finds too old to be answered is carried out all the same', async () => {
    const room = await enter({ answer })
    room.telegram.behave('answerCallbackQuery', { code: 400, description: 'Bad Request: query is too old' }, 1)
    room.telegram.says('set')
    await shows(room, 1)
    room.telegram.presses('Why')
    await shows(room, 2)
    expect(texts(room)[1]).toBe('Because.')
  })
})

describe('groups', () => {
  const GROUP = -500
  const menu = [{ name: 'alert', aliases: ['a'], summary: 'Set an alert' }]

  test.each<[string, string, string | undefined]>([
    ['a command with our name', '/alert@SignalBot AAPL > 5', '/alert AAPL > 5'],
    ['a command with our name that there is not', '/alrt@SignalBot AAPL > 5', '/alrt AAPL > 5'],
    ['a command of ours', '/alert AAPL > 5', '/alert AAPL > 5'],
    ['another word for it', '/a AAPL > 5', '/a AAPL > 5'],
    ['a command of another bot', '/ban@OtherBot anna', undefined],
    ['a command of ours for another bot', '/alert@OtherBot AAPL > 5', undefined],
    ['a command that may be any bot’s', '/ban anna', undefined],
    ['our name at the beginning', '@SignalBot alert AAPL > 5', 'alert AAPL > 5'],
    ['our name at the end', 'alert AAPL > 5 @signalbot', 'alert AAPL > 5'],
    ['a name that begins like ours', '@SignalBotter alert AAPL > 5', undefined],
    ['an address that holds our name', 'me@SignalBot', undefined],
    ['what people say to each other', 'AAPL > 500, I tell you', undefined],
  ])('%s', async (_title, typed, text) => {
    const room = await enter({ menu })
    room.telegram.says(typed, { chat: GROUP })
    await settles(room, GROUP)
    expect(room.heard.map((message) => message.text)).toEqual([...(text === undefined ? [] : [text]), '/settled'])
  })

  test('what answers a message of ours is for us; a sticker in a group is not', async () => {
    const room = await enter({ menu })
    room.telegram.says('/alert', { chat: GROUP })
    await shows(room, 1, GROUP)
    room.telegram.says('AAPL', { chat: GROUP, answers: room.telegram.shown(GROUP)[0]!.id })
    room.telegram.says('', { chat: GROUP, with: { text: undefined, sticker: { file_id: 'f' } } })
    await shows(room, 2, GROUP)
    await settles(room, GROUP)
    expect(room.heard.map(({ text }) => text)).toEqual(['/alert', 'AAPL', '/settled'])
  })

  test('a message says that it is a group’s and who wrote it; the answer stands under it', async () => {
    const room = await enter({ menu })
    room.telegram.admins.add(8)
    const asked = room.telegram.says('/alert', { chat: GROUP, id: 7, name: 'Anna' })
    room.telegram.says('/alert', { chat: GROUP, id: 8, name: 'Ben' })
    await shows(room, 2, GROUP)
    expect(room.heard.map(({ address, isGroup, sender }) => ({ address, isGroup, sender }))).toEqual([
      { address: '-500', isGroup: true, sender: { id: '7', name: 'Anna', isAdmin: false } },
      { address: '-500', isGroup: true, sender: { id: '8', name: 'Ben', isAdmin: true } },
    ])
    expect(room.telegram.shown(GROUP)[0]!.answers).toBe(asked)
  })

  test('who is an administrator is asked once for a while, and nobody is where Telegram does not say', async () => {
    const room = await enter({ menu })
    const asked = () => room.telegram.calls.filter(({ method }) => method === 'getChatMember').length
    room.telegram.admins.add(7)
    room.telegram.behave('getChatMember', { code: 400, description: 'Bad Request: USER_NOT_PARTICIPANT' }, 1)
    for (let count = 1; count <= 3; count++) {
      room.telegram.says('/alert', { chat: GROUP })
      await shows(room, count, GROUP)
    }
    expect(room.heard.map(({ sender }) => sender?.isAdmin)).toEqual([false, true, true])
    expect(asked()).toBe(2)
  })

  test('an administrator who shows as the group itself is one', async () => {
    const room = await enter({ menu })
    const as = { id: GROUP, type: 'group', title: 'Traders' }
    const from = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' }
    room.telegram.says('/alert', { chat: GROUP, with: { from, sender_chat: as } })
    await shows(room, 1, GROUP)
    expect(room.heard[0]!.sender).toEqual({ id: '-500', name: 'Traders', isAdmin: true })
  })

  test('what a channel posts into its group is passed over', async () => {
    const room = await enter({ menu })
    const as = { id: -100_777, type: 'channel', title: 'News' }
    room.telegram.says('/alert', { chat: GROUP, with: { sender_chat: as } })
    await settles(room, GROUP)
    expect(room.heard).toHaveLength(1)
  })

  test('a topic of a forum is an address of its own', async () => {
    const room = await enter({ menu })
    room.telegram.says('/alert', { chat: -1_000_123, topic: 45 })
    await shows(room, 1, -1_000_123, 45)
    expect(room.heard[0]!.address).toBe('-1000123/45')
    await room.channel.send('-1000123/45', say('fired'), 'key')
    expect(texts(room, -1_000_123, 45)).toEqual(['you said /alert', 'fired'])
  })

  test('a reply in a group that is no forum is not a topic', async () => {
    const room = await enter({ menu })
    room.telegram.says('/alert', { chat: -1_000_123, with: { message_thread_id: 45 } })
    await shows(room, 1, -1_000_123)
    expect(room.heard[0]!.address).toBe('-1000123')
  })

  test('in a topic only what answers us is for us, not what answers the message that opened it', async () => {
    const room = await enter({ menu })
    const me = { id: 4711, is_bot: true, first_name: 'Signal' }
    const opened = {
      message_id: 45,
      from: me,
      chat: { id: -1_000_123 },
      date: 1,
      forum_topic_created: { name: 'x', icon_color: 1 },
    }
    room.telegram.says('hello all', { chat: -1_000_123, topic: 45, with: { reply_to_message: opened } })
    await settles(room, -1_000_123, 45)
    expect(room.heard).toHaveLength(1)
  })

  test('a question makes the client answer it; with buttons it says how', async () => {
    const ask = (text: string, buttons: Reply['buttons'] = []): Reply => ({ ...say(text, buttons), isQuestion: true })
    const questions: Readonly<Record<string, Reply>> = {
      '/alert': ask('Which symbol?'),
      AAPL: ask('What about it?', [{ label: '> 500', command: 'x' }]),
      x: { ...ask('How long?'), place: 'instead' },
    }
    const room = await enter({
      menu,
      answer: ({ text }) => questions[text]!,
    })
    const asked = room.telegram.says('/alert', { chat: GROUP })
    await shows(room, 1, GROUP)
    const [question] = room.telegram.shown(GROUP)
    expect([question!.asksForReply, question!.answers, question!.text]).toEqual([true, asked, 'Which symbol?'])
    expect(room.telegram.calls.find(({ method }) => method === 'sendMessage')!.params.reply_markup).toEqual({
      force_reply: true,
      selective: true,
    })
    room.telegram.says('AAPL', { chat: GROUP, answers: question!.id })
    await shows(room, 2, GROUP)
    expect(texts(room, GROUP)[1]).toBe('What about it?\n\nReply to this message with your answer.')
    room.telegram.presses('> 500', { chat: GROUP })
    await room.telegram.until(() => room.telegram.shown(GROUP)[1]!.edits === 1)
    expect(texts(room, GROUP)[1]).toBe('How long?\n\nReply to this message with your answer.')
  })

  test('a question in a private chat needs none of that', async () => {
    const room = await enter({ answer: () => ({ ...say('Which symbol?'), isQuestion: true }) })
    room.telegram.says('/alert')
    await shows(room, 1)
    expect([texts(room), room.telegram.shown()[0]!.asksForReply]).toEqual([['Which symbol?'], false])
  })

  test('what is for one person goes to their own chat, without buttons, and the group hears only that', async () => {
    const secret: Reply = { ...say('Your code is K7QM-2XRA', [{ label: 'New', command: 'link new' }]), isPrivate: true }
    const room = await enter({ menu, answer: () => secret })
    room.telegram.opens(7)
    room.telegram.says('/alert@SignalBot', { chat: GROUP })
    await shows(room, 1, GROUP)
    expect(texts(room)).toEqual(['About Traders <b>:\nYour code is K7QM-2XRA'])
    expect(labels(room)).toEqual([[]])
    expect(texts(room, GROUP)).toEqual(['I answered you in our private chat.'])
  })

  test('who has no private chat with the bot is told how to open one, and the group sees nothing of the answer', async () => {
    const room = await enter({ menu, answer: () => ({ ...say('Your code is K7QM-2XRA'), isPrivate: true as const }) })
    room.telegram.says('/alert@SignalBot AAPL', { chat: GROUP })
    await shows(room, 1, GROUP)
    expect(texts(room, GROUP)).toEqual([
      'I can answer that only in a private chat with you. Open it, press Start, and ask me there: https://t.me/SignalBot?start=alert_AAPL',
    ])
  })

  test('a private reply in a private chat is one like any other', async () => {
    const room = await enter({ answer: () => ({ ...say('Your code'), isPrivate: true as const }) })
    room.telegram.says('/link')
    await shows(room, 1)
    expect(texts(room)).toEqual(['Your code'])
  })

  test('nobody is called by their name in our words', async () => {
    const room = await enter({ menu, answer: () => say('@anna and a@b.c') })
    room.telegram.says('/alert', { chat: GROUP })
    await shows(room, 1, GROUP)
    expect(texts(room, GROUP)).toEqual(['@\u2060anna and a@b.c'])
  })

  test('a group that the bot was brought into is greeted', async () => {
    const room = await enter({ menu })
    const us = { id: 4711, is_bot: true, first_name: 'Signal' }
    const other = { id: 5, is_bot: false, first_name: 'Ben' }
    room.telegram.says('', { chat: GROUP, with: { text: undefined, new_chat_members: [other] } })
    room.telegram.says('', { chat: GROUP, with: { text: undefined, new_chat_members: [us] } })
    await shows(room, 1, GROUP)
    await settles(room, GROUP)
    expect(room.heard.map(({ text }) => text)).toEqual(['/start', '/settled'])
  })

  test('a group that becomes a supergroup has another address from then on', async () => {
    const room = await enter()
    room.telegram.says('', { chat: GROUP, with: { text: undefined, migrate_to_chat_id: -1_000_500 } })
    room.telegram.says('', { chat: -1_000_500, with: { text: undefined, migrate_from_chat_id: GROUP } })
    await settles(room, -1_000_500)
    expect(room.moves).toEqual([
      ['-500', '-1000500'],
      ['-500', '-1000500'],
    ])
    expect(room.heard).toHaveLength(1)
  })

  test('a notification for a group that has become one goes there at once', async () => {
    const room = await enter({ listens: false, telegram: await aTelegram() })
    room.telegram.migrate(GROUP, -1_000_500)
    await room.channel.send('-500', say('fired'), 'key')
    expect(texts(room, -1_000_500)).toEqual(['fired'])
    expect(room.moves).toEqual([['-500', '-1000500']])
  })
})
