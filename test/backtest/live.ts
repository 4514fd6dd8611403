import { create } from '../../src/alert/change.ts'
import { bucketStart, nextBucket } from '../../src/market/candles.ts'
import { createDays } from '../../src/market/days.ts'
import { createHistory } from '../../src/market/history.ts'
import type { Market } from '../../src/market/index.ts'
import { createBook } from '../../src/watch/book.ts'
import { createWorkingSet } from '../../src/watch/working-set.ts'
import { aContent, DAY } from './past.ts'

/**
 * When an alert fires (ms) that is watched by the watch room while a recording is played, from its first tick on, as
 * the running program does it. `goOn` moves the clock of the market past the end of the recording.
 */
export async function liveFirings(line: string, market: Market, goOn: () => void): Promise<number[]> {
  const { providersFor, calendar, now, freshFor, silence, apart } = market
  const replay = market.replay!
  const ports = { providersFor, calendar, now, failed: () => {} }
  const [days, history] = [createDays(ports), createHistory({ ...ports, isInstant: true })]
  const content = aContent(line, now())
  const candleAt: Parameters<typeof createBook>[0]['candleAt'] = (symbol, interval, at) => {
    const from = bucketStart(symbol, interval, at)
    return { from, until: nextBucket(symbol, interval, from) }
  }
  const book = createBook({ sessionAt: calendar.sessionAt, freshFor, silence, candleAt, hearsAll: true })
  const set = createWorkingSet({ book, grace: 300_000, apart, broken: (_alert, why) => expectNothing(why) })
  const origin = { id: 'alert', user: 'user', subscription: 'subscription', createdAt: now() }
  set.put({ ...create({ ...content, ...origin }), number: 1, revision: 1, unsent: [] })
  const fired: number[] = []
  const round = async (quotes: Parameters<typeof set.tick>[0], at: number) => {
    const changes = set.tick(quotes, at, await history.follow(set.wants(at), at))
    for (const { occurrences } of changes) for (const one of occurrences) if (one.kind === 'fired') fired.push(one.at)
  }
  replay.start()
  goOn()
  let last = now()
  for (let tick = replay.next(); tick; tick = replay.next()) {
    const complete = tick.quotes.map((quote) =>
      content.daySymbols.includes(quote.symbol) ? days.complete(quote) : quote,
    )
    await round(await Promise.all(complete), tick.at)
    replay.done(tick.at)
    last = tick.at
  }
  await round([], last + DAY)
  return fired
}

function expectNothing(why: string): never {
  throw new Error(why)
}
