import { type Content, contentOf } from '../alert/change.ts'
import { UserError } from '../errors.ts'
import { inTime, PATIENCE } from '../market/patience.ts'
import { compose, type Reply } from '../reply.ts'
import { findAlert } from './change-alert.ts'
import type { Command, Context } from './command.ts'
import { type LookBack, lookBack } from './look-back.ts'
import { closenessLines, countLine, firingLine } from './look-back-words.ts'
import { readPeriod } from './period.ts'
import { understand } from './understand.ts'

const EXAMPLE = 'backtest AAPL > 300 last 90d'
/** How many firings are shown. */
const SHOWN = 10

/** Tells how often a condition would have become true. */
export const backtest: Command = {
  name: 'backtest',
  usage: 'backtest AAPL > 300',
  summary: 'How often a condition would have become true',
  arguments: [
    { name: 'condition', kind: 'condition', summary: 'What to look for, as in: AAPL > 300 last 90d', isRequired: true },
  ],
  isCostly: true,
  details: [
    'backtest AAPL > 300: the last 30 days',
    'backtest BTC up 5% in 4h last 2 weeks: also 7d, 3 months, 1 year',
    'backtest EURUSD < 1.05 from 2026-01-01 to 2026-06-01',
    'backtest 7 since 1 Mar: an alert of yours by its number',
    'I look at the closes of candles: of 5 minutes up to a week, of an hour up to five weeks, else of a day.',
    'Where a condition speaks of shorter times, of shorter candles as far back as there are some.',
  ],
  async run(context, args) {
    const { period, rest } = readPeriod(args, { now: context.now(), zone: context.zone })
    if (rest === '') throw new UserError('Which condition shall I look back with?', { suggestion: EXAMPLE })
    const { content, quotes } = await wanted(rest, period.from, context)
    const result = await inTime(lookBack(content, quotes, period, context), PATIENCE)
    if (!result) throw new UserError('The past prices did not come in time. Try again in a moment, or a shorter time.')
    return answer(content, result, rest, context)
  },
}

type Wanted = { readonly content: Content; readonly quotes: Parameters<typeof lookBack>[1] }

/** What to look back with: an alert of theirs, or a condition, which is read as if it were typed at `from` (ms). */
async function wanted(text: string, from: number, context: Context): Promise<Wanted> {
  const number = /^#?(\d{1,9})$/.exec(text)?.[1]
  if (number === undefined) {
    const { content, seen } = await understand(text, 'backtest', asOf(from, context))
    return { content, quotes: seen.quotes }
  }
  const alert = await findAlert(context, Number(number))
  // Its end is meant for the days to come.
  return { content: { ...contentOf(alert), until: null }, quotes: await context.desk.look(alert.symbols) }
}

/** The present's candles and figures of the day are not looked at. */
function asOf(from: number, context: Context): Context {
  const lookFor: Context['desk']['lookFor'] = ({ symbols }) => context.desk.look(symbols)
  return {
    ...context,
    now: () => from,
    desk: { ...context.desk, lookFor },
    history: { ...context.history, load: async () => new Map() },
  }
}

function answer(content: Content, result: LookBack, typed: string, { zone, now }: Context): Reply {
  const { firings } = result
  const rows = firings.slice(-SHOWN).map((firing) => firingLine(firing, result, zone, now()))
  const width = Math.max(...rows.map(([when]) => when.length))
  const table = rows.map(([when, what]) => `${when.padEnd(width)}  ${what}`).join('\n')
  const head = `\n${countLine(result, content, zone)}\n${firings.length > SHOWN ? `The last ${SHOWN}:\n` : ''}`
  const tail = closenessLines(result).join('\n')
  const pieces = [{ strong: content.text }, head, ...(rows.length > 0 ? [{ block: table }, '\n'] : []), tail]
  const isNumber = /^#?\d+$/.test(typed)
  return compose(pieces, isNumber ? [] : [{ label: 'Watch it', command: `alert ${typed}` }])
}
