import type { Connection } from 'mongoose'
import { gather } from './gather.ts'

/** Documents of one of the collections about texts, by their ids. */
export type Wanted = { readonly of: Kept; readonly ids: readonly string[] }

/** Gives the documents that are there, in any order. */
export type SmsReads = <Document>(wanted: Wanted) => Promise<Document[]>

/** What has to be read when a text comes, by the names of the collections. */
const KEPT = ['smsAnswers', 'smsOffers', 'smsConsents'] as const
type Kept = (typeof KEPT)[number]

type Found = { readonly of: Kept; readonly _id: string }

/** Reads what is asked for at the same moment in one request: three for each text were a good part of what it cost. */
export function createSmsReads(connection: Connection): SmsReads {
  const found = gather(async (asked: readonly Wanted[]) => {
    const [first, ...others] = KEPT.map((of) => {
      const ids = asked.filter((one) => one.of === of).flatMap((one) => one.ids)
      // The notes on a number's consent are many, and of no use to an answer.
      return { of, ids, pipeline: [{ $match: { _id: { $in: ids } } }, { $unset: 'notes' }, { $addFields: { of } }] }
    })
    const also = others
      .filter(({ ids }) => ids.length > 0)
      .map(({ of, pipeline }) => ({ $unionWith: { coll: of, pipeline } }))
    const all = connection.collection(first!.of).aggregate([...first!.pipeline, ...also])
    const documents = (await all.toArray()) as unknown as Found[]
    return ({ of, ids }) => documents.filter((document) => document.of === of && ids.includes(document._id))
  })
  return (wanted) => found(wanted) as Promise<never[]>
}
