import type { Connection, mongo } from 'mongoose'
import type { Reply } from '../reply.ts'
import type { User } from '../users/types.ts'
import { type Conversation, type ConversationDocument, openFrom } from './conversations.ts'
import { gather } from './gather.ts'
import { knownFrom, type UserDocument } from './users.ts'

/** A message that comes: its key among the answers, the address it comes from, and where a question to its writer would be. */
export type Arriving = {
  readonly key: string
  readonly channel: string
  readonly address: string
  readonly conversation: string
}

/** What is known when a message comes. */
export type Arrival = {
  /** What it was answered, where it came before. */
  readonly answered: Reply | null
  /** Whose address it is. Null where there is more to be done than to read: then `Users.ofAddress` tells. */
  readonly user: User | null
  /** The question that waits for an answer. */
  readonly open: Conversation | null
  /** There may be something that the user missed and was not told yet. */
  readonly missesSomething: boolean
}

/** What has to be known of every message, read in one request: five of them were most of what a short answer cost. */
export type Arrivals = {
  /** `now`: ms, real clock. Changes nothing. */
  of(arriving: Arriving, now: number): Promise<Arrival>
}

type Found = {
  readonly of: 'user' | 'answer' | 'conversation' | 'erasure'
  readonly _id: unknown
  readonly missed?: readonly unknown[]
  readonly reply?: Reply
  readonly ids?: readonly string[]
}

/** What is read for messages that come together; each kind of document says what it is. */
function pipelineFor(asked: readonly Arriving[]): mongo.BSON.Document[] {
  const channels = [...new Set(asked.map(({ channel }) => channel))]
  const having = channels.map((channel) => {
    const addresses = asked.filter((one) => one.channel === channel).map(({ address }) => address)
    return { subscriptions: { $elemMatch: { channel: { $eq: channel }, address: { $in: addresses } } } }
  })
  const missed = [{ $match: { missed: { $exists: true } } }, { $limit: 1 }, { $project: { _id: 1 } }]
  const also = (coll: string, match: object, fields: object) => ({
    $unionWith: { coll, pipeline: [{ $match: match }, { $addFields: fields }] },
  })
  return [
    { $match: { $or: having } },
    {
      $lookup: { from: 'notifications', localField: '_id', foreignField: 'user', pipeline: missed, as: 'missed' },
    },
    { $addFields: { of: 'user' } },
    also('messages', { _id: { $in: asked.map(({ key }) => key) } }, { of: 'answer' }),
    also('conversations', { _id: { $in: asked.map(({ conversation }) => conversation) } }, { of: 'conversation' }),
    // Who has an address still is not erased yet, or is nobody who was.
    also('erased', { open: 'all' }, { of: 'erasure' }),
  ]
}

/** Reads from the collections of users, answers, conversations, erasures and notifications. */
export function createArrivals(connection: Connection): Arrivals {
  const users = connection.collection('users')
  const found = gather(async (asked: readonly Arriving[]) => {
    const documents = (await users.aggregate(pipelineFor(asked)).toArray()) as unknown as Found[]
    const all = (of: Found['of']) => documents.filter((document) => document.of === of)
    const byKey = (of: Found['of']) => new Map(all(of).map((document) => [document._id, document]))
    const [answers, conversations] = [byKey('answer'), byKey('conversation')]
    const owners = all('user') as unknown as (UserDocument & Found)[]
    const gone = new Set(all('erasure').flatMap(({ ids = [] }) => ids))
    return ({ key, channel, address, conversation }: Arriving) => ({
      answered: answers.get(key)?.reply ?? null,
      owner: owners.find(
        ({ _id, subscriptions }) =>
          !gone.has(_id) && subscriptions.some((one) => one.channel === channel && one.address === address),
      ),
      open: conversations.get(conversation) as unknown as ConversationDocument | undefined,
    })
  })
  return {
    async of(arriving, now) {
      const { answered, owner, open } = await found(arriving)
      return {
        answered,
        user: owner ? knownFrom(owner, arriving, now) : null,
        open: openFrom(open, now),
        missesSomething: owner?.missed?.length !== 0,
      }
    },
  }
}
