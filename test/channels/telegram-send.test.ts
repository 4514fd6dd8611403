import { afterEach, describe, expect, test } from 'vitest'
import { split } from '../../src/channels/telegram-html.ts'
import { createPace, LIMITS } from '../../src/channels/telegram-pace.ts'
import { draw } from '../../src/chart/draw.ts'
import { SendError } from '../../src/errors.ts'
import { compose, type Piece, type Reply, say } from '../../src/reply.ts'
import { aPicture, pixelsOf } from '../chart/pixels.ts'
import type { Mood } from '../doubles/telegram.ts'
import { aTelegram, closeRooms, enter, fastClock, type Room, type RoomOptions, sleepyClock } from './telegram-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

/** A room for sending to Anna, who has opened a chat. */
async function sender(options: RoomOptions = {}): Promise<Room> {
  const room = await enter({ listens: false, ...options })
  room.telegram.opens(7)
  return room
}

const texts = (room: Room, chat?: number) => room.telegram.shown(chat).map(({ text }) => text)

describe('sending', () => {
  test('gives the id of the message as its receipt, without having been started', async () => {
    const room = await sender()
    const receipt = await room.channel.send('7', compose([{ strong: 'Alert 1' }, ': AAPL']), 'key')
    expect(receipt).toEqual({ id: String(room.telegram.shown()[0]!.id) })
    expect(room.telegram.calls.map(({ method }) => method)).toEqual(['sendMessage'])
    expect(room.channel.health?.()).toEqual({ ok: true, says: 'sends only' })
  })

  test('buttons stand beside each other as far as there is room', async () => {
    const room = await sender()
    const buttons = ['Again', 'Snooze 1 h', 'Why', 'Delete', 'stock:COIN Coinbase Global', 'crypto:COIN/USD']
    await room.channel.send(
      '7',
      say(
        'x',
        buttons.map((label) => ({ label, command: label })),
      ),
      'key',
    )
    expect(room.telegram.shown()[0]!.buttons.map((row) => row.map(({ text }) => text))).toEqual([
      ['Again', 'Snooze 1 h', 'Why', 'Delete'],
      ['stock:COIN Coinbase Global'],
      ['crypto:COIN/USD'],
    ])
  })

  test('a text of spaces alone is no message that Telegram would refuse', async () => {
    const room = await sender()
    await room.channel.send('7', say(' \n '), 'key')
    expect(texts(room)).toEqual(['Done.'])
  })

  type Expected = { message: string; permanent: boolean; retryAfter?: number }
  const refusal = (code: number, description: string, parameters?: Record<string, unknown>): Mood => ({
    code,
    description,
    ...(parameters ? { parameters } : {}),
  })
  test.each<[string, Mood, Expected]>([
    [
      'blocked',
      refusal(403, 'Forbidden: bot was blocked by the user'),
      { message: 'the bot was blocked there', permanent: true },
    ],
    [
      'deactivated',
      refusal(403, 'Forbidden: user is deactivated'),
      { message: 'that Telegram account is gone', permanent: true },
    ],
    [
      'kicked',
      refusal(403, 'Forbidden: bot was kicked from the supergroup chat'),
      { message: 'the bot was removed from that chat', permanent: true },
    ],
    [
      'never opened',
      refusal(403, "Forbidden: bot can't initiate conversation with a user"),
      { message: 'nobody has opened a chat with the bot there yet', permanent: true },
    ],
    [
      'another 403',
      refusal(403, 'Forbidden: some new reason'),
      { message: 'Telegram forbids it: Forbidden: some new reason', permanent: true },
    ],
    [
      'no such chat',
      refusal(400, 'Bad Request: chat not found'),
      { message: 'Telegram knows no such chat', permanent: true },
    ],
    [
      'no such topic',
      refusal(400, 'Bad Request: message thread not found'),
      { message: 'that topic is gone', permanent: true },
    ],
    [
      'muted',
      refusal(400, 'Bad Request: not enough rights to send text messages to the chat'),
      { message: 'the bot may not write there', permanent: true },
    ],
    [
      'a fault of ours',
      refusal(400, 'Bad Request: something new'),
      { message: 'Telegram did not take it: Bad Request: something new', permanent: false },
    ],
    [
      'too many',
      refusal(429, 'Too Many Requests: retry after 7', { retry_after: 7 }),
      { message: 'Telegram asks for a pause', permanent: false, retryAfter: 7_000 },
    ],
    [
      'trouble there',
      refusal(502, 'Bad Gateway'),
      { message: 'Telegram did not take it: Bad Gateway', permanent: false },
    ],
    [
      'the wrong token',
      refusal(401, 'Unauthorized'),
      { message: "Telegram does not accept the bot's token", permanent: false },
    ],
    [
      'a connection that breaks',
      'reset',
      { message: 'Telegram did not take it: it cannot be reached (ECONNRESET)', permanent: false },
    ],
    [
      'a web page',
      'web page',
      { message: 'Telegram did not take it: what it answers is no answer of the Bot API', permanent: false },
    ],
    ['no answer', 'hang', { message: 'Telegram did not take it: it does not answer in time', permanent: false }],
  ])('%s: the sender hears whether it is for good, and nothing of the token', async (_title, mood, expected) => {
    const room = await sender()
    room.telegram.behave('sendMessage', mood)
    const error = await room.channel.send('7', say('secret words'), 'key').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SendError)
    expect(error).toMatchObject({ retryAfter: undefined, ...expected })
    const told = JSON.stringify([error, (error as Error).stack, (error as Error).cause, room.logged])
    expect(told).not.toContain(room.telegram.token)
    expect(told).not.toContain('secret words')
  })

  test('where nothing listens it fails for now, without the token', async () => {
    const room = await sender({ apiRoot: 'http://127.0.0.1:9' })
    const error = await room.channel.send('7', say('x'), 'key').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      permanent: false,
      message: 'Telegram did not take it: it cannot be reached (ECONNREFUSED)',
    })
    expect(JSON.stringify([error, (error as Error).stack])).not.toContain(room.telegram.token)
  })

  test.each(['here', '', '7/', '7 or 8', '@anna'])('"%s" is no address, for good', async (address) => {
    const room = await sender()
    await expect(room.channel.send(address, say('x'), 'key')).rejects.toMatchObject({ permanent: true })
  })

  test('after a request to wait, the chat is not written to before that, and others are', async () => {
    const clock = sleepyClock()
    const room = await sender({ clock })
    room.telegram.opens(8)
    room.telegram.behave(
      'sendMessage',
      { code: 429, description: 'Too Many Requests', parameters: { retry_after: 30 } },
      1,
    )
    await expect(room.channel.send('7', say('x'), 'key')).rejects.toMatchObject({ retryAfter: 30_000 })
    await expect(room.channel.send('7', say('x'), 'key')).rejects.toMatchObject({ retryAfter: 30_000 })
    await room.channel.send('8', say('other'), 'key')
    expect(room.telegram.calls).toHaveLength(2)
    await clock.sleep(30_000)
    await room.channel.send('7', say('later'), 'key')
    expect(texts(room)).toEqual(['later'])
  })

  test('words that Telegram cannot read as marked up come without their markup', async () => {
    const room = await sender()
    room.telegram.behave('sendMessage', { code: 400, description: "Bad Request: can't parse entities: x" }, 1)
    await room.channel.send('7', compose([{ strong: 'Alert <1>' }, ' & more']), 'key')
    expect(texts(room)).toEqual(['Alert <1> & more'])
    expect(room.telegram.shown()[0]!.entities).toEqual([])
  })
})

