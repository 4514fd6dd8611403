import { evaluate as evaluateCel, parse as parseCel } from 'cel-js'
import { Parser } from 'expr-eval'
import { Engine } from 'json-rules-engine'
import { emptyCell, fillCell } from '../src/condition/cell.ts'
import { type Cell, compile, compileTrigger, MET } from '../src/condition/evaluate.ts'
import { INTERVALS, type Interval, type Series } from '../src/condition/history.ts'
import { needs } from '../src/condition/needs.ts'
import { parse } from '../src/condition/parse.ts'
import { triggersOf } from '../src/condition/triggers.ts'
import { createBook } from '../src/watch/book.ts'
import { createWorkingSet } from '../src/watch/working-set.ts'
import {
  alertOf,
  baseOf,
  HOURS,
  movesOf,
  nameOf,
  PER_SYMBOL,
  QUOTES_APART,
  quoteOf,
  type Rule,
  rulesOf,
  textOf,
} from './market.ts'
import { figure, median, processorTime, type Say, table } from './stats.ts'

/** Every one of them gets a new price in each pass, so that every rule is evaluated in it. */
const SYMBOLS = 50
/** Different passes; they come round again, and the last is on the other side of the first. */
const PASSES = 32
const ROUNDS = 9
/** How long each contender runs in a round, ms of processor time. */
const LONG_ENOUGH = 300
const INTERVAL = 1_000

/** The price of every symbol: as a number, and as text, which is how quotes carry it. */
type Prices = readonly { readonly price: number; readonly text: string }[]

/** Evaluates every rule at these prices and writes 1 (met) or 0 to the rule's place in `truths`. */
type Pass = (prices: Prices, truths: Uint8Array) => Promise<void> | void

type Contender = { readonly name: string; readonly isOurs?: boolean; readonly pass: Pass }

/**
 * Evaluations per second of 1,000 two-sided rules, each truly evaluated in each pass: ours, and the same rules at the same
 * prices in json-rules-engine, expr-eval and cel-js, all parsed or compiled before. Throws when any two disagree.
 */
export async function run(say: Say): Promise<void> {
  const rules = rulesOf(SYMBOLS)
  const passes = Array.from({ length: PASSES }, (_, tick) => pricesOf(tick))
  runOtherShapes()
  const contenders: Contender[] = [
    { name: 'compiled conditions', isOurs: true, pass: compiled(rules) },
    { name: 'working set, whole tick', isOurs: true, pass: workingSet(rules) },
    { name: 'expr-eval, toJSFunction', pass: exprEvalFunction(rules) },
    { name: 'expr-eval, evaluate', pass: exprEval(rules) },
    { name: 'cel-js, parsed', pass: cel(rules) },
    { name: 'json-rules-engine, an engine per symbol', pass: jsonRulesBySymbol(rules) },
    { name: 'json-rules-engine, one engine', pass: jsonRulesTogether(rules) },
  ]
  const truths = await checkAgreement(contenders, passes, rules)
  const met = figure((100 * truths) / (PASSES * rules.length))
  say(`${rules.length} rules at ${PASSES} prices each: all agree on all truths (${met} % of them met).`)
  say(`${ROUNDS} rounds, each contender in turn for ${LONG_ENOUGH} ms of processor time.`)
  say('')
  report(contenders, await race(contenders, passes, rules), say)
  say('')
  reportKinds(say)
}

/** One line of each kind; every symbol is the same cell. */
const KINDS = [
  'AAPL > 500 or AAPL < 300',
  'AAPL > 500 and MSFT < 300',
  'AAPL change > 5%',
  'AAPL / MSFT > 1.05',
  '2 * (AAPL - MSFT) + 5 > AAPL open',
  'max(AAPL, MSFT open) > 500',
  'AAPL crosses above 500',
  'AAPL drops 8% from peak',
  'AAPL up 5% from now',
  'AAPL down 5% today',
  'AAPL down 5% in 1h',
  'AAPL drops 10% from 30d high',
  'AAPL > sma(AAPL, 50)',
  'rsi(AAPL, 14) < 30',
  'AAPL > high(AAPL, 52w)',
]

const KIND_RUNS = 100_000

/** What one look takes of each kind of condition, with all the candles it needs, a new price and what it remembers. */
function reportKinds(say: Say): void {
  const rows = KINDS.map((line) => {
    const look = lookerOf(line)
    const batches = Array.from({ length: ROUNDS }, () => {
      const begin = processorTime()
      for (let i = 0; i < KIND_RUNS; i++) look(i)
      return ((processorTime() - begin) * 1e6) / KIND_RUNS
    })
    return [line, figure(median(batches))]
  })
  say(table([['one look at a new price', 'ns'], ...rows]).join('\n'))
}

