import type { Occurrence } from '../alert/types.ts'
import type { Waits } from '../alert/waits.ts'

/** What a notification needs to know of its alert; a copy, so that it can be sent after the alert is gone. */
export type Subject = {
  readonly id: string
  readonly number: number
  readonly text: string
  /** What the person wrote to themselves. */
  readonly note?: string
}

/** What an alert that is blind, or sees again, could not see. */
export type Outage = {
  /** Canonical names. */
  readonly symbols: readonly string[]
  /** Why, where more is known than that nobody answered. */
  readonly why?: string
  /** Of one that sees again: what it waits for. */
  readonly waits?: Waits
}

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
  /** Not to be sent before; left out where it is to be sent at once. */
  readonly dueAt?: number
  /** Its kind is blind or sighted, and it is told together with those of other alerts. */
  readonly outage?: Outage
}

/** `due`: waits for its time. `sending`: leased. `failed`: given up. `dropped`: not to be sent, for a reason. */
export type NotificationState = 'due' | 'sending' | 'sent' | 'failed' | 'dropped'

/** What became of a notification. */
export type Outcome =
  | { readonly state: 'sent'; readonly receipt: string }
  | { readonly state: 'due'; readonly dueAt: number; readonly reason: string }
  | { readonly state: 'failed' | 'dropped'; readonly reason: string }

/** A notification with what has been tried. */
export type Tracked = Notification & {
  readonly state: NotificationState
  readonly tries: number
  readonly dueAt: number
  readonly reason: string | null
  readonly receipt: string | null
  readonly sentAt: number | null
}
