import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type Clock, type Message, OWNED_FOR, type Ownership } from '../../src/channels/channel.ts'
import { type CallOptions, Refusal, type TelegramApi } from '../../src/channels/telegram-api.ts'
import { startPoll } from '../../src/channels/telegram-poll.ts'
import { hookOf } from '../../src/channels/telegram-webhook.ts'
import { UserError } from '../../src/errors.ts'
import { type Server, startServer } from '../../src/http/server.ts'
import { say } from '../../src/reply.ts'
import type { TelegramDouble } from '../doubles/telegram.ts'
import {
  alsoEnd,
  aTelegram,
  closeRooms,
  enter,
  fastClock,
  handClock,
  type Room,
  type RoomOptions,
} from './telegram-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const texts = (telegram: TelegramDouble, chat?: number) => telegram.shown(chat).map(({ text }) => text)
/** Waits until that is what a channel says of itself. */
async function says({ channel }: Room, words: string): Promise<void> {
  while (channel.health?.().says !== words) await new Promise((resolve) => setTimeout(resolve, 5))
}
const errorsIn = ({ logged }: Room) => logged.filter((line) => /"level":(50|60)/.test(line))

async function web(): Promise<{ server: Server; base: string }> {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
  const server = await startServer(port, async () => ({ ok: true, parts: {} }))
  alsoEnd(server.stop)
  return { server, base: `http://127.0.0.1:${port}` }
}

type Hooked = Room & { readonly base: string; readonly path: string; readonly secret: string }

async function hooked(options: RoomOptions = {}): Promise<Hooked> {
  const telegram = options.telegram ?? (await aTelegram())
  const { server, base } = await web()
  telegram.deliverTo(base)
  const room = await enter({
    ...options,
    telegram,
    webhook: { publicUrl: 'https://bot.example/', route: server.route },
  })
  await telegram.until(() => telegram.webhook !== undefined && telegram.menu('all_group_chats') !== undefined)
  return { ...room, base, ...hookOf(telegram.token) }
}

/** The database is away until it comes back, and so long nothing is answered. */
function anAbsentMemory() {
  let isThere = false
  let comesBack = () => {}
  const back = new Promise<void>((resolve) => {
    comesBack = () => {
      isThere = true
      resolve()
    }
  })
  const answer = async ({ text }: Message) => {
    await back
    return say(`you said ${text}`)
  }
  return { memory: { isThere: async () => isThere, isAway: () => false }, answer, comesBack }
}

