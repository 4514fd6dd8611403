import { afterEach, describe, expect, test } from 'vitest'
import type { MenuEntry, Message } from '../../src/channels/channel.ts'
import { compose, type Reply, say } from '../../src/reply.ts'
import { ANNA, BEN, CHANNEL, directOf, GUILD, OWNER, THREAD, type Writer } from '../doubles/discord.ts'
import { aDiscord, closeRooms, enter, fastClock, type Room } from './discord-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const MENU: readonly MenuEntry[] = [
  { name: 'alert', summary: 'Set an alert', arguments: [{ name: 'condition', kind: 'condition', summary: 'What' }] },
  {
    name: 'snooze',
    summary: 'Silence an alert',
    arguments: [
      { name: 'alert', kind: 'alert', summary: 'Which', isRequired: true },
      { name: 'length', kind: 'text', summary: 'How long' },
    ],
  },
  { name: 'price', summary: 'What it costs', arguments: [{ name: 'symbols', kind: 'symbol', summary: 'Which' }] },
  { name: 'list', summary: 'Your alerts' },
  { name: 'mydata', summary: 'All I know about you', isPersonal: true },
]
const inServer: Writer = { channel: CHANNEL }

/** What is shown in a channel, word for word. */
function texts({ discord }: Room, channel?: string): string[] {
  return discord.shown(channel).map(({ content }) => content)
}

async function shows(room: Room, count: number, channel?: string): Promise<void> {
  await room.discord.until(() => room.discord.shown(channel).length >= count)
}

/** Waits until something said after it was heard: whatever was to be passed over has been by then. */
async function settles(room: Room, channel?: string): Promise<void> {
  const from = { id: '700000000000000099', ...(channel === undefined ? {} : { channel }) }
  const id = room.discord.says(channel === undefined ? 'settled?' : `<@${room.discord.me}> settled?`, from)
  await room.discord.until(() => room.heard.some((message) => message.id === id))
}

const heardIn = (room: Room) => room.heard.map(({ text }) => text).filter((text) => text !== 'settled?')
const labels = (room: Room, channel?: string) =>
  room.discord.shown(channel).map(({ buttons }) => buttons.flat().map(({ label }) => label))

