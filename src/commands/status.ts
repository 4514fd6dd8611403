import type { Left } from '../market/budget.ts'
import type { Standing } from '../market/chain.ts'
import type { AssetClass } from '../market/provider.ts'
import { compose } from '../reply.ts'
import type { Command, Context } from './command.ts'
import { age } from './words.ts'

const CLASSES: readonly (readonly [kind: AssetClass, title: string, sample: string])[] = [
  ['stock', 'Stocks', 'stock:AAPL'],
  ['crypto', 'Crypto', 'crypto:BTC/USD'],
  ['fx', 'Currencies', 'fx:EUR/USD'],
]

/** Says where prices come from, how often, and how each provider is doing. */
export const status: Command = {
  name: 'status',
  usage: 'status',
  summary: 'Where prices come from, and how each provider is doing',
  async run({ sources, now }) {
    const every = await Promise.all(CLASSES.map(([, , symbol]) => sources.every(symbol)))
    const orders = CLASSES.map(
      ([kind, title], index) =>
        `${title}: ${sources.order(kind).join(', then ')}; looked at every ${paceOf(every[index]!)}.`,
    )
    const standings = await sources.standings()
    const width = Math.max(...standings.map(({ name }) => name.length))
    const lines = standings.map((standing) => `${standing.name.padEnd(width)}  ${wordsOf(standing, now())}`)
    return compose([`${orders.join('\n')}\n`, { block: lines.join('\n') }])
  },
}

function wordsOf(standing: Standing, now: number): string {
  const { answeredAt, latency } = standing
  const parts = [
    stateOf(standing, now),
    ...(answeredAt === undefined ? [] : [`last answer ${age(now - answeredAt)} ago`]),
    ...(latency ? [`takes ${latency.p50} ms, 95 % within ${latency.p95} ms`] : []),
    ...standing.left.map(leftWords),
  ]
  return parts.join('; ')
}

function stateOf({ state, failures, problem, until }: Standing, now: number): string {
  if (state === 'unasked') return 'not needed so far'
  if (state === 'works') return 'works'
  const what = `${failures} ${failures === 1 ? 'failure' : 'failures in a row'}${problem ? ` (${problem})` : ''}`
  return until === undefined ? what : `left alone for ${age(until - now)} after ${what}`
}

const WINDOWS: Readonly<Record<number, string>> = {
  60000: 'this minute',
  3600000: 'this hour',
  86400000: 'today',
  2592000000: 'this month',
}

function leftWords({ left, of, window }: Left): string {
  return `${left} of ${of} left ${WINDOWS[window] ?? `in ${age(window)}`}`
}

/** Where symbols are looked at more seldom than usual because their providers allow no more: a line for each pace. */
export async function paceLines(symbols: readonly string[], { sources }: Pick<Context, 'sources'>): Promise<string[]> {
  const paces = new Map<number, string[]>()
  for (const symbol of symbols) {
    const every = await sources.every(symbol)
    if (every > sources.usual) paces.set(every, [...(paces.get(every) ?? []), symbol])
  }
  return [...paces].map(
    ([every, slow]) =>
      `I look at ${slow.map((symbol) => symbol.replace(/^\w+:/, '')).join(', ')} every ${paceOf(every)}: who has the price may not be asked more often.`,
  )
}

function paceOf(every: number): string {
  return every < 1_000 ? `${every} ms` : age(every)
}
