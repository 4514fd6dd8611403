import type { Log } from '../log.ts'
import { harmless } from '../reply.ts'
import {
  type Channel,
  type Clock,
  type Draw,
  type LongCommands,
  type MenuEntry,
  type Ownership,
  type Suggest,
  within,
} from './channel.ts'
import { createAnswer } from './discord-answer.ts'
import { createApi } from './discord-api.ts'
import { NOT_ACCEPTED } from './discord-attempt.ts'
import { dataOf } from './discord-buttons.ts'
import { createResponder } from './discord-interaction.ts'
import { type Listening, startListening } from './discord-listen.ts'
import { createIsAdmin } from './discord-members.ts'
import { createOffers, createSuggesting } from './discord-suggest.ts'
import { createWriter, type Destination, destinationAt, ONCE } from './discord-write.ts'
import { createOrder } from './order.ts'
import { createPictures } from './pictures.ts'
import { createPressed } from './pressed.ts'

/** What the channel is made from. */
export type DiscordOptions = {
  readonly token: string
  /** Where the API is: `https://discord.com/api`. */
  readonly apiUrl: string
  /** The server that alone has the slash commands, at once; left out: all of them have, and direct messages. */
  readonly guildId?: string
  readonly menu: readonly MenuEntry[]
  readonly suggest: Suggest
  /** The right to be the one that is connected to the gateway. */
  readonly owner: Ownership
  readonly long: LongCommands
  readonly draw: Draw
  readonly clock: Clock
  /** How many calls Discord takes in a second; other than its usual 50 only for a bot that it lets more. */
  readonly perSecond?: number
  readonly log: Log
}

/** How long pictures under way may take at the end, ms. */
const ENDS_WITHIN = 3_000

/** Discord: direct messages, channels of servers, and their threads. */
export function createDiscord(options: DiscordOptions): Channel {
  const { token, apiUrl, clock } = options
  const api = createApi(token, apiUrl, options.perSecond)
  const pictures = createPictures(options)
  const ports = { ...options, api, pictures }
  const writer = createWriter(ports)
  const responder = createResponder(ports)
  let listening: Listening | undefined

  return {
    name: 'discord',
    pictures: true,
    async start(handle) {
      const offers = createOffers()
      const answer = createAnswer({
        ...ports,
        handle,
        writer,
        responder,
        suggesting: createSuggesting({ ...ports, responder, offers }),
        incoming: createOrder(),
        outgoing: createOrder(),
        isAdmin: createIsAdmin(api, clock),
        pressed: createPressed(dataOf),
      })
      listening = await startListening({ ...ports, answer, learn: writer.learn, meant: offers.meant })
    },
    async stop() {
      await listening?.stop()
      await within(clock, ENDS_WITHIN, pictures.idle())
    },
    async send(address, reply, key) {
      const shown = { ...harmless(reply), stays: true } as const
      return { id: await writer.send(calling(destinationAt(address), shown.whom?.id), shown, key, ONCE) }
    },
    health() {
      if (api.isTokenRefused()) return { ok: false, says: NOT_ACCEPTED }
      return listening?.health() ?? { ok: true, says: 'sends only' }
    },
  }
}

/** In a channel, whom a notification concerns is called by it; it must be an id of Discord's. */
function calling(to: Destination, whom: string | undefined): Destination {
  return 'channel' in to && whom !== undefined && /^\d{1,20}$/.test(whom) ? { ...to, whom } : to
}
