import { isActive, isWatched } from '../alert/step.ts'
import type { Alert, Truth } from '../alert/types.ts'
import { brief, duration } from '../condition/format.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import { type Button, compose, say } from '../reply.ts'
import type { Command, Context } from './command.ts'
import { lossLines } from './loss-lines.ts'
import { byMaker } from './maker.ts'
import { distancesOf } from './read-back.ts'
import { shorten } from './readers.ts'
import { inHoursOf, lookWith, type Seen, see } from './sights.ts'
import { inUnit, moment, percent } from './words.ts'

const PAGE = 10
const WIDEST = 44
const MOST_OF_NAME = 20

type Row = { readonly alert: Alert; readonly cells: readonly string[]; readonly rank: number }

/** Lists a person's alerts: the nearest to firing first; paused, snoozed and done ones below. */
export const list: Command = {
  name: 'list',
  aliases: ['alerts', 'ls'],
  usage: 'list',
  summary: 'Your alerts, the nearest to firing first',
  async run(context, args) {
    const alerts = await context.alerts.ofUser(context.user.id)
    if (alerts.length === 0) return say('You have no alerts. Set one with: alert AAPL > 500 or < 300')
    const watched = alerts.filter(isWatched)
    const symbols = [...new Set(watched.flatMap((alert) => alert.symbols))]
    const lost = lossLines([...new Set(alerts.filter(isActive).flatMap((alert) => alert.symbols))], context)
    const daySymbols = [...new Set(watched.flatMap((alert) => alert.daySymbols))]
    const seen = await see({ symbols, daySymbols, needs: watched.flatMap((alert) => alert.needs) }, context)
    const regular = inHoursOf({ during: 'regular' }, seen)
    const rows = alerts
      .map((alert) => rowOf(alert, isRegular(alert) ? regular : seen, context))
      .sort((a, b) => a.rank - b.rank || a.alert.number - b.alert.number)
    const pages = Math.ceil(rows.length / PAGE)
    const page = Math.min(Math.max(Number.parseInt(args, 10) || 1, 1), pages)
    const shown = table(rows.slice((page - 1) * PAGE, page * PAGE))
    const notes = [...(await lost), ...(pages === 1 ? [] : [`Page ${page} of ${pages}.`])]
    const pieces = [{ block: shown }, ...notes.map((note) => `\n${note}`)]
    return { ...compose(pieces, pageButtons('list', page, pages)), place: 'instead' }
  },
}

/** The way to the pages beside one; `command` with a number behind it shows that page. */
export function pageButtons(command: string, page: number, pages: number): Button[] {
  return [
    ...(page > 1 ? [{ label: 'Back', command: `${command} ${page - 1}` }] : []),
    ...(page < pages ? [{ label: 'More', command: `${command} ${page + 1}` }] : []),
  ]
}

function isRegular({ options: { during = 'regular' } }: Alert): boolean {
  return during === 'regular'
}

/** Below every watched alert come those that are silent, then those that are over. */
const SILENT = 1e9
const OVER = 2e9

function rowOf(alert: Alert, seen: Seen, context: Context): Row {
  const text = shorten(brief({ condition: alert.condition, options: { mode: 'once' } }), WIDEST)
  const row = (rank: number, ...cells: string[]) => ({ alert, rank, cells: [String(alert.number), text, ...cells] })
  const made = byMaker(context.message, alert.maker, MOST_OF_NAME)
  if (alert.phase === 'done' || alert.phase === 'expired') return row(OVER, [alert.phase, ...made].join(', '))
  if (alert.paused) return row(SILENT, ['paused', ...made].join(', '))
  const now = context.now()
  const notes = notesOf(alert, context, now)
  const values = alert.symbols.map((symbol) => priceText(seen.quotes.get(symbol))).join(' ')
  const nearest = Math.min(...distancesOf(alert, seen, context).map((distance) => distance.percent))
  const away = awayText(nearest, lookWith(alert, seen, context).truths)
  const isSilent = alert.snoozedUntil !== null && alert.snoozedUntil > now
  return row(isSilent ? SILENT : Number.isFinite(nearest) ? nearest : SILENT - 1, values, away, notes)
}

function awayText(nearest: number, truths: readonly Truth[]): string {
  if (truths.includes('met')) return 'true now'
  if (truths.every((truth) => truth === 'unknown')) return 'cannot be seen'
  return Number.isFinite(nearest) ? `${percent(nearest)} away` : ''
}

function notesOf(alert: Alert, { zone, message }: Context, now: number): string {
  const { mode, every, cooldown } = alert.options
  const notes = [
    ...(mode === 'repeat' ? [cooldown === undefined ? 'repeat' : `repeat, ${duration(cooldown)} apart`] : []),
    ...(mode === 'every' && every !== undefined ? [`every ${duration(every)}`] : []),
    ...(alert.phase === 'pending' ? ['true, waiting for its time'] : []),
    ...(alert.snoozedUntil !== null && alert.snoozedUntil > now
      ? [`silent until ${moment(alert.snoozedUntil, zone, now)}`]
      : []),
    ...(alert.blindTold ? ['blind'] : []),
    ...byMaker(message, alert.maker, MOST_OF_NAME),
  ]
  return notes.join(', ')
}

function priceText(quote: Quote | Unknown | undefined): string {
  if (!quote || 'unknown' in quote) return '?'
  return inUnit(quote.price, quote)
}

function table(rows: readonly Row[]): string {
  const columns = Math.max(...rows.map(({ cells }) => cells.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    // What stands at the end of a short row may run on below the columns of the others.
    Math.max(0, ...rows.map(({ cells }) => (column === 2 && cells.length === 3 ? 0 : (cells[column]?.length ?? 0)))),
  )
  /** Numbers stand to the right; the third column is one where something is watched. */
  const isNumber = (column: number, { length }: readonly string[]) => column === 0 || (column === 2 && length > 3)
  const line = ({ cells }: Row) =>
    cells
      .map((cell, column) => (isNumber(column, cells) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  return rows.map(line).join('\n')
}
