import type { Occurrence } from '../alert/types.ts'
import type { Waits } from '../alert/waits.ts'

/** What a notification needs to know of its alert; a copy, so that it can be sent after the alert is gone. */
export type Subject = {
  readonly id: string
  readonly number: number
  readonly text: string
  /** What the person wrote to themselves. */
  readonly note?: string
  /** Who made it, in a group: by the platform's id and name. */
  readonly maker?: { readonly id: string; readonly name: string }
}

/** What an alert that is blind, or sees again, could not see, or what is lost. */
export type Outage = {
  /** Canonical names. */
  readonly symbols: readonly string[]
  /** Why, where more is known than that nobody answered. */
  readonly why?: string
  /** Of one that sees again: what it waits for. */
  readonly waits?: Waits
}

/** Where something urgent was not acknowledged, and for how long (ms); `isUntold`: it could not even be told there. */
export type Unheard = { readonly channel: string; readonly after: number; readonly isUntold?: true }

/** One message owed to one subscription because of an occurrence. Times are ms on the real clock unless said. */
export type Notification = {
  /** `occurrence:subscription:kind` */
  readonly id: string
  readonly user: string
  readonly subscription: string
  readonly channel: string
  readonly address: string
  readonly zone: string
  readonly alert: Subject
  /** Its times are on the clock of evaluation. */
  readonly occurrence: Occurrence
  readonly createdAt: number
  /** When that of which it tells happened; left out where that was when the notification was made. */
  readonly happenedAt?: number
  /** Not to be sent before; left out where it is to be sent at once. */
  readonly dueAt?: number
  /** Its alert says that it cannot wait: neither for the end of quiet hours nor for others like it. */
  readonly urgent?: true
  /** Waits, or waited, for the end of quiet hours: told together with all that did. */
  readonly held?: true
  /** It goes here because another address did not take it. */
  readonly instead?: { readonly channel: string; readonly reason: string }
  /** It goes here because nobody acknowledged it elsewhere. */
  readonly unheard?: Unheard
  /** It is urgent, and told elsewhere too from then on unless somebody acknowledges it. */
  readonly escalateAt?: number
  /** Its kind is blind, sighted or lost, and it is told together with those of other alerts. */
  readonly outage?: Outage
}

/** `due`: waits for its time. `sending`: leased. `failed`: given up. `dropped`: not to be sent, for a reason. */
export type NotificationState = 'due' | 'sending' | 'sent' | 'failed' | 'dropped'

/** That an address did not take something is to be told elsewhere, and whether that address is to be switched off. */
export type Onward = 'switch off' | 'keep on'

/**
 * What became of a notification. `due`: it is to be tried (again) at `dueAt`; where `isTry` is false, what was done counts
 * as no try, and with `held` it waits for the end of quiet hours. With `onward` it is owed to another address of its person.
 * `escalateAt`: until when (ms, real clock) what of it is urgent, and not told elsewhere yet, may be acknowledged.
 */
export type Outcome =
  | { readonly state: 'sent'; readonly receipt: string; readonly escalateAt?: number }
  | {
      readonly state: 'due'
      readonly dueAt: number
      readonly reason: string
      readonly isTry?: false
      readonly held?: true
    }
  | { readonly state: 'failed' | 'dropped'; readonly reason: string; readonly onward?: Onward }

/** A notification with what has been tried. */
export type Tracked = Notification & {
  readonly state: NotificationState
  /** Those that the platform put off count as none. */
  readonly tries: number
  readonly firstTriedAt?: number
  readonly dueAt: number
  readonly reason: string | null
  readonly receipt: string | null
  readonly sentAt: number | null
  /** The platform said that it arrived. */
  readonly deliveredAt?: number
  /** Its person has said, or shown, that they know of it. */
  readonly acknowledgedAt?: number
  /** Failed or dropped, and not yet handed on. */
  readonly onward?: Onward
}

/** A firing that was told at an address; `sentAt` in ms. */
export type Told = { readonly address: string; readonly alert: string; readonly sentAt: number }
