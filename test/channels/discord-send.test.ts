import { afterEach, describe, expect, test } from 'vitest'
import { inMarkdown, markdownOf, split } from '../../src/channels/discord-text.ts'
import { draw } from '../../src/chart/draw.ts'
import { SendError } from '../../src/errors.ts'
import { compose, type Piece, type Reply, say } from '../../src/reply.ts'
import { aPicture, pixelsOf } from '../chart/pixels.ts'
import { ANNA, BEN, CHANNEL, directOf, type Mood } from '../doubles/discord.ts'
import { aDiscord, closeRooms, enter, fastClock, type Room, type RoomOptions } from './discord-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const TO_ANNA = `user/${ANNA}`
const TO_ALL = `channel/${CHANNEL}`
const POST = 'POST /channels/:id/messages'

const sender = (options: RoomOptions = {}): Promise<Room> => enter({ listens: false, ...options })
const texts = (room: Room, channel?: string) => room.discord.shown(channel).map(({ content }) => content)
const posts = (room: Room) => room.discord.calls.filter(({ route }) => route === POST)
const failureOf = (sending: Promise<unknown>) =>
  sending.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('sending', () => {
  test('gives the id of the message as its receipt, without having been started', async () => {
    const room = await sender()
    expect(await room.channel.send(TO_ANNA, compose([{ strong: 'Alert 1' }, ': AAPL']), 'key')).toEqual({
      id: room.discord.shown()[0]!.id,
    })
    expect(texts(room)).toEqual(['**Alert 1**: AAPL'])
    expect(room.discord.calls.map(({ route }) => route)).toEqual(['POST /users/@me/channels', POST])
    expect([room.channel.health?.(), room.discord.identified]).toEqual([{ ok: true, says: 'sends only' }, 0])
  })

  test('asks for the channel of somebody’s direct messages once, and again when it is gone', async () => {
    const room = await sender()
    const opened = () => room.discord.calls.filter(({ route }) => route === 'POST /users/@me/channels').length
    await room.channel.send(TO_ANNA, say('one'), '1')
    await room.channel.send(TO_ANNA, say('two'), '2')
    expect(opened()).toBe(1)
    room.discord.behave(POST, { status: 404, code: 10_003 }, 1)
    expect(await failureOf(room.channel.send(TO_ANNA, say('three'), '3'))).toMatchObject({ permanent: true })
    await room.channel.send(TO_ANNA, say('three'), '3')
    expect([opened(), texts(room)]).toEqual([2, ['one', 'two', 'three']])
  })

  test('the same notification tried again is shown once', async () => {
    const room = await sender()
    const receipts = [
      await room.channel.send(TO_ANNA, say('fired'), 'key'),
      await room.channel.send(TO_ANNA, say('fired'), 'key'),
    ]
    await room.channel.send(TO_ANNA, say('fired'), 'another key')
    expect(receipts[0]).toEqual(receipts[1])
    expect(texts(room)).toEqual(['fired', 'fired'])
    expect(posts(room)[0]!.body).toMatchObject({ enforce_nonce: true, nonce: expect.stringMatching(/^.{1,25}$/) })
  })

  test.each<['up' | 'down', number]>([
    ['up', 0x2ea05b],
    ['down', 0xd83c3e],
  ])('what went %s is a card with a coloured edge; its first line is the title', async (direction, color) => {
    const room = await sender()
    const pieces = [{ strong: 'Alert 1: AAPL price > 500' }, '\nAAPL 501.12 USD\n', { block: 'a  1\nb  2' }]
    await room.channel.send(TO_ANNA, { ...compose(pieces, [{ label: 'Why', command: 'why 1' }]), direction }, 'key')
    expect(room.discord.shown()).toMatchObject([
      {
        content: '',
        embeds: [{ color, title: 'Alert 1: AAPL price > 500', description: 'AAPL 501.12 USD\n```\na  1\nb  2\n```' }],
      },
    ])
    expect(
      room.discord
        .shown()[0]!
        .buttons.flat()
        .map(({ label }) => label),
    ).toEqual(['Why'])
  })

  test('where the bot may write but show no cards, it writes', async () => {
    const room = await sender()
    room.discord.cardless.add(CHANNEL)
    await room.channel.send(TO_ALL, { ...compose([{ strong: 'Alert 1' }, '\nx']), direction: 'up' }, 'key')
    expect(texts(room, CHANNEL)).toEqual(['**Alert 1**\nx'])
  })

  test('in a channel whom it concerns is called, and nobody else whatever the words are', async () => {
    const evil = `@everyone @here <@${BEN}> <@&600000000000000001>`
    const room = await sender()
    const reply: Reply = { ...compose([{ strong: 'Alert 1' }, `\n${evil}`]), whom: { id: ANNA, name: evil } }
    for (const direction of ['up', undefined] as const)
      await room.channel.send(TO_ALL, direction ? { ...reply, direction } : reply, `key ${direction}`)
    expect(room.discord.shown(CHANNEL).map(({ calls }) => calls)).toEqual([[ANNA], [ANNA]])
    expect(posts(room).map(({ body }) => body.allowed_mentions)).toEqual([
      { parse: [], users: [ANNA] },
      { parse: [], users: [ANNA] },
    ])
  })

  test.each<[string, string, string]>([
    ['in direct messages', TO_ANNA, ANNA],
    ['by an id that is none', TO_ALL, '7> <@&600000000000000001'],
  ])('nobody is called %s', async (_title, to, id) => {
    const room = await sender()
    await room.channel.send(to, { ...say('fired'), whom: { id, name: 'x' } }, 'key')
    expect(posts(room)[0]!.body).toMatchObject({ content: 'fired', allowed_mentions: { parse: [] } })
  })

  test('a text of spaces alone is no message that Discord would refuse', async () => {
    const room = await sender()
    await room.channel.send(TO_ANNA, say(' \n '), 'key')
    expect(texts(room)).toEqual(['Done.'])
  })

  type Expected = { message: string; permanent: boolean; retryAfter?: number | undefined }
  const code = (status: number, number: number): Mood => ({ status, code: number })
  test.each<[string, Mood, Expected]>([
    ['no such channel', code(404, 10_003), { message: 'Discord knows no such channel', permanent: true }],
    ['no such person', code(404, 10_013), { message: 'Discord knows no such person', permanent: true }],
    ['not to be seen', code(403, 50_001), { message: 'the bot cannot see that channel', permanent: true }],
    [
      'takes no direct messages',
      code(403, 50_007),
      { message: 'that person takes no direct messages from the bot', permanent: true },
    ],
    ['may not write', code(403, 50_013), { message: 'the bot may not write there', permanent: true }],
    [
      'no server in common',
      code(403, 50_278),
      { message: 'the bot shares no server with that person any more', permanent: true },
    ],
    ['a closed thread', code(400, 160_005), { message: 'that thread is closed', permanent: true }],
    ['another 403', code(403, 40_006), { message: 'Discord did not take it: as told', permanent: false }],
    ['a fault of ours', code(400, 50_035), { message: 'Discord did not take it: as told', permanent: false }],
    ['trouble there', { status: 502 }, { message: 'Discord did not take it: it answers 502', permanent: false }],
    [
      'too many, for longer',
      { status: 429, headers: { 'retry-after': '7' } },
      { message: 'Discord asks for a pause', permanent: false, retryAfter: 7_050 },
    ],
    [
      'too many, who knows for how long',
      { status: 429 },
      { message: 'Discord asks for a pause', permanent: false, retryAfter: 5_000 },
    ],
    [
      'too many, and nonsense for how long',
      { status: 429, headers: { 'retry-after': 'soon' } },
      { message: 'Discord asks for a pause', permanent: false, retryAfter: 5_000 },
    ],
    ['the wrong token', { status: 401 }, { message: "Discord does not accept the bot's token", permanent: false }],
    [
      'a connection that breaks',
      'reset',
      { message: expect.stringMatching(/^Discord did not take it: it cannot be reached/), permanent: false },
    ],
    [
      'a web page',
      'web page',
      { message: 'Discord did not take it: what it answers is no answer of the API', permanent: false },
    ],
  ])('%s: the sender hears whether it is for good, and nothing of the token', async (_title, mood, expected) => {
    const room = await sender()
    room.discord.behave(POST, mood)
    const error = await failureOf(room.channel.send(TO_ANNA, say('secret words'), 'key'))
    expect(error).toBeInstanceOf(SendError)
    expect(error).toMatchObject({ retryAfter: undefined, ...expected })
    const told = JSON.stringify([error, (error as Error).stack, (error as Error).cause, room.logged])
    expect(told).not.toContain(room.discord.token)
    expect(told).not.toContain('secret words')
  })

  test('no answer is one too, well before ten seconds', async () => {
    const room = await sender()
    room.discord.behave(POST, 'hang')
    expect(await failureOf(room.channel.send(TO_ANNA, say('x'), 'key'))).toMatchObject({
      permanent: false,
      message: 'Discord did not take it: it does not answer in time',
    })
  }, 8_000)

  test('a limit over all of the bot stops the others too, and says for how long', async () => {
    const room = await sender()
    const headers = { 'retry-after': '9', 'x-ratelimit-global': 'true' }
    room.discord.behave(POST, { status: 429, headers }, 1)
    await failureOf(room.channel.send(TO_ALL, say('x'), '1'))
    const error = await failureOf(room.channel.send(TO_ALL, say('y'), '2'))
    expect(error).toMatchObject({ permanent: false, message: 'Discord asks for a pause' })
    expect((error as SendError).retryAfter).toBeGreaterThan(7_000)
    expect(posts(room)).toHaveLength(1)
  })

  test('a short pause is waited for', async () => {
    const room = await sender()
    room.discord.behave(POST, { status: 429, headers: { 'retry-after': '0.1' } }, 1)
    await room.channel.send(TO_ALL, say('x'), 'key')
    expect([texts(room, CHANNEL), posts(room).length]).toEqual([['x'], 2])
  })

  test('after a token was refused it is shown again, and the health of the channel tells', async () => {
    const room = await sender()
    room.discord.behave(POST, { status: 401 }, 1)
    await failureOf(room.channel.send(TO_ALL, say('x'), 'key'))
    expect(room.channel.health?.()).toEqual({ ok: false, says: 'Discord does not accept DISCORD_TOKEN' })
    await room.channel.send(TO_ALL, say('x'), 'key')
    expect([texts(room, CHANNEL), room.channel.health?.()]).toEqual([['x'], { ok: true, says: 'sends only' }])
  })

  test.each(['', 'here', ANNA, 'user/', 'user/anna', 'channel/1/2', 'guild/1', `user/${ANNA} `, '../users/@me'])(
    '"%s" is no address, for good',
    async (address) => {
      const room = await sender()
      await expect(room.channel.send(address, say('x'), 'key')).rejects.toMatchObject({ permanent: true })
      expect(room.discord.calls).toEqual([])
    },
  )
})

