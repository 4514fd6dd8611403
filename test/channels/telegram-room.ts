import { Writable } from 'node:stream'
import { pino } from 'pino'
import { type Channel, type Clock, type Handler, type Message, realClock } from '../../src/channels/channel.ts'
import { createTelegram, type TelegramOptions } from '../../src/channels/telegram.ts'
import type { Limits } from '../../src/channels/telegram-pace.ts'
import { type Reply, say } from '../../src/reply.ts'
import { startTelegram, type TelegramDouble } from '../doubles/telegram.ts'

/** So many messages at once that no test waits for its turn. */
export const UNHURRIED: Limits = {
  chat: { count: 1_000, per: 1_000 },
  group: { count: 1_000, per: 1_000 },
  all: { count: 1_000, per: 1_000 },
}

/** A clock that runs so many times faster than the one on the wall. */
export function fastClock(times: number): Clock {
  const start = Date.now()
  return {
    now: () => start + (Date.now() - start) * times,
    sleep: (ms, signal) => realClock.sleep(ms / times, signal),
  }
}

/** A clock that stands still but for who sleeps: each sleep takes it as far as it is long. */
export function sleepyClock(): Clock & { readonly slept: readonly number[] } {
  let now = 1_800_000_000_000
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms)
      now += ms
    },
  }
}

/** A clock that a test moves on: whoever sleeps wakes in order, and what they do then is done before the next one does. */
export function handClock(): Clock & { advance(ms: number): Promise<void> } {
  let now = 1_800_000_000_000
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = () => {
          sleepers = sleepers.filter((each) => each !== sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', wake)
      }),
    async advance(ms) {
      const until = now + ms
      for (;;) {
        await settle()
        const [next] = sleepers.sort((a, b) => a.at - b.at)
        if (!next || next.at > until) break
        now = next.at
        next.wake()
      }
      now = until
    },
  }
}

/** A channel, connected to a double of Telegram. */
export type Room = {
  readonly telegram: TelegramDouble
  readonly channel: Channel
  /** What the handler was given, in order. */
  readonly heard: readonly Message[]
  /** What was logged, each line as it would be written. */
  readonly logged: readonly string[]
  /** What is kept for buttons. */
  readonly kept: Map<string, string>
  readonly moves: readonly (readonly [string, string])[]
}

/** What a room may be given; a handler that is left out repeats what it hears. */
export type RoomOptions = Partial<TelegramOptions> & {
  readonly telegram?: TelegramDouble
  readonly answer?: (message: Message) => Reply | Promise<Reply>
  /** False: it is for sending alone. */
  readonly listens?: boolean
}

const ends: (() => Promise<unknown>)[] = []

/** Ends all rooms of a test; what the doubles were asked for against the documentation. */
export async function closeRooms(): Promise<string[]> {
  const refused: string[] = []
  for (const end of ends.splice(0).reverse()) {
    const found = await end()
    if (Array.isArray(found)) refused.push(...found)
  }
  return refused
}

/** A double of Telegram that ends with the test. */
export async function aTelegram(now?: () => number): Promise<TelegramDouble> {
  const telegram = await startTelegram(now)
  ends.push(async () => {
    await telegram.stop()
    return [...telegram.refused]
  })
  return telegram
}

/** Something else that ends with the test. */
export function alsoEnd(end: () => Promise<unknown>): void {
  ends.push(async () => void (await end()))
}

/** Connects a channel; it listens already. */
export async function enter(options: RoomOptions = {}): Promise<Room> {
  const { answer = ({ text }) => say(`you said ${text}`), listens = true } = options
  const telegram = options.telegram ?? (await aTelegram())
  const heard: Message[] = []
  const logged: string[] = []
  const kept = new Map<string, string>()
  const moves: [string, string][] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  const channel = createTelegram({
    token: telegram.token,
    apiRoot: telegram.url,
    menu: [],
    owner: { acquire: async () => true, release: async () => {} },
    long: {
      keep: async (key, command) => void kept.set(key, command),
      find: async (key) => kept.get(key) ?? null,
    },
    draw: async () => undefined,
    clock: realClock,
    limits: UNHURRIED,
    log: pino({ level: 'debug' }, stream),
    moved: async (from, to) => void moves.push([from, to]),
    ...options,
  })
  ends.push(async () => void (await channel.stop()))
  const handle: Handler = async (message) => {
    heard.push(message)
    return await answer(message)
  }
  if (listens) await channel.start(handle)
  return { telegram, channel, heard, logged, kept, moves }
}
