import type { CoinbaseDouble } from '../doubles/coinbase.ts'
import type { Ledger } from './ledger.ts'
import { until } from './until.ts'

/** What everybody's alert waits for. */
export const CONDITION = 'BTC > 100k repeat'
/** Prices at which no alert is true, and the first of those at which it is. */
const LOW = 90_000
const HIGH = 100_001

/** A market in which BTC becomes dear again and again, at another price each time, so that each firing can be told from all others. */
export type Crossings = {
  /** The prices at which every alert was to fire so far, in order. */
  readonly prices: readonly string[]
  /** BTC becomes dear and cheap again; resolves when every alert has been seen to fire at it. */
  cross(): Promise<void>
  /** It becomes dear; nobody waits for anything. */
  rise(): void
  /** It becomes cheap; nobody waits for anything. */
  fall(): void
}

/** A market that is cheap. `alerts`: how many wait for it to be dear. */
export function createCrossings(coinbase: CoinbaseDouble, ledger: Ledger, alerts: number): Crossings {
  const prices: string[] = []
  const tell = (price: number) => void coinbase.prices.set('BTC-USD', String(price))
  const rise = () => {
    const price = HIGH + prices.length
    prices.push(String(price))
    tell(price)
  }
  const fall = () => tell(LOW + prices.length)
  return {
    prices,
    rise,
    fall,
    async cross() {
      rise()
      const due = prices.length * alerts
      await until(`${due} firings`, async () => (await ledger.alerts()).firings === due)
      fall()
      await until('every alert has seen it cheap', async () => (await ledger.met()) === 0)
    },
  }
}

/** The prices at which firings are told in these messages, each as often as it is told. */
export function toldIn(messages: readonly string[]): string[] {
  return messages.flatMap((text) =>
    [...text.matchAll(/\bBTC(?:\/USD)? (\d{6}) USD (?:> 100k )?at \d/g)].map(([, price]) => price!),
  )
}
