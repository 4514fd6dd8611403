/**
 * Glossary. These words mean the same in code, database, messages and documents.
 *
 * message       what a person sent, with the channel and address it came from and the platform's id for it
 * channel       a platform that carries text to or from people: telegram, discord, sms, email, console
 * address       where on a channel a person or group is
 * user          one person, or one group chat, with one or more addresses; owns alerts
 * subscription  an address that its owner has confirmed, and what it wants to be told; has an id of its own
 * symbol        an instrument's one canonical name: `stock:AAPL`, `crypto:BTC/USD`, `fx:EUR/USD`
 * quote         what a provider last said of a symbol
 * candle        open, high, low, close, volume of one symbol over one interval
 * series        the candles of one symbol at one interval, up to now
 * provider      a source of quotes and candles
 * condition     the parsed expression; at a moment it is met, unmet or unknown
 * trigger       one top-level `or` branch of a condition: what can fire by itself
 * crossing      a level passed from one known side to the other
 * move          how far a value has gone from where it was: an hour ago, its peak, a level
 * memory        what crossings and trailing moves of a trigger carry from one look to the next
 * alert         a user's condition with its options, its state and its short number
 * tick          one round of evaluation over the quotes that changed
 * firing        the fact that a trigger became true, with the values that made it so; has an id
 * occurrence    what an alert owes its owner a word about: a firing, an expiry, blindness, sight again, a split, a loss
 * notification  one message owed to one subscription because of an occurrence
 * outbox        the notifications not yet delivered
 * loss          that providers are sure a symbol which had prices is not there any more: delisted or renamed
 * session       the trading hours of a market: pre, regular, post, closed
 * cooldown      the time after a firing in which an edge is held
 * snooze        a time a person asked for in which an edge is held
 */
import type { Condition, Options } from '../condition/ast.ts'
import type { Truth } from '../condition/evaluate.ts'
import type { Need } from '../condition/history.ts'
import type { Memory } from '../condition/memory.ts'

export type { Truth }

/** A known value of a condition or trigger. */
export type Side = Exclude<Truth, 'unknown'>

/** Where an alert is in its life. `deleted` is a tombstone, so that workers and fan-out see it. */
export type Phase = 'armed' | 'pending' | 'done' | 'expired' | 'deleted'

/** What a trigger carries from one tick to the next. */
export type TriggerState = {
  /** The last known side; null until the first, which is the baseline and no edge. */
  readonly side: Side | null
  /** An edge came in a cooldown or a snooze: it fires when that ends if the trigger is still met. */
  readonly held: boolean
  /** With `every`: it has fired since it became met, so it fires again while it stays met. */
  readonly running: boolean
  /** When it stopped being known (ms since 1970); only while it is unknown and has a side. */
  readonly knownAt?: number
  /** A time it was not seen in, to be named by the firing that it is held, pending or running for. */
  readonly gap?: Gap
  /** What its crossings and trailing moves remember; only where it has any and was looked at. */
  readonly memory?: Memory
}

/** The clock of `for`: how long the condition has been seen met since its edge. */
export type ForClock = {
  /** Time already counted, ms. */
  readonly counted: number
  /** Since when it runs on top of that (ms since 1970); null while it is stopped by `unknown` or a closed market. */
  readonly since: number | null
}

/** One figure that made a condition what it is. */
export type Evidence = {
  readonly symbol: string
  readonly metric: string
  /** Decimal text. */
  readonly value: string
  readonly currency: string
  readonly source: string
  /** When it was true as far as we know: the quote's `asOf`, else when we had it. ms */
  readonly at: number
  /** How late its source has it, ms, where that is not at once. */
  readonly delay?: number
  /** Of a price: by how many per cent it is off the previous close, of crypto in 24 h; with one decimal. */
  readonly change?: string
}

/** A time in which a condition could not be seen, named in the message of the firing after it. */
export type Gap = { readonly from: number; readonly to: number }

/** At `at` (ms) each `denominator` shares of a stock became `numerator`; decimal text. */
export type Split = {
  readonly symbol: string
  readonly at: number
  readonly numerator: string
  readonly denominator: string
}

