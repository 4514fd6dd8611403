import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { type Connection, Schema, trusted } from 'mongoose'
import { insertOnce } from './duplicate.ts'

/** How long (ms) a code is good, and how often it may be typed wrong. */
export const CODE_FOR = 10 * 60_000
/** So often a code may be tried. */
export const MOST_TRIES = 5
/** Longer than any link is good. */
const KEPT_SECONDS = 4 * 86_400

/**
 * An address that a user wants to be told at and has not proved. `from`: the subscription that they asked from; `mailedAs`:
 * for which user it is kept at Amazon, where it is an e-mail address.
 */
export type Asked = {
  readonly user: string
  readonly channel: string
  readonly address: string
  readonly from: string
  readonly mailedAs?: string
}

/** `link`: Amazon's link is to be opened first. `code`: a code was sent. `done`: it was typed. */
export type Confirmation = Asked & {
  readonly id: string
  readonly state: 'link' | 'code' | 'done'
  /** Ms, real clock. */
  readonly askedAt: number
  /** Until when (ms) the code is good. */
  readonly until: number
  /** The person knows that a code was sent. */
  readonly isTold: boolean
}

/** What a typed code was. `wrong`: with how many tries are left; `late`: the code that was sent is too old, or was tried too often. */
export type Tried =
  | { readonly state: 'right'; readonly confirmation: Confirmation }
  | { readonly state: 'wrong'; readonly left: number }
  | { readonly state: 'late'; readonly confirmation: Confirmation }
  | { readonly state: 'none' }

type ConfirmationDocument = Omit<Confirmation, 'id'> & {
  _id: string
  salt?: string
  hash?: string
  tries: number
  keptAt: Date
  schema: number
}

