import type { Parsed } from '../src/condition/ast.ts'
import { emptyCell } from '../src/condition/cell.ts'
import { type Cell, compileTrigger, type Terms } from '../src/condition/evaluate.ts'
import { format } from '../src/condition/format.ts'
import { parse } from '../src/condition/parse.ts'
import { triggersOf } from '../src/condition/triggers.ts'
import { UserError } from '../src/errors.ts'
import { figure, median, quantile, type Say, table } from './stats.ts'

const CLOCK = { now: Date.UTC(2026, 2, 4, 15), zone: 'America/New_York' }

/** Lines as people type them. */
const TYPICAL = [
  'AAPL > 500',
  'AAPL price > 500 or AAPL price < 300',
  'AAPL > 500 or < 300 repeat',
  'btc above 100k',
  'EURUSD between 1.05 and 1.10 for 10m',
  'TSLA change > 5% and TSLA volume > 2m cooldown 1h',
  '(NVDA > 120 and AMD < 90) or SPY change < -2% until 2026-12-31 17:00',
  'not (AAPL < 300) and MSFT at least $1,250.75 every 1h',
  '300 < AAPL < 500 for 1h30m repeat',
  'BRK.B outside 400 and 450 cooldown 1d until Friday',
]

/** Lines with crossings, moves, arithmetic and functions over candles. */
const OTHER_KINDS = [
  'BTC crosses above 100k',
  'AAPL down 5% in 1h and SPY up today',
  'TSLA drops 8% from peak repeat cooldown 1d',
  '(NVDA > sma(NVDA, 50) and rsi(NVDA, 14) < 30) for 10m',
  'ETH / BTC > 0.05',
  'AAPL volume > 2 * sma(AAPL volume, 20)',
]

const TERMS: Terms = { zone: CLOCK.zone, atClose: false, apart: 20_000 }

/**
 * What somebody could send to keep the parser busy: each is up to 500 characters long, the most there can be. Those that
 * are refused are looked at more than once, because what is proposed instead must be right.
 */
const HOSTILE: Readonly<Record<string, string>> = {
  '20 comparisons': filled('AAPL price > 500 or ', 19, 'AAPL price < 300'),
  '21 comparisons': filled('AAPL price > 500 or ', 22, 'AAPL price < 300'),
  '20 comparisons and a mistake': filled('AAPL price > 500 or ', 19, 'AAPL prise < 300'),
  '20 comparisons, the first wrong': `AAPL prise > 500 or ${filled('AAPL price > 500 or ', 18, 'AAPL < 300')}`,
  '20 comparisons, two do not fit': filled('AAPL price > 500 and ', 18, 'AAPL price < 300 and MSFT > 5%'),
  'sixteen brackets deep': `${'('.repeat(16)}AAPL > 500 or < 300${')'.repeat(16)}`,
  'sixteen brackets, unclosed': `${'('.repeat(16)}${filled('AAPL > 500 or ', 18, 'AAPL < 300')}`,
  'only brackets': '('.repeat(500),
  'only nots': 'not '.repeat(125),
  '! and a comparison': `${'!'.repeat(190)} AAPL > 500`,
  'only commas': ','.repeat(500),
  'only numbers': '1 '.repeat(250),
  'one number': '9'.repeat(500),
  'one word': 'A'.repeat(500),
  'words that nearly fit': 'prise abov bellow volum '.repeat(21),
  'words in front of a condition': filled('alert me when ', 34, 'AAPL > 500'),
  'ten symbols, no link': 'AAPL > 5 MSFT > 5 TSLA < 3 '.repeat(19),
  'eighteen comparisons, no link': 'AAPL > 5 MSFT > 5 TSLA < 3 '.repeat(6),
  'comparisons with commas': filled('AAPL > 500, ', 19, 'AAPL < 300'),
  'stops early': filled('AAPL price > 500 or ', 18, 'AAPL price <'),
  'a long sum': filled('A + ', 98, 'A > 5'),
  'a long sum that is compared with nothing': filled('A + ', 98, 'A'),
  'a long sum of per cents': filled('A + 5% + ', 40, 'A > 5'),
  'long products of numbers': `A > ${filled('1.23456789 * ', 35, '1.23456789')}`,
  'long quotients of numbers': `5 / 7 > ${filled('1.23456789 / ', 34, '1.23456789')}`,
  'minus signs': `A > ${'-'.repeat(190)}A`,
  'functions in functions': `${filled('max(1, ', 15, 'A')}${')'.repeat(15)} > 5`,
  'functions of many values': filled('max(A, B, C, D, E) + ', 15, 'A > 5'),
  'unknown functions': filled('smaa(AAPL, 50) > 5 or ', 18, 'AAPL > 5'),
  'functions of nothing': filled('rsi() + ', 30, 'AAPL > 5'),
  'only functions, unclosed': 'sma(AAPL, 50, '.repeat(16),
  'names of functions': 'RSI '.repeat(125),
  crossings: filled('A crosses above B and ', 19, 'A < 5'),
  'turned crossings': filled('not A crosses 5 or ', 19, 'A < 5'),
  moves: filled('A up 5% in 1h or ', 28, 'A < 5'),
  'moves since nothing': filled('A up 5% or ', 18, 'A up 5%'),
  'lengths of time': `A > 5 for ${'1h '.repeat(150)}`,
  options: `A > 5${' repeat once'.repeat(40)}`,
  channels: `A > 5 via ${'sms, '.repeat(90)}sms`,
  'a long note': `A > 5 note "${'x'.repeat(480)}"`,
  'notes that are not closed': 'note " '.repeat(71),
  'full-width characters': 'ＡＡＰＬ＞５００ ｏｒ '.repeat(36),
  'surrogate pairs': '📈'.repeat(250),
  'white space': ' '.repeat(500),
}

