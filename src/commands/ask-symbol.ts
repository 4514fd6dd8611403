import type { Alert } from '../alert/types.ts'
import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import { ask } from './ask.ts'
import type { Context } from './command.ts'
import { notOneSymbol } from './listing-words.ts'
import { shorten } from './readers.ts'

const QUESTION = 'Which symbol?'
/** What is offered to who has no alerts yet. */
const KNOWN_TO_ALL = ['AAPL', 'BTC', 'EURUSD']
const OFFERED = 3

/** Asks a command's symbol; the buttons are those that the person used last. */
export async function askSymbol(context: Context, command: string): Promise<Reply> {
  const used = usedLast(await context.alerts.ofUser(context.user.id))
  const offered = used.length > 0 ? used : KNOWN_TO_ALL
  const whole = command === 'alert' ? ' Or type the whole condition, like AAPL > 500.' : ''
  const reply = say(
    `${QUESTION} A stock, a coin or a currency pair.${whole}`,
    offered.map((symbol) => ({ label: symbol, command: `${command} ${symbol}` })),
  )
  return await ask(context, { command, step: 'symbol', typed: '', question: QUESTION }, reply)
}

/** The symbols of the newest alerts, as they were written. */
function usedLast(alerts: readonly Alert[]): string[] {
  const newest = [...alerts].sort((one, other) => other.createdAt - one.createdAt || other.number - one.number)
  return [...new Set(newest.flatMap(({ bindings }) => Object.keys(bindings)))].slice(0, OFFERED)
}

/** The canonical name of a symbol or a name. Throws a `UserError` that offers `alert` on what else may be meant. */
export async function symbolNamed(written: string, { resolve }: Context): Promise<string> {
  const resolution = await resolve(written)
  if (resolution.kind === 'one') return resolution.symbol
  const listings = resolution.kind === 'many' ? resolution.candidates : resolution.near.slice(0, OFFERED)
  const choices = listings.map(({ symbol }) => ({ label: symbol, command: `alert ${symbol}` }))
  throw new UserError(notOneSymbol(shorten(written, 20), resolution.kind, listings), { choices })
}
