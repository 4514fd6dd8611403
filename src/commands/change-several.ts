import type { Alert } from '../alert/types.ts'
import { UserError } from '../errors.ts'
import { type Button, type Reply, say } from '../reply.ts'
import { isChangedBy } from './change-alert.ts'
import type { Context } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { mayChange, whoMay } from './maker.ts'
import { messageKey } from './message-key.ts'

/** Which of the alerts a person has are meant. `refused`: of those named, why they cannot be. `others`: made by others. */
export type Picked = {
  readonly alerts: readonly Alert[]
  readonly refused: readonly string[]
  readonly others: number
}

/** What became of a change of several alerts, in the order of their numbers. */
export type Several = { readonly changed: readonly Alert[]; readonly refused: readonly string[] }

/**
 * Those alerts of the person that are meant by several numbers, or by `all`: each that fits and that they may change, for
 * in a group some are others'. What this message has changed already, when it was read before, fits as it did then.
 */
export async function pick(
  context: Context,
  which: 'all' | readonly number[],
  fits: (alert: Alert) => boolean,
): Promise<Picked> {
  const all = await context.alerts.ofUser(context.user.id)
  if (which !== 'all') return pickNumbered(context, which, all)
  const fitting = all.filter((alert) => fits(alert) || isChangedBy(context, alert))
  const alerts = fitting.filter((alert) => mayChange(context, alert))
  return { alerts, refused: [], others: fitting.length - alerts.length }
}

function pickNumbered(context: Context, numbers: readonly number[], all: readonly Alert[]): Picked {
  const named = numbers.map((number) => ({ number, alert: all.find((one) => one.number === number) }))
  return {
    alerts: named.flatMap(({ alert }) => (alert && mayChange(context, alert) ? [alert] : [])),
    refused: named.flatMap(({ number, alert }) => {
      if (!alert) return [`You have no alert ${number}.`]
      return mayChange(context, alert) ? [] : [whoMay(alert)]
    }),
    others: 0,
  }
}

/**
 * Changes alerts of a person by a pure function, in one write. What the function refuses stays as it is, and is said. What
 * this message has changed already stays as it is, and counts as changed.
 */
export async function changeSeveral(
  context: Context,
  { alerts: picked, refused }: Picked,
  apply: (alert: Alert) => Alert,
): Promise<Several> {
  const changedBy = messageKey(context.message)
  const already = picked.filter((alert) => isChangedBy(context, alert))
  const refusals = new Map<string, string>()
  const ids = picked.filter((alert) => !already.includes(alert)).map(({ id }) => id)
  const changed = await context.alerts.changeAll(context.user.id, ids, (alert) => {
    if (alert.phase === 'deleted') return alert
    try {
      return { ...apply(alert), changedBy }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      refusals.set(alert.id, error.message)
      return alert
    }
  })
  // One that was changed here and asked again after another writer has been refused for nothing.
  for (const { id } of changed) refusals.delete(id)
  return {
    changed: [...already, ...changed].sort((one, other) => one.number - other.number),
    refused: [...refused, ...refusals.values()],
  }
}

/** How many numbers a person wants to read. */
const READABLE = 20

/** `Alerts 1, 3 and 4 are paused.`, then what was refused; `none` where there was nothing to be done. */
export function tellSeveral(
  { changed, refused }: Several,
  words: { readonly are: string; readonly none: string; readonly more?: readonly string[] },
  buttons: readonly Button[] = [],
): Reply {
  const { are, none, more = [] } = words
  const isDone = changed.length > 0
  const first = isDone ? [`${whichWords(changed)} ${are}.`, ...more, ...refused] : refused
  const lines = first.length > 0 ? first : [none, ...more]
  return { ...say(lines, isDone ? buttons : []), ...briefIfLong(lines, lines), place: 'below' }
}

/** `Alert 3 is`, `Alerts 1, 3 and 4 are`, `57 alerts are`. */
function whichWords(alerts: readonly Alert[]): string {
  const numbers = alerts.map(({ number }) => number)
  if (numbers.length > READABLE) return `${numbers.length} alerts are`
  if (numbers.length === 1) return `Alert ${numbers[0]} is`
  return `Alerts ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)} are`
}

/** What is said of alerts that others made and that `all` leaves alone. */
export function othersLine(others: number): string[] {
  if (others === 0) return []
  const which = others === 1 ? 'One that another made stays' : `${others} that others made stay`
  return [
    `${which} as ${others === 1 ? 'it is' : 'they are'}: only they, or an admin, can change ${others === 1 ? 'it' : 'them'}.`,
  ]
}
