import type { Connection } from 'mongoose'
import { type Renumbered, renumber } from '../users/join.ts'
import type { Subscription } from '../users/types.ts'
import type { LostPlace } from './lost-places.ts'

/** As long (ms) after a join what was under way meanwhile may still come to be kept for who was joined. */
const LATE = 3_600_000

/** A join that has begun, kept with the one who is joined: who into, under which numbers, and their addresses. */
type Joining = {
  readonly into: string
  readonly numbers: readonly Renumbered[]
  readonly subscriptions: readonly Subscription[]
}

type Joiner = {
  _id: string
  subscriptions: Subscription[]
  zone: string | null
  lastNumber: number
  formerIds?: string[]
  lost?: LostPlace[]
  joining?: Joining
}
type Owned = { _id: string; user: string; number: number; phase: string }
type Kept = { _id: string; user: string; channel: string; address: string }

/** Two users who are one person become one. */
export type Joins = {
  /**
   * Joins a user into another one, who keeps their settings and numbers: the alerts of the first get new ones, their
   * addresses keep what was to be told there. Gives the new numbers of those that are not deleted; undefined where it cannot
   * be now, since one of them is being joined elsewhere, or is gone.
   */
  join(from: string, into: string): Promise<readonly Renumbered[] | undefined>
  /** Ends what somebody began who died, and takes along what was kept for those joined lately while they were. */
  resume(): Promise<void>
}

/**
 * Joins, by writes to one document each, all of which may be done again. What has begun stands on the one who is joined,
 * written in one with their addresses, which are found there until the other has them: at no moment are they nobody's.
 * Whoever begins looks afterwards whether the other has begun something: of a circle at least one sees another, and
 * draws back.
 */
