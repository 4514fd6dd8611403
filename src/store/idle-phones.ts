import type { Connection } from 'mongoose'
import type { Subscription, User } from '../users/types.ts'

type Document = { _id: string; subscriptions: Subscription[] }

/** A phone whose person was not heard of for long, and whose it is. */
export type IdlePhone = { readonly user: User['id']; readonly phone: Subscription }

/** Phones that are soon not texted any more, since nobody knows whose they are by now. */
export type IdlePhones = {
  /** Those of which was heard last between two moments (ms, real clock), and whose people were not told since. */
  between(from: number, to: number): Promise<IdlePhone[]>
  /** The person of a phone was told so at `now`. */
  told(idle: IdlePhone, now: number): Promise<void>
}

/** Idle phones, among the subscriptions of users. */
export function createIdlePhones(connection: Pick<Connection, 'collection'>): IdlePhones {
  const users = connection.collection<Document>('users')
  return {
    async between(from, to) {
      const isIdle = { channel: 'sms', off: { $exists: false }, lastHeardAt: { $gte: from, $lt: to } }
      const found = await users.find({ subscriptions: { $elemMatch: isIdle } }).toArray()
      return found.flatMap(({ _id: user, subscriptions }) =>
        subscriptions
          .filter(({ channel, off, lastHeardAt = 0, toldIdleAt = 0 }) => {
            const isDue = lastHeardAt >= from && lastHeardAt < to && toldIdleAt <= lastHeardAt
            return channel === 'sms' && !off && isDue
          })
          .map((phone) => ({ user, phone })),
      )
    },
    async told({ user, phone }, now) {
      await users.updateOne(
        { _id: user, 'subscriptions.id': phone.id },
        { $set: { 'subscriptions.$.toldIdleAt': now } },
      )
    },
  }
}