describe('messages', () => {
  test('one says where it came from, who wrote it, and has an id of its own', async () => {
    const room = await enter()
    const id = room.discord.says('alert AAPL > 500', { name: 'Anna' })
    await shows(room, 1)
    expect(room.heard).toEqual([
      {
        channel: 'discord',
        address: `user/${ANNA}`,
        id,
        text: 'alert AAPL > 500',
        sender: { id: ANNA, name: 'Anna', isAdmin: true },
      },
    ])
    expect(texts(room)).toEqual(['you said alert AAPL > 500'])
  })

  const me = '900000000000000001'
  test.each<[string, string, string | undefined]>([
    ['our name at the beginning', `<@${me}> alert AAPL > 5`, 'alert AAPL > 5'],
    ['our name at the end, as old clients write it', `alert AAPL > 5 <@!${me}>`, 'alert AAPL > 5'],
    ['our name alone', `<@${me}>`, ''],
    ['our name twice', `<@${me}> list <@${me}>`, 'list'],
    ['a command over two lines', `<@${me}> alert AAPL > 5\nor < 3`, 'alert AAPL > 5\nor < 3'],
    ['somebody else’s name', `<@${BEN}> alert AAPL > 5`, undefined],
    ['a name that begins like ours', `<@${me}1> alert AAPL > 5`, undefined],
    ['what people say to each other', 'AAPL > 500, I tell you', undefined],
    ['a call of everyone', '@everyone list', undefined],
  ])('in a server, %s', async (_title, typed, text) => {
    const room = await enter()
    room.discord.says(typed, inServer)
    await settles(room, CHANNEL)
    expect(heardIn(room)).toEqual(text === undefined ? [] : [text])
  })

  test('in a server they say who may change what others made, and the answer stands under them', async () => {
    const room = await enter()
    const id = room.discord.says(`<@${me}> list`, { ...inServer, id: BEN, name: 'Ben' })
    await shows(room, 1, CHANNEL)
    expect(room.heard).toEqual([
      {
        channel: 'discord',
        address: `channel/${CHANNEL}`,
        id,
        text: 'list',
        sender: { id: BEN, name: 'Ben', isAdmin: false },
        isGroup: true,
      },
    ])
    expect(room.discord.shown(CHANNEL)[0]!.answers).toBe(id)
  })

  const MANAGE_MESSAGES = 1n << 13n
  test.each<[string, Writer, (room: Room) => void, boolean]>([
    ['the owner of the server', { id: OWNER }, () => {}, true],
    ['a member', { id: BEN }, () => {}, false],
    [
      'a member with a role that manages messages',
      { id: BEN },
      ({ discord }) => {
        discord.roles.set(BEN, ['400000000000000001'])
        discord.permissions.set('400000000000000001', MANAGE_MESSAGES)
      },
      true,
    ],
    [
      'one whose role may not do that in this channel',
      { id: BEN },
      ({ discord }) => {
        discord.roles.set(BEN, ['400000000000000001'])
        discord.permissions.set('400000000000000001', MANAGE_MESSAGES)
        discord.rules.set(CHANNEL, [{ id: GUILD, type: 0, allow: '0', deny: String(MANAGE_MESSAGES) }])
      },
      false,
    ],
    [
      'one who may do it in this channel alone, asked in a thread on it',
      { id: BEN, channel: THREAD },
      ({ discord }) =>
        discord.rules.set(CHANNEL, [{ id: BEN, type: 1, allow: String(MANAGE_MESSAGES), deny: '0' }]) as never,
      true,
    ],
    [
      'an administrator, whatever the channel says',
      { id: BEN },
      ({ discord }) => {
        discord.roles.set(BEN, ['400000000000000002'])
        discord.permissions.set('400000000000000002', 8n)
        discord.rules.set(CHANNEL, [{ id: BEN, type: 1, allow: '0', deny: String(MANAGE_MESSAGES) }])
      },
      true,
    ],
    [
      'anybody, where Discord does not say',
      { id: OWNER },
      ({ discord }) => discord.behave('GET /guilds/:id', { status: 500 }),
      false,
    ],
  ])('who may change what others made: %s', async (_title, from, prepare, isAdmin) => {
    const room = await enter()
    prepare(room)
    room.discord.says(`<@${me}> list`, { ...inServer, ...from })
    await shows(room, 1, from.channel ?? CHANNEL)
    expect(room.heard[0]!.sender?.isAdmin).toBe(isAdmin)
  })

  test('where the bot may not read what was said before, the answer stands by itself', async () => {
    const room = await enter()
    room.discord.behave('POST /channels/:id/messages', { status: 403, code: 160_002 }, 1)
    room.discord.says(`<@${me}> list`, inServer)
    await shows(room, 1, CHANNEL)
    expect(room.discord.shown(CHANNEL)).toMatchObject([{ content: 'you said list', answers: undefined }])
  })

  test('who manages is asked once for a while', async () => {
    const room = await enter()
    for (let count = 1; count <= 3; count++) {
      room.discord.says(`<@${me}> list`, inServer)
      await shows(room, count, CHANNEL)
    }
    expect(room.discord.calls.filter(({ route }) => route === 'GET /guilds/:id')).toHaveLength(1)
  })

  test('a question in a server says how it is answered; its answer is for us', async () => {
    const room = await enter({
      answer: ({ text }) => (text === 'alert' ? { ...say('Which symbol?'), isQuestion: true } : say('Thanks.')),
    })
    room.discord.says(`<@${me}> alert`, inServer)
    await shows(room, 1, CHANNEL)
    expect(texts(room, CHANNEL)).toEqual(['Which symbol?\n\nReply to this message, or mention me, with your answer.'])
    room.discord.says('AAPL', { ...inServer, answers: room.discord.shown(CHANNEL)[0]!.id })
    await shows(room, 2, CHANNEL)
    expect(heardIn(room)).toEqual(['alert', 'AAPL'])
  })

  test('an answer whose words Discord keeps from us is passed over', async () => {
    const room = await enter()
    room.discord.says(`<@${me}> list`, inServer)
    await shows(room, 1, CHANNEL)
    room.discord.says('AAPL', { ...inServer, answers: room.discord.shown(CHANNEL)[0]!.id, pings: false })
    await settles(room)
    expect(heardIn(room)).toEqual(['list'])
  })

  test('a thread is an address of its own', async () => {
    const room = await enter()
    room.discord.says(`<@${me}> list`, { channel: THREAD })
    await shows(room, 1, THREAD)
    expect(room.heard[0]!.address).toBe(`channel/${THREAD}`)
  })

  test('what is for one person goes to their direct messages, without buttons, and the channel hears only that', async () => {
    const secret: Reply = { ...say('Your code is K7QM', [{ label: 'New', command: 'link new' }]), isPrivate: true }
    const room = await enter({ answer: () => secret })
    room.discord.says(`<@${me}> link`, inServer)
    await shows(room, 1, CHANNEL)
    expect(texts(room)).toEqual(['About the channel you asked in:\nYour code is K7QM'])
    expect(labels(room)).toEqual([[]])
    expect(texts(room, CHANNEL)).toEqual(['I answered you in a direct message.'])
  })

  test('who takes no direct messages is told another way, and the channel sees nothing of the answer', async () => {
    const room = await enter({ answer: () => ({ ...say('Your code is K7QM'), isPrivate: true as const }) })
    room.discord.closed.add(ANNA)
    room.discord.says(`<@${me}> link`, inServer)
    await shows(room, 1, CHANNEL)
    expect(texts(room, CHANNEL)[0]).toContain('Ask me with a slash command')
    expect(texts(room, CHANNEL).join('')).not.toContain('K7QM')
  })

  test('those of one place are answered in order, however long one takes; other places do not wait', async () => {
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
    room.discord.says('first')
    room.discord.says('second')
    room.discord.says('other', { id: BEN })
    await shows(room, 1, directOf(BEN))
    expect(texts(room)).toEqual([])
    release()
    await shows(room, 2)
    expect(texts(room)).toEqual(['answer to first', 'answer to second'])
  })

  test('one that comes again is answered once', async () => {
    const room = await enter()
    const id = room.discord.says('list')
    await shows(room, 1)
    room.discord.repeat(id)
    await settles(room)
    expect(heardIn(room)).toEqual(['list'])
    expect(texts(room)).toEqual(['you said list'])
  })

  test('one that was changed is answered anew, and the answer says so', async () => {
    const room = await enter()
    const id = room.discord.says('alert AAPL > 500')
    await shows(room, 1)
    room.discord.edits(id, 'alert AAPL > 600')
    await shows(room, 2)
    expect(texts(room)[1]).toBe(
      'You changed that message, so I read it anew. What I did about it before stays.\n\nyou said alert AAPL > 600',
    )
    expect(room.heard[1]!.id).not.toBe(id)
  })

  test('a change that changes no word, and a preview that Discord adds, are passed over', async () => {
    const room = await enter()
    const id = room.discord.says('alert AAPL > 500')
    await shows(room, 1)
    room.discord.edits(id, 'alert AAPL > 500')
    room.discord.previews(id, 'alert AAPL > 500 https://x')
    await settles(room)
    expect(heardIn(room)).toEqual(['alert AAPL > 500'])
  })

  test('our name added to a message later makes it one for us', async () => {
    const room = await enter()
    const id = room.discord.says('list', inServer)
    room.discord.edits(id, `<@${me}> list`, inServer)
    await shows(room, 1, CHANNEL)
    expect(texts(room, CHANNEL)).toEqual(['you said list'])
  })
})