/** What an alert owes its owner a word about. `id` is unique for ever; times are ms on the clock of evaluation. */
export type Occurrence = {
  readonly id: string
  readonly kind: 'fired' | 'expired' | 'blind' | 'sighted' | 'split' | 'lost'
  readonly at: number
  /** The triggers that became true, as canonical text; empty unless fired. */
  readonly triggers: readonly string[]
  readonly evidence: readonly Evidence[]
  /** fired: not seen between the two sides of the edge. blind, sighted: how long it was blind. */
  readonly gap?: Gap
  /** blind: why. expired: what was under way (`pending` or `held`), if anything was. */
  readonly reason?: string
  /** fired: the alert ended with it. */
  readonly last?: boolean
  /** split: what happened; `line` is the alert in new shares, where it has levels; not `isWhole`: not all of it is. */
  readonly split?: Split & { readonly line?: string; readonly isWhole: boolean }
  /** lost: the symbol, and what its providers say of it, a clause. */
  readonly loss?: { readonly symbol: string; readonly said: string }
}

/** An alert as kept in the database. Durations and times are ms. */
export type Alert = {
  readonly id: string
  readonly user: string
  /** Short number, per user, never used again. */
  readonly number: number
  /** Counts stored changes; every write is conditional on it. */
  readonly revision: number
  /** What the person typed. */
  readonly typed: string
  /** The canonical form: what the bot reads back. */
  readonly text: string
  readonly condition: Condition
  readonly options: Options
  /** The instant `options.until` meant when it was set. */
  readonly until: number | null
  /** Symbols as written in the condition (`AAPL`, `crypto:ON`) → canonical names. */
  readonly bindings: Readonly<Record<string, string>>
  /** The canonical names, each once. */
  readonly symbols: readonly string[]
  /** Those of them of which it looks at a figure of the day: open, high, low, previous close, change. */
  readonly daySymbols: readonly string[]
  /** The candles it looks at; symbols are canonical names. */
  readonly needs: readonly Need[]
  /** The person's time zone when it was set, IANA: what `today` means. */
  readonly zone: string
  /** The subscription it was made from; hears of it. */
  readonly subscription: string
  /** Who made it, where several people write from one address. */
  readonly maker?: Maker
  readonly createdAt: number

  readonly phase: Phase
  readonly paused: boolean
  readonly snoozedUntil: number | null
  readonly cooldownUntil: number | null
  readonly blindSince: number | null
  /** The owner was told that it is blind. */
  readonly blindTold: boolean
  /** One per trigger, in the order of the condition; with `for` there is one. */
  readonly triggers: readonly TriggerState[]
  /** Only with `for`, and only while phase is `pending`. */
  readonly clock: ForClock | null
  /** When its sides were last known; what a gap is counted from. */
  readonly knownAt: number | null
  /** The time of the newest quote that its sides rest on: who knows only older ones must first learn the newer. ms */
  readonly seenAt?: number
  /** The moment of the last look at quotes that changed it: it has lived up to there. ms */
  readonly lookedAt?: number
  /** The splits that its owner was told of, at `toldAt`; from `from` on prices are of new shares. */
  readonly splits?: readonly (Pick<Split, 'symbol' | 'at'> & { readonly from: number; readonly toldAt: number })[]
  /** The losses of symbols that its owner was told of, the last one of each; `since` when (ms). */
  readonly lost?: readonly { readonly symbol: string; readonly since: number }[]
  readonly firedAt: number | null
  readonly firings: number
  /** Occurrences stored but not yet fanned out. */
  readonly unsent: readonly Occurrence[]
  /** By which message its owner changed it last: read again, the same message changes nothing. */
  readonly changedBy?: string
  /** Only of one that is deleted: what brings it back. Left out where it was deleted before that was kept. */
  readonly deleted?: Tombstone
}

/** One of several who write from one address: the platform's id of them, and how others see them. */
export type Maker = { readonly id: string; readonly name: string }

/** When alerts were deleted (ms, real clock), and what by: the same for all that one message deleted. */
export type Deletion = { readonly at: number; readonly by: string }

/** How an alert was deleted, and what it was before as far as that changes it. */
export type Tombstone = Deletion & {
  readonly before: Pick<
    Alert,
    'phase' | 'snoozedUntil' | 'cooldownUntil' | 'blindSince' | 'blindTold' | 'triggers' | 'clock' | 'knownAt'
  >
}

/** A changed alert: the revision the database should still have, its new state, and what it owes a word about. */
export type Change = { readonly from: number; readonly alert: Alert; readonly occurrences: readonly Occurrence[] }