export function createJoins(connection: Pick<Connection, 'collection'>): Joins {
  const users = connection.collection<Joiner>('users')
  const alerts = connection.collection<Owned>('alerts')
  const confirmations = connection.collection<Kept>('confirmations')
  const links = connection.collection<{ user: string }>('links')
  const notifications = connection.collection<{ user: string; alert: { id: string; number: number } }>('notifications')
  /** What was offered at phones, by number: of alerts that have other numbers then. */
  const offers = connection.collection<{ _id: string }>('smsOffers')
  /** Of what belongs to a user by nothing but their id. */
  const others = ['notifications', 'messages'].map((name) => connection.collection<{ user: string }>(name))
  const isFree = { joining: { $exists: false } }

  const reserve = async (user: string, count: number): Promise<number | undefined> => {
    const found = await users.findOneAndUpdate(
      { _id: user, ...isFree },
      { $inc: { lastNumber: count } },
      { returnDocument: 'after', projection: { lastNumber: 1 } },
    )
    return found ? found.lastNumber - count : undefined
  }
  const numbersIn = async (from: string, into: string): Promise<readonly Renumbered[] | undefined> => {
    const theirs = await alerts.find({ user: from }, { projection: { number: 1 } }).toArray()
    const last = await reserve(into, theirs.length)
    if (last === undefined) return undefined
    return renumber(
      theirs.map(({ _id, number }) => ({ id: _id, number })),
      last,
    )
  }

  const begin = async (from: string, into: string): Promise<void> => {
    const numbers = await numbersIn(from, into)
    if (!numbers) return
    // An address that nobody has stands for theirs: no two users may have the same, and none is one too.
    const nowhere = { id: from, channel: 'joining', address: from }
    const joining = { into, numbers: { $literal: numbers }, subscriptions: '$subscriptions' }
    const { matchedCount } = await users.updateOne({ _id: from, ...isFree }, [
      { $set: { joining, subscriptions: [nowhere] } },
    ])
    if (matchedCount === 0) return
    if (!(await users.findOne({ _id: into, ...isFree }, { projection: { _id: 1 } }))) await drawBack(from)
  }

  const drawBack = async (from: string) => {
    await users.updateOne({ _id: from, joining: { $exists: true } }, [
      { $set: { subscriptions: '$joining.subscriptions' } },
      { $unset: 'joining' },
    ])
  }

  /** Ends a join that has begun. May be done by several at once. */
  const finish = async (from: string): Promise<void> => {
    const owner = await handOver(from)
    if (owner === undefined) return
    await takeAlong(from, owner.id, owner.numbers)
    await users.deleteOne({ _id: from, joining: { $exists: true } })
    await takeAlong(from, owner.id, [])
  }

  /** Gives the addresses to the other one; gives who that is, perhaps another than was meant, and the numbers they keep. */
  const handOver = async (from: string): Promise<{ id: string; numbers: readonly Renumbered[] } | undefined> => {
    for (;;) {
      const joiner = await users.findOne({ _id: from })
      const heir = await users.findOne({ formerIds: from }, { projection: { _id: 1 } })
      if (heir) return { id: heir._id, numbers: heir._id === joiner?.joining?.into ? joiner.joining.numbers : [] }
      if (!joiner?.joining) return undefined
      const { joining, zone } = joiner
      if (await take(joiner, joining)) {
        if (zone !== null) await users.updateOne({ _id: joining.into, zone: null }, { $set: { zone } })
      } else if (!(await retarget(from, joining.into))) return undefined
    }
  }

  const take = async (
    { _id: from, formerIds = [], lost }: Joiner,
    { into, subscriptions }: Joining,
  ): Promise<boolean> => {
    const phones = subscriptions.filter(({ channel }) => channel === 'sms').map(({ address }) => address)
    await offers.deleteMany({ _id: { $in: phones } })
    const { matchedCount } = await users.updateOne({ _id: into, formerIds: { $ne: from }, ...isFree }, {
      $push: {
        subscriptions: { $each: subscriptions.map((one) => ({ ...one, joinedAt: Date.now() })) },
        ...(lost ? { lost: { $each: lost } } : {}),
      },
      $addToSet: { formerIds: { $each: [from, ...formerIds] } },
      $currentDate: { joinedAt: true },
    } as never)
    return matchedCount === 1
  }

  /** The other one was joined into somebody themselves meanwhile, who is meant now; false where they are gone. */
  const retarget = async (from: string, into: string): Promise<boolean> => {
    await finish(into)
    const heir = await users.findOne({ $or: [{ _id: into }, { formerIds: into }] }, { projection: { _id: 1 } })
    if (!heir) await drawBack(from)
    else if (heir._id !== into) {
      const numbers = await numbersIn(from, heir._id)
      if (numbers)
        await users.updateOne(
          { _id: from, 'joining.into': into },
          { $set: { 'joining.into': heir._id, 'joining.numbers': numbers } },
        )
    }
    return heir !== null
  }

  /** Everything kept for one becomes the other's. */
  const takeAlong = async (from: string, into: string, numbers: readonly Renumbered[]) => {
    for (const { alert, to } of numbers) await takeAlert(alert, from, into, to)
    for (const { _id } of await alerts
      .find({ user: from }, { projection: { number: 1 } })
      .sort({ number: 1 })
      .toArray()) {
      const last = await reserve(into, 1)
      if (last !== undefined) await takeAlert(_id, from, into, last + 1)
    }
    // What they are to acknowledge, if there is anything, is the other's from now on.
    await users.updateOne({ _id: into }, { $max: { urgentAt: Date.now() } } as never)
    for (const other of others) await other.updateMany({ user: from }, { $set: { user: into } })
    for (const { _id, channel, address } of await confirmations.find({ user: from }).toArray()) {
      const isThere = await confirmations.findOne({ user: into, channel, address })
      if (isThere) await confirmations.deleteOne({ _id })
      else await confirmations.updateOne({ _id, user: from }, { $set: { user: into } })
    }
    await links.deleteMany({ user: from })
  }

  const takeAlert = async (alert: string, from: string, into: string, number: number) => {
    // What it has told is found by its number, and what is on its way shows it.
    await notifications.updateMany({ user: from, 'alert.id': alert }, { $set: { 'alert.number': number } })
    await alerts.updateOne({ _id: alert, user: from }, {
      $set: { user: into, number, writer: 'join' },
      $inc: { revision: 1 },
      $currentDate: { updatedAt: true },
    } as never)
  }

  return {
    async join(from, into) {
      if (from === into) return undefined
      await begin(from, into)
      // Where it was begun before, it is gone on with.
      const begun = await users.findOne({ _id: from, 'joining.into': into } as never)
      if (!begun?.joining) return undefined
      const { numbers } = begun.joining
      await finish(from)
      const ids = numbers.map(({ alert }) => alert)
      const theirs = await alerts.find({ _id: { $in: ids } }, { projection: { phase: 1 } }).toArray()
      const shown = new Set(theirs.filter(({ phase }) => phase !== 'deleted').map(({ _id }) => _id))
      return numbers.filter(({ alert }) => shown.has(alert))
    },
    async resume() {
      const underWay = await users.find({ joining: { $exists: true } }, { projection: { _id: 1 } }).toArray()
      for (const { _id } of underWay) await finish(_id)
      const since = new Date(Date.now() - LATE)
      const joined = await users.find({ joinedAt: { $gt: since } } as never, { projection: { formerIds: 1 } }).toArray()
      for (const { _id, formerIds = [] } of joined) for (const id of formerIds) await takeAlong(id, _id, [])
    },
  }
}
