import type { Connection } from 'mongoose'
import type { Subscription } from '../users/types.ts'

/** An address that somebody else has proved to be theirs; `at`: when, ms, real clock. */
export type LostPlace = Pick<Subscription, 'channel' | 'address' | 'mailedAs'> & { readonly at: number }

type Loser = { _id: string; subscriptions: Subscription[]; lost?: LostPlace[] }

/** Addresses that went from one user to another, until the first one knows. */
export type LostPlaces = {
  /**
   * Takes an address from a user, and notes in the same write that they are to be told. False where it is not theirs, or
   * the last from which they have written.
   */
  take(user: string, subscription: Subscription, now: number): Promise<boolean>
  /** What users are to be told of, each with who they are. */
  untold(): Promise<{ readonly user: string; readonly lost: LostPlace }[]>
  /** A user knows that they lost it. */
  told(user: string, lost: LostPlace): Promise<void>
}

/** What was lost stands with the user who lost it, and goes with them. */
export function createLostPlaces(connection: Pick<Connection, 'collection'>): LostPlaces {
  const users = connection.collection<Loser>('users')
  return {
    async take(user, { id, channel, address, mailedAs }, at) {
      const other = { $elemMatch: { id: { $ne: id }, how: { $ne: 'code' as const } } }
      const lost = { channel, address, ...(mailedAs === undefined ? {} : { mailedAs }), at }
      const { modifiedCount } = await users.updateOne(
        { _id: user, $and: [{ subscriptions: other }, { 'subscriptions.id': id }] } as never,
        { $pull: { subscriptions: { id } }, $push: { lost } } as never,
      )
      return modifiedCount === 1
    },
    async untold() {
      const found = await users.find({ 'lost.at': { $gt: 0 } }, { projection: { lost: 1 } }).toArray()
      return found.flatMap(({ _id, lost = [] }) => lost.map((one) => ({ user: _id, lost: one })))
    },
    async told(user, { channel, address, at }) {
      await users.updateOne({ _id: user }, { $pull: { lost: { channel, address, at } } } as never)
    },
  }
}
