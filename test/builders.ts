import type { Evaluation } from '../src/alert/step.ts'
import type { Alert, TriggerState } from '../src/alert/types.ts'
import type { Condition } from '../src/condition/ast.ts'
import type { Quote } from '../src/market/provider.ts'

/** What a trigger carries before anything was seen. */
export const blank: TriggerState = { side: null, held: false, running: false }

const at = { start: 0, end: 0 }

/** `AAPL price > 500` as a tree without positions. */
export const aCondition: Condition = {
  type: 'compare',
  left: { type: 'metric', symbol: { type: 'symbol', ticker: 'AAPL', at }, metric: 'price', at },
  operator: '>',
  right: { type: 'number', text: '500', at },
  at,
}

/** An armed alert on `AAPL price > 500`, never looked at, but for what is given. */
export function anAlert(given: Partial<Alert> = {}): Alert {
  return {
    id: 'alert',
    user: 'user',
    number: 7,
    revision: 1,
    typed: 'AAPL > 500',
    text: 'AAPL price > 500',
    condition: aCondition,
    options: { mode: 'once' },
    until: null,
    bindings: { AAPL: 'stock:AAPL' },
    symbols: ['stock:AAPL'],
    daySymbols: [],
    needs: [],
    zone: 'UTC',
    subscription: 'subscription',
    createdAt: 0,
    phase: 'armed',
    paused: false,
    snoozedUntil: null,
    cooldownUntil: null,
    blindSince: null,
    blindTold: false,
    triggers: [blank],
    clock: null,
    knownAt: null,
    firedAt: null,
    firings: 0,
    unsent: [],
    ...given,
  }
}

/** A quote of AAPL at 500 USD, received at 0, but for what is given. */
export function aQuote(given: Partial<Quote> = {}): Quote {
  return { symbol: 'stock:AAPL', price: '500', currency: 'USD', source: 'test', receivedAt: 0, ...given }
}

/** A look in an open session at one trigger that is met, but for what is given. */
export function anEvaluation(given: Partial<Evaluation> = {}): Evaluation {
  return {
    at: 0,
    truths: ['met'],
    open: true,
    describe: () => ({ triggers: ['AAPL price > 500'], evidence: [] }),
    ...given,
  }
}
