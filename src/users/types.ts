/** An address that its owner has confirmed; hears of the alerts made from it. */
export type Subscription = { readonly id: string; readonly channel: string; readonly address: string }

/** One person, or one group chat. `zone` is an IANA time zone; null until they told theirs. */
export type User = {
  readonly id: string
  readonly subscriptions: readonly Subscription[]
  readonly zone: string | null
}
