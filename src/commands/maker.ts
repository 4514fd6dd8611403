import type { Alert, Maker } from '../alert/types.ts'
import type { Message } from '../channels/channel.ts'
import { UserError } from '../errors.ts'
import type { Context } from './command.ts'
import { shorten } from './readers.ts'

/** Who makes what a message asks for, where it is to be told from others: in a group. */
export function makerOf({ isGroup, sender }: Message): Pick<Alert, 'maker'> {
  return isGroup && sender ? { maker: { id: sender.id, name: sender.name } } : {}
}

/** Whether an alert may be changed by whoever wrote: in a group by its maker and by the admins of the group. */
export function mayChange({ message }: Pick<Context, 'message'>, { maker }: Pick<Alert, 'maker'>): boolean {
  const { isGroup, sender } = message
  return !isGroup || !sender || sender.isAdmin || maker?.id === sender.id
}

/** Throws `UserError` with who may change an alert, where whoever wrote may not. */
export function requireMaker(context: Pick<Context, 'message'>, alert: Pick<Alert, 'maker' | 'number'>): void {
  if (!mayChange(context, alert)) throw new UserError(whoMay(alert))
}

/** Who may change an alert of a group, in a sentence. */
export function whoMay({ maker, number }: Pick<Alert, 'maker' | 'number'>): string {
  const who = maker ? `${maker.name}, who made alert ${number}, or an admin of this group` : 'an admin of this group'
  return `Only ${who} can change ${maker ? 'it' : `alert ${number}`}.`
}

/** `by Anna`, in a group whose people are to be told apart; with so much of a name at most. */
export function byMaker(
  { isGroup }: Message,
  maker: Maker | undefined,
  most: number = Number.POSITIVE_INFINITY,
): string[] {
  return isGroup && maker ? [`by ${shorten(maker.name, most)}`] : []
}
