import { DateTime } from 'luxon'
import type { Alert } from '../alert/types.ts'
import type { Options } from '../condition/ast.ts'
import { duration } from '../condition/format.ts'
import type { Context } from './command.ts'
import { moment } from './words.ts'

/** What an alert will do: `I'll tell you here when it has been true for 10m, once, until the end of Fri 28 Nov.` */
export function promise(alert: Alert, context: Context): string {
  const { options, until } = alert
  const { zone, now } = context
  const how =
    options.mode === 'every'
      ? `every ${duration(options.every ?? 0)} while it is true`
      : options.mode === 'repeat'
        ? `each time it becomes true${options.cooldown === undefined ? '' : `, ${duration(options.cooldown)} apart at least`}`
        : 'once'
  const stays = options.for === undefined ? '' : ` when it has been true for ${duration(options.for)}`
  return `I'll tell you ${where(alert, context)}${stays}, ${how}${untilWords(options.until, until, zone, now())}.`
}

/** An alert is told where it was made, unless it or its person says otherwise. */
function where({ options, subscription }: Alert, context: Context): string {
  if (options.via !== undefined) return `by ${options.via.join(' and ')}`
  const set = context.user.subscriptions.filter(({ isDefault, off }) => isDefault && !off)
  if (set.some(({ id }) => id !== context.subscription))
    return set.map(({ id, channel }) => (id === context.subscription ? 'here' : `by ${channel}`)).join(' and ')
  if (subscription === context.subscription) return 'here'
  const other = context.user.subscriptions.find(({ id }) => id === subscription)
  return other ? `by ${other.channel}` : 'nowhere, as the address it was made from is gone'
}

/** A day alone means to its end. */
function untilWords(day: Options['until'], until: number | null, zone: string, now: number): string {
  if (until === null) return ''
  if (day?.time !== undefined) return `, until ${moment(until, zone, now)}`
  return `, until the end of ${DateTime.fromMillis(until - 1, { zone }).toFormat('ccc d LLL')}`
}
