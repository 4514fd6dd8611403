import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Unacknowledged } from '../store/notifications.ts'
import type { Users } from '../store/users.ts'
import type { Call } from './call.ts'
import type { Context } from './command.ts'
import { readWhich } from './readers.ts'
import { MEANT_AS_CONDITION } from './unknown-text.ts'

/** So long (ms) the mark of a person may be there before what they are to acknowledge is: no process keeps it back longer. */
const MARKED_AHEAD = 15 * 60_000

/** Commands that show alerts or change them: whoever asks for that knows what these have fired. */
const KNOWING: ReadonlySet<string> = new Set([
  ...['list', 'history', 'show', 'why', 'edit', 'delete', 'pause', 'resume'],
  ...['snooze', 'wake', 'again', 'repeat', 'cooldown'],
])

/**
 * Acknowledges what whoever wrote has seen of what is urgent: all that was told at the address they wrote from, and,
 * wherever they wrote, what their command is about. Gives the numbers of those alerts. Asks the database nothing of those
 * who have nothing urgent.
 */
export async function acknowledgeSeen(context: Context, { command, args }: Call): Promise<readonly number[]> {
  // The command that acknowledges says itself what it did.
  if (context.user.urgentAt === undefined || command?.name === 'ack') return []
  const open = await openOf(context)
  const isMeant = meantBy(command?.name ?? '', args)
  const seen = open.filter((one) => isTold(one) && (isHere(one, context) || isMeant(one.alert.number)))
  await acknowledge(seen, context)
  return seen.map(({ alert }) => alert.number)
}

/** What finding and noting what is urgent works with. `realNow`: ms. */
type Noting = Pick<Context, 'users' | 'notifications' | 'realNow'>

/** Acknowledges all that was told at an address: whoever has it wrote what is no message to be handled, as `MORE` by SMS. */
export async function acknowledgeAt(
  channel: string,
  address: string,
  ports: Noting & { readonly users: Pick<Users, 'find'> },
): Promise<void> {
  const user = await ports.users.find(channel, address)
  if (user?.urgentAt === undefined) return
  const here = user.subscriptions.find((one) => one.channel === channel && one.address === address)
  const open = await openOf({ ...ports, user })
  const seen = open.filter((one) => isTold(one) && one.subscription === here?.id)
  await acknowledge(seen, { ...ports, user })
}

/**
 * What is urgent, and whoever wrote has not acknowledged. Where that is nothing, and can be nothing by now, nobody looks for
 * it any more.
 */
export async function openOf({
  user,
  users,
  notifications,
  realNow,
}: Noting & Pick<Context, 'user'>): Promise<Unacknowledged[]> {
  const open = await notifications.unacknowledged(idsOf(user))
  const { urgentAt } = user
  if (open.length === 0 && urgentAt !== undefined && realNow() - urgentAt > MARKED_AHEAD)
    await users.nothingUrgent(user)
  return open
}

/** Notes that these are acknowledged, wherever they were told. */
export async function acknowledge(
  seen: readonly Unacknowledged[],
  { user, notifications, realNow }: Pick<Context, 'user' | 'notifications' | 'realNow'>,
): Promise<void> {
  if (seen.length === 0) return
  const occurrences = [...new Set(seen.map(({ occurrence }) => occurrence.id))]
  await notifications.acknowledge(idsOf(user), occurrences, realNow())
}

/** It was told; whether it is known to have arrived does not matter. */
export function isTold({ sentAt }: Unacknowledged): boolean {
  return sentAt !== null
}

/** It was, or is to be, told at the address whence the message came. */
export function isHere({ subscription }: Unacknowledged, context: Context): boolean {
  return subscription === context.subscription
}

/** `Alerts 3 and 7 are acknowledged: I do not repeat them elsewhere.` */
export function acknowledgedWords(numbers: readonly number[], { user }: Pick<Context, 'user'>): string {
  const all = [...new Set(numbers)].sort((one, other) => one - other)
  const isOne = all.length === 1
  const which = isOne ? `Alert ${all[0]} is` : `Alerts ${all.slice(0, -1).join(', ')} and ${all.at(-1)} are`
  const isElsewhere = user.subscriptions.length > 1
  return `${which} acknowledged${isElsewhere ? `: I do not repeat ${isOne ? 'it' : 'them'} elsewhere` : ''}.`
}

/** The answer to words that are no command: where nothing else can be made of them, they were said about the firing. */
export function seenFirst(numbers: readonly number[], reply: Reply, context: Context): Reply {
  const isElse = reply.buttons.length > 0 || MEANT_AS_CONDITION.test(context.message.text)
  return numbers.length === 0 || isElse ? reply : say(acknowledgedWords(numbers, context))
}

function idsOf({ id, formerIds = [] }: Context['user']): string[] {
  return [id, ...formerIds]
}

/** Which alerts a command is about, by their numbers. */
function meantBy(name: string, args: string): (number: number) => boolean {
  if (!KNOWING.has(name)) return () => false
  const isOverview = name === 'list' || (name === 'history' && !/^#?\d/.test(args))
  if (isOverview) return () => true
  try {
    const { value: which } = readWhich(args, name)
    return (number) => which === 'all' || [which].flat().includes(number)
  } catch (error) {
    if (error instanceof UserError) return () => false
    throw error
  }
}