function lookerOf(line: string): (i: number) => void {
  const parsed = parse(line, { now: 0, zone: 'UTC' })
  const cell = emptyCell('stock:AAPL', 'no quote yet')
  const now = 1_000 * INTERVALS['1w']
  for (const { interval, count } of needs(parsed)) cell.series.set(interval, candlesUntil(now, interval, count - 1))
  const prices = Array.from({ length: 97 }, (_, i) => (400 + ((i * 7919) % 97) / 100).toFixed(2))
  const watcher = compileTrigger(triggersOf(parsed)[0]!, () => cell, { zone: 'UTC', atClose: false, apart: 20_000 })
  return (i) => {
    const price = prices[i % prices.length]!
    fillCell(cell, { currency: 'USD', price, open: '400.5', previousClose: '399.9', at: now + i, heardAt: now + i })
    watcher.recall(watcher.after(watcher.truth()))
  }
}

function candlesUntil(now: number, interval: Interval, count: number): Series {
  const finished = Array.from({ length: count }, (_, i) => {
    const close = (400 + ((i * 104_729) % 101) / 100).toFixed(2)
    const start = now - (count - i) * INTERVALS[interval]
    return { start, open: '400.00', high: '401.50', low: '399.50', close, volume: '1000' }
  })
  return { finished, live: { ...finished.at(-1)!, start: now }, version: 1, why: undefined }
}

function pricesOf(tick: number): Prices {
  const moves = movesOf(tick, SYMBOLS)
  return Array.from({ length: SYMBOLS }, (_, symbol) => priceOf(moves.get(symbol) ?? baseOf(symbol)))
}

function priceOf(price: number): Prices[number] {
  return { price, text: String(price) }
}

/** So that the engine has seen conditions of all kinds, as in life, and cannot tune itself to the one that is measured. */
function runOtherShapes(): void {
  const cell = emptyCell('stock:AAPL', 'no quote yet')
  const lines = [
    'AAPL between 1 and 5',
    'AAPL change > 5% and AAPL volume > 2m',
    'AAPL outside 2 and 4',
    'not (AAPL > AAPL open) or AAPL != 3 and AAPL low < 2',
    'AAPL < 2 or AAPL > 4 or AAPL = 3',
    '2 * (AAPL - AAPL open) > 1 or AAPL / AAPL open < 0.5',
    'AAPL up 5% from 3 or AAPL down 5% today',
  ]
  const conditions = lines.map((line) => compile(parse(line, { now: 0, zone: 'UTC' }).condition, () => cell))
  for (let price = 1; price < 20_000; price++) {
    fillCell(cell, {
      currency: 'USD',
      price: String(price % 7),
      open: '3',
      low: '2',
      previousClose: '3',
      volume: '2000000',
    })
    for (const condition of conditions) condition()
  }
}

function compiled(rules: readonly Rule[]): Pass {
  const cells = Array.from({ length: SYMBOLS }, (_, symbol): Cell => emptyCell(nameOf(symbol), 'no quote yet'))
  const clock = { now: 0, zone: 'UTC' }
  const conditions = rules.map((rule) => compile(parse(textOf(rule), clock).condition, () => cells[rule.symbol]!))
  return (prices, truths) => {
    for (let i = 0; i < cells.length; i++) fillCell(cells[i]!, { currency: 'USD', price: prices[i]!.text })
    for (let i = 0; i < conditions.length; i++) truths[i] = conditions[i]!() === MET ? 1 : 0
  }
}

/** The hot path as it is but for the database: quotes heard, alerts found by symbol, evaluated, stepped where a side changed. */
function workingSet(rules: readonly Rule[]): Pass {
  const book = createBook(HOURS)
  const broken = (_: unknown, why: string) => {
    throw new Error(why)
  }
  const set = createWorkingSet({ book, grace: Number.POSITIVE_INFINITY, apart: QUOTES_APART, broken })
  const place = new Map(rules.map((rule, i) => [alertOf(rule, i, 0).id, i]))
  for (const [i, rule] of rules.entries()) set.put(alertOf(rule, i, 0))
  let now = 0
  const hear = (prices: Prices) => {
    now += INTERVAL
    return set.tick(
      prices.map(({ text }, symbol) => quoteOf(symbol, text, now)),
      now,
    )
  }
  hear(Array.from({ length: SYMBOLS }, (_, symbol) => priceOf(baseOf(symbol))))
  const sides = new Uint8Array(rules.length)
  return (prices, truths) => {
    const before = set.looks()
    for (const { alert } of hear(prices)) {
      sides[place.get(alert.id)!] = alert.triggers.some(({ side }) => side === 'met') ? 1 : 0
    }
    if (set.looks() - before !== rules.length) throw new Error('the working set did not evaluate every alert')
    truths.set(sides)
  }
}

function exprEvalFunction(rules: readonly Rule[]): Pass {
  const parser = new Parser()
  const functions = rules.map(({ high, low }) =>
    parser.parse(`price > ${high} or price < ${low}`).toJSFunction('price'),
  )
  return (prices, truths) => {
    for (let i = 0; i < rules.length; i++) truths[i] = functions[i]!(prices[rules[i]!.symbol]!.price) ? 1 : 0
  }
}

