import type { Interval } from '../condition/history.ts'
import { tickerOf } from '../condition/name.ts'
import { messageOf, UserError } from '../errors.ts'
import { unitOf } from '../market/line.ts'
import { inTime, PATIENCE } from '../market/patience.ts'
import { ProviderError, type Quote, type Unknown } from '../market/provider.ts'
import type { Stretch } from '../market/trading-day.ts'
import { compose, type Picture, type Point, type Reply } from '../reply.ts'
import { firingsOn, levelsOn } from './alert-marks.ts'
import { findAlert } from './change-alert.ts'
import { type ChartPeriod, chartInterval, readChartPeriod, stretchOf } from './chart-period.ts'
import { type Course, chartWords, PACE } from './chart-words.ts'
import type { Command, Context } from './command.ts'
import { notOneSymbol } from './listing-words.ts'
import { shorten } from './readers.ts'
import { inUnit } from './words.ts'

/** So many notifications are looked through for firings. */
const MOST_FIRINGS = 200

/** Draws how a price went. The words say it too, for who sees no picture. */
export const chart: Command = {
  name: 'chart',
  aliases: ['graph', 'c'],
  usage: 'chart AAPL 5d',
  summary: 'How a price went, with your levels',
  details: [
    'chart AAPL: the last day of trading',
    'chart BTC 6m: also 4h, 5d, 2w, 1m (a month), 1y',
    'chart EURUSD since 1 Mar',
    'chart 7: the symbol of an alert of yours',
  ],
  arguments: [
    { name: 'symbol', kind: 'symbol', summary: 'A symbol, or the number of an alert', isRequired: true },
    { name: 'period', kind: 'text', summary: 'Such as 5d, 6m or 1y; a day if left out' },
  ],
  async run(context, args) {
    const { period, rest } = readChartPeriod(args.trim(), { now: context.now(), zone: context.zone })
    if (rest === '') throw new UserError('The chart of what?', { suggestion: chart.usage })
    const symbols = await symbolsFor(rest, args, context)
    const [first, ...others] = await Promise.all(symbols.map((symbol) => chartOf(symbol, period, context)))
    const pieces = others.flatMap((other) => ['\n', ...other.pieces])
    return { ...first!, pieces: [...first!.pieces, ...pieces] }
  },
}

/** So many symbols of one alert are told of; the first has the picture. */
const MOST = 4

async function symbolsFor(text: string, args: string, context: Context): Promise<readonly string[]> {
  const number = /^#?(\d{1,9})$/.exec(text)?.[1]
  if (number !== undefined) return (await findAlert(context, Number(number))).symbols.slice(0, MOST)
  if (/\s/.test(text)) throw new UserError('One symbol at a time.', { suggestion: chart.usage })
  const resolution = await context.resolve(text.toUpperCase())
  if (resolution.kind === 'one') return [resolution.symbol]
  const listings = (resolution.kind === 'many' ? resolution.candidates : resolution.near).slice(0, 3)
  const choices = listings.map(({ symbol }) => ({
    label: symbol,
    command: `chart ${symbol}${args.slice(args.indexOf(text) + text.length)}`,
  }))
  throw new UserError(notOneSymbol(shorten(text.toUpperCase(), 20), resolution.kind, listings), { choices })
}

async function chartOf(symbol: string, period: ChartPeriod, context: Context): Promise<Reply> {
  const stretch = stretchOf(symbol, period, context.now(), context.sessionAt)
  const interval = chartInterval(symbol, stretch, period === 'day')
  const [quotes, candles, mine, told] = await Promise.all([
    context.desk.look([symbol]),
    ask(symbol, interval, stretch, context),
    context.alerts.ofUser(context.user.id, symbol),
    context.notifications.ofUser(context.user.id, { skip: 0, limit: MOST_FIRINGS }),
  ])
  const course = courseOf({ symbol, stretch, interval, quote: quotes.get(symbol), candles })
  const levels = levelsOn(symbol, mine)
  const words = chartWords(course, levels, context)
  const picture = pictureOf(course, context.zone)
  const firings = firingsOn(symbol, told, stretch)
  return { ...compose(words), picture: { ...picture, levels, firings } }
}

async function ask(symbol: string, interval: Interval, { from, to }: Stretch, { archive }: Context) {
  try {
    const found = await inTime(archive({ symbol, interval, count: 1 }, from, to), PATIENCE)
    if (!found) throw new UserError('The past prices did not come in time. Try again in a moment.')
    return found
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new UserError(`I cannot draw ${tickerOf(symbol)}: ${messageOf(error)}.`)
  }
}

type Given = Pick<Course, 'symbol' | 'stretch' | 'interval' | 'candles'> & {
  readonly quote: Quote | Unknown | undefined
}

function courseOf({ symbol, stretch, interval, quote, candles }: Given): Course {
  const inside = candles.filter(({ end }) => end > stretch.from && end <= stretch.to)
  if (inside.length === 0) throw new UserError(`There are no past prices of ${tickerOf(symbol)} of that time.`)
  const isSeen = quote !== undefined && !('unknown' in quote)
  if (!isSeen)
    throw new UserError(`I cannot draw ${tickerOf(symbol)}: ${quote?.unknown ?? 'there is no price of it now'}.`)
  const at = quote.asOf ?? quote.receivedAt
  const isLast = at > inside.at(-1)!.end && at <= stretch.to
  return {
    ...{ symbol, stretch, interval },
    candles: inside.map((candle) => ({
      ...candle,
      open: inUnit(candle.open, quote),
      high: inUnit(candle.high, quote),
      low: inUnit(candle.low, quote),
      close: inUnit(candle.close, quote),
    })),
    currency: unitOf(quote).name,
    source: inside[0]!.source ?? quote.source,
    ...(isLast ? { now: { at, price: inUnit(quote.price, quote) } } : {}),
  }
}

function pictureOf(
  { symbol, candles, now, currency, source, interval }: Course,
  zone: string,
): Omit<Picture, 'levels' | 'firings'> {
  const first = candles[0]!
  const closes = candles.map(({ end, close }) => ({ at: end, price: Number(close) }))
  const points: Point[] = [
    { at: first.start, price: Number(first.open) },
    ...closes,
    ...(now ? [{ at: now.at, price: Number(now.price) }] : []),
  ]
  const ticker = tickerOf(symbol)
  return { title: `${ticker}, ${PACE[interval]}`, symbol: ticker, source, currency, points, zone }
}
