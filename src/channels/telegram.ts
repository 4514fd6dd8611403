import { SendError } from '../errors.ts'
import type { Log } from '../log.ts'
import { harmless } from '../reply.ts'
import {
  type Channel,
  type Clock,
  type Draw,
  type Handler,
  type LongCommands,
  type Memory,
  type MenuEntry,
  type Ownership,
  within,
} from './channel.ts'
import { createOrder } from './order.ts'
import { createPictures } from './pictures.ts'
import { createPressed } from './pressed.ts'
import { createAnswer } from './telegram-answer.ts'
import { createApi } from './telegram-api.ts'
import { dataOf } from './telegram-buttons.ts'
import { type Listening, startListening, type Webhook } from './telegram-listen.ts'
import { createIsAdmin } from './telegram-members.ts'
import { createPace, LIMITS, type Limits } from './telegram-pace.ts'
import type { Me } from './telegram-updates.ts'
import { createWriter, type Destination, ONCE } from './telegram-write.ts'

/** What the channel is made from. */
export type TelegramOptions = {
  readonly token: string
  /** Where the Bot API is: `https://api.telegram.org`. */
  readonly apiRoot: string
  readonly menu: readonly MenuEntry[]
  /** Left out: Telegram is polled, by the one process that is the owner. */
  readonly webhook?: Webhook
  readonly owner: Ownership
  /** Left out where the database cannot be away. */
  readonly memory?: Memory
  readonly long: LongCommands
  readonly draw: Draw
  readonly clock: Clock
  /** What Telegram bears; other than `LIMITS` only for a bot that pays for more. */
  readonly limits?: Limits
  readonly log: Log
  /** A group has another address from now on. May be told more than once. */
  moved(from: string, to: string): Promise<void>
}

/** How long pictures under way may take at the end, ms. */
const ENDS_WITHIN = 3_000

/** Telegram: private chats, groups and the topics of forums. */
export function createTelegram(options: TelegramOptions): Channel {
  const { token, apiRoot, clock } = options
  const call = createApi(token, apiRoot)
  const pictures = createPictures(options)
  const writer = createWriter({ ...options, call, pictures, pace: createPace(clock, options.limits ?? LIMITS) })
  let listening: Listening | undefined

  const answerAs = (handle: Handler) => (me: Me) =>
    createAnswer({
      ...options,
      handle,
      me,
      call,
      writer,
      incoming: createOrder(),
      outgoing: createOrder(),
      isAdmin: createIsAdmin(call, clock),
      pressed: createPressed(dataOf),
    })

  return {
    name: 'telegram',
    pictures: true,
    async start(handle) {
      listening = await startListening({ ...options, call, answerAs: answerAs(handle) })
    },
    async stop() {
      await listening?.stop()
      await within(clock, ENDS_WITHIN, pictures.idle())
    },
    async send(address, reply) {
      const told = { ...harmless(reply), stays: true } as const
      return { id: String(await writer.send(destinationAt(address), told, ONCE)) }
    },
    health: () => listening?.health() ?? { ok: true, says: 'sends only' },
  }
}

function destinationAt(address: string): Destination {
  const [, chat, topic] = /^(-?\d+)(?:\/(\d+))?$/.exec(address) ?? []
  if (chat === undefined) throw new SendError('that is no chat of Telegram', { permanent: true })
  return { chat, ...(topic === undefined ? {} : { topic }) }
}
