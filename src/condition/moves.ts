import type { CompareNode, Expression, MoveNode, NumberNode, Since, Span } from './ast.ts'
import type { RawMove, RawSince } from './build.ts'
import { Problem, quoted, replaced, spanning } from './errors.ts'
import { formatNumber } from './format.ts'
import { type Bounds, checkBounds } from './lengths.ts'
import { exactOf } from './numbers.ts'
import { formatSymbol, metricsIn } from './symbols.ts'
import { readValue } from './values.ts'

/** How moves are named in answers. */
const SAID = { up: 'up', down: 'down', either: 'moves' } as const

/**
 * A move of a value, put together. `SPY up today` is `SPY change > 0`. Throws a `Problem` where it is not said by how
 * much or since when, or where the two do not go together.
 */
export function readMove(move: RawMove, value: Expression, text: string): MoveNode | CompareNode {
  return move.turned ? readTurned(move, value, text) : readUsual(move, value, text)
}

/** `5% below its peak`: what is wrong with it is said of its usual form, and so are the proposals. */
function readTurned(move: RawMove, value: Expression, text: string): MoveNode | CompareNode {
  try {
    return readUsual(move, value, text)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    const since = text.slice(move.since!.at.start, move.since!.at.end)
    const said = /^(?:in|from|today)\b/i.test(since) ? since : `from ${since}`
    const tries = [formatNumber(move.amount!), '5%'].flatMap((amount) =>
      [`${move.direction} ${amount} ${said}`, `${OTHER_WAY[move.direction]} ${amount} ${said}`].concat(
        `${move.direction} ${amount} from now`,
      ),
    )
    throw new Problem(
      problem.message,
      move.at,
      tries.map((words) => replaced(text, { ...move.at, start: move.amount!.at.start }, words)),
    )
  }
}

const OTHER_WAY = { up: 'down', down: 'up', either: 'moves' } as const

function readUsual(move: RawMove, value: Expression, text: string): MoveNode | CompareNode {
  const { direction, amount, since, at } = move
  if (!since) throw sinceWhen(move, text)
  checkSince(move, since, value, text)
  if (!amount) return since.type === 'today' && direction !== 'either' ? asChange(move, value) : byHowMuch(move, text)
  checkAmount(move, amount, text)
  return { type: 'move', value, direction, amount, since: readSince(since, value, text), at }
}

function asChange({ direction, word, at }: RawMove, value: Expression): CompareNode {
  const symbol = metricsIn(value)[0]!.symbol
  const left = { type: 'metric', symbol, metric: 'change', at: value.at } as const
  const zero = { type: 'number', text: '0', at: word } as const
  return { type: 'compare', left, operator: direction === 'up' ? '>' : '<', right: zero, at }
}

function sinceWhen({ direction, amount, at }: RawMove, text: string): Problem {
  const said = `${SAID[direction]} ${formatNumber(amount!)}`
  const sentence = `${capital(said)} since when? Write ${said} today, ${said} in 1h, or ${said} from now.`
  const end = { start: at.end, end: at.end }
  return new Problem(
    sentence,
    at,
    ['today', 'in 1h', 'from now'].map((since) => replaced(text, end, ` ${since}`)),
  )
}

function byHowMuch({ direction, word, at }: RawMove, text: string): never {
  const tries = [replaced(text, { start: word.end, end: word.end }, ' 5%')]
  throw new Problem(`${capital(SAID[direction])} by how much? Say for example ${SAID[direction]} 5%.`, at, tries)
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function checkAmount({ direction, word }: RawMove, amount: NumberNode, text: string): void {
  const size = exactOf(amount.text)
  if (size.gt(0)) return
  const positive = formatNumber({ ...amount, text: amount.text.replace('-', '') })
  const whole = { start: word.start, end: amount.at.end }
  if (size.isZero())
    throw new Problem('0 is no move. Say for example 5%.', amount.at, [replaced(text, amount.at, '5%')])
  const way = OTHER_WAY[direction]
  const sentence = `${capital(SAID[direction])} ${formatNumber(amount)} is ${way} ${positive}: leave out the minus.`
  throw new Problem(sentence, whole, [replaced(text, whole, `${way} ${positive}`), replaced(text, amount.at, '5%')])
}

/** What a look back is possible for: the price of one symbol. */
function isPrice(value: Expression): boolean {
  return value.type === 'metric' && value.metric === 'price'
}

const WAYS = { peak: 'down', high: 'down', bottom: 'up', low: 'up' } as const
const OPPOSITE = { peak: 'bottom', bottom: 'peak', high: 'low', low: 'high' } as const

function checkSince(move: RawMove, since: RawSince, value: Expression, text: string): void {
  if (since.type in WAYS) checkWay(move, since.type as keyof typeof WAYS, since.at, text)
  if (!/^(?:window|today|high|low)$/.test(since.type) || isPrice(value)) return
  const [first] = metricsIn(value)
  const tries = [
    replaced(text, since.at, 'from now'),
    first ? replaced(text, value.at, formatSymbol(first.symbol)) : '',
  ]
  const sentence = `${quoted(text, since.at)} goes with the price of one symbol; for any other value write from now.`
  throw new Problem(sentence, spanning(value.at, since.at), tries)
}

function checkWay({ direction, word, amount }: RawMove, type: keyof typeof WAYS, at: Span, text: string): void {
  const way = WAYS[type]
  if (direction === way) return
  const typed = text.slice(at.start, at.end).replace(/^(?!from\b)/i, 'from ')
  const other = typed.replace(new RegExp(`${type}$`, 'i'), OPPOSITE[type])
  const by = amount ? formatNumber(amount) : '5%'
  const sentence = `From a ${type} it can only go ${way}: ${way} ${by} ${typed}, or ${WAYS[OPPOSITE[type]]} ${by} ${other}.`
  throw new Problem(sentence, spanning(word, at), [replaced(text, at, other), replaced(text, word, way)])
}

const WINDOW: Bounds = { least: 60_000, most: 366 * 86_400_000, short: 'a minute', long: '366 days' }

function readSince({ at, ...since }: RawSince, subject: Expression, text: string): Since {
  if (since.type === 'level') return { type: 'level', level: readValue(since.level, { text, subject }) }
  if ('ms' in since) checkBounds(since.ms, WINDOW, text, at, [replaced(text, at, sinceOf(since.type, '1h'))])
  return since
}

function sinceOf(type: 'window' | 'high' | 'low', length: string): string {
  return type === 'window' ? `in ${length}` : `from ${length} ${type}`
}
