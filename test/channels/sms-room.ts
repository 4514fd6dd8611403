import { createServer } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { Channel, Clock, Handler, Message } from '../../src/channels/channel.ts'
import { createSms, type SmsOptions } from '../../src/channels/sms.ts'
import type { ConsentNote, Offer, TextAnswer } from '../../src/channels/sms-ports.ts'
import type { SendError } from '../../src/errors.ts'
import { startServer } from '../../src/http/server.ts'
import { type Reply, say } from '../../src/reply.ts'
import { startTwilio, type TwilioDouble } from '../doubles/twilio.ts'

/** The phone of who writes, unless another is named. */
export const ANNA = '+12025550123'
/** The phone of somebody else. */
export const BEN = '+12025550177'
/** The address that Twilio is told; nobody resolves it. */
export const PUBLIC_URL = 'https://bot.example.com'

/** What a room keeps for its channel, in memory. */
export type Kept = {
  readonly offers: Map<string, Offer>
  readonly notes: Map<string, ConsentNote[]>
  readonly welcomed: Set<string>
  readonly answers: Map<string, TextAnswer>
  /** Segments by number, and of all under `all`. */
  readonly spent: Map<string, number>
}

/** A channel, connected to a double of Twilio by a real web server. */
export type Room = {
  readonly twilio: TwilioDouble
  readonly channel: Channel
  /** What the handler was given, in order. */
  readonly heard: readonly Message[]
  /** What was logged, each line as it would be written. */
  readonly logged: readonly string[]
  readonly kept: Kept
  readonly receipts: readonly { receipt: string; status: string; error: SendError | undefined }[]
  readonly switches: readonly (readonly [string, boolean])[]
  /** Whose words showed that they had read what they were texted, and went no further. */
  readonly seen: readonly string[]
}

/** What a room may be given; a handler that is left out repeats what it hears. */
export type RoomOptions = Partial<SmsOptions> & {
  readonly answer?: (message: Message) => Reply | Promise<Reply>
  /** False: it is for sending alone. */
  readonly listens?: boolean
  /** Who has been welcomed before: Anna and Ben, unless said. */
  readonly known?: readonly string[]
}

/** A clock by which nothing ever takes too long, however slow the machine is. */
const patientClock: Clock = {
  now: Date.now,
  sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
}

const ends: (() => Promise<unknown>)[] = []

/** Ends all rooms of a test; gives what the doubles were asked for against the documentation. */
export async function closeRooms(): Promise<string[]> {
  const refused: string[] = []
  for (const end of ends.splice(0).reverse()) {
    const found = await end()
    if (Array.isArray(found)) refused.push(...found)
  }
  return refused
}

/** Connects a channel; it listens already. */
export async function enter(options: RoomOptions = {}): Promise<Room> {
  const { answer = ({ text }) => say(`you said ${text}`), listens = true, known = [ANNA, BEN] } = options
  const twilio = await startTwilio()
  const heard: Message[] = []
  const logged: string[] = []
  const receipts: { receipt: string; status: string; error: SendError | undefined }[] = []
  const switches: [string, boolean][] = []
  const seen: string[] = []
  const { kept, ports } = memory(known)
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  const port = await freePort()
  const server = await startServer(port, async () => ({ ok: true, parts: {} }), {
    broken: (error) => logged.push(`broken: ${error}`),
  })
  twilio.deliverTo(`http://127.0.0.1:${port}`, options.webhook?.publicUrl ?? PUBLIC_URL)
  const channel = createSms({
    accountSid: twilio.accountSid,
    authToken: twilio.authToken,
    from: twilio.number,
    apiUrl: twilio.url,
    limit: { number: 10_000, all: 10_000 },
    clock: patientClock,
    log: pino({ level: 'debug' }, stream),
    receipts: async (receipt, status, error) => void receipts.push({ receipt, status, error }),
    switched: async (address, isOut) => void switches.push([address, isOut]),
    seen: async (address) => void seen.push(address),
    ...ports,
    ...options,
    webhook: { publicUrl: options.webhook?.publicUrl ?? PUBLIC_URL, route: server.route },
  })
  ends.push(async () => {
    await channel.stop()
    await server.stop()
    await twilio.stop()
    return [...twilio.refused]
  })
  const handle: Handler = async (message) => {
    heard.push(message)
    return await answer(message)
  }
  if (listens) await channel.start(handle)
  return { twilio, channel, heard, logged, kept, receipts, switches, seen }
}

function memory(known: readonly string[]) {
  const kept: Kept = {
    offers: new Map(),
    notes: new Map(known.map((address) => [address, []])),
    welcomed: new Set(known),
    answers: new Map(),
    spent: new Map(),
  }
  const told = new Set<string>()
  const add = (address: string, count: number) => {
    for (const key of [address, 'all']) kept.spent.set(key, (kept.spent.get(key) ?? 0) + count)
  }
  const ports: Pick<SmsOptions, 'offers' | 'consents' | 'answers' | 'budget'> = {
    offers: {
      find: async (address) => kept.offers.get(address) ?? null,
      keep: async (address, offer) => void kept.offers.set(address, offer),
    },
    consents: {
      async find(address) {
        const notes = kept.notes.get(address)
        return notes ? { isOut: notes.at(-1)?.isOut ?? false, isWelcomed: kept.welcomed.has(address) } : null
      },
      note: async (address, note) => void kept.notes.set(address, [...(kept.notes.get(address) ?? []), note]),
      async welcomed(address) {
        kept.notes.set(address, kept.notes.get(address) ?? [])
        kept.welcomed.add(address)
      },
    },
    answers: {
      find: async (id) => kept.answers.get(id) ?? null,
      keep: async (id, answer) => void kept.answers.set(id, answer),
    },
    budget: {
      async take(address, count, limit) {
        const spent = (key: string) => (kept.spent.get(key) ?? 0) + count
        if (spent(address) <= limit.number && spent('all') <= limit.all) {
          add(address, count)
          return { granted: true }
        }
        const isFirst = !told.has(address)
        told.add(address)
        return { granted: false, isFirst }
      },
      force: async (address, count) => add(address, count),
      giveBack: async (address, count) => add(address, -count),
    },
  }
  return { kept, ports }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a server without a port')
  return address.port
}