describe('slash commands', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['without options', 'alert', {}, '/alert'],
    ['with one', 'alert', { condition: 'AAPL > 500 or < 300' }, '/alert AAPL > 500 or < 300'],
    ['with several, filled in another order', 'snooze', { length: '2h', alert: '7' }, '/snooze 7 2h'],
    ['with spaces around', 'alert', { condition: '  AAPL > 500 ' }, '/alert AAPL > 500'],
    ['one that the menu does not have', 'old', { thing: 'x' }, '/old x'],
  ])('%s, one is heard as it would be typed', async (_title, name, options, text) => {
    const room = await enter({ menu: MENU })
    const id = room.discord.slash(name, options)
    await shows(room, 1)
    expect(room.heard).toEqual([
      {
        channel: 'discord',
        address: `user/${ANNA}`,
        id,
        text,
        sender: { id: ANNA, name: 'Anna', isAdmin: true },
      },
    ])
    expect(room.discord.answered(id).map(({ type }) => type)).toEqual([4])
  })

  test.each<[string, bigint, boolean]>([
    ['a member', 0n, false],
    ['who manages messages', 1n << 13n, true],
    ['who manages the server', 1n << 5n, true],
    ['an administrator', 8n, true],
  ])('in a server they belong to the channel; %s', async (_title, may, isAdmin) => {
    const room = await enter({ menu: MENU })
    room.discord.slash('list', {}, { ...inServer, id: BEN, name: 'Ben', may })
    await shows(room, 1, CHANNEL)
    expect(room.heard[0]).toMatchObject({
      address: `channel/${CHANNEL}`,
      isGroup: true,
      sender: { id: BEN, name: 'Ben', isAdmin },
    })
    expect(room.discord.shown(CHANNEL)[0]!.onlyFor).toBeUndefined()
  })

  test('in a server, only who asked sees what is private', async () => {
    const room = await enter({ menu: MENU, answer: () => ({ ...say('Your code'), isPrivate: true as const }) })
    room.discord.slash('list', {}, inServer)
    await shows(room, 1, CHANNEL)
    expect(room.discord.shown(CHANNEL)[0]!.onlyFor).toBe(ANNA)
  })

  test('in direct messages a private answer stays like any other', async () => {
    const room = await enter({ menu: MENU, answer: () => ({ ...say('Your code'), isPrivate: true as const }) })
    room.discord.slash('list')
    await shows(room, 1)
    expect(room.discord.shown()[0]!.onlyFor).toBeUndefined()
  })

  /** A handler that takes longer than Discord waits. */
  async function slowRoom(reply: Reply) {
    let release = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    // The double keeps its own time, so that a machine that is busy has time enough to answer.
    const room = await enter({
      menu: MENU,
      discord: await aDiscord(),
      clock: fastClock(20),
      async answer() {
        await slow
        return reply
      },
    })
    return { room, release }
  }

  test('an answer that takes longer than two seconds is announced, and comes in its place', async () => {
    const { room, release } = await slowRoom(say('There.', [{ label: 'More', command: 'list 2' }]))
    const id = room.discord.slash('list', {}, inServer)
    await room.discord.until(() => room.discord.answered(id).length === 1)
    expect(room.discord.answered(id)).toEqual([{ type: 5, data: {} }])
    release()
    await room.discord.until(() => room.discord.shown(CHANNEL)[0]!.edits === 1)
    expect([texts(room, CHANNEL), labels(room, CHANNEL)]).toEqual([['There.'], [['More']]])
  })

  test('it is announced before Discord stops waiting', async () => {
    const clock = fastClock(4)
    const room = await enter({ menu: MENU, clock, answer: () => new Promise(() => {}) })
    const asked = clock.now()
    const id = room.discord.slash('list')
    await room.discord.until(() => room.discord.answered(id).length === 1)
    const [{ at = 0 } = {}] = room.discord.calls.filter(({ route }) => route.startsWith('POST /interactions'))
    expect(at - asked).toBeGreaterThanOrEqual(1_900)
    await room.channel.stop()
  })

  test('of a command for one person alone, nobody else sees that it takes long', async () => {
    const { room, release } = await slowRoom({ ...say('All of it.'), isPrivate: true })
    const id = room.discord.slash('mydata', {}, inServer)
    await room.discord.until(() => room.discord.answered(id).length === 1)
    expect(room.discord.answered(id)).toEqual([{ type: 5, data: { flags: 64 } }])
    release()
    await room.discord.until(() => room.discord.shown(CHANNEL)[0]!.edits === 1)
    expect(room.discord.shown(CHANNEL)).toMatchObject([{ content: 'All of it.', onlyFor: ANNA }])
  })

  test('what turns out to be private after others saw that it takes long is shown to one person alone', async () => {
    const { room, release } = await slowRoom({ ...say('Your code'), isPrivate: true })
    const id = room.discord.slash('list', {}, inServer)
    await room.discord.until(() => room.discord.answered(id).length === 1)
    release()
    await shows(room, 2, CHANNEL)
    expect(room.discord.shown(CHANNEL)).toMatchObject([
      { content: 'I answered only you.', onlyFor: undefined },
      { content: 'Your code', onlyFor: ANNA },
    ])
  })

  test.each<[string, Parameters<Room['discord']['behave']>[1]]>([
    ['breaks before it was taken', 'reset'],
    ['breaks after it was taken', 'done and reset'],
    ['meets trouble there', { status: 502 }],
  ])('an answer that %s is given once', async (_title, mood) => {
    const room = await enter({ menu: MENU, clock: fastClock(20) })
    room.discord.behave('POST /interactions/:id/:token/callback', mood, 1)
    room.discord.slash('list')
    await shows(room, 1)
    await settles(room)
    expect(texts(room)).toEqual(['you said /list'])
  })

  test('an interaction that another process has answered is left to it', async () => {
    const room = await enter({ menu: MENU })
    room.discord.behave('POST /interactions/:id/:token/callback', { status: 400, code: 40_060 }, 1)
    room.discord.slash('list')
    room.discord.slash('price')
    await room.discord.until(() => texts(room).includes('you said /price'))
    await room.channel.stop()
    expect(texts(room)).toEqual(['you said /price'])
  })

  test('an answer that Discord does not take in time comes as a message of the bot', async () => {
    const room = await enter({ menu: MENU })
    room.discord.behave('POST /interactions/:id/:token/callback', { status: 404, code: 10_062 })
    room.discord.slash('list')
    room.discord.slash('price', {}, inServer)
    await shows(room, 1)
    await shows(room, 1, CHANNEL)
    expect([texts(room), texts(room, CHANNEL)]).toEqual([['you said /list'], ['you said /price']])
  })

  test('a private one that comes late goes to the person’s direct messages', async () => {
    const room = await enter({ menu: MENU, answer: () => ({ ...say('Your code'), isPrivate: true as const }) })
    room.discord.behave('POST /interactions/:id/:token/callback', { status: 404, code: 10_062 })
    room.discord.slash('list', {}, inServer)
    await shows(room, 1)
    expect([texts(room), texts(room, CHANNEL)]).toEqual([['Your code'], []])
  })

  const SILENT = { botMay: 1024n }
  test.each<[string, string, Writer, boolean]>([
    ['of an alert in a channel in which the bot may not write', 'alert', { ...inServer, ...SILENT }, true],
    ['of an alert in a thread in which it may not', 'alert', { channel: THREAD, botMay: 1024n | 2048n }, true],
    ['of an alert where it may', 'alert', inServer, false],
    ['of an alert in direct messages', 'alert', {}, false],
    ['of anything else', 'list', { ...inServer, ...SILENT }, false],
  ])('the answer says that the bot cannot speak there by itself: %s', async (_title, name, from, isWarned) => {
    const room = await enter({ menu: MENU })
    room.discord.slash(name, {}, from)
    const channel = from.channel ?? directOf(ANNA)
    await shows(room, 1, channel)
    expect(texts(room, channel)[0]!.includes('I may not write in this channel by myself')).toBe(isWarned)
  })

  test('a long answer comes in several messages, all of them for who asked where it is private', async () => {
    const long = Array.from({ length: 60 }, (_, line) => `line ${line} ${'x'.repeat(60)}`).join('\n')
    const room = await enter({ menu: MENU, answer: () => ({ ...say(long), isPrivate: true as const }) })
    room.discord.slash('list', {}, inServer)
    await shows(room, 3, CHANNEL)
    const shown = room.discord.shown(CHANNEL)
    expect(shown.map(({ content }) => content).join('\n')).toBe(long)
    expect(shown.map(({ onlyFor }) => onlyFor)).toEqual([ANNA, ANNA, ANNA])
  })

  test('a file follows the answer, for the same eyes alone', async () => {
    const menu = [...MENU, { name: 'mydata', summary: 'All of it', isPersonal: true as const }]
    const file = { name: 'data.json', text: '{}' }
    const room = await enter({ menu, answer: () => ({ ...say('Here.'), isPrivate: true, file }) })
    room.discord.slash('mydata', {}, { channel: CHANNEL })
    await shows(room, 2, CHANNEL)
    expect(room.discord.shown(CHANNEL)).toMatchObject([
      { content: 'Here.', onlyFor: ANNA },
      { content: '', files: [Buffer.from('{}')], onlyFor: ANNA },
    ])
  })

  test('a picture is put into the answer after its words', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
    const picture = { title: 'AAPL', symbol: 'AAPL', source: 'x', points: [], levels: [], firings: [], zone: 'UTC' }
    const room = await enter({ menu: MENU, draw: async () => png, answer: () => ({ ...say('Here.'), picture }) })
    room.discord.slash('list')
    await room.discord.until(() => room.discord.shown()[0]?.files.length === 1)
    expect(room.discord.shown()).toMatchObject([{ content: 'Here.', files: [png], alt: 'AAPL' }])
  })
})