describe('answers to people', () => {
  test.each<[string, Mood]>([
    ['a request to wait', { code: 429, description: 'Too Many Requests', parameters: { retry_after: 20 } }],
    ['trouble there', { code: 502, description: 'Bad Gateway' }],
    ['a connection that breaks', 'reset'],
  ])('after %s an answer is sent again until it is taken', async (_title, mood) => {
    const room = await enter({ clock: fastClock(200) })
    room.telegram.behave('sendMessage', mood, 3)
    room.telegram.says('/list')
    await room.telegram.until(() => room.telegram.shown().length > 0)
    expect(texts(room)).toEqual(['you said /list'])
    expect(room.telegram.calls.filter(({ method }) => method === 'sendMessage')).toHaveLength(4)
    expect(room.heard).toHaveLength(1)
  })

  test('an answer to someone who blocked the bot is sent once and no more', async () => {
    const room = await enter({ clock: fastClock(200) })
    room.telegram.behave('sendMessage', { code: 403, description: 'Forbidden: bot was blocked by the user' }, 1)
    room.telegram.says('/list')
    room.telegram.says('/help')
    await room.telegram.until(() => room.telegram.shown().length > 0)
    expect(texts(room)).toEqual(['you said /help'])
  })

  test('answers of a chat stay in order when the first has to wait', async () => {
    const room = await enter({ clock: fastClock(200) })
    room.telegram.behave('sendMessage', { code: 502, description: 'Bad Gateway' }, 2)
    for (const text of ['one', 'two', 'three']) room.telegram.says(text)
    await room.telegram.until(() => room.telegram.shown().length === 3)
    expect(texts(room)).toEqual(['you said one', 'you said two', 'you said three'])
  })
})

