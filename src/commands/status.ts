import type { Left } from '../market/budget.ts'
import type { Standing } from '../market/chain.ts'
import type { AssetClass } from '../market/provider.ts'
import { compose } from '../reply.ts'
import type { Command, Context, Sources } from './command.ts'
import { age } from './words.ts'

const CLASSES: readonly (readonly [kind: AssetClass, title: string, sample: string])[] = [
  ['stock', 'Stocks', 'stock:AAPL'],
  ['crypto', 'Crypto', 'crypto:BTC/USD'],
  ['fx', 'Currencies', 'fx:EUR/USD'],
]

/** Says how many alerts are on, when they were last looked at, where prices come from, and how each provider is doing. */
export const status: Command = {
  name: 'status',
  usage: 'status',
  summary: 'Your alerts, where prices come from, and how each provider is doing',
  async run({ alerts, user, maxAlerts, sources, lastCheck, now }) {
    const [live, checked, orders, standings] = await Promise.all([
      alerts.countLive(user.id),
      lastCheck(),
      orderLines(sources),
      sources.standings(),
    ])
    const head = [
      `${live} of your alerts ${live === 1 ? 'is' : 'are'} on; you can have ${maxAlerts}.`,
      checked === null ? 'Nothing was checked yet.' : `Last check ${age(now() - checked)} ago.`,
      ...orders,
    ]
    const width = Math.max(...standings.map(({ name }) => name.length))
    const lines = standings.map((standing) => `${standing.name.padEnd(width)}  ${wordsOf(standing, now())}`)
    const again = [{ label: 'Look again', command: 'status' }]
    return { ...compose([`${head.join('\n')}\n`, { block: lines.join('\n') }], again), place: 'instead' }
  },
}

/** Who is asked for each class, and how often. */
async function orderLines(sources: Sources): Promise<string[]> {
  if (sources.isRecorded) return ['Prices are played from a recording, each at its own time.']
  const every = await Promise.all(CLASSES.map(([, , symbol]) => sources.every(symbol)))
  return CLASSES.map(([kind, title], index) => {
    const pace = every[index]!
    const looked = pace === Infinity ? 'one rate a day, by which nothing is watched' : `looked at every ${paceOf(pace)}`
    return `${title}: ${sources.order(kind).join(', then ')}; ${looked}.`
  })
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
  if (sources.isRecorded) return []
  const paces = new Map<number, string[]>()
  for (const symbol of symbols) {
    const every = await sources.every(symbol)
    if (every > sources.usual && every !== Infinity) paces.set(every, [...(paces.get(every) ?? []), symbol])
  }
  return [...paces].map(
    ([every, slow]) =>
      `I look at ${slow.map((symbol) => symbol.replace(/^\w+:/, '')).join(', ')} every ${paceOf(every)}: who has the price may not be asked more often.`,
  )
}

function paceOf(every: number): string {
  return every < 1_000 ? `${every} ms` : age(every)
}
