import type { Random } from './random.ts'

/** What the alerts look at; each has its price in dollars. */
export const SYMBOLS = ['BTC', 'ETH', 'SOL', 'ADA', 'XRP', 'DOGE', 'LINK', 'AVAX'] as const
export type SymbolName = (typeof SYMBOLS)[number]

/** A price that never moves: the alerts that people set meanwhile are on it, so nothing they ask for touches the others. */
export const CALM = { symbol: 'LTC', price: '80.5' } as const

/** Where a price is: below 101.5, between, above 103.5. */
export type Level = 'low' | 'middle' | 'high'

/** A state of the whole market. A price tells which tick it is of by its decimals, so a message tells which tick it is about. */
export type Tick = {
  readonly number: number
  readonly levels: Readonly<Record<SymbolName, Level>>
  readonly prices: Readonly<Record<SymbolName, string>>
}

const DOLLARS: Readonly<Record<Level, number>> = { low: 100, middle: 102, high: 104 }
const LEVELS: readonly Level[] = ['low', 'middle', 'high']

/** Nothing is true in it. */
export const FIRST_TICK: Tick = tickOf(0, allAt('middle'))

/**
 * The tick after another one. In turn one half of the symbols may change its level and the other half stays, so that an
 * alert on one of each never sees both move at once: prices of one moment may reach the program one after another.
 */
export function nextTick(before: Tick, random: Random): Tick {
  const number = before.number + 1
  const levels = { ...before.levels }
  for (const [index, symbol] of SYMBOLS.entries()) {
    const moves = index % 2 === number % 2 && random.next() < 0.7
    if (moves) levels[symbol] = random.of(LEVELS.filter((level) => level !== before.levels[symbol]))
  }
  return tickOf(number, levels)
}

/** The number of the tick a price is of: `104.00371` → 37. */
export function tickOfPrice(price: string): number {
  return Number(price.split('.')[1]?.padEnd(5, '0').slice(0, 4) ?? Number.NaN)
}

function allAt(level: Level): Record<SymbolName, Level> {
  return Object.fromEntries(SYMBOLS.map((symbol) => [symbol, level])) as Record<SymbolName, Level>
}

function tickOf(number: number, levels: Record<SymbolName, Level>): Tick {
  const decimals = `${String(number).padStart(4, '0')}1`
  const prices = SYMBOLS.map((symbol) => [symbol, `${DOLLARS[levels[symbol]]}.${decimals}`])
  return { number, levels, prices: Object.fromEntries(prices) as Record<SymbolName, string> }
}
