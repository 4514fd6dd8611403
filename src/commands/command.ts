import type { ChannelHealth, MenuEntry, Message } from '../channels/channel.ts'
import type { Archive } from '../market/archive.ts'
import type { Standing } from '../market/chain.ts'
import type { Desk } from '../market/desk.ts'
import type { HeldBack } from '../market/held-back.ts'
import type { History } from '../market/history.ts'
import type { Loss } from '../market/lost.ts'
import type { AssetClass } from '../market/provider.ts'
import type { Segment } from '../market/sessions.ts'
import type { Resolution } from '../market/symbols.ts'
import type { Reply } from '../reply.ts'
import type { Alerts } from '../store/alerts.ts'
import type { Conversations } from '../store/conversations.ts'
import type { Notifications } from '../store/notifications.ts'
import type { Person } from '../store/person.ts'
import type { CountAll } from '../store/statistics.ts'
import type { Users } from '../store/users.ts'
import type { User } from '../users/types.ts'
import type { People } from './people.ts'

/** Where prices come from, as a person may ask. Times are ms. */
export type Sources = {
  /** The names of the providers of a class, in the order they are asked. */
  order(kind: AssetClass): string[]
  /** How often quotes are wanted. */
  readonly usual: number
  /** How often a symbol is really looked at while its market trades. Infinity: never, there are but the rates of a day. */
  every(symbol: string): Promise<number>
  /** A recording is played: prices come at their own times, not every so often. */
  readonly isRecorded?: true
  standings(): Promise<Standing[]>
}

/** All that is kept of one user. */
export type PersonalData = {
  read(user: User): Promise<Person>
  /**
   * Erases it, everywhere; `by` is the message that asks for it: asked again by the same, it erases nothing that came after.
   * `now`: ms, real clock. False where a part that others keep follows later.
   */
  erase(user: User, by: string, now: number): Promise<boolean>
}

/** What the bot has for every command; the same for all messages. Times are ms. */
export type Services = {
  readonly alerts: Alerts
  readonly users: Users
  readonly notifications: Notifications
  readonly conversations: Conversations
  readonly person: PersonalData
  readonly countAll: CountAll
  readonly people: People
  /** How each channel of this process is. */
  channels(): readonly (ChannelHealth & { readonly name: string })[]
  readonly desk: Desk
  readonly history: Pick<History, 'load' | 'inHand'>
  readonly archive: Archive
  readonly sources: Sources
  resolve(written: string): Promise<Resolution>
  sessionAt(symbol: string, at: number): Segment
  /** The prices of symbols that were not believed since their last quotes. */
  heldBack(symbols: readonly string[]): Promise<readonly HeldBack[]>
  /** Of these symbols those of which providers are sure that there is no such symbol any more, and what they said. */
  losses(symbols: readonly string[]): Promise<ReadonlyMap<string, Loss>>
  /** The clock of evaluation: the real one, unless a recorded day is played. */
  now(): number
  /** The last time each symbol's alerts were looked at, on the clock of evaluation; null before the first. */
  lastCheck(): Promise<number | null>
  /** The time zone of those who have not told theirs, IANA. */
  readonly zone: string
  /** How long an alert may be blind before it says so. */
  readonly grace: number
  /** How long (ms) an urgent firing waits to be acknowledged before it is told elsewhere too. */
  readonly escalateAfter: number
  /** How far apart quotes that are compared with each other may have been received. */
  readonly apart: number
  /** How many watched alerts one user may have. */
  readonly maxAlerts: number
}

/** One message being answered. */
export type Context = Services & {
  readonly message: Message
  readonly user: User
  /** The subscription that the message came from. */
  readonly subscription: string
  /** The user's zone, or the bot's. */
  readonly zone: string
  /** Whoever wrote it runs the bot. */
  readonly isOperator: boolean
  /** The real clock: how long ago a person said something is counted by it. */
  realNow(): number
}

/** What a person can ask for. `/help` and the platforms' menus are made from these. */
export type Command = MenuEntry & {
  /** How it is typed, with an example for each argument: `snooze 7 2h`. */
  readonly usage: string
  /** It takes work: each person has so many an hour. */
  readonly isCostly?: true
  /** One person may have it so often in a day of UTC. */
  readonly perDay?: number
  /** What else `/help name` says, in lines. */
  readonly details?: readonly string[]
  /** `args` is what follows the name, trimmed. Throws `UserError` for what the person can put right. */
  run(context: Context, args: string): Promise<Reply>
}
