import { type Connection, Schema } from 'mongoose'
import type { SegmentBudget } from '../channels/sms-ports.ts'
import { duplicateAt } from './duplicate.ts'
import type { Fingerprint } from './salt.ts'
import { UNAWAITED } from './unawaited.ts'

const DAY = 86_400_000
/** A day's count is of use only on that day. */
const KEPT_SECONDS = 3 * 86_400
/** Stands for all numbers together. */
const ALL = 'all'

/** So many segments, to be counted under an id where the limit bears them. */
type Taken = { readonly id: string; readonly count: number; readonly limit: number }

type BudgetDocument = {
  _id: string
  spent: number
  /** The owner of the number was told that there is no more today. */
  told: boolean
  keptAt: Date
  schema: number
}

const budgetSchema = new Schema<BudgetDocument>(
  {
    _id: { type: String, required: true },
    spent: { type: Number, required: true },
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

  /** Takes of each in turn, where the limit bears it; gives the first of which it does not. Ids that are new are begun. */
  const takeEach = async (wanted: readonly Taken[]): Promise<Taken | undefined> => {
    if (wanted.length === 0) return undefined
    // A tenth of a second of counting that is lost with the database is a few texts above the limit.
    const updates = wanted.map((one) => ({ updateOne: { ...takingOf(one), upsert: true } }))
    const at = await duplicateAt(() => model.collection.bulkWrite(updates as never, { ordered: true, ...UNAWAITED }))
    if (at === undefined) return undefined
    // It is there: it bears no more, or another process began it this very moment.
    const { filter, update } = takingOf(wanted[at]!)
    const { matchedCount } = await model.collection.updateOne(filter as never, update, UNAWAITED)
    return matchedCount === 0 ? wanted[at] : await takeEach(wanted.slice(at + 1))
  }

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
      const own = { id: idOf(await fingerprint(address), now), count, limit: limit.number }
      const all = { id: idOf(ALL, now), count, limit: limit.all }
      const isMoreThanAny = count > Math.min(own.limit, all.limit)
      // First its own: what a number may not have must not even for a moment be missing for the others.
      const refused = isMoreThanAny ? own : await takeEach([own, all])
      if (!refused) return { granted: true }
      if (refused === all) await add(own.id, -count)
      const telling = { $set: { told: true }, $setOnInsert: { spent: 0, schema: 1 }, $currentDate: { keptAt: true } }
      const before = await model.findOneAndUpdate({ _id: own.id }, telling, { upsert: true }).lean()
      return { granted: false, isFirst: before?.told !== true }
    },
    force: addToBoth,
    giveBack: (address, count, now) => addToBoth(address, -count, now),
  }
}

/** One step of the database, so that no two can take the same. */
function takingOf({ id, count, limit }: Taken) {
  return {
    filter: { _id: id, spent: { $lte: limit - count } },
    update: { $inc: { spent: count }, $currentDate: { keptAt: true as const }, $setOnInsert: { schema: 1 } },
  }
}