describe('long texts', () => {
  const words = (pieces: readonly Piece[]) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : 'strong' in piece ? piece.strong : piece.block)).join('')

  test.each<[string, readonly Piece[], number, readonly (readonly Piece[])[]]>([
    ['what fits stays whole', ['abc\ndef'], 7, [['abc\ndef']]],
    ['cut at the end of a line', ['abc\ndef\nghi'], 8, [['abc\ndef'], ['ghi']]],
    ['the newline itself needs no room', ['abc\ndef'], 3, [['abc'], ['def']]],
    ['a line that is too long is cut at a space', ['aaa bbb ccc'], 8, [['aaa bbb '], ['ccc']]],
    ['or anywhere, where there is none', ['aaabbbccc'], 4, [['aaab'], ['bbcc'], ['c']]],
    ['but not within a character', ['aaa🚀🚀'], 4, [['aaa'], ['🚀🚀']]],
    [
      'emphasis is whole in each part',
      [{ strong: 'ab\ncd' }, '\nef'],
      4,
      [[{ strong: 'ab' }], [{ strong: 'cd' }], ['ef']],
    ],
    ['columns too', [{ block: 'a\nb\nc\nd' }], 4, [[{ block: 'a\nb' }], [{ block: 'c\nd' }]]],
    [
      'a line of several pieces is not torn',
      ['ab ', { strong: 'cd' }, ' ef\ngh'],
      9,
      [['ab ', { strong: 'cd' }, ' ef'], ['gh']],
    ],
    ['empty parts are none', ['\n\n\n'], 2, []],
    ['nothing', [], 2, []],
  ])('%s', (_title, pieces, limit, parts) => {
    expect(split(pieces, limit)).toEqual(parts)
  })

  test('parts never pass the limit, and no word is lost, whatever the text', () => {
    const alphabet = ['a', ' ', '\n', '<', '&', '🚀', 'é']
    let seed = 1
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 500; round++) {
      const text = () => Array.from({ length: next(60) }, () => alphabet[next(alphabet.length)]).join('')
      const pieces = [text(), { strong: text() }, { block: text() }, text()]
      const parts = split(pieces, 10)
      expect(Math.max(0, ...parts.map((part) => words(part).length))).toBeLessThanOrEqual(10)
      expect(parts.map(words).join('').replace(/\s/g, '')).toBe(words(pieces).replace(/\s/g, ''))
    }
  })

  test('a long text arrives in several messages, each whole and within 4096 after its markup is read, the buttons under the last', async () => {
    const line = `${'<&> '.repeat(20)}end of the line`
    const room = await sender()
    const reply = compose(
      [{ strong: 'Alerts' }, '\n', { block: Array.from({ length: 200 }, () => line).join('\n') }],
      [{ label: 'More', command: 'list 2' }],
    )
    await room.channel.send('7', reply, 'key')
    const shown = room.telegram.shown()
    expect(shown.length).toBeGreaterThan(4)
    expect(shown.every(({ text }) => text.length <= 4_096 && text.endsWith('end of the line'))).toBe(true)
    expect(
      shown
        .map(({ text }) => text.replace('Alerts\n', ''))
        .join('\n')
        .split('\n'),
    ).toEqual(Array.from({ length: 200 }, () => line))
    expect(shown.map(({ buttons }) => buttons.length)).toEqual([...shown.slice(1).map(() => 0), 1])
  })

  test('where the end of a long text is not taken, what was begun counts as sent', async () => {
    const room = await sender({ clock: fastClock(500) })
    const sending = room.channel.send('7', say(`${'x'.repeat(4_000)}\n${'y'.repeat(4_000)}`), 'key')
    await room.telegram.until(() => room.telegram.shown().length === 1)
    room.telegram.behave('sendMessage', { code: 403, description: 'Forbidden: bot was blocked by the user' })
    await sending
    expect(room.telegram.shown()).toHaveLength(1)
    expect(room.logged.join('')).toContain('the end of a long message was not sent')
  })
})

