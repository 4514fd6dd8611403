import type { OutagePorts, Unseen } from '../delivery/outages.ts'
import type { HeldBack } from '../market/held-back.ts'
import type { Market } from '../market/index.ts'
import { type Loss, lossText } from '../market/lost.ts'
import type { Quote } from '../market/provider.ts'
import type { Store } from '../store/connect.ts'

/** The longest (ms) that the word of an outage waits for that of other alerts: quotes that say nothing new are written so seldom. */
const LONGEST_GATHER = 40_000

/** How long the word of an outage waits for others (ms), where alerts may be blind for `grace` (ms) before it is told. */
export function gatherFor(grace: number): number {
  return Math.min(LONGEST_GATHER, grace / 4)
}

/** What fan-out is to know of outages. */
export function outagePorts(
  { quotes, losses, notifications }: Pick<Store, 'quotes' | 'losses' | 'notifications'>,
  market: Pick<Market, 'calendar' | 'freshFor'>,
): OutagePorts {
  return {
    async unseen(symbols) {
      const [last, doubts, lost] = await Promise.all([
        quotes.read(symbols),
        quotes.heldBack(symbols),
        losses.read(symbols),
      ])
      return unseenOf(last, new Map(doubts.map((doubt) => [doubt.symbol, doubt])), lost, market)
    },
    blindness: notifications.blindness,
  }
}

/** A symbol is not seen while its market trades and has been trading for longer than its last quote is good for. */
function unseenOf(
  last: ReadonlyMap<string, Quote>,
  doubts: ReadonlyMap<string, HeldBack>,
  lost: ReadonlyMap<string, Loss>,
  { calendar, freshFor }: Pick<Market, 'calendar' | 'freshFor'>,
): Unseen {
  return (symbol, at) => {
    const quote = last.get(symbol)
    const doubt = doubts.get(symbol)
    const { session, from } = calendar.sessionAt(symbol, at)
    const silent = quote ? at - Math.max(quote.receivedAt, from) : Number.POSITIVE_INFINITY
    if (session === 'closed' || silent < freshFor(symbol)) return undefined
    const loss = lost.get(symbol)
    if (loss) return { why: lossText(loss) }
    return doubt && doubt.rule !== 'older' ? { why: `a price of ${doubt.price} is not believed: ${doubt.why}` } : {}
  }
}
