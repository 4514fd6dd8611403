import { Routes } from 'discord.js'
import { UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type ChannelHealth, type Clock, type MenuEntry, type Ownership, within } from './channel.ts'
import { type DiscordApi, Refusal } from './discord-api.ts'
import { createDiscordAttempt, NOT_ACCEPTED } from './discord-attempt.ts'
import { commandsOf } from './discord-commands.ts'
import { type KeptSession, listenToGateway } from './discord-gateway.ts'
import { type Dispatch, directChannelOf, type News, read } from './discord-news.ts'
import { startOwner } from './owner.ts'
import { createRecent } from './recent.ts'

/** What listening works with. */
export type ListenPorts = {
  readonly api: DiscordApi
  readonly token: string
  /** The server that alone has the slash commands; left out: all of them, and direct messages. */
  readonly guildId?: string
  readonly menu: readonly MenuEntry[]
  readonly owner: Ownership
  readonly clock: Clock
  readonly log: Log
  /** What a person means by the text of an option. */
  meant(person: string, text: string): string
  /** Resolves when it is answered. Never throws. */
  answer(news: News): Promise<void>
  /** Discord's channel for the direct messages of a person. */
  learn(person: string, channel: string): void
}

/** Discord, being listened to. */
export type Listening = { stop(): Promise<void>; health(): ChannelHealth }

/** How long what is under way may take at the end, ms. */
const ENDS_WITHIN = 5_000
/** How many events are remembered: Discord may tell one twice. */
const REMEMBERED = 5_000
/** A connection may be away for so long before that counts as unwell, ms: Discord closes each now and then. */
const AWAY_FOR = 10_000

/** Begins to listen, as soon as this process may. Throws a `UserError` where Discord does not know the token. */
export async function startListening(ports: ListenPorts): Promise<Listening> {
  const { api, clock, owner } = ports
  await introduced(api)
  const report = createReport(ports)
  const ear = createEar(ports)
  const register = createRegister(ports)
  const kept: KeptSession = { session: null }
  let isStopping = false
  const stop = startOwner({
    owner,
    clock,
    idle(problem) {
      // Another process listens, and hears what would be told here when it is this one's turn again.
      if (problem === undefined) kept.session = null
      report.tell(problem, false)
    },
    async listen(ended) {
      const heard = (event: Dispatch) => {
        if (event.t === 'READY') register(welcomeOf(event), ended)
        ear.hear(event)
      }
      const state = (problem: string | undefined) => report.tell(problem, true)
      await listenToGateway({ ...ports, heard, state, kept, isStopping: () => isStopping }, ended)
    },
  })
  return {
    health: report.health,
    async stop() {
      isStopping = true
      await stop()
      await within(clock, ENDS_WITHIN, ear.idle())
    },
  }
}

/** While Discord does not answer at all the bot waits for it; a token that it refuses is another matter. */
async function introduced(api: DiscordApi): Promise<void> {
  try {
    await api.call('GET', Routes.user())
  } catch (error) {
    if (error instanceof Refusal && error.status === 401)
      throw new UserError('Discord does not know the bot: it refuses DISCORD_TOKEN.', {
        suggestion: 'The developer portal makes a new token under Bot, Reset Token.',
      })
  }
}

type Welcome = { readonly me: string; readonly application: string }

/** Who we are, as the gateway says when it lets us in. */
function welcomeOf({ d }: Dispatch): Welcome {
  const { user, application } = d as { user: { id: string }; application: { id: string } }
  return { me: user.id, application: application.id }
}

/** The slash commands, all at once, each time somebody else may have changed them; the bot listens without them. */
function createRegister({ api, clock, log, menu, guildId }: ListenPorts) {
  return ({ application }: Welcome, ended: AbortSignal): void => {
    const route =
      guildId === undefined
        ? Routes.applicationCommands(application)
        : Routes.applicationGuildCommands(application, guildId)
    const state = (why: string) => log.warn({ why }, 'Discord does not take the slash commands yet')
    const put = () =>
      api.call('PUT', route, { body: commandsOf(menu, guildId === undefined) }).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.status < 400 || error.status >= 500 || error.status === 429)
          throw error
        log.error({ why: error.message }, 'Discord does not take the slash commands')
      })
    void createDiscordAttempt({ clock, state }, ended)(put)
  }
}

/** Takes events, each once. */
type Ear = { hear(event: Dispatch): void; idle(): Promise<void> }

function createEar({ menu, meant, answer, learn }: ListenPorts): Ear {
  let me = ''
  const heard = createRecent<true>(REMEMBERED)
  const underWay = new Set<Promise<void>>()
  return {
    hear(event) {
      if (event.t === 'READY') me = welcomeOf(event).me
      const news = read(event, { me, menu, meant })
      if (!news || heard.get(news.id)) return
      heard.set(news.id, true)
      const channel = directChannelOf(event, news)
      if (channel !== undefined && 'from' in news) learn(news.from.id, channel)
      const work: Promise<void> = answer(news).finally(() => underWay.delete(work))
      underWay.add(work)
    },
    async idle() {
      await Promise.all(underWay)
    },
  }
}

type Report = { tell(problem: string | undefined, isOwner: boolean): void; health(): ChannelHealth }

/** What is the matter with the connection, told to the operator when it changes. */
function createReport({ clock, log }: ListenPorts): Report {
  let now: string | undefined = 'connecting'
  let since = clock.now()
  let isListening = false
  return {
    tell(problem, isOwner) {
      isListening = isOwner
      if (problem === now) return
      if (now === undefined) since = clock.now()
      if (problem === NOT_ACCEPTED) log.error({ why: problem }, 'Discord is not listened to')
      else if (problem !== undefined) log.warn({ why: problem }, 'Discord is not listened to')
      else if (isOwner) log.info('Discord is listened to')
      now = problem
    },
    health() {
      if (now === undefined) return { ok: true, says: isListening ? 'connected' : 'another process listens' }
      const isPassing = now === 'connecting' || now === 'reconnecting'
      return { ok: isPassing && clock.now() - since < AWAY_FOR, says: now }
    },
  }
}
