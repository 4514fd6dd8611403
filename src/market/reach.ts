import type { Need } from '../condition/history.ts'
import { classOf } from '../condition/name.ts'
import { bucketStart } from './candles.ts'
import { INTERVALS } from './provider.ts'
import type { Calendar } from './sessions.ts'

const DAY = INTERVALS['1d']
/** Days of the year for each day on which New York trades: 365 / 250. */
const PER_TRADING_DAY = 1.46
/** The longest rest of a market, and a day or two for candles that nobody traded in; ms. */
const REST = 12 * DAY
/** About two weeks of trading in New York, with its nights and weekends; beyond that it is reckoned on. */
const MOST_SESSIONS = 44

/**
 * From when on (ms) candles must be asked for at `at` (ms), so that `count` are among them, the unfinished one included.
 * Crypto has one after the other; the others rest at night, at weekends and on holidays, so that theirs lie further back.
 */
export function reachBack({ symbol, interval, count }: Need, at: number, calendar: Calendar): number {
  const size = INTERVALS[interval]
  if (classOf(symbol) === 'crypto') return bucketStart(symbol, interval, at - count * size)
  if (interval === '1w') return bucketStart(symbol, interval, at - count * size - REST)
  if (interval === '1d') return bucketStart(symbol, interval, at - count * DAY * PER_TRADING_DAY - REST)
  return bucketStart(symbol, interval, overSessions({ symbol, interval, count }, at, calendar))
}

/** The same where too few were found: as far again, and over a long rest, for what is seldom traded or was halted. */
export function reachFurther(need: Need, at: number, calendar: Calendar): number {
  const from = reachBack(need, at, calendar)
  return bucketStart(need.symbol, need.interval, from - Math.max(at - from, REST))
}

/** Back over as many sessions as it takes; what lies beyond the last one looked at is reckoned from those. */
function overSessions({ symbol, interval, count }: Need, at: number, calendar: Calendar): number {
  const size = INTERVALS[interval]
  let left = count
  let until = at
  for (let i = 0; i < MOST_SESSIONS; i += 1) {
    const { session, from } = calendar.sessionAt(symbol, until - 1)
    const here = session === 'regular' ? Math.ceil((until - from) / size) : 0
    if (here >= left) return until - left * size
    left -= here
    until = from
  }
  const found = count - left
  return found === 0 ? until : until - ((at - until) / found) * left - REST
}