describe('by webhook', () => {
  test('Telegram is told an address that cannot be guessed, and a secret that is not the address', async () => {
    const { telegram, path, secret } = await hooked()
    expect(telegram.webhook).toEqual({ url: `https://bot.example${path}`, secret })
    expect(path).toMatch(/^\/telegram\/[A-Za-z0-9_-]{43}$/)
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(path).not.toContain(secret)
    expect(path + secret).not.toContain(telegram.token)
    expect(hookOf('another').path).not.toBe(path)
    expect(telegram.asked).toBe(0)
  })

  test('a conversation', async () => {
    const { telegram } = await hooked()
    telegram.says('/list')
    await telegram.until(() => telegram.answers.length === 1)
    expect(texts(telegram)).toEqual(['you said /list'])
    expect(telegram.answers).toEqual([200])
  })

  test('an update that is posted twice at once, and once more, is answered once', async () => {
    const room = await hooked({
      async answer({ text }) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return say(text)
      },
    })
    const { telegram } = room
    telegram.says('/list')
    telegram.repeat(1_001)
    await telegram.until(() => telegram.answers.length === 2)
    telegram.repeat(1_001)
    await telegram.until(() => telegram.answers.length === 3)
    expect(telegram.answers).toEqual([200, 200, 200])
    expect(room.heard).toHaveLength(1)
    expect(texts(telegram)).toEqual(['/list'])
  })

  test('one chat that takes long keeps Telegram waiting only for a while', async () => {
    const { telegram } = await hooked({
      clock: fastClock(50),
      async answer({ text }) {
        if (text === 'slow') await new Promise(() => {})
        return say(text)
      },
    })
    telegram.says('slow')
    await telegram.until(() => telegram.answers.length === 1)
    telegram.says('fast', { id: 8 })
    await telegram.until(() => telegram.shown(8).length === 1)
    expect(telegram.answers[0]).toBe(200)
  })

  const update = (text = '/list') =>
    JSON.stringify({
      update_id: 5,
      message: {
        message_id: 1,
        date: 1,
        chat: { id: 7, type: 'private' },
        from: { id: 7, is_bot: false, first_name: 'A' },
        text,
      },
    })
  type Wrong = { path?: string; secret?: string | null; body?: string | ReadableStream; method?: string }
  test.each<[string, Wrong, number]>([
    ['no secret', { secret: null }, 401],
    ['an empty secret', { secret: '' }, 401],
    ['the wrong secret', { secret: 'A'.repeat(43) }, 401],
    ['the beginning of the secret', { secret: '<the beginning>' }, 401],
    ['the wrong secret, and no JSON', { secret: 'A', body: '{' }, 401],
    ['another path', { path: '/telegram/x' }, 404],
    ['the path and more', { path: '<path>/x' }, 404],
    ['no JSON', { body: '{"update_id":' }, 400],
    ['an empty body', { body: '' }, 400],
    ['a number', { body: '7' }, 400],
    ['a list', { body: '[]' }, 400],
    ['nothing', { body: 'null' }, 400],
    ['no id', { body: '{"message":{}}' }, 400],
    ['an id that is none', { body: '{"update_id":"5"}' }, 400],
    ['bytes that are no text', { body: '\u0000\uffff' }, 400],
    ['more than 1 MiB', { body: update('x'.repeat(1024 * 1024)) }, 413],
    ['more than 1 MiB, without the secret', { body: 'x'.repeat(1024 * 1024 + 1), secret: null }, 413],
    ['a question instead of a post', { method: 'GET' }, 404],
    ['another method', { method: 'PUT' }, 404],
  ])('%s: gets its answer, and nothing else happens', async (_title, wrong, status) => {
    const { base, path, secret, heard, telegram, logged } = await hooked()
    const sent = (wrong.secret === undefined ? secret : wrong.secret)?.replace('<the beginning>', secret.slice(0, 20))
    const response = await fetch(base + (wrong.path?.replace('<path>', path) ?? path), {
      method: wrong.method ?? 'POST',
      headers: {
        'content-type': 'application/json',
        ...(sent == null ? {} : { 'x-telegram-bot-api-secret-token': sent }),
      },
      ...(wrong.method === 'GET' ? {} : { body: wrong.body ?? update() }),
    })
    expect(response.status).toBe(status)
    expect(await response.text()).not.toContain(secret)
    expect(heard).toEqual([])
    expect(telegram.shown()).toEqual([])
    expect(logged.join('')).not.toContain(secret)
  })

  test('a body that goes on and on without saying how long it is ends at 1 MiB', async () => {
    const { base, path, secret } = await hooked()
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536
        if (sent > 64 * 1024 * 1024) controller.close()
        else controller.enqueue(new Uint8Array(65_536))
      },
    })
    const headers = { 'x-telegram-bot-api-secret-token': secret }
    const outcome = await fetch(base + path, { method: 'POST', headers, body, duplex: 'half' } as RequestInit).then(
      (response) => response.status,
      () => 'closed',
    )
    expect([413, 'closed']).toContain(outcome)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('with the secret, what is posted is heard', async () => {
    const { base, path, secret, telegram, heard } = await hooked()
    telegram.opens(7)
    const headers = { 'x-telegram-bot-api-secret-token': secret }
    const response = await fetch(`${base}${path}?x=1`, { method: 'POST', headers, body: update() })
    expect([response.status, heard.map(({ text }) => text)]).toEqual([200, ['/list']])
  })

  test('while the bot does not know its own name, Telegram is asked to come again, and nothing is lost', async () => {
    const telegram = await aTelegram()
    const { server, base } = await web()
    telegram.deliverTo(base)
    telegram.behave('getMe', { code: 502, description: 'Bad Gateway' }, 4)
    const room = await enter({
      telegram,
      clock: fastClock(100),
      webhook: { publicUrl: 'https://bot.example', route: server.route },
    })
    expect(room.channel.health?.()).toEqual({ ok: false, says: 'Bad Gateway' })
    const { path, secret } = hookOf(telegram.token)
    const headers = { 'x-telegram-bot-api-secret-token': secret }
    const early = await fetch(base + path, { method: 'POST', headers, body: update() })
    expect(early.status).toBe(503)
    await telegram.until(() => telegram.webhook !== undefined)
    telegram.says('/list')
    await telegram.until(() => telegram.shown().length === 1)
    await telegram.until(() => room.channel.health?.().ok === true)
  })

  test('what waits for the database is left with Telegram, which posts it again; it is answered once', async () => {
    const { memory, answer, comesBack } = anAbsentMemory()
    const { telegram, heard } = await hooked({ clock: fastClock(20), memory, answer })
    telegram.says('/list')
    await telegram.until(() => telegram.answers.filter((status) => status === 503).length === 2)
    comesBack()
    await telegram.until(() => telegram.answers.at(-1) === 200 && telegram.shown().length === 1)
    expect(heard.map(({ text }) => text)).toEqual(['/list'])
  })

  test('after stop nothing is heard there any more, and the webhook stays for the next start', async () => {
    const { channel, base, path, secret, telegram } = await hooked()
    await channel.stop()
    const headers = { 'x-telegram-bot-api-secret-token': secret }
    expect((await fetch(base + path, { method: 'POST', headers, body: update() })).status).toBe(404)
    expect(telegram.webhook).toBeDefined()
  })
})

