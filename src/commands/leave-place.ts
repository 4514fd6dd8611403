import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import { hasWritten } from '../users/has-written.ts'
import type { Subscription, User } from '../users/types.ts'
import type { Context } from './command.ts'
import { placeName } from './places.ts'

/**
 * Takes an address from who wrote. What was to be told there is told elsewhere; what is on its way is not sent there any
 * more. Throws `UserError` where it is the last from which they can write.
 */
export async function leavePlace(place: Subscription, { user, users, people, subscription }: Context): Promise<Reply> {
  const others = user.subscriptions.filter(({ id }) => id !== place.id)
  if (!others.some(hasWritten)) throw new UserError(LAST)
  if (!(await users.unsubscribe(user.id, place.id))) throw new UserError('That is none of your addresses any more.')
  // Nothing is sent there from here on, whether Amazon hears of it now or not.
  if (place.channel === 'email') await people.emails?.remove(place.mailedAs ?? user.id, place.address).catch(() => {})
  const isHere = place.id === subscription
  const facts = isHere
    ? ['This chat is by itself now, without any alert.', 'Your alerts stay, and are told at your other addresses.']
    : [endedAt(place, user), 'Your alerts stay. Those that were told there are told at your other addresses.']
  return { ...say(facts), brief: facts.join(' '), isPrivate: true }
}

/** A phone or an e-mail address has nothing of its own; a chat goes on as somebody else's. */
function endedAt(place: Subscription, { subscriptions }: User): string {
  const name = placeName(place, subscriptions)
  return hasWritten(place) && place.channel !== 'sms'
    ? `Your chat on ${name} is by itself now, without any alert.`
    : `Nothing more is sent by ${name}.`
}

const LAST =
  'That is the last address from which you can write to me: without it nobody could change your alerts. To erase all I know of you: forgetme'
