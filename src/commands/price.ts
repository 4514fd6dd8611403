import { classOf, tickerOf } from '../condition/name.ts'
import { UserError } from '../errors.ts'
import { isDaily } from '../market/chain.ts'
import { countOf, lineInHand, unitOf } from '../market/line.ts'
import { inTime } from '../market/patience.ts'
import type { Interval, Quote, Unknown } from '../market/provider.ts'
import type { Resolution } from '../market/symbols.ts'
import { tradingDay } from '../market/trading-day.ts'
import { type Button, compose, type Picture } from '../reply.ts'
import { levelsOn } from './alert-marks.ts'
import { changeWords } from './change-words.ts'
import type { Command, Context } from './command.ts'
import { inBrief } from './in-brief.ts'
import { choiceText, notOneSymbol } from './listing-words.ts'
import { shorten } from './readers.ts'
import { sessionWords } from './session-words.ts'
import { amount, listOf, toldWords } from './words.ts'

const MOST = 10
/** What is more than the price is waited for no longer than this after it was asked for, ms. */
const PATIENCE = 2_000

/** Says what symbols cost now. */
export const price: Command = {
  name: 'price',
  aliases: ['quote', 'p'],
  usage: 'price AAPL BTC EURUSD',
  summary: 'What symbols cost now',
  details: [`Up to ${MOST} at a time. The change is since the last close; of crypto over 24 hours.`],
  arguments: [{ name: 'symbols', kind: 'symbol', summary: 'One symbol or several', isRequired: true }],
  async run(context, args) {
    const written = args
      .toUpperCase()
      .split(/[\s,]+/)
      .filter((word) => word !== '')
    if (written.length === 0) throw new UserError('The price of what?', { suggestion: price.usage })
    if (written.length > MOST) throw new UserError(`At most ${MOST} symbols at a time.`)
    const over = performance.now() + PATIENCE
    const answers = await findAll(written, context)
    const symbols = answers.flatMap(({ symbol }) => symbol ?? [])
    const quotes = await context.desk.look(symbols)
    const more = await moreOf(quotes, context, over)
    const rows = answers.map(({ symbol, problem }) => problem ?? rowOf(symbol!, quotes.get(symbol!), more, context))
    const buttons = answers.flatMap(({ choices = [] }) => choices)
    const [only] = rows
    return {
      ...compose([{ block: inRows(rows).join('\n') }], buttons),
      ...(rows.length === 1 && Array.isArray(only) ? { brief: inBrief([only.filter(Boolean).join(', ')]) } : {}),
      ...(more.picture ? { picture: more.picture } : {}),
    }
  },
}

type Answer = { readonly symbol?: string; readonly problem?: string; readonly choices?: readonly Button[] }

/** Each word is a symbol; where none of several is one, all of them may be one name. */
async function findAll(written: readonly string[], { resolve }: Context): Promise<Answer[]> {
  const found = await Promise.all(written.map((word) => resolve(word)))
  if (written.length > 1 && found.every(({ kind }) => kind === 'none')) {
    const name = written.join(' ')
    const whole = await resolve(name)
    if (whole.kind === 'none' && whole.near.length > 0) return [answerTo(whole, [name], 0)]
  }
  return found.map((resolution, index) => answerTo(resolution, written, index))
}

function answerTo(resolution: Resolution, written: readonly string[], index: number): Answer {
  if (resolution.kind === 'one') return { symbol: resolution.symbol }
  const word = shorten(written[index]!, 20)
  const listings = (resolution.kind === 'many' ? resolution.candidates : resolution.near).slice(0, 3)
  const choices = listings.map(({ symbol }) => ({
    label: symbol,
    command: `price ${written.with(index, symbol).join(' ')}`,
  }))
  if (resolution.kind === 'many')
    return { problem: `${word} can be ${listOf(listings.map(choiceText), 'or')}: type the one you mean.`, choices }
  return { problem: notOneSymbol(word, 'none', listings), choices }
}

/** What is told beside the price where it comes in time: quotes with their figures of the day, and of one symbol a picture. */
type More = { readonly days: ReadonlyMap<string, Quote | Unknown>; readonly picture?: Picture }

/** `over`: the moment (ms on the clock of this process) from which on nothing is waited for. */
async function moreOf(quotes: ReadonlyMap<string, Quote | Unknown>, context: Context, over: number): Promise<More> {
  const seen = [...quotes.values()].filter((quote): quote is Quote => !('unknown' in quote) && !isDaily(quote))
  const left = Math.max(0, over - performance.now())
  const symbols = seen.map(({ symbol }) => symbol)
  const [only] = seen
  const [days, picture] = await Promise.all([
    inTime(context.desk.lookFor({ symbols, daySymbols: symbols }), left),
    only && quotes.size === 1 ? inTime(pictureOf(only, context), left) : undefined,
  ])
  return { days: days ?? new Map(), ...(picture ? { picture } : {}) }
}

async function pictureOf(quote: Quote, context: Context): Promise<Picture | undefined> {
  const { symbol } = quote
  const { history, sessionAt, zone, alerts, user } = context
  const now = context.now()
  const interval: Interval = classOf(symbol) === 'stock' ? '5m' : '15m'
  const count = countOf(tradingDay(symbol, now, sessionAt), interval)
  const [mine] = await Promise.all([alerts.ofUser(user.id, symbol), history.load([{ symbol, interval, count }])])
  const line = await lineInHand(symbol, now, { history, sessionAt, kept: async () => new Map([[symbol, quote]]) })
  if (!line) return undefined
  const last = { at: quote.asOf ?? quote.receivedAt, price: Number(quote.price) * unitOf(quote).per }
  const points = [...line.points.filter(({ at }) => at < last.at), last]
  const title = `${tickerOf(symbol)} ${amount(quote)}`
  return { ...line, points, title, symbol: tickerOf(symbol), levels: levelsOn(symbol, mine), firings: [], zone }
}

type Row = string | readonly string[]

function rowOf(symbol: string, quote: Quote | Unknown | undefined, { days }: More, context: Context): Row {
  if (!quote) return [tickerOf(symbol), 'cannot be seen: no quote']
  if ('unknown' in quote) {
    if (!quote.last) return [tickerOf(symbol), `cannot be seen: ${quote.unknown}`]
    return [tickerOf(symbol), amount(quote.last), '', `${toldWords(quote.last, context.now())}; nobody has it newer`]
  }
  const told = [toldWords(quote, context.now()), sessionWords(symbol, context)].filter((words) => words !== '')
  return [tickerOf(symbol), amount(quote), changeWords(days.get(symbol)), told.join('; ')]
}

/** Rows of cells in columns; a row of text stands by itself. What cannot be seen widens no column. */
function inRows(rows: readonly Row[]): string[] {
  const cells = rows.filter((row): row is readonly string[] => typeof row !== 'string')
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...cells.filter((row) => column === 0 || row.length > 2).map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 2 ? cell.padStart(widths[2]!) : cell.padEnd(widths[column] ?? 0)))
      .filter((cell) => cell !== '')
      .join('  ')
      .trimEnd()
  return rows.map((row) => (typeof row === 'string' ? row : line(row)))
}