describe('by polls', () => {
  test('a webhook that was set before is taken away, what waited is answered', async () => {
    const telegram = await aTelegram()
    telegram.says('said while the bot was away')
    const room = await enter({ telegram })
    await telegram.until(() => telegram.shown().length === 1)
    expect(telegram.calls.some(({ method }) => method === 'deleteWebhook')).toBe(true)
    expect(room.channel.health?.()).toEqual({ ok: true, says: 'listens' })
  })

  test('what waits for the database is not taken as read: it is told again, answered once, and never lost', async () => {
    const { memory, answer, comesBack } = anAbsentMemory()
    const room = await enter({ clock: fastClock(20), memory, answer })
    const { telegram } = room
    telegram.says('one')
    const asked = telegram.asked
    await telegram.until(() => telegram.asked > asked + 2)
    comesBack()
    await telegram.until(() => telegram.shown().length === 1)
    expect(room.heard.map(({ text }) => text)).toEqual(['one'])
    await room.channel.stop()
    const other = anAbsentMemory()
    const next = await enter({ telegram, clock: fastClock(20), memory: other.memory, answer: other.answer })
    telegram.says('two')
    await telegram.until(() => next.heard.length === 1)
    await next.channel.stop()
    const last = await enter({ telegram })
    await telegram.until(() => last.heard.length === 1)
    expect([next, last].map(({ heard }) => heard.map(({ text }) => text))).toEqual([['two'], ['two']])
  })

  test('only what the bot reads is asked for', async () => {
    const { telegram } = await enter()
    telegram.push({ my_chat_member: {} })
    await telegram.until(() => telegram.asked > 1)
    expect(telegram.refused).toEqual([])
  })

  test('what was answered before a stop is not answered again after it', async () => {
    const first = await enter()
    const { telegram } = first
    telegram.says('one')
    await telegram.until(() => telegram.shown().length === 1)
    await first.channel.stop()
    telegram.says('two')
    const second = await enter({ telegram })
    await telegram.until(() => telegram.shown().length === 2)
    expect(second.heard.map(({ text }) => text)).toEqual(['two'])
    expect(texts(telegram)).toEqual(['you said one', 'you said two'])
  })

  test.each([
    ['trouble there', { code: 502, description: 'Bad Gateway' }],
    ['a request to wait', { code: 429, description: 'Too Many Requests', parameters: { retry_after: 3 } }],
    ['another program with the token', { code: 409, description: 'Conflict: terminated by other getUpdates request' }],
    ['a token that is refused for a while', { code: 401, description: 'Unauthorized' }],
    ['broken connections', 'reset'],
    ['web pages', 'web page'],
  ] as const)(
    'after %s it listens again, the operator having been told once, without the token',
    async (_title, mood) => {
      const telegram = await aTelegram()
      telegram.behave('getUpdates', mood, 3)
      const room = await enter({ telegram, clock: fastClock(200) })
      await telegram.until(() => telegram.asked > 0)
      telegram.says('/list')
      await telegram.until(() => telegram.shown().length === 1)
      expect(room.logged.filter((line) => line.includes('"level":40'))).toHaveLength(1)
      expect(room.logged.join('')).toContain('Telegram answers again')
      expect(room.logged.join('')).not.toContain(telegram.token.split(':')[1])
      expect(errorsIn(room)).toEqual([])
    },
  )

  test('stop waits for the answer under way', async () => {
    let release = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const room = await enter({
      async answer() {
        await slow
        return say('done')
      },
    })
    room.telegram.says('/list')
    await room.telegram.until(() => room.heard.length === 1 || room.telegram.asked > 1)
    const stopped = room.channel.stop()
    release()
    await stopped
    expect(texts(room.telegram)).toEqual(['done'])
    expect(room.telegram.polls).toBe(0)
  })

  test('one that was never started can be stopped', async () => {
    const room = await enter({ listens: false })
    await expect(room.channel.stop()).resolves.toBeUndefined()
  })
})

