import type { Expression, SymbolNode } from './ast.ts'
import type { Bare, RawValue } from './build.ts'
import { readCall } from './calls.ts'
import { Problem, replaced } from './errors.ts'
import { formatSymbol, keyOf, metricsIn } from './symbols.ts'

/** What was typed, and the value that was spoken of before, whose symbol a metric alone belongs to. */
export type Around = { readonly text: string; readonly subject: Expression | null }

/**
 * A value with everything filled in that was left out: `price`, the symbol of a metric, what the table of functions
 * presets. Throws a `Problem` where there is nothing to fill in, or a function is given what it does not take.
 */
export function readValue(value: RawValue, { text, subject }: Around): Expression {
  return read(value, { text, subject, named: undefined })
}

/** `named`: the last symbol that the value itself names, which is nearer than the one before the value. */
type Reading = Around & { named: SymbolNode | undefined }

function read(value: RawValue, reading: Reading): Expression {
  switch (value.type) {
    case 'number':
      return value
    case 'metric':
      reading.named = value.symbol
      return { ...value, metric: value.metric ?? 'price' }
    case 'bare':
      return { type: 'metric', symbol: symbolOf(value, reading), metric: value.metric, at: value.at }
    case 'negate':
      return { ...value, item: read(value.item, reading) }
    case 'arithmetic': {
      const left = read(value.left, reading)
      return { ...value, left, right: read(value.right, reading) }
    }
    case 'call':
      return readCall(value, { text: reading.text, read: (arg) => read(arg, reading), near: near(reading)[0] })
  }
}

/** The symbols that a metric alone can belong to. */
function near({ named, subject }: Reading): SymbolNode[] {
  if (named) return [named]
  const symbols = subject ? metricsIn(subject).map(({ symbol }) => symbol) : []
  return [...new Map(symbols.map((symbol) => [keyOf(symbol), symbol])).values()]
}

function symbolOf(value: Bare, reading: Reading): SymbolNode {
  const [symbol, ...more] = near(reading)
  if (!symbol) throw whoseMetric(value, reading.text)
  if (more.length === 0) return symbol
  const names = [symbol, ...more].map(formatSymbol)
  const tries = names.map((name) => replaced(reading.text, value.at, `${name} ${value.metric}`))
  throw new Problem(`The ${value.metric} of which symbol, ${names.join(' or ')}?`, value.at, tries)
}

/** A metric word may also be meant as a stock of that name, all the more so in capitals. */
function whoseMetric({ metric, at }: Bare, text: string): Problem {
  const ticker = `stock:${metric.toUpperCase()}`
  const capitals = text.slice(at.start, at.end) === metric.toUpperCase()
  const tries = [replaced(text, at, `AAPL ${metric}`), ...(metric.includes(' ') ? [] : [replaced(text, at, ticker)])]
  const sentence = metric.includes(' ')
    ? `The ${metric} of which symbol? Say for example AAPL ${metric}.`
    : `The ${metric} of which symbol? For the stock of that name write ${ticker}.`
  return new Problem(sentence, at, capitals ? tries.reverse() : tries)
}
