import { segments } from '../gsm.ts'
import type { Clock } from './channel.ts'
import type { DailyLimit, SegmentBudget } from './sms-ports.ts'
import { ENOUGH } from './sms-words.ts'

/** What may be sent: the text itself, or in its place, once a day, that there is no more of it; else nothing. */
export type Payment = { readonly isPaid: boolean; readonly text: string }

/** Pays for texts, as long as the day's limit bears it: each segment costs money. */
export type Purse = {
  pay(address: string, text: string): Promise<Payment>
  /** For what is to be said in any case. */
  owe(address: string, text: string): Promise<void>
  refund(address: string, text: string): Promise<void>
  /** How long until the limit begins anew, ms. */
  refilledIn(): number
}

/** What the purse is made from. */
export type PursePorts = { readonly budget: SegmentBudget; readonly limit: DailyLimit; readonly clock: Clock }

const DAY = 86_400_000

/** A purse that is filled anew at each midnight of UTC. */
export function createPurse({ budget, limit, clock }: PursePorts): Purse {
  return {
    async pay(address, text) {
      const grant = await budget.take(address, segments(text), limit, clock.now())
      if (grant.granted) return { isPaid: true, text }
      if (!grant.isFirst) return { isPaid: false, text: '' }
      await budget.force(address, segments(ENOUGH), clock.now())
      return { isPaid: false, text: ENOUGH }
    },
    owe: (address, text) => budget.force(address, segments(text), clock.now()),
    refund: (address, text) => budget.giveBack(address, segments(text), clock.now()),
    refilledIn: () => DAY - (clock.now() % DAY),
  }
}