const WARM_UP = 300
const TYPICAL_RUNS = 2_000
const HOSTILE_RUNS = 200
const BATCHES = 30
const BATCH_RUNS = 2_000

/** How long the language takes: parsing typical and hostile lines, compiling stored trees, printing them. */
export function run(say: Say): void {
  const parsed = TYPICAL.map((line) => parse(line, CLOCK))
  const runs = TYPICAL.map((line) => [line, latencies(line, TYPICAL_RUNS)] as const)
  const all = runs.flatMap(([, samples]) => samples)
  say('Parsing, ms:')
  const typical = [...runs.map(([line, samples]) => row(line, samples)), row('all of these', all)]
  say(table([['typical line', 'p50', 'p99', 'max'], ...typical]).join('\n'))
  say('')
  const hostile = Object.entries(HOSTILE).map(([name, line]) => {
    const text = line.slice(0, 500)
    return { name, text, samples: latencies(text, HOSTILE_RUNS) }
  })
  const rows = hostile.map(({ name, text, samples }) => [...row(name, samples), outcome(text)])
  const together = row(
    'all of these',
    hostile.flatMap(({ samples }) => samples),
  )
  say(table([['up to 500 characters', 'p50', 'p99', 'max', ''], ...rows, [...together, '']]).join('\n'))
  say('')
  const typicalTrees = parsed.map(stored)
  const otherTrees = OTHER_KINDS.map((line) => stored(parse(line, CLOCK)))
  const cell = emptyCell('stock:AAPL', 'no quote yet')
  const rates = [
    ['compile a stored tree', rate((i) => compileAll(typicalTrees[i % typicalTrees.length]!, cell))],
    ['compile one of the other kinds', rate((i) => compileAll(otherTrees[i % otherTrees.length]!, cell))],
    ['format', rate((i) => format(parsed[i % parsed.length]!))],
  ] as const
  say(
    table([
      ['typical lines', 'per second', 'µs each'],
      ...rates.map(([name, each]) => [name, figure(each), figure(1e6 / each)]),
    ]).join('\n'),
  )
}

/** As it comes back from the database. */
function stored(parsed: Parsed): Parsed {
  return JSON.parse(JSON.stringify(parsed)) as Parsed
}

/** All triggers of a line, as an alert has them. */
function compileAll(parsed: Parsed, cell: Cell): unknown {
  return triggersOf(parsed).map((trigger) => compileTrigger(trigger, () => cell, TERMS))
}

function filled(part: string, times: number, end: string): string {
  return part.repeat(times) + end
}

function attempt(line: string): 'understood' | 'refused' {
  try {
    parse(line, CLOCK)
    return 'understood'
  } catch (error) {
    if (error instanceof UserError) return 'refused'
    throw error
  }
}

function outcome(line: string): string {
  return `${attempt(line)}, ${line.length} long`
}

/** Ms of each of so many runs, after some to warm up. */
function latencies(line: string, runs: number): number[] {
  for (let i = 0; i < Math.min(WARM_UP, runs); i++) attempt(line)
  return Array.from({ length: runs }, () => {
    const begin = performance.now()
    attempt(line)
    return performance.now() - begin
  })
}

function row(name: string, samples: readonly number[]): string[] {
  return [name, ...[0.5, 0.99, 1].map((share) => figure(quantile(samples, share)))]
}

let sink: unknown

/** Calls per second: the median of some batches. What a call gives is kept, so that no call can be left out. */
function rate(call: (i: number) => unknown): number {
  const rates = Array.from({ length: BATCHES }, () => {
    const begin = performance.now()
    for (let i = 0; i < BATCH_RUNS; i++) sink = call(i)
    return (BATCH_RUNS * 1_000) / (performance.now() - begin)
  })
  if (sink === undefined) throw new Error('nothing was made')
  return median(rates.slice(Math.ceil(BATCHES / 3)))
}
