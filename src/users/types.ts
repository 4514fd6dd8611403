/** An address that its owner has confirmed; hears of the alerts made from it. Times are ms, real clock. */
export type Subscription = {
  readonly id: string
  readonly channel: string
  readonly address: string
  /** Only of one to which nothing is sent until its owner writes from it, or confirms it anew. */
  readonly off?: Off
  /** Only of one that was confirmed by a code: when last. */
  readonly confirmedAt?: number
  /** How its owner proved it: by writing from it, where it is left out, or by a code that was sent there. */
  readonly how?: 'wrote' | 'code'
  /** It is one of those that hear of every alert which does not say `via`. */
  readonly isDefault?: true
  /** Of a phone: when anything was last heard from it or from its person, to the day. */
  readonly lastHeardAt?: number
  /** Of a phone: when its person was last told that nothing was heard of them for long. */
  readonly toldIdleAt?: number
  /** Only of one that came by a join: when, ms, real clock. Numbers of alerts on older messages there mean others now. */
  readonly joinedAt?: number
  /** Of an e-mail address: the id of the user for whom it is kept at Amazon; one that was joined into this one, perhaps. */
  readonly mailedAs?: string
}

/** Since when an address takes nothing any more (ms, real clock), and why, in words for its owner. */
export type Off = {
  readonly at: number
  readonly reason: string
  /** They are still to be told in a chat. */
  readonly isUntold?: true
}

/** A time of each day on the clock of its person, in minutes after midnight, `to` exclusive; from one day into the next where `to` is less. */
export type Quiet = { readonly from: number; readonly to: number }

/** One person, or one group chat. `zone` is an IANA time zone; null until they told theirs. */
export type User = {
  readonly id: string
  readonly subscriptions: readonly Subscription[]
  readonly zone: string | null
  /** When only what is urgent may be told; left out where any time is good. */
  readonly quiet?: Quiet
  /** When something urgent was last on its way to them that they may not have acknowledged yet (ms, real clock); left out where there is nothing such. */
  readonly urgentAt?: number
  /** Users that were joined into this one: what names one of them means this one. Left out where there are none. */
  readonly formerIds?: readonly string[]
}