describe('a burst of 500 firings', () => {
  /** Tries each until it is taken, as delivery does: later where it is told to, and with the same key. */
  async function deliver({ channel }: Room, to: string, alert: number): Promise<void> {
    for (let tries = 0; tries < 40; tries++) {
      const error = await failureOf(channel.send(to, say(`alert ${alert}`), `key ${alert}`))
      if (error === undefined) return
      if (!(error instanceof SendError) || error.permanent) throw error
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`alert ${alert} was never taken`)
  }

  test('through broken connections, silence, trouble and requests to wait is shown once each', async () => {
    const room = await sender({ perSecond: 5_000 })
    const alerts = Array.from({ length: 500 }, (_, index) => index + 1)
    const moods: Mood[] = [
      'reset',
      'done and reset',
      { status: 503 },
      { status: 500 },
      { status: 429 },
      { status: 429, headers: { 'retry-after': '0.01' } },
    ]
    for (const mood of moods) room.discord.behave(POST, mood, 60)
    for (const mood of ['hang', 'done and hang'] as const) room.discord.behave(POST, mood, 5)
    const people = (alert: number) => `user/7000000000000${String(10_000 + (alert % 50))}`
    // Whoever delivers has a few messages under way at a time, not all.
    const queue = [...alerts]
    const work = async () => {
      for (let alert = queue.shift(); alert !== undefined; alert = queue.shift())
        await deliver(room, people(alert), alert)
    }
    await Promise.all(Array.from({ length: 20 }, work))
    const shown = Array.from({ length: 50 }, (_, person) => texts(room, directOf(people(person).slice(5)))).flat()
    expect(shown.sort()).toEqual(alerts.map((alert) => `alert ${alert}`).sort())
  }, 30_000)

  test('to one channel keeps to the limit that Discord tells', async () => {
    const room = await sender()
    room.discord.limit(5, 60)
    for (let alert = 1; alert <= 30; alert++) await deliver(room, TO_ALL, alert)
    expect(texts(room, CHANNEL)).toEqual(Array.from({ length: 30 }, (_, index) => `alert ${index + 1}`))
    expect(room.discord.overruns).toBe(0)
  })
})

