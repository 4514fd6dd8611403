import { classOf } from '../condition/name.ts'
import type { Chain } from './chain.ts'
import type { SievePorts } from './held-back.ts'

/** Asks for a symbol whoever is not the source that is doubted; of currencies also those who tell the rates of a day. */
export function opinionFrom(chain: Pick<Chain, 'quotes'>): NonNullable<SievePorts['opinion']> {
  return async (symbol, than) => {
    const wish = { for: 'person', daily: classOf(symbol) === 'fx', except: [than] } as const
    const answer = (await chain.quotes([symbol], wish)).quotes.get(symbol)
    return answer && !('unknown' in answer) ? answer : undefined
  }
}
