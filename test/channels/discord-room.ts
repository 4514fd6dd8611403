import { Writable } from 'node:stream'
import { pino } from 'pino'
import { type Channel, type Clock, type Handler, type Message, realClock } from '../../src/channels/channel.ts'
import { createDiscord, type DiscordOptions } from '../../src/channels/discord.ts'
import { type Reply, say } from '../../src/reply.ts'
import { type DiscordDouble, startDiscord } from '../doubles/discord.ts'

/** A clock that runs so many times faster than the one on the wall. */
export function fastClock(times: number): Clock {
  const start = Date.now()
  return {
    now: () => start + (Date.now() - start) * times,
    sleep: (ms, signal) => realClock.sleep(ms / times, signal),
  }
}

/** A channel, connected to a double of Discord. */
export type Room = {
  readonly discord: DiscordDouble
  readonly channel: Channel
  /** What the handler was given, in order. */
  readonly heard: readonly Message[]
  /** What was logged, each line as it would be written. */
  readonly logged: readonly string[]
  /** What is kept for buttons. */
  readonly kept: Map<string, string>
}

/** What a room may be given; a handler that is left out repeats what it hears. */
export type RoomOptions = Partial<DiscordOptions> & {
  readonly discord?: DiscordDouble
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

/** A double of Discord that ends with the test. */
export async function aDiscord(now?: () => number): Promise<DiscordDouble> {
  const discord = await startDiscord(now)
  ends.push(async () => {
    await discord.stop()
    return [...discord.refused]
  })
  return discord
}

/** Connects a channel; it listens already. */
export async function enter(options: RoomOptions = {}): Promise<Room> {
  const { answer = ({ text }) => say(`you said ${text}`), listens = true } = options
  const discord = options.discord ?? (await aDiscord(options.clock?.now))
  const heard: Message[] = []
  const logged: string[] = []
  const kept = new Map<string, string>()
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  const channel = createDiscord({
    token: discord.token,
    apiUrl: discord.url,
    menu: [],
    suggest: async () => [],
    owner: { acquire: async () => true, release: async () => {} },
    long: {
      keep: async (key, command) => void kept.set(key, command),
      find: async (key) => kept.get(key) ?? null,
    },
    draw: async () => undefined,
    clock: realClock,
    log: pino({ level: 'debug' }, stream),
    ...options,
  })
  ends.push(async () => void (await channel.stop()))
  const handle: Handler = async (message) => {
    heard.push(message)
    return await answer(message)
  }
  if (listens) {
    await channel.start(handle)
    await discord.until(() => discord.connected > 0 && discord.calls.some(({ route }) => route.startsWith('PUT ')))
  }
  return { discord, channel, heard, logged, kept }
}
