import { startCoinbase } from '../doubles/coinbase.ts'
import { CALM, FIRST_TICK, type Tick } from './prices.ts'
import type { Doings } from './protocol.ts'

/** The market: Coinbase in a process of its own. */
export async function onMarket(): Promise<Doings> {
  const market = await startCoinbase({ [`${CALM.symbol}-USD`]: CALM.price })
  const set = ({ prices }: Pick<Tick, 'prices'>) => {
    for (const [symbol, price] of Object.entries(prices)) market.prices.set(`${symbol}-USD`, price)
  }
  set(FIRST_TICK)
  return { about: () => ({ url: market.url }), isReady: () => true, set, refused: () => [] }
}