describe('the pace', () => {
  const turns = async (count: number, chat: string, patience = Number.POSITIVE_INFINITY) => {
    const clock = sleepyClock()
    const pace = createPace(clock, LIMITS)
    const start = clock.now()
    const times: number[] = []
    for (let turn = 0; turn < count; turn++) {
      await pace.turn(chat, patience)
      times.push(clock.now() - start)
    }
    return times
  }

  test('a chat is written to once a second', async () => {
    expect(await turns(4, '7')).toEqual([0, 1_000, 2_000, 3_000])
  })

  test('a group is written to once a second, and 20 times a minute', async () => {
    const times = await turns(42, '-500')
    expect(times.slice(0, 3)).toEqual([0, 1_000, 2_000])
    expect(times[19]).toBe(19_000)
    expect(times[20]).toBe(60_000)
    expect(times[40]).toBe(120_000)
  })

  test('over all chats there are 30 messages a second', async () => {
    const clock = sleepyClock()
    const pace = createPace(clock, LIMITS)
    const start = clock.now()
    const times: number[] = []
    for (let chat = 1; chat <= 61; chat++) {
      await pace.turn(String(chat), Number.POSITIVE_INFINITY)
      times.push(clock.now() - start)
    }
    expect([times[29], times[30], times[59], times[60]]).toEqual([0, 1_000, 1_000, 2_000])
  })

  test('who is not as patient is told how long it would be, and takes nobody’s turn', async () => {
    const clock = sleepyClock()
    const pace = createPace(clock, LIMITS)
    await pace.turn('7', 0)
    await expect(pace.turn('7', 500)).rejects.toMatchObject({ permanent: false, retryAfter: 1_000 })
    await expect(pace.turn('7', 500)).rejects.toMatchObject({ permanent: false, retryAfter: 1_000 })
    await pace.turn('7', 1_000)
    expect(clock.slept).toEqual([1_000])
  })

  test('a burst of firings to one chat leaves at its pace; each is sent once', async () => {
    const clock = sleepyClock()
    const telegram = await aTelegram(clock.now)
    const room = await sender({ clock, limits: LIMITS, telegram })
    for (let alert = 1; alert <= 5; alert++) await room.channel.send('7', say(`alert ${alert}`), `key ${alert}`)
    const times = telegram.calls.map(({ at }) => at)
    expect(times.slice(1).map((at, index) => at - times[index]!)).toEqual([1_000, 1_000, 1_000, 1_000])
    expect(texts(room)).toEqual(['alert 1', 'alert 2', 'alert 3', 'alert 4', 'alert 5'])
  })

  test('the 21st message of a minute to a group comes back at once, with the time it is to wait', async () => {
    const clock = sleepyClock()
    const room = await sender({ clock, limits: LIMITS })
    room.telegram.says('hello', { chat: -500 })
    for (let alert = 1; alert <= 20; alert++) await room.channel.send('-500', say(`alert ${alert}`), `key ${alert}`)
    await expect(room.channel.send('-500', say('alert 21'), 'key 21')).rejects.toMatchObject({ retryAfter: 41_000 })
    expect(room.telegram.shown(-500)).toHaveLength(20)
  })
})