describe('starting', () => {
  test.each([
    ['refuses the token', { code: 401, description: 'Unauthorized' }],
    ['knows no such bot', { code: 404, description: 'Not Found' }],
  ])('where Telegram %s, the start fails and says what to do', async (_title, mood) => {
    const telegram = await aTelegram()
    telegram.behave('getMe', mood)
    const starting = enter({ telegram })
    await expect(starting).rejects.toThrow(UserError)
    await expect(starting).rejects.toMatchObject({
      message: 'Telegram does not know the bot: it refuses TELEGRAM_BOT_TOKEN.',
    })
    expect(telegram.asked).toBe(0)
  })

  test('where Telegram does not answer, the start does not wait for it; it begins when it does', async () => {
    const telegram = await aTelegram()
    telegram.behave('getMe', 'reset', 5)
    const room = await enter({ telegram, clock: fastClock(200) })
    telegram.says('/list')
    await telegram.until(() => telegram.shown().length === 1)
    expect(room.heard).toHaveLength(1)
  })
})

describe('several processes', () => {
  /** A lease as a database keeps it, on a clock of its own. */
  function aLease(clock: Clock) {
    let holder: string | undefined
    let until = 0
    const of = (name: string): Ownership => ({
      async acquire() {
        if (holder !== name && clock.now() < until) return false
        holder = name
        until = clock.now() + OWNED_FOR
        return true
      },
      async release() {
        if (holder === name) until = 0
      },
    })
    return { of, holder: () => holder }
  }

  test('one polls; when it stops, another takes over at once', async () => {
    const clock = fastClock(20)
    const lease = aLease(clock)
    const first = await enter({ clock, owner: lease.of('first') })
    const { telegram } = first
    await telegram.until(() => telegram.polls === 1)
    const second = await enter({ telegram, clock, owner: lease.of('second') })
    telegram.says('one')
    await telegram.until(() => telegram.shown().length === 1)
    expect([first.heard.length, second.heard.length]).toEqual([1, 0])
    await first.channel.stop()
    telegram.says('two')
    await telegram.until(() => telegram.shown().length === 2)
    expect(second.heard.map(({ text }) => text)).toEqual(['two'])
    expect(second.channel.health?.()).toEqual({ ok: true, says: 'listens' })
  })

  test('who waits says so, and asks Telegram for nothing', async () => {
    const clock = fastClock(20)
    const room = await enter({ clock, owner: { acquire: async () => false, release: async () => {} } })
    await clock.sleep(20_000)
    expect(room.telegram.asked).toBe(0)
    expect(room.channel.health?.()).toEqual({ ok: true, says: 'another process listens' })
  })

  test('of two that cannot hear each other, one that cannot renew gives up before another polls, which it does within 15 s', async () => {
    const clock = handClock()
    const lease = aLease(clock)
    const open = new Set<string>()
    const began: string[] = []
    let mostOpen = 0
    const callAs = (name: string): TelegramApi => {
      const ask = (method: string, _payload: unknown, { signal }: CallOptions = {}) => {
        if (method !== 'getUpdates' || !signal) return Promise.resolve([])
        open.add(name)
        began.push(name)
        mostOpen = Math.max(mostOpen, open.size)
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            open.delete(name)
            reject(new Refusal('ended', { code: 0 }))
          }),
        )
      }
      return ask as never
    }
    let isGone = false
    const own = lease.of('first')
    const cut: Ownership = {
      acquire: () => (isGone ? Promise.reject(new Error('the database is gone')) : own.acquire()),
      release: () => (isGone ? Promise.reject(new Error('the database is gone')) : own.release()),
    }
    const start = (name: string, owner: Ownership) =>
      startPoll({ call: callAs(name), owner, clock, hear: async () => true, state: () => {} })
    const ends = [start('first', cut), start('second', lease.of('second'))]
    await clock.advance(60_000)
    expect(began).toEqual(['first'])
    isGone = true
    await clock.advance(15_000)
    expect(began).toEqual(['first', 'second'])
    expect(mostOpen).toBe(1)
    const stopping = Promise.all(ends.map((end) => end()))
    await clock.advance(10_000)
    await stopping
    expect(open.size).toBe(0)
  })

  test('one that lost its right hears nothing any more, the other all of it', async () => {
    const clock = fastClock(20)
    const lease = aLease(clock)
    let isGone = false
    const own = lease.of('first')
    const owner: Ownership = {
      acquire: () => (isGone ? Promise.reject(new Error('the database is gone')) : own.acquire()),
      release: own.release,
    }
    const first = await enter({ clock, owner })
    const { telegram } = first
    await telegram.until(() => telegram.polls === 1)
    isGone = true
    const second = await enter({ telegram, clock, owner: lease.of('second') })
    while (lease.holder() !== 'second') await clock.sleep(100)
    telegram.says('one')
    await telegram.until(() => telegram.shown().length === 1)
    expect([first.heard.length, second.heard.length]).toEqual([0, 1])
    expect(telegram.calls.filter(({ method }) => method === 'sendMessage')).toHaveLength(1)
    await says(first, 'the database does not say which process listens')
  })

  test('a database that says nothing at all keeps nobody from stopping, and the poll ends in time', async () => {
    const clock = fastClock(50)
    let isSilent = false
    const owner: Ownership = {
      acquire: () => (isSilent ? new Promise(() => {}) : Promise.resolve(true)),
      release: () => (isSilent ? new Promise(() => {}) : Promise.resolve()),
    }
    const room = await enter({ clock, owner })
    await room.telegram.until(() => room.telegram.polls === 1)
    isSilent = true
    await room.telegram.until(() => room.telegram.polls === 0)
    await says(room, 'the database does not say which process listens')
    await room.channel.stop()
  })

  test('one that slept past its time drops what it hears when it wakes', async () => {
    const base = fastClock(1)
    let ahead = 0
    const clock: Clock = { now: () => base.now() + ahead, sleep: base.sleep }
    let isOwner = true
    const owner: Ownership = { acquire: async () => isOwner, release: async () => {} }
    const room = await enter({ clock, owner })
    await room.telegram.until(() => room.telegram.polls === 1)
    isOwner = false
    ahead = OWNED_FOR + 1
    room.telegram.says('one')
    await room.telegram.until(() => room.telegram.polls === 0)
    await room.channel.stop()
    expect(room.heard).toEqual([])
    const next = await enter({ telegram: room.telegram })
    await next.telegram.until(() => next.telegram.shown().length === 1)
    expect(next.heard.map(({ text }) => text)).toEqual(['one'])
  })
})
