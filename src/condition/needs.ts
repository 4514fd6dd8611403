import type { AssetClass, Expression, MoveNode, Parsed, SeriesNode } from './ast.ts'
import { FUNCTIONS } from './functions.ts'
import { INTERVALS, type Need } from './history.ts'
import { isBefore } from './over-candles.ts'
import { partsOf } from './parts.ts'
import { expressionsOf, keyOf, leavesOf } from './symbols.ts'
import { TODAY, windowOf } from './windows.ts'

/** The unfinished day and the two before it: the last close and the one it is compared with. */
const DAYS_AT_CLOSE = 3
/** No more candles than this are asked for because of it. */
const MOST = 1_000

/**
 * The history that a line needs, in the order it is written: symbols as written, each with each interval once.
 * `classOf` knows the asset class of a symbol as written, where that was found out: `today` of crypto needs candles.
 */
export function needs(
  { condition, options }: Parsed,
  classOf: (written: string) => AssetClass | undefined = () => undefined,
): Need[] {
  const atClose = options.atClose === true
  const parts = expressionsOf(condition).flatMap(partsOf)
  const moves = leavesOf(condition).filter((leaf) => leaf.type === 'move')
  return merged([
    ...parts.filter((part) => part.type === 'series').map((part) => ofSeries(part, atClose)),
    ...moves.flatMap((move) => ofMove(move, atClose, classOf)),
    ...(atClose ? parts.flatMap(ofDays) : []),
  ])
}

/** At close the last candle that counts may be a day back, and where the closed day is left out another one. */
function ofSeries({ name, of, lengths, span, interval }: SeriesNode, atClose: boolean): Need {
  const definition = FUNCTIONS[name]
  if (definition?.type !== 'series') throw new Error(`there is no function ${name} over candles`)
  const size = INTERVALS[interval]
  const counting = span === undefined ? definition.history(lengths) : Math.ceil(span / size) + 2
  const days = atClose ? (isBefore(definition, of.metric) ? 2 : 1) : 0
  const since = size < INTERVALS['1d'] ? Math.ceil((days * INTERVALS['1d']) / size) : Math.max(0, days - 1)
  return { symbol: keyOf(of.symbol), interval, count: Math.max(counting, Math.min(counting + since, MOST)) }
}

function ofMove({ value, since }: MoveNode, atClose: boolean, classOf: (written: string) => AssetClass | undefined) {
  if (value.type !== 'metric') return []
  const symbol = keyOf(value.symbol)
  switch (since.type) {
    case 'window':
    case 'high':
    case 'low':
      return [{ symbol, ...windowOf(since.ms, atClose) }]
    case 'today': {
      const kind = value.symbol.class ?? classOf(symbol)
      return kind === 'crypto' && !atClose ? [{ symbol, ...TODAY }] : []
    }
    default:
      return []
  }
}

function ofDays(part: Expression): Need[] {
  const node = part.type === 'metric' ? part : part.type === 'series' ? part.of : undefined
  return node ? [{ symbol: keyOf(node.symbol), interval: '1d', count: DAYS_AT_CLOSE }] : []
}

/** Each symbol and interval once, with the largest count. */
function merged(all: readonly Need[]): Need[] {
  const found = new Map<string, Need>()
  for (const need of all) {
    const key = `${need.symbol} ${need.interval}`
    const known = found.get(key)
    if (!known || need.count > known.count) found.set(key, need)
  }
  return [...found.values()]
}
