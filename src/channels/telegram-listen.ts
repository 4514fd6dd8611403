import type { Update } from 'telegraf/types'
import { UserError } from '../errors.ts'
import type { Route } from '../http/route.ts'
import type { Log } from '../log.ts'
import type { Attempt } from './attempt.ts'
import { type ChannelHealth, type Clock, type Memory, type MenuEntry, type Ownership, within } from './channel.ts'
import { createRecent } from './recent.ts'
import { Refusal, type TelegramApi } from './telegram-api.ts'
import { createTelegramAttempt, isTokenRefused } from './telegram-attempt.ts'
import { startPoll } from './telegram-poll.ts'
import { KINDS, type Me } from './telegram-updates.ts'
import { createHook, hookOf } from './telegram-webhook.ts'

/** The address under which Telegram reaches this program, and how to hear what is posted there. */
export type Webhook = { readonly publicUrl: string; readonly route: Route }

/** What listening works with. */
export type ListenPorts = {
  readonly call: TelegramApi
  readonly clock: Clock
  readonly token: string
  readonly menu: readonly MenuEntry[]
  /** Left out: Telegram is polled. */
  readonly webhook?: Webhook
  readonly owner: Ownership
  /** Left out where the database cannot be away. */
  readonly memory?: Memory
  /** Made as soon as the bot knows its own name. */
  answerAs(me: Me): (update: Update) => Promise<void>
  readonly log: Log
}

/** Telegram, being listened to. */
export type Listening = { stop(): Promise<void>; health(): ChannelHealth }

/** How long an update may keep Telegram waiting, ms: its chat may have to wait for its turn, the others have not. */
const HEARD_WITHIN = 2_000
/** How long what is under way may take at the end, ms. */
const ENDS_WITHIN = 5_000
/** How many updates are remembered: Telegram may send one twice. */
const REMEMBERED = 5_000

/**
 * Listens by webhook or by poll. Throws a `UserError` where Telegram does not know the token; while it does not answer
 * at all, goes on asking, and begins when it does.
 */
export async function startListening(ports: ListenPorts): Promise<Listening> {
  const { call, clock, token, webhook } = ports
  const stopping = new AbortController()
  const report = createReport(ports.log)
  const attempt = createTelegramAttempt({ clock, state: (problem) => report.tell(problem) }, stopping.signal)
  const me = await introduced(call, report)
  const ear = createEar(ports)
  const { path, secret } = hookOf(token)
  const end = webhook?.route(path, createHook({ secret, hear: ear.hear }))
  const begun = begin(ports, { me, attempt, ear, report, hook: { path, secret } }, stopping.signal)
  return {
    health: report.health,
    async stop() {
      stopping.abort()
      end?.()
      const poll = await begun
      await poll?.()
      await within(clock, ENDS_WITHIN, ear.idle())
    },
  }
}

/** The bot's own name; undefined while Telegram does not answer. */
async function introduced(call: TelegramApi, report: Report): Promise<Me | undefined> {
  try {
    return await call('getMe', {})
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (isTokenRefused(error))
      throw new UserError('Telegram does not know the bot: it refuses TELEGRAM_BOT_TOKEN.', {
        suggestion: 'BotFather shows the token of a bot under /mybots, API Token.',
      })
    report.tell(error.message)
    return undefined
  }
}

type Begun = {
  readonly me: Me | undefined
  readonly attempt: Attempt
  readonly ear: Ear
  readonly report: Report
  readonly hook: { readonly path: string; readonly secret: string }
}

/** Gives the end of the poll, where there is one. */
async function begin(
  ports: ListenPorts,
  begun: Begun,
  stopping: AbortSignal,
): Promise<(() => Promise<void>) | undefined> {
  const { call, clock, owner, webhook } = ports
  const { attempt, ear, report, hook } = begun
  const me = begun.me ?? (await attempt(() => call('getMe', {})))
  if (!me || stopping.aborted) return undefined
  ear.open(ports.answerAs(me))
  if (webhook) {
    const url = webhook.publicUrl.replace(/\/+$/, '') + hook.path
    await attempt(() => call('setWebhook', { url, secret_token: hook.secret, allowed_updates: KINDS }))
  }
  const endPoll = webhook ? undefined : startPoll({ call, owner, clock, hear: ear.hearAll, state: report.tell })
  void showMenu(ports, attempt)
  return endPoll
}

/** The menus that people see beside the text field: one in private chats, one in groups. The bot does without them. */
async function showMenu({ call, menu, log }: ListenPorts, attempt: Attempt): Promise<void> {
  const set = (entries: readonly MenuEntry[], type: 'all_private_chats' | 'all_group_chats') => {
    const commands = entries.map(({ name, summary }) => ({ command: name, description: summary.slice(0, 256) }))
    return attempt(() => call('setMyCommands', { commands, scope: { type } }).catch(unlessForGood))
  }
  const unlessForGood = (error: unknown) => {
    if (!(error instanceof Refusal) || error.code !== 400) throw error
    log.error({ why: error.message }, 'Telegram does not take the menu')
    return undefined
  }
  await set(menu, 'all_private_chats')
  await set(
    menu.filter(({ isPersonal }) => isPersonal !== true),
    'all_group_chats',
  )
}

/** Takes updates, each once. */
type Ear = {
  /** From now on there is who answers. */
  open(answer: (update: Update) => Promise<void>): void
  /**
   * Resolves when it is answered, or soon: true, unless the database is away by then, in which case Telegram is to keep it.
   * Undefined where nobody answers yet.
   */
  hear(update: Update): Promise<boolean> | undefined
  hearAll(updates: readonly Update[]): Promise<boolean>
  idle(): Promise<void>
}

function createEar({ clock, memory }: Pick<ListenPorts, 'clock' | 'memory'>): Ear {
  let answer: ((update: Update) => Promise<void>) | undefined
  const heard = createRecent<Promise<void>>(REMEMBERED)
  const underWay = new Set<Promise<void>>()

  const take = (update: Update, by: (update: Update) => Promise<void>): Promise<void> => {
    const known = heard.get(String(update.update_id))
    if (known) return known
    const work = by(update).finally(() => underWay.delete(work))
    underWay.add(work)
    heard.set(String(update.update_id), work)
    return work
  }
  const soon = async (work: Promise<unknown>) => {
    const isDone = await within(clock, HEARD_WITHIN, work.then(yes))
    return isDone === true || memory === undefined || (await memory.isThere())
  }

  return {
    open(given) {
      answer = given
    },
    hear: (update) => answer && soon(take(update, answer)),
    async hearAll(updates) {
      const by = answer
      return by !== undefined && (await soon(Promise.all(updates.map((update) => take(update, by)))))
    },
    async idle() {
      await Promise.all(underWay)
    },
  }
}

function yes(): true {
  return true
}

type Report = { tell(problem: string | undefined, isOwner?: boolean): void; health(): ChannelHealth }

/** What is the matter with the connection, told to the operator when it changes. */
function createReport(log: Log): Report {
  let now: string | undefined
  let isListening = true
  return {
    tell(problem, isOwner = true) {
      isListening = isOwner
      if (problem !== now && problem === undefined) log.info('Telegram answers again')
      else if (problem !== now) log.warn({ why: problem }, 'Telegram is not listened to')
      now = problem
    },
    health() {
      if (now !== undefined) return { ok: false, says: now }
      return { ok: true, says: isListening ? 'listens' : 'another process listens' }
    },
  }
}
