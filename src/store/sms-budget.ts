import { type Connection, Schema } from 'mongoose'
import type { SegmentBudget } from '../channels/sms-ports.ts'
import { gather } from './gather.ts'
import type { Fingerprint } from './salt.ts'

const DAY = 86_400_000
/** A day's count is of use only on that day. */
const KEPT_SECONDS = 3 * 86_400
/** Stands for all numbers together. */
const ALL = 'all'

/** So many segments, to be counted under an id where the limit bears them. */
type Taken = { readonly id: string; readonly count: number; readonly limit: number }

/** The journal has its order: what is taken of a number is in it before what is then taken of all, which is waited for. */
const UNAWAITED = { writeConcern: { w: 1, journal: false } }

type BudgetDocument = {
  _id: string
  spent: number
  /** Whether the newest try to take some had its way. */
  granted: boolean
  /** The owner of the number was told that there is no more today. */
  told: boolean
  keptAt: Date
  schema: number
}

const budgetSchema = new Schema<BudgetDocument>(
  {
    _id: { type: String, required: true },
    spent: { type: Number, required: true },
    granted: { type: Boolean },
    told: { type: Boolean },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'smsBudget' },
)

/**
 * The `smsBudget` collection on a connection: for each day of UTC one document for each number, under its fingerprint, and
 * one for all. So it counts on for somebody who was forgotten, and does not say who that is.
 */
export function createSmsBudget(connection: Connection, fingerprint: Fingerprint): SegmentBudget {
  const model = connection.model('smsBudget', budgetSchema)
  const idOf = (of: string, now: number) => `${new Date(now - (now % DAY)).toISOString().slice(0, 10)}/${of}`

  /** Takes `count` if `limit` bears it; one step of the database, so that no two can take the same. */
  const takeOne = async ({ id, count, limit }: Taken, options = {}): Promise<boolean> => {
    const spent = { $ifNull: ['$spent', 0] }
    const fits = { $lte: [{ $add: [spent, count] }, limit] }
    const document = await model.collection.findOneAndUpdate(
      { _id: id as never },
      [
        {
          $set: {
            spent: { $add: [spent, { $cond: [fits, count, 0] }] },
            granted: fits,
            keptAt: '$$NOW',
            schema: { $literal: 1 },
          },
        },
      ],
      { upsert: true, returnDocument: 'after', ...options },
    )
    return document?.granted === true
  }

  // Every text takes of this one document: what is taken at the same moment is taken as one, or each by itself.
  const takeOfAll = gather(async (asked: readonly Taken[]) => {
    const { id, limit } = asked[0]!
    const count = asked.reduce((sum, one) => sum + one.count, 0)
    const isOneDay = asked.every((one) => one.id === id && one.limit === limit)
    if (isOneDay && (await takeOne({ id, count, limit }))) return () => true
    const granted = new Map<Taken, boolean>()
    for (const one of asked) granted.set(one, await takeOne(one))
    return (one) => granted.get(one) === true
  })

  const add = async (id: string, count: number) => {
    await model.updateOne(
      { _id: id },
      { $inc: { spent: count }, $currentDate: { keptAt: true }, $setOnInsert: { schema: 1 } },
      { upsert: true },
    )
  }

  const addToBoth = async (address: string, count: number, now: number) => {
    await Promise.all([add(idOf(await fingerprint(address), now), count), add(idOf(ALL, now), count)])
  }

  return {
    async take(address, count, limit, now) {
      const own = idOf(await fingerprint(address), now)
      // First its own: what a number may not have must not even for a moment be missing for the others.
      const isWithinOwn = await takeOne({ id: own, count, limit: limit.number }, UNAWAITED)
      if (isWithinOwn && (await takeOfAll({ id: idOf(ALL, now), count, limit: limit.all }))) return { granted: true }
      if (isWithinOwn) await add(own, -count)
      const before = await model.findOneAndUpdate({ _id: own }, { $set: { told: true } }).lean()
      return { granted: false, isFirst: before?.told !== true }
    },
    force: addToBoth,
    giveBack: (address, count, now) => addToBoth(address, -count, now),
  }
}