describe('what is being typed', () => {
  test('is completed by what the program knows of that kind of argument', async () => {
    const asked: unknown[] = []
    const room = await enter({
      menu: MENU,
      suggest: async (who, kind, typed) => {
        asked.push([who, kind, typed])
        return [{ name: '7: AAPL > 500', value: '7' }]
      },
    })
    const id = room.discord.types('snooze', 'alert', 'aap')
    await room.discord.until(() => room.discord.answered(id).length === 1)
    expect(asked).toEqual([[{ channel: 'discord', address: `user/${ANNA}` }, 'alert', 'aap']])
    expect(room.discord.answered(id)).toEqual([{ type: 8, data: { choices: [{ name: '7: AAPL > 500', value: '7' }] } }])
  })

  test.each<[string, string, string, () => Promise<{ name: string; value: string }[]>, number]>([
    ['more than Discord shows', 'alert', 'condition', async () => many(40), 25],
    ['too long to be taken', 'alert', 'condition', async () => [{ name: 'x', value: 'x'.repeat(101) }], 0],
    ['too long to be shown', 'alert', 'condition', async () => [{ name: 'x'.repeat(101), value: 'x' }], 1],
    ['empty', 'alert', 'condition', async () => [{ name: ' ', value: 'x' }], 0],
    ['nothing, since it fails', 'alert', 'condition', () => Promise.reject(new Error('boom')), 0],
    ['nothing, since it takes too long', 'alert', 'condition', () => new Promise(() => {}), 0],
    ['nothing, since there is no such command', 'gone', 'condition', async () => many(1), 0],
    ['nothing, since there is no such option', 'alert', 'gone', async () => many(1), 0],
  ])('suggestions that are %s', async (_title, name, option, suggest, count) => {
    const room = await enter({ menu: MENU, suggest, clock: fastClock(15), discord: await aDiscord() })
    const id = room.discord.types(name, option, 'a')
    await room.discord.until(() => room.discord.answered(id).length === 1)
    expect(room.discord.answered(id)[0]!.data.choices).toHaveLength(count)
  })

  test('whoever picks one and types on means what it stands for', async () => {
    const room = await enter({
      menu: MENU,
      suggest: async (_who, _kind, typed) => [{ name: `${typed}AAPL (Apple Inc.)`, value: `${typed}AAPL` }],
    })
    const first = room.discord.types('price', 'symbols', '')
    await room.discord.until(() => room.discord.answered(first).length === 1)
    const second = room.discord.types('price', 'symbols', 'AAPL (Apple Inc.) and ')
    await room.discord.until(() => room.discord.answered(second).length === 1)
    expect(room.discord.answered(second)[0]!.data.choices).toEqual([
      { name: 'AAPL and AAPL (Apple Inc.)', value: 'AAPL and AAPL' },
    ])
    room.discord.slash('price', { symbols: 'AAPL (Apple Inc.) BTC' })
    room.discord.slash('price', { symbols: 'AAPL (Apple Inc.) BTC' }, { id: BEN })
    await shows(room, 1, directOf(BEN))
    await shows(room, 1)
    expect(heardIn(room).sort()).toEqual(['/price AAPL (Apple Inc.) BTC', '/price AAPL BTC'])
  })
})