describe('answers to people', () => {
  test.each<[string, Mood]>([
    ['a request to wait', { status: 429, headers: { 'retry-after': '20' } }],
    ['trouble there', { status: 502 }],
    ['a connection that breaks', 'reset'],
  ])('after %s an answer is sent again until it is taken', async (_title, mood) => {
    const room = await enter({ clock: fastClock(200) })
    room.discord.behave(POST, mood, 3)
    room.discord.says('list')
    await room.discord.until(() => room.discord.shown().length > 0)
    expect(texts(room)).toEqual(['you said list'])
    expect(room.heard).toHaveLength(1)
  })

  test('those of a channel stay in order when the first has to wait', async () => {
    const room = await enter({ clock: fastClock(200) })
    room.discord.behave(POST, { status: 502 }, 2)
    for (const text of ['one', 'two', 'three']) room.discord.says(text)
    await room.discord.until(() => room.discord.shown().length === 3)
    expect(texts(room)).toEqual(['you said one', 'you said two', 'you said three'])
  })
})

describe('text', () => {
  test.each<[string, string, string]>([
    ['a comparison stays as it is', 'AAPL > 500 or < 300', 'AAPL > 500 or < 300'],
    ['also where nothing stands between', 'AAPL<300, >=5', 'AAPL<300, >=5'],
    ['emphasis', '*a* _b_ ~~c~~ ||d|| `e`', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\|\\|d\\|\\| \\`e\\`'],
    ['a backslash', 'a\\*b', 'a\\\\\\*b'],
    ['a link with other words', '[x](https://evil)', '\\[x\\](https://evil)'],
    ['a person, a role, a channel, a moment', '<@1> <@&2> <#3> <t:4>', '\\<@1> \\<@&2> \\<#3> \\<t:4>'],
    ['everyone', '@everyone @HERE @anna', '@\u2060everyone @\u2060HERE @anna'],
    ['a heading', '# a\n  ## b', '\\# a\n  \\## b'],
    ['a quotation', '> a\n>>> b', '\\> a\n\\>>> b'],
    ['lists', '- a\n* b\n1. c\n1.5 d', '\\- a\n\\* b\n1\\. c\n1.5 d'],
    ['small print', '-# a', '\\-# a'],
  ])('%s is text', (_title, typed, written) => {
    expect(inMarkdown(typed)).toBe(written)
  })

  test.each<[string, readonly Piece[], string]>([
    ['a block cannot be ended by what is in it', [{ block: 'a```b' }], '```\na`\u2060`\u2060`b\n```'],
    ['nothing in a block needs a backslash', [{ block: '*a* <b' }], '```\n*a* <b\n```'],
    ['two strong stretches stay two', [{ strong: 'a' }, { strong: 'b' }], '**a**\u2060**b**'],
    ['a strong stretch of spaces is spaces', ['a', { strong: ' ' }, 'b'], 'a b'],
  ])('%s', (_title, pieces, written) => {
    expect(markdownOf(pieces)).toBe(written)
  })

  test.each<[string, readonly Piece[], number, readonly (readonly Piece[])[]]>([
    ['what fits stays whole', ['abc\ndef'], 7, [['abc\ndef']]],
    ['cut at the end of a line', ['abc\ndef\nghi'], 8, [['abc\ndef'], ['ghi']]],
    ['a line that is too long is cut at a space', ['aaa bbb ccc'], 8, [['aaa bbb '], ['ccc']]],
    ['or anywhere, where there is none', ['aaabbbccc'], 4, [['aaab'], ['bbcc'], ['c']]],
    ['but not within a character', ['aaa🚀🚀'], 4, [['aaa'], ['🚀🚀']]],
    ['backslashes count', ['**\n**'], 5, [['**'], ['**']]],
    ['emphasis counts, and is whole in each part', [{ strong: 'ab\ncd' }], 8, [[{ strong: 'ab' }], [{ strong: 'cd' }]]],
    ['columns too', [{ block: 'a\nb\nc' }], 11, [[{ block: 'a\nb' }], [{ block: 'c' }]]],
    ['empty parts are none', ['\n\n\n'], 2, []],
    ['nothing', [], 2, []],
  ])('%s', (_title, pieces, limit, parts) => {
    expect(split(pieces, limit)).toEqual(parts)
  })

  test('parts never pass the limit, and no word is lost, whatever the text', () => {
    const alphabet = ['a', ' ', '\n', '*', '<', '🚀', 'é', '`', '@', '#']
    let seed = 1
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    const words = (pieces: readonly Piece[]) =>
      pieces
        .map((piece) => (typeof piece === 'string' ? piece : 'strong' in piece ? piece.strong : piece.block))
        .join('')
    for (let round = 0; round < 300; round++) {
      const text = () => Array.from({ length: next(60) }, () => alphabet[next(alphabet.length)]).join('')
      const pieces = [text(), { strong: text() }, { block: text() }, text()]
      const parts = split(pieces, 30)
      expect(Math.max(0, ...parts.map((part) => markdownOf(part).length))).toBeLessThanOrEqual(30)
      expect(parts.map(words).join('').replace(/\s/g, '')).toBe(words(pieces).replace(/\s/g, ''))
    }
  })

  test.each<[string, 'up' | undefined, number]>([
    ['text', undefined, 2_000],
    ['cards', 'up', 4_096],
  ])('a long one arrives as several %s, each whole, the buttons under the last', async (_title, direction, limit) => {
    const line = `${'*_ '.repeat(20)}end of the line`
    const pieces = [{ strong: 'Alerts' }, '\n', { block: Array.from({ length: 150 }, () => line).join('\n') }]
    const reply = compose(pieces, [{ label: 'More', command: 'list 2' }])
    const room = await sender()
    await room.channel.send(TO_ANNA, direction ? { ...reply, direction } : reply, 'key')
    const shown = room.discord.shown().map(({ content, embeds, buttons }) => ({
      text: direction ? (embeds[0]?.description ?? '') : content,
      count: buttons.length,
    }))
    expect(shown.length).toBeGreaterThan(2)
    expect(shown.every(({ text }) => text.length <= limit && text.endsWith('end of the line\n```'))).toBe(true)
    expect(shown.map(({ count }) => count)).toEqual([...shown.slice(1).map(() => 0), 1])
    expect(shown.flatMap(({ text }) => text.split('\n').filter((each) => each.endsWith('line')))).toHaveLength(150)
  })

  test('where the end of a long one is not taken, what was begun counts as sent', async () => {
    const room = await sender({ clock: fastClock(500) })
    const sending = room.channel.send(TO_ANNA, say(`${'x'.repeat(1_900)}\n${'y'.repeat(1_900)}`), 'key')
    await room.discord.until(() => room.discord.shown().length === 1)
    room.discord.behave(POST, { status: 403, code: 50_007 })
    await sending
    expect(room.logged.join('')).toContain('the end of a long message was not sent')
  })
})

test('a file follows the words as a message of its own', async () => {
  const room = await sender({})
  await room.channel.send(TO_ANNA, { ...say('All of it:'), file: { name: 'data.json', text: '{"name":"Zoë"}' } }, 'key')
  expect(room.discord.shown()).toMatchObject([
    { content: 'All of it:', files: [] },
    { content: '', files: [Buffer.from('{"name":"Zoë"}')] },
  ])
})

describe('pictures', () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
  const reply: Reply = { ...say('fired'), picture: aPicture({ title: 'AAPL <b> & more' }) }

  test('the words go first, the picture is put into the same message, with its title as what it shows', async () => {
    let release = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const room = await sender({
      async draw() {
        await slow
        return png
      },
    })
    await room.channel.send(TO_ANNA, reply, 'key')
    expect(room.discord.shown()).toMatchObject([{ content: 'fired', files: [] }])
    release()
    await room.discord.until(() => room.discord.shown()[0]!.files.length === 1)
    expect(room.discord.shown()).toMatchObject([{ content: 'fired', files: [png], alt: 'AAPL <b> & more' }])
  })

  test.each<[string, NonNullable<RoomOptions['draw']>, Mood | undefined]>([
    ['cannot be drawn', () => Promise.reject(new Error('no canvas')), undefined],
    ['has nothing to show', async () => undefined, undefined],
    ['takes longer than 3 s', () => new Promise(() => {}), undefined],
    ['is not taken by Discord', async () => png, { status: 413, code: 40_005 }],
  ])('one that %s is left out, and the words are sent all the same', async (_title, drawn, mood) => {
    const room = await sender({ draw: drawn, clock: fastClock(100) })
    if (mood) room.discord.behave('PATCH /channels/:id/messages/:id', mood)
    await room.channel.send(TO_ANNA, reply, 'key')
    await room.channel.stop()
    expect(room.discord.shown()).toMatchObject([{ content: 'fired', files: [] }])
  })

  test('one that is really drawn arrives', async () => {
    const room = await sender({ draw })
    await room.channel.send(TO_ANNA, reply, 'key')
    await room.discord.until(() => room.discord.shown()[0]!.files.length === 1)
    const { width, height } = await pixelsOf(room.discord.shown()[0]!.files[0]!)
    expect([width, height]).toEqual([600, 300])
  })
})

test('two bots with one address for the API do not share what they know', async () => {
  const discord = await aDiscord()
  const [right, wrong] = [await sender({ discord }), await sender({ discord, token: 'wrong' })]
  await right.channel.send(TO_ALL, say('x'), 'key')
  await expect(wrong.channel.send(TO_ALL, say('y'), 'key')).rejects.toMatchObject({ permanent: false })
  expect([right, wrong].map(({ channel }) => channel.health?.().ok)).toEqual([true, false])
})