function exprEval(rules: readonly Rule[]): Pass {
  const parser = new Parser()
  const expressions = rules.map(({ high, low }) => parser.parse(`price > ${high} or price < ${low}`))
  return (prices, truths) => {
    const values = prices.map(({ price }) => ({ price }))
    for (let i = 0; i < rules.length; i++) truths[i] = expressions[i]!.evaluate(values[rules[i]!.symbol]!) ? 1 : 0
  }
}

function cel(rules: readonly Rule[]): Pass {
  const trees = rules.map(({ high, low }) => {
    const parsed = parseCel(`price > ${high} || price < ${low}`)
    if (!parsed.isSuccess) throw new Error(parsed.errors.join())
    return parsed.cst
  })
  return (prices, truths) => {
    const values = prices.map(({ price }) => ({ price }))
    for (let i = 0; i < rules.length; i++) truths[i] = evaluateCel(trees[i]!, values[rules[i]!.symbol]!) ? 1 : 0
  }
}

/** As an index by symbol would use it: a price runs the rules on its symbol. */
function jsonRulesBySymbol(rules: readonly Rule[]): Pass {
  const engines = Array.from({ length: SYMBOLS }, () => new Engine())
  for (const [i, rule] of rules.entries()) engines[rule.symbol]!.addRule(jsonRule(rule, i, 'price'))
  return async (prices, truths) => {
    truths.fill(0)
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const { results } = await engines[symbol]!.run({ price: prices[symbol]!.price })
      for (const { name } of results) truths[Number(name)] = 1
    }
  }
}

function jsonRulesTogether(rules: readonly Rule[]): Pass {
  const engine = new Engine()
  for (const [i, rule] of rules.entries()) engine.addRule(jsonRule(rule, i, nameOf(rule.symbol)))
  return async (prices, truths) => {
    truths.fill(0)
    const facts = Object.fromEntries(prices.map(({ price }, symbol) => [nameOf(symbol), price]))
    const { results } = await engine.run(facts)
    for (const { name } of results) truths[Number(name)] = 1
  }
}

function jsonRule({ high, low }: Rule, index: number, fact: string) {
  const any = [
    { fact, operator: 'greaterThan', value: high },
    { fact, operator: 'lessThan', value: low },
  ]
  return { name: String(index), conditions: { any }, event: { type: 'met' } }
}

/** Gives how many truths are met. */
async function checkAgreement(contenders: readonly Contender[], passes: readonly Prices[], rules: readonly Rule[]) {
  let met = 0
  for (const prices of passes) {
    const expected = rules.map(({ symbol, high, low }) =>
      Number(prices[symbol]!.price > high || prices[symbol]!.price < low),
    )
    met += expected.reduce((sum, truth) => sum + truth, 0)
    for (const { name, pass } of contenders) {
      const truths = new Uint8Array(rules.length).fill(2)
      await pass(prices, truths)
      const wrong = expected.findIndex((truth, i) => truth !== truths[i])
      if (wrong >= 0) throw new Error(`${name}: "${textOf(rules[wrong]!)}" at ${prices[rules[wrong]!.symbol]?.text}`)
    }
  }
  return met
}

/** Evaluations per second of each contender in each round. */
async function race(contenders: readonly Contender[], passes: readonly Prices[], rules: readonly Rule[]) {
  const rates = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  const truths = new Uint8Array(rules.length)
  for (let round = -1; round < ROUNDS; round++) {
    for (const { name, pass } of contenders) {
      let cycles = 0
      let elapsed = 0
      for (const begin = processorTime(); elapsed < LONG_ENOUGH; elapsed = processorTime() - begin) {
        for (const prices of passes) {
          const waiting = pass(prices, truths)
          if (waiting) await waiting
        }
        cycles++
      }
      const count = cycles * passes.length * rules.length
      // The first round is to warm up.
      if (round >= 0) rates.get(name)!.push((count * 1_000) / elapsed)
    }
  }
  return rates
}

function report(contenders: readonly Contender[], rates: ReadonlyMap<string, readonly number[]>, say: Say): void {
  const rateOf = (name: string) => median(rates.get(name)!)
  const ours = contenders.filter(({ isOurs }) => isOurs).map(({ name }) => name)
  const rows = contenders.map(({ name, isOurs }) => {
    const all = rates.get(name)!
    const ratios = ours.map((our) => (isOurs ? '' : `${figure(rateOf(our) / rateOf(name))} ×`))
    return [
      name,
      figure(rateOf(name)),
      `${figure(Math.min(...all))} to ${figure(Math.max(...all))}`,
      figure(1e9 / rateOf(name)),
      ...ratios,
    ]
  })
  const heads = ['', 'evaluations per s', 'lowest to highest', 'ns each', 'compiled is', 'whole tick is']
  say(table([heads, ...rows]).join('\n'))
  say(`Medians; ${PER_SYMBOL} rules on each symbol, so ${PER_SYMBOL} evaluations for each price that is taken in.`)
}