function many(count: number) {
  return Array.from({ length: count }, (_, index) => ({ name: `n${index}`, value: `v${index}` }))
}

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
    fired: {
      ...compose([{ strong: 'Alert 1: AAPL > 500' }, '\n501.12'], [{ label: 'Pause', command: 'pause 1' }]),
      direction: 'up',
    },
    'pause 1': paused,
    'resume 1': resumed,
    'why 1': say('Because.'),
    secret: { ...say('Your code'), isPrivate: true },
    list: say('page 1', [{ label: 'More', command: 'list 2' }]),
    'list 2': { ...say('page 2', [{ label: 'Back', command: 'list 1' }]), place: 'instead' },
    'list 1': { ...say('page 1', [{ label: 'More', command: 'list 2' }]), place: 'instead' },
  }
  const answer = ({ text }: Message) => answers[text] ?? say(`? ${text}`)

  test('a pressed button is the command it stands for, from who pressed it', async () => {
    const room = await enter({ answer })
    room.discord.says('set')
    await shows(room, 1)
    const id = room.discord.presses('Why')
    await shows(room, 2)
    expect(room.heard[1]).toEqual({
      channel: 'discord',
      address: `user/${ANNA}`,
      id,
      text: 'why 1',
      sender: { id: ANNA, name: 'Anna', isAdmin: true },
      isPress: true,
      shownAt: Date.parse('2027-01-15T08:00:00Z'),
    })
    expect(texts(room)).toEqual(['**Alert 1** is on.', 'Because.'])
    expect(labels(room)).toEqual([['Pause', 'Why'], []])
  })

  test('what takes the place of the message is shown in it, with its buttons', async () => {
    const room = await enter({ answer })
    room.discord.says('list')
    await shows(room, 1)
    for (const [label, page] of [
      ['More', 'page 2'],
      ['Back', 'page 1'],
      ['More', 'page 2'],
    ] as const) {
      room.discord.presses(label)
      await room.discord.until(() => texts(room)[0] === page)
    }
    expect([texts(room), labels(room)]).toEqual([['page 2'], [['Back']]])
  })

  test('an answer gives way to what a press made of it', async () => {
    const room = await enter({ answer })
    room.discord.says('set')
    await shows(room, 1)
    room.discord.presses('Pause')
    await room.discord.until(() => room.discord.shown()[0]!.edits === 1)
    expect([texts(room), labels(room)]).toEqual([['Alert 1 is paused.'], [['Resume']]])
  })

  test.each([
    ['words', say(['Alert 1: AAPL > 500', '501.12'], [{ label: 'Pause', command: 'pause 1' }])],
    ['a card', { ...say('501.12', [{ label: 'Pause', command: 'pause 1' }]), direction: 'up' as const }],
  ])('what was told unasked in %s keeps them: below stands what came of the last press alone', async (_what, fired) => {
    const room = await enter({ answer })
    await room.channel.send(`user/${ANNA}`, fired, 'firing')
    await shows(room, 1)
    const wordsOf = () => {
      const { content, embeds } = room.discord.shown()[0]!
      return embeds[0]?.description ?? content
    }
    const before = wordsOf()
    for (const [index, [label, outcome, next]] of [
      ['Pause', 'Alert 1 is paused.', 'Resume'],
      ['Resume', 'Alert 1 is on.', 'Pause'],
      ['Pause', 'Alert 1 is paused.', 'Resume'],
    ].entries()) {
      room.discord.presses(label!)
      await room.discord.until(() => room.discord.shown()[0]!.edits === index + 1)
      expect([wordsOf(), labels(room)]).toEqual([`${before}\n\n→ ${outcome}`, [[next]]])
    }
  })

  test('what would take the place of what was told unasked is a message of its own', async () => {
    const room = await enter({ answer })
    const digest = say('While you slept: 7 firings.', [{ label: 'List', command: 'list 2' }])
    await room.channel.send(`user/${ANNA}`, digest, 'digest')
    await shows(room, 1)
    room.discord.presses('List')
    await shows(room, 2)
    expect(texts(room)).toEqual(['While you slept: 7 firings.', 'page 2'])
  })

  test('pressed twice at once it acts once; when its button is back it acts again', async () => {
    const room = await enter({ answer })
    room.discord.says('set')
    await shows(room, 1)
    room.discord.presses('Pause')
    const second = room.discord.presses('Pause')
    await room.discord.until(() => room.discord.answered(second).length === 1)
    expect(heardIn(room)).toEqual(['set', 'pause 1'])
    expect(room.discord.answered(second)).toMatchObject([{ type: 4, data: { content: 'That is done already.' } }])
    await room.discord.until(() => room.discord.shown()[0]!.edits === 1)
    room.discord.presses('Resume')
    await room.discord.until(() => room.discord.shown()[0]!.edits === 2)
    room.discord.presses('Pause')
    await room.discord.until(() => room.discord.shown()[0]!.edits === 3)
    expect(heardIn(room)).toEqual(['set', 'pause 1', 'resume 1', 'pause 1'])
  })

  test('in a server anybody may press; what is private is seen by who pressed alone, and changes nothing', async () => {
    const room = await enter({
      answer: ({ text }) =>
        text === 'set' ? say('x', [{ label: 'Code', command: 'secret' }]) : { ...answers.secret!, place: 'instead' },
    })
    room.discord.says(`<@${room.discord.me}> set`, inServer)
    await shows(room, 1, CHANNEL)
    room.discord.presses('Code', { ...inServer, id: BEN, name: 'Ben' })
    await shows(room, 2, CHANNEL)
    expect(room.heard[1]).toMatchObject({ sender: { id: BEN, isAdmin: false }, isPress: true, isGroup: true })
    expect(room.discord.shown(CHANNEL)).toMatchObject([
      { content: 'x', edits: 0 },
      { content: 'Your code', onlyFor: BEN },
    ])
  })

  test('one that takes long is taken, and the message changes when it is done', async () => {
    const room = await enter({
      discord: await aDiscord(),
      clock: fastClock(20),
      async answer(message) {
        if (message.isPress) await new Promise((resolve) => setTimeout(resolve, 200))
        return answer(message)
      },
    })
    room.discord.says('list')
    await shows(room, 1)
    const id = room.discord.presses('More')
    await room.discord.until(() => texts(room)[0] === 'page 2')
    expect(room.discord.answered(id).map(({ type }) => type)).toEqual([6])
  })

  test('a command too long for a button is kept, and found again by another process', async () => {
    const long = `alert ${'AAPL > 500 or '.repeat(10)}MSFT > 500`
    const first = await enter({ answer: () => say('Shall I watch that?', [{ label: 'Yes', command: long }]) })
    first.discord.says('x')
    await shows(first, 1)
    const [button] = first.discord.shown()[0]!.buttons.flat()
    expect(button!.custom_id).toMatch(/^#[A-Za-z0-9_-]{22}$/)
    await first.channel.stop()
    await first.discord.until(() => first.discord.connected === 0)
    const { kept } = first
    const second = await enter({
      discord: first.discord,
      long: { keep: async () => {}, find: async (key) => kept.get(key) ?? null },
    })
    second.discord.presses('Yes')
    await shows(second, 2)
    expect(second.heard.map(({ text }) => text)).toEqual([long])
  })

  test('an answer that does not fit below the words is a message of its own, and the old buttons are gone', async () => {
    const long = 'x'.repeat(1_900)
    const room = await enter({ answer: () => ({ ...paused, pieces: [long] }) })
    await room.channel.send(`user/${ANNA}`, say(long, [{ label: 'Pause', command: 'pause 1' }]), 'firing')
    await shows(room, 1)
    room.discord.presses('Pause')
    await shows(room, 2)
    expect([texts(room), labels(room)]).toEqual([
      [long, long],
      [[], ['Resume']],
    ])
  })

  test('where the message cannot be changed any more, the answer is a message of its own', async () => {
    const room = await enter({ answer })
    room.discord.says('list')
    await shows(room, 1)
    room.discord.behave('POST /interactions/:id/:token/callback', { status: 404, code: 10_062 }, 1)
    room.discord.presses('More')
    await shows(room, 2)
    expect(texts(room)).toEqual(['page 1', 'page 2'])
  })

  test('a hundred buttons are as many as Discord shows, each of them once', async () => {
    const buttons = Array.from({ length: 100 }, (_, index) => ({ label: `b${index}`, command: `c ${index % 60}` }))
    const room = await enter({ answer: () => say('x', buttons) })
    room.discord.says('x')
    await shows(room, 1)
    expect(room.discord.shown()[0]!.buttons.map((row) => row.length)).toEqual([5, 5, 5, 5, 5])
  })
})