describe('a file', () => {
  const reply: Reply = { ...say('All of it:'), file: { name: 'data.json', text: '{"name":"Zoë"}' } }

  test('follows the words', async () => {
    const room = await sender({})
    await room.channel.send('7', reply, 'key')
    const [words, carrier] = room.telegram.shown()
    expect([words!.text, words!.file, carrier!.text]).toEqual(['All of it:', undefined, ''])
    expect(carrier!.file?.toString()).toBe('{"name":"Zoë"}')
  })

  test('that is not taken is left out, and the words are not sent again', async () => {
    const room = await sender({ clock: fastClock(10_000) })
    room.telegram.behave('sendDocument', { code: 400, description: 'Bad Request: file is too big' }, 10)
    await room.channel.send('7', reply, 'key')
    expect(texts(room)).toEqual(['All of it:'])
  })
})

describe('pictures', () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
  const reply: Reply = { ...say('fired'), picture: aPicture({ title: 'AAPL <b> & more' }) }

  test('the words go first, the picture follows under them, with its title', async () => {
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
    const receipt = await room.channel.send('7', reply, 'key')
    expect(texts(room)).toEqual(['fired'])
    release()
    await room.telegram.until(() => room.telegram.shown().length === 2)
    const [, photo] = room.telegram.shown()
    expect(photo!.photo).toEqual(png)
    expect([photo!.text, photo!.answers]).toEqual(['AAPL <b> & more', Number(receipt.id)])
  })

  test.each<[string, RoomOptions['draw'], Mood | undefined]>([
    ['cannot be drawn', () => Promise.reject(new Error('no canvas')), undefined],
    ['has nothing to show', async () => undefined, undefined],
    ['takes longer than 3 s', () => new Promise(() => {}), undefined],
    ['is not taken by Telegram', async () => png, { code: 400, description: 'Bad Request: IMAGE_PROCESS_FAILED' }],
  ])('one that %s is left out, and the words are sent all the same', async (_title, draw, mood) => {
    const room = await sender({ draw: draw!, clock: fastClock(100) })
    if (mood) room.telegram.behave('sendPhoto', mood)
    await room.channel.send('7', reply, 'key')
    await room.channel.stop()
    expect(texts(room)).toEqual(['fired'])
  })

  test('one that would have to wait for its turn for longer is left out', async () => {
    const clock = sleepyClock()
    const group = { ...LIMITS, chat: { count: 1, per: 5_000 } }
    const room = await sender({ draw: async () => png, clock, limits: group })
    await room.channel.send('7', reply, 'key')
    await room.channel.stop()
    expect(texts(room)).toEqual(['fired'])
  })

  test('one that is really drawn arrives', async () => {
    const room = await sender({ draw })
    await room.channel.send('7', reply, 'key')
    await room.telegram.until(() => room.telegram.shown().length === 2)
    const { width, height } = await pixelsOf(room.telegram.shown()[1]!.photo!)
    expect([width, height]).toEqual([600, 300])
  })

  test('in a topic of a group it stands in the topic', async () => {
    const room = await sender({ draw: async () => png })
    room.telegram.says('hello', { chat: -1_000_123, topic: 45 })
    await room.channel.send('-1000123/45', reply, 'key')
    await room.telegram.until(() => room.telegram.shown(-1_000_123, 45).length === 2)
    expect(room.telegram.shown(-1_000_123, 45)[1]!.photo).toBeDefined()
  })
})
