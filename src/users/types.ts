/** An address that its owner has confirmed; hears of the alerts made from it. */
export type Subscription = {
  readonly id: string
  readonly channel: string
  readonly address: string
  /** Only of one to which nothing is sent until its owner writes from it. */
  readonly off?: Off
}

/** Since when an address takes nothing any more (ms, real clock), and why, in words for its owner. */
export type Off = { readonly at: number; readonly reason: string }

/** A time of each day on the clock of its person, in minutes after midnight, `to` exclusive; from one day into the next where `to` is less. */
export type Quiet = { readonly from: number; readonly to: number }

/** One person, or one group chat. `zone` is an IANA time zone; null until they told theirs. */
export type User = {
  readonly id: string
  readonly subscriptions: readonly Subscription[]
  readonly zone: string | null
  /** When only what is urgent may be told; left out where any time is good. */
  readonly quiet?: Quiet
}