const confirmationSchema = new Schema<ConfirmationDocument>(
  {
    _id: { type: String, required: true },
    user: { type: String, required: true },
    channel: { type: String, required: true },
    address: { type: String, required: true },
    from: { type: String, required: true },
    mailedAs: { type: String },
    state: { type: String, required: true },
    askedAt: { type: Number, required: true },
    until: { type: Number, required: true },
    isTold: { type: Boolean, required: true },
    salt: { type: String },
    hash: { type: String },
    tries: { type: Number, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'confirmations' },
)
confirmationSchema.index({ user: 1, channel: 1, address: 1 }, { unique: true })
confirmationSchema.index({ state: 1, isTold: 1 })

/** The addresses that wait to be proved: nothing but a code is sent there. Times are ms on the real clock. */
export type Confirmations = {
  /** Waits for a link to be opened, in place of what was asked of that address before. */
  awaitLink(asked: Asked, now: number): Promise<void>
  /** Waits for a code to be typed, in place of what was. Only a salted hash of it is kept. `isTold`: whoever asked knows it. */
  awaitCode(asked: Asked, code: string, now: number, isTold: boolean): Promise<void>
  /** Whether a user typed a code that was sent to an address of theirs. Each try counts for all codes that wait. */
  tryCode(user: string, code: string, now: number): Promise<Tried>
  /** The address is proved: typed again, the code is right still. */
  done(id: string): Promise<void>
  told(id: string): Promise<void>
  /** Nobody waits for it any more. */
  drop(id: string): Promise<void>
  /** What waits of a user, whether it is good still or not. */
  ofUser(user: string): Promise<Confirmation[]>
  /** All that wait for a link. */
  awaitingLinks(): Promise<Confirmation[]>
  /** All whose person does not know yet that a code was sent. */
  untold(): Promise<Confirmation[]>
  /** E-mail addresses whose code was good until before `before`, and was never typed. */
  unfinished(before: number): Promise<Confirmation[]>
  /** Whether an address of a user waits for anything; `mailedAs` as it was asked. */
  isAwaited(mailedAs: string, address: string): Promise<boolean>
  /** Forgets all of these users. */
  erase(users: readonly string[]): Promise<void>
}

/** The `confirmations` collection on a connection. */
export function createConfirmations(connection: Connection): Confirmations {
  const model = connection.model('confirmation', confirmationSchema)
  const find = async (filter: object) => (await model.find(filter).lean()).map(confirmationFrom)
  const keep = async ({ user, channel, address, from, mailedAs }: Asked, fields: object) => {
    const update = {
      $set: { from, ...(mailedAs === undefined ? {} : { mailedAs }), ...fields, tries: 0 },
      $currentDate: { keptAt: true as const },
      $setOnInsert: { _id: randomUUID(), schema: 1 },
    }
    const write = () => model.updateOne({ user, channel, address }, update, { upsert: true })
    // Of two that ask for the same at once one makes it; the other one changes it.
    await insertOnce(write)
    await write()
  }

  /** The try is counted before the code is looked at: no two look with the same try. */
  const tryOne = async (id: string, code: string, now: number): Promise<'right' | number | undefined> => {
    const document = await model
      .findOneAndUpdate(
        { _id: id, state: 'code', until: trusted({ $gt: now }), tries: trusted({ $lt: MOST_TRIES }) },
        { $inc: { tries: 1 } },
        { returnDocument: 'after' },
      )
      .lean()
    if (!document) return undefined
    return isCodeOf(document, code) ? 'right' : MOST_TRIES - document.tries
  }

  return {
    awaitLink: (asked, now) => keep(asked, { state: 'link', askedAt: now, until: 0, isTold: true }),
    awaitCode(asked, code, now, isTold) {
      const salt = randomBytes(16).toString('hex')
      const fields = { state: 'code', askedAt: now, until: now + CODE_FOR, isTold, salt, hash: hashOf(salt, code) }
      return keep(asked, fields)
    },
    async tryCode(user, code, now) {
      const documents = await model.find({ user, state: trusted({ $in: ['code', 'done'] }) as never }).lean()
      const before = doneBy(documents, code)
      if (before) return before
      const open = documents.filter(({ state }) => state === 'code').map(confirmationFrom)
      let left: number | undefined
      for (const confirmation of open) {
        const tried = await tryOne(confirmation.id, code, now)
        if (tried === 'right') return { state: 'right', confirmation }
        if (tried !== undefined) left = Math.max(left ?? 0, tried)
      }
      if (left !== undefined) return { state: 'wrong', left }
      // The same, typed twice at once, may have been right meanwhile.
      const meanwhile = doneBy(await model.find({ user, state: 'done' }).lean(), code)
      if (meanwhile) return meanwhile
      const last = open.sort((one, other) => other.askedAt - one.askedAt)[0]
      return last ? { state: 'late', confirmation: last } : { state: 'none' }
    },
    async done(id) {
      await model.updateOne({ _id: id }, { $set: { state: 'done' } })
    },
    async told(id) {
      await model.updateOne({ _id: id }, { $set: { isTold: true } })
    },
    async drop(id) {
      await model.deleteOne({ _id: id })
    },
    ofUser: (user) => find({ user, state: trusted({ $in: ['link', 'code'] }) }),
    awaitingLinks: () => find({ state: 'link' }),
    untold: () => find({ state: 'code', isTold: false }),
    unfinished: (before) => find({ state: 'code', channel: 'email', until: trusted({ $lt: before }) as never }),
    async isAwaited(mailedAs, address) {
      return (await model.exists({ mailedAs, address, state: trusted({ $in: ['link', 'code'] }) as never })) !== null
    },
    async erase(users) {
      await model.deleteMany({ user: trusted({ $in: [...users] }) })
    },
  }
}

/** What a code has proved already. */
function doneBy(documents: readonly ConfirmationDocument[], code: string): Tried | undefined {
  const found = documents.find((document) => document.state === 'done' && isCodeOf(document, code))
  return found && { state: 'right', confirmation: confirmationFrom(found) }
}

function hashOf(salt: string, code: string): string {
  return createHmac('sha256', salt).update(code).digest('hex')
}

function isCodeOf({ salt, hash }: ConfirmationDocument, code: string): boolean {
  if (salt === undefined || hash === undefined) return false
  return timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(hashOf(salt, code), 'hex'))
}

function confirmationFrom(document: ConfirmationDocument): Confirmation {
  const { _id, user, channel, address, from, mailedAs, state, askedAt, until, isTold } = document
  const asked = { user, channel, address, from, ...(mailedAs === undefined ? {} : { mailedAs }) }
  return { id: _id, ...asked, state, askedAt, until, isTold }
}
