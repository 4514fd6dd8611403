import {
  type APIGatewayBotInfo,
  CloseCodes,
  DefaultWebSocketManagerOptions,
  GatewayCloseCodes,
  GatewayIntentBits,
  Routes,
  SimpleShardingStrategy,
} from 'discord.js'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, within } from './channel.ts'
import type { DiscordApi } from './discord-api.ts'
import { createDiscordAttempt, NOT_ACCEPTED } from './discord-attempt.ts'
import type { Dispatch } from './discord-news.ts'

/**
 * What the gateway tells of: messages to the bot and in channels it sees. Whom a message mentions is told its words also
 * without the privileged intent for message content (Gateway, Message Content Intent).
 */
const INTENTS = GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages
/** How long the client library waits for a connection, for its first words, and to be let in, ms. */
const CONNECTED_WITHIN = 10_000
/** How long the end of a connection may take, ms. */
const CLOSED_WITHIN = 1_500
/** How long to leave the gateway alone after it said that it is no use to come again, ms. */
const REFUSED_FOR = 30_000

/** Why the gateway closes a connection so that none like it would be taken (Gateway close codes, no reconnect). */
const FOR_GOOD: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: NOT_ACCEPTED,
  [GatewayCloseCodes.InvalidShard]: 'Discord refuses the connection (invalid shard)',
  [GatewayCloseCodes.ShardingRequired]: 'the bot is in too many servers for one connection',
  [GatewayCloseCodes.InvalidAPIVersion]: 'Discord does not speak this version of its API any more',
  [GatewayCloseCodes.InvalidIntents]: 'Discord does not know what the bot asks to hear',
  [GatewayCloseCodes.DisallowedIntents]: 'Discord does not let the bot hear what it asks for',
}

/** What the gateway works with. */
export type GatewayPorts = {
  readonly api: DiscordApi
  readonly token: string
  readonly clock: Clock
  readonly log: Log
  /** An event. What it throws is reported and ends nothing. */
  heard(event: Dispatch): void
  /** What is the matter, or undefined where the gateway is connected. */
  state(problem: string | undefined): void
  /** What a later connection goes on from. */
  readonly kept: KeptSession
  /** The program ends: nobody comes back to what is closed now. */
  isStopping(): boolean
}

/** A session that Discord keeps for some minutes after its connection is closed: what happened meanwhile is told then. */
export type KeptSession = { session: Session }

/** Stays connected to the gateway until `ended`: what is lost is resumed, or begun anew; so is what was ended before. */
export async function listenToGateway(ports: GatewayPorts, ended: AbortSignal): Promise<void> {
  const { api, clock, state } = ports
  const attempt = createDiscordAttempt(ports, ended)
  while (!ended.aborted) {
    state('connecting')
    const info = await attempt(() => api.call<APIGatewayBotInfo>('GET', Routes.gatewayBot()))
    if (!info || ended.aborted) return
    const refused = await connection(ports, info, ended)
    if (refused === undefined) return
    state(refused)
    await clock.sleep(REFUSED_FOR, ended)
  }
}

type Manager = ConstructorParameters<typeof SimpleShardingStrategy>[0]
/** What Discord calls a connection that may be gone on with. */
type Session = Awaited<ReturnType<Manager['options']['retrieveSessionInfo']>>
/** What a connection tells, as far as it is needed (WebSocketShardEvents of @discordjs/ws). */
type Told = { readonly data?: Dispatch; readonly code?: number; readonly error?: unknown }

/**
 * One connection, over as many reconnects as it takes. Resolves when `ended`, or with the reason why another like it would
 * not be taken. The client library's own manager of connections lets what a listener throws end the process, and goes on
 * connecting when it is closed while it does; this one, in its place, does neither.
 */
async function connection(
  { token, clock, log, heard, state, kept, isStopping }: GatewayPorts,
  info: APIGatewayBotInfo,
  ended: AbortSignal,
): Promise<string | undefined> {
  let isOver = false
  let finish: (refused: string | undefined) => void = () => {}
  const over = new Promise<string | undefined>((resolve) => {
    finish = resolve
  })

  const listeners: Readonly<Record<string, (told: Told) => void>> = {
    ready: () => state(undefined),
    resumed: () => state(undefined),
    dispatch: ({ data }) => data && heard(data),
    error: ({ error }) => log.warn({ why: messageOf(error) }, 'the gateway of Discord'),
    closed({ code = 0 }) {
      const refused = FOR_GOOD[code]
      if (refused !== undefined) finish(refused)
      else if (!isOver) state('reconnecting')
    },
  }
  const strategy = new SimpleShardingStrategy({
    options: {
      ...DefaultWebSocketManagerOptions,
      token,
      intents: INTENTS,
      handshakeTimeout: CONNECTED_WITHIN,
      helloTimeout: CONNECTED_WITHIN,
      readyTimeout: CONNECTED_WITHIN,
      // Whoever is about to connect again asks this first, and after the end gets no further.
      retrieveSessionInfo: () => (isOver ? new Promise<never>(() => {}) : kept.session),
      updateSessionInfo: (_shard: number, news: Session) => {
        if (!isOver) kept.session = news
      },
    },
    fetchGatewayInformation: async () => info,
    getShardCount: async () => 1,
    emit(event: string, told: Told) {
      try {
        if (!isOver) listeners[event]?.(told)
      } catch (error) {
        log.error({ why: messageOf(error) }, 'an event of Discord could not be read')
      }
      return true
    },
  } as unknown as Manager)

  const end = () => finish(undefined)
  ended.addEventListener('abort', end)
  try {
    await strategy.spawn([0])
    strategy.connect().catch((error: unknown) => log.info({ why: messageOf(error) }, 'the gateway of Discord'))
    return await over
  } finally {
    ended.removeEventListener('abort', end)
    isOver = true
    if (isStopping()) kept.session = null
    // Closed by any other code the session stays.
    const code = isStopping() ? CloseCodes.Normal : CloseCodes.Resuming
    await within(clock, CLOSED_WITHIN, strategy.destroy({ code, reason: 'goodbye' })).catch(() => {})
  }
}
