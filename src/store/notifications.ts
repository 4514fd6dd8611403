import { type Connection, type QueryFilter, Schema, trusted } from 'mongoose'
import type { Alert } from '../alert/types.ts'
import type { Notification, NotificationState, Onward, Outcome, Told, Tracked } from '../delivery/types.ts'
import { insertOnce } from './duplicate.ts'
import { gather } from './gather.ts'

type NotificationDocument = Omit<Tracked, 'id'> & {
  _id: string
  /** In the outbox: due or being sent. */
  open: boolean
  /** Who sends it now; null when nobody does. */
  token: string | null
  leasedUntil: Date | null
  /** The database's clock, from when nothing is to be sent any more; after the time of retention it goes. */
  endedAt?: Date
  /** It is urgent, is or may still be told there, and was not acknowledged yet. */
  unacknowledged?: true
  /** Nobody could be told: true until its person was, then the key of the message that it was told with. */
  missed?: true | string
  schema: number
}

const { Mixed } = Schema.Types
const notificationSchema = new Schema<NotificationDocument>(
  {
    _id: { type: String, required: true },
    user: { type: String, required: true },
    subscription: { type: String, required: true },
    channel: { type: String, required: true },
    address: { type: String, required: true },
    zone: { type: String, required: true },
    alert: { type: Mixed, required: true },
    occurrence: { type: Mixed, required: true },
    outage: { type: Mixed },
    createdAt: { type: Number, required: true },
    happenedAt: { type: Number },
    urgent: { type: Boolean },
    held: { type: Boolean },
    instead: { type: Mixed },
    unheard: { type: Mixed },
    escalateAt: { type: Number },
    acknowledgedAt: { type: Number },
    unacknowledged: { type: Boolean },
    firstTriedAt: { type: Number },
    deliveredAt: { type: Number },
    onward: { type: String },
    missed: { type: Mixed },
    state: { type: String, required: true },
    open: { type: Boolean, required: true },
    tries: { type: Number, required: true },
    dueAt: { type: Number, required: true },
    reason: { type: String, default: null },
    receipt: { type: String, default: null },
    sentAt: { type: Number, default: null },
    token: { type: String, default: null },
    leasedUntil: { type: Date, default: null },
    endedAt: { type: Date },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'notifications', minimize: false },
)
// All that a lease looks at before it knows what it takes is in the index.
notificationSchema.index(
  { open: 1, channel: 1, dueAt: 1, address: 1, createdAt: 1, 'occurrence.at': 1, _id: 1, state: 1, leasedUntil: 1 },
  { name: 'due', partialFilterExpression: { open: true } },
)
notificationSchema.index({ open: 1, held: 1, user: 1 }, { partialFilterExpression: { open: true, held: true } })
notificationSchema.index(
  { channel: 1, address: 1 },
  { name: 'outages', partialFilterExpression: { open: true, outage: { $exists: true } } },
)
notificationSchema.index({ channel: 1, address: 1, sentAt: 1 }, { partialFilterExpression: { sentAt: { $gt: 0 } } })
notificationSchema.index({ channel: 1, receipt: 1 }, { partialFilterExpression: { receipt: { $gt: '' } } })
notificationSchema.index({ onward: 1 }, { partialFilterExpression: { onward: { $gt: '' } } })
notificationSchema.index({ escalateAt: 1 }, { partialFilterExpression: { escalateAt: { $gt: 0 } } })
notificationSchema.index(
  { user: 1, unacknowledged: 1, createdAt: -1 },
  { partialFilterExpression: { unacknowledged: true } },
)
notificationSchema.index({ user: 1, missed: 1 }, { partialFilterExpression: { missed: { $exists: true } } })
notificationSchema.index({ user: 1, 'alert.id': 1, createdAt: -1 })
notificationSchema.index({ user: 1, createdAt: -1, _id: -1 })
notificationSchema.index({ user: 1, 'alert.number': 1, createdAt: -1, _id: -1 })

/** A batch taken for sending: who takes it, until when (lease), of how many addresses at most, and which are left alone. */
export type LeaseRequest = {
  channel: string
  token: string
  lease: number
  limit: number
  now: number
  except?: readonly string[]
}

/** A stretch of what a user was told: the first `skip` are left out. */
export type HistoryRange = { readonly number?: number; readonly skip: number; readonly limit: number }

/** Whether a message that a platform took has arrived. */
export type Delivered =
  | { readonly state: 'delivered' }
  | { readonly state: 'undelivered'; readonly reason: string; readonly onward: Onward }

/** Something urgent that nobody has acknowledged yet. */
export type Unacknowledged = Pick<Tracked, 'subscription' | 'alert' | 'occurrence' | 'state' | 'sentAt' | 'tries'>

/** The notifications; those not yet delivered are the outbox. */
export type Notifications = {
  /**
   * Adds notifications; those that are there already are left as they are. Before what is to be acknowledged is there, its
   * user is marked: who is not marked has nothing to acknowledge.
   */
  add(notifications: readonly Notification[]): Promise<void>
  /**
   * Takes what is due on a channel, and what another sender took and let lapse: of the addresses that have waited longest,
   * what there is for each of them, the oldest first and 200 at most. With the word of an outage comes what else there is
   * to tell its address of outages, due or not, as far as it was not tried before. `lease` in ms, counted by the database's
   * clock; `now` is the real clock that `dueAt` is on.
   */
  lease(request: LeaseRequest): Promise<Tracked[]>
  /** Records what became of leased notifications that were told in one message; false when the lease of any was lost meanwhile: then that one is not changed. */
  record(ids: readonly string[], token: string, outcome: Outcome, now: number): Promise<boolean>
  /** Gives back what this sender took and did not try; it is due from `now` (ms) on, behind what waits at other addresses. */
  release(token: string, now?: number): Promise<void>
  /** Frees every lease: only for a process that knows it is alone. */
  releaseAll(): Promise<void>
  byIds(ids: readonly string[]): Promise<Tracked[]>
  /** The firings told at these addresses of a channel since a moment (ms), but for those that were urgent or held. */
  told(channel: string, addresses: readonly string[], since: number): Promise<Told[]>
  /**
   * Makes due at `now` (ms) all that waits on a channel until later, but for what is held; nothing waits to be acknowledged
   * for longer than `escalateAfter` (ms) from then.
   */
  hasten(channel: string, now: number, escalateAfter: number): Promise<void>
  /** Makes due what is held for a user. */
  releaseHeld(user: string): Promise<void>
  /** Who has something held, and until when (ms) at the latest. */
  held(): Promise<{ user: string; until: number }[]>
  /** What is owed to another address than it was planned for; so many at most. */
  onward(limit: number): Promise<Tracked[]>
  /** It is handed on, or, where there was nobody to hand it to, kept to be told when its person writes. */
  handedOn(id: string, isMissed: boolean): Promise<void>
  /** What a user missed and was not told yet, and will be with the message of this key, the oldest first. Asked again with the same key it gives the same. */
  takeMissed(user: string, key: string): Promise<Tracked[]>
  /**
   * What the platform says of a message it took: that it arrived, or that it did not, and why; then it is owed to another
   * address, and `onward` tells whether this one is good still. Gives how many notifications were told with it.
   */
  delivered(channel: string, receipt: string, result: Delivered, now: number): Promise<number>
  /** What is urgent and was not acknowledged in time; so many at most. `now`: ms, real clock. */
  unheard(now: number, limit: number): Promise<Tracked[]>
  /** It waits for no word any more; false where that had changed since it was read. */
  escalated(one: Pick<Tracked, 'id' | 'escalateAt'>): Promise<boolean>
  /** What is urgent, and these users have not acknowledged: the newest first, 500 at most. */
  unacknowledged(users: readonly string[]): Promise<Unacknowledged[]>
  /**
   * All that these users were told, or are to be told, of these occurrences is acknowledged: whoever is about to repeat it
   * sees that. `now`: ms, real clock.
   */
  acknowledge(users: readonly string[], occurrences: readonly string[], now: number): Promise<void>
  /** All of one user become another's, at a subscription of theirs. */
  adopt(from: string, to: { user: string; subscription: string }): Promise<void>
  /** Removes all of these users; who is sending one of them has nothing to record any more. */
  erase(users: readonly string[]): Promise<void>
  /** In groups, takes the names of these people off what they made. */
  forgetMakers(ids: readonly string[]): Promise<void>
  /** How many wait on a channel that are due by `now`. */
  waiting(channel: string, now: number): Promise<number>
  /** All that tell of the blindness of these alerts, the newest first. */
  blindness(alerts: readonly Pick<Alert, 'id' | 'user'>[]): Promise<Tracked[]>
  /** The last notifications of an alert of a user, the newest first. */
  ofAlert(user: string, alert: string, limit: number): Promise<Tracked[]>
  /** Those of a user, of one alert by its number or of all, deleted ones included; the newest first. */
  ofUser(user: string, range: HistoryRange): Promise<Tracked[]>
}

/** The `notifications` collection on a connection. */
export function createNotifications(connection: Connection): Notifications {
  const model = connection.model('notification', notificationSchema)
  const dueNow = (channel: string, now: number, except: readonly string[] = []) => ({
    open: true,
    channel,
    ...(except.length > 0 ? { _id: trusted({ $nin: [...except] }) } : {}),
    dueAt: trusted({ $lte: now }),
    $or: [{ state: 'due' as const }, { state: 'sending' as const, $expr: trusted({ $lt: ['$leasedUntil', '$$NOW'] }) }],
  })
  // Asked with each message.
  const missesSomething = gather(async (users: readonly string[]) => {
    const missing = { user: { $in: [...users] }, missed: { $exists: true } }
    const documents = await model.collection.find(missing, { projection: { _id: 0, user: 1 } }).toArray()
    const found = new Set(documents.map(({ user }) => String(user)))
    return (user) => found.has(user)
  })
  const ofOutages = (channel: string, addresses: readonly string[]) => ({
    open: true,
    channel,
    address: trusted({ $in: [...addresses] }),
    outage: trusted({ $exists: true }),
    held: trusted({ $exists: false }),
    state: 'due' as const,
    tries: 0,
  })
  /** The addresses that have waited longest, and the ids of what is due there. */
  const dueAt = async ({ channel, now, limit: addresses, except }: LeaseRequest) => {
    const filter = dueNow(channel, now, except)
    if (!(await model.exists(filter))) return { ids: [], addresses: [] }
    const found: { _id: string; ids: string[] }[] = await model.aggregate([
      { $match: filter },
      { $sort: { createdAt: 1, 'occurrence.at': 1, _id: 1 } },
      { $group: { _id: '$address', waits: { $min: '$dueAt' }, ids: { $push: '$_id' } } },
      { $sort: { waits: 1, _id: 1 } },
      { $limit: addresses },
      { $project: { ids: { $slice: ['$ids', PER_ADDRESS] } } },
    ])
    return { ids: found.flatMap(({ ids }) => ids), addresses: found.map(({ _id }) => _id) }
  }
  /** Of these addresses those with the word of an outage among what is due, and the ids of all such words there. */
  const outagesAt = async (channel: string, due: { ids: readonly string[]; addresses: readonly string[] }) => {
    const { state: _, tries: __, ...ofAny } = ofOutages(channel, due.addresses)
    const found = await model.find(ofAny, { address: 1 }).lean()
    const taken = new Set(due.ids)
    const addresses = new Set(found.flatMap(({ _id, address }) => (taken.has(_id) ? [address] : [])))
    const ids = found.flatMap(({ _id, address }) => (addresses.has(address) ? [_id] : []))
    return { ids, addresses: [...addresses] }
  }
  /** Whoever has something to acknowledge is known by a mark, so that nobody has to look for it with each message. */
  const mark = async (urgent: readonly Pick<NotificationDocument, 'user' | 'createdAt'>[]) => {
    if (urgent.length === 0) return
    const ids = [...new Set(urgent.map(({ user }) => user))]
    const urgentAt = Math.max(...urgent.map(({ createdAt }) => createdAt))
    await connection
      .collection<{ _id: string; formerIds?: string[] }>('users')
      .updateMany({ $or: [{ _id: { $in: ids } }, { formerIds: { $in: ids } }] }, { $max: { urgentAt } } as never)
  }
  const find = async (filter: QueryFilter<NotificationDocument>) =>
    (await model.find(filter).sort(IN_ORDER).lean()).map(trackedFrom)
  return {
    async add(notifications) {
      if (notifications.length === 0) return
      const documents = notifications.map(newDocument)
      await mark(documents.filter(({ unacknowledged }) => unacknowledged))
      await insertOnce(() => model.insertMany(documents, { ordered: false, lean: true }))
    },
    async lease(request) {
      const { channel, token, lease, now, except = [] } = request
      const due = await dueAt(request)
      if (due.ids.length === 0) return []
      const outages = await outagesAt(channel, due)
      const ids = [...new Set([...due.ids, ...outages.ids])].filter((id) => !except.includes(id))
      const leasedUntil = { $add: ['$$NOW', lease] }
      const isFree = { $or: [dueNow(channel, now), ofOutages(channel, outages.addresses)] }
      await model.collection.updateMany({ _id: { $in: ids as never[] }, ...isFree } as never, [
        {
          $set: {
            ...{ state: 'sending', token, leasedUntil, tries: { $add: ['$tries', 1] } },
            firstTriedAt: { $ifNull: ['$firstTriedAt', now] },
          },
        },
      ])
      return await find({ _id: trusted({ $in: ids }), token, state: 'sending' })
    },
    async record(ids, token, outcome, now) {
      const theirs = { _id: trusted({ $in: [...ids] }), token, state: 'sending' as const }
      const result = await model.updateMany(theirs, recorded(outcome, now) as never, { updatePipeline: true })
      return result.matchedCount === ids.length
    },
    async release(token, now = 0) {
      await model.updateMany(
        { token, state: 'sending' },
        { $set: { state: 'due', token: null, leasedUntil: null }, $inc: { tries: -1 }, $max: { dueAt: now } },
      )
    },
    async releaseAll() {
      await model.updateMany({ state: 'sending' }, { $set: { state: 'due', token: null, leasedUntil: null } })
    },
    byIds: (ids) => find({ _id: trusted({ $in: [...ids] }) }),
    async told(channel, addresses, since) {
      const documents = await model
        .find(
          {
            ...{ channel, address: trusted({ $in: [...addresses] }), sentAt: trusted({ $gt: Math.max(0, since) }) },
            ...{ 'occurrence.kind': 'fired', urgent: trusted({ $ne: true }), held: trusted({ $ne: true }) },
          } as QueryFilter<NotificationDocument>,
          { address: 1, 'alert.id': 1, sentAt: 1 },
        )
        .lean()
      return (documents as unknown as Tracked[]).flatMap(({ address, alert, sentAt }) =>
        sentAt ? [{ address, alert: alert.id, sentAt }] : [],
      )
    },
    async hasten(channel, now, escalateAfter) {
      const waits = { open: true, channel, state: 'due' as const, held: trusted({ $exists: false }) }
      await model.updateMany({ ...waits, dueAt: trusted({ $gt: now }) }, { $set: { dueAt: now } })
      const escalateAt = now + escalateAfter
      await model.updateMany({ channel, escalateAt: trusted({ $gt: escalateAt }) }, { $set: { escalateAt } })
    },
    async releaseHeld(user) {
      await model.updateMany({ user, open: true, held: true, state: 'due' }, { $set: { dueAt: 0 } })
    },
    async held() {
      const found: { _id: string; until: number }[] = await model.aggregate([
        { $match: { open: true, held: true, state: 'due' } },
        { $group: { _id: '$user', until: { $max: '$dueAt' } } },
      ])
      return found.map(({ _id, until }) => ({ user: _id, until }))
    },
    async onward(limit) {
      const filter = { onward: trusted({ $gt: '' as Onward }) }
      return (await model.find(filter).limit(limit).lean()).map(trackedFrom)
    },
    async handedOn(id, isMissed) {
      await model.updateOne({ _id: id }, { $unset: { onward: 1 }, ...(isMissed ? { $set: { missed: true } } : {}) })
    },
    async takeMissed(user, key) {
      if (!(await missesSomething(user))) return []
      const mine = { user, missed: trusted({ $in: [true, key] }) }
      const found = await find(mine as QueryFilter<NotificationDocument>)
      if (found.length === 0) return []
      await model.updateMany(
        { user, missed: true, _id: trusted({ $in: found.map(({ id }) => id) }) },
        { $set: { missed: key } },
      )
      return await find({ user, missed: key })
    },
    async delivered(channel, receipt, result, now) {
      const update =
        result.state === 'delivered'
          ? { $set: { deliveredAt: now } }
          : { $set: { state: 'failed' as const, reason: result.reason, onward: result.onward }, $unset: NOT_AWAITED }
      const { matchedCount } = await model.updateMany({ channel, receipt, state: 'sent' }, update)
      return matchedCount
    },
    async unheard(now, limit) {
      const filter = { escalateAt: trusted({ $gt: 0, $lte: now }) }
      return (await model.find(filter).sort({ escalateAt: 1 }).limit(limit).lean()).map(trackedFrom)
    },
    async escalated({ id, escalateAt = 0 }) {
      const { matchedCount } = await model.updateOne({ _id: id, escalateAt }, { $unset: { escalateAt: 1 } })
      return matchedCount === 1
    },
    async unacknowledged(users) {
      return await model
        .find({ user: trusted({ $in: [...users] }), unacknowledged: true }, OF_UNACKNOWLEDGED)
        .sort({ createdAt: -1 })
        .limit(MOST_UNACKNOWLEDGED)
        .lean()
    },
    async acknowledge(users, occurrences, now) {
      const theirs = {
        ...{ user: trusted({ $in: [...users] }), unacknowledged: true as const },
        'occurrence.id': trusted({ $in: [...occurrences] }),
      } as QueryFilter<NotificationDocument>
      await model.updateMany(theirs, { $set: { acknowledgedAt: now }, $unset: NOT_AWAITED })
    },
    async adopt(from, { user, subscription }) {
      await mark(await model.find({ user: from, unacknowledged: true }, { user: 1, createdAt: 1 }).lean())
      await model.updateMany({ user: from }, { $set: { user, subscription } })
    },
    async erase(users) {
      await model.deleteMany({ user: trusted({ $in: [...users] }) })
    },
    async forgetMakers(ids) {
      const theirs = { 'alert.maker.id': trusted({ $in: [...ids] }) } as QueryFilter<NotificationDocument>
      await model.updateMany(theirs, { $unset: { 'alert.maker': 1 } })
    },
    waiting: (channel, now) => model.countDocuments({ open: true, channel, dueAt: trusted({ $lte: now }) }),
    async blindness(alerts) {
      const users = [...new Set(alerts.map(({ user }) => user))]
      const ids = alerts.map(({ id }) => id)
      const filter = { user: trusted({ $in: users }), 'alert.id': trusted({ $in: ids }), 'occurrence.kind': 'blind' }
      const documents = await model
        .find(filter as QueryFilter<NotificationDocument>)
        .sort({ createdAt: -1 })
        .lean()
      return documents.map(trackedFrom)
    },
    async ofAlert(user, alert, limit) {
      const documents = await model.find({ user, 'alert.id': alert }).sort({ createdAt: -1 }).limit(limit).lean()
      return documents.map(trackedFrom)
    },
    async ofUser(user, { number, skip, limit }) {
      const filter = { user, ...(number === undefined ? {} : { 'alert.number': number }) }
      const documents = await model.find(filter).sort(NEWEST_FIRST).skip(skip).limit(limit).lean()
      return documents.map(trackedFrom)
    },
  }
}

/** What is taken of one address at a time, however much is due there. */
const PER_ADDRESS = 200

const MOST_UNACKNOWLEDGED = 500
const OF_UNACKNOWLEDGED = { subscription: 1, alert: 1, occurrence: 1, state: 1, sentAt: 1, tries: 1 } as const
/** Of what nobody is to acknowledge any more. */
const NOT_AWAITED = { escalateAt: 1, unacknowledged: 1 } as const

function recorded(outcome: Outcome, now: number) {
  const fields = { token: null, leasedUntil: null, open: outcome.state === 'due' }
  const over = { $currentDate: { endedAt: true as const } }
  if (outcome.state === 'sent') {
    const { state, receipt, escalateAt } = outcome
    const sent = { state, sentAt: now, reason: null, ...fields }
    if (escalateAt === undefined) return { $set: { ...sent, receipt }, ...over }
    // What was told elsewhere, or acknowledged, while it was being sent waits for no word any more.
    const until = { $cond: [{ $gt: ['$escalateAt', 0] }, escalateAt, '$$REMOVE'] }
    return [{ $set: { ...sent, receipt: { $literal: receipt }, endedAt: '$$NOW', escalateAt: until } }]
  }
  const { state, reason } = outcome
  if (state !== 'due') {
    const { onward } = outcome
    return { $set: { state, reason, ...(onward ? { onward } : {}), ...fields }, $unset: NOT_AWAITED, ...over }
  }
  const { dueAt, held, isTry } = outcome
  if (isTry !== false) return { $set: { state, reason, dueAt, ...fields } }
  if (held) return { $set: { state, reason, dueAt, held, ...fields }, $inc: { tries: -1 } }
  // Of what was tried before, and failed, that is what makes it late, and not that it waits its turn by now.
  const isLateAlready = { $and: [{ $gt: ['$tries', 1] }, { $gt: ['$reason', null] }] }
  const why = { $cond: [isLateAlready, '$reason', { $literal: reason }] }
  return [{ $set: { state, reason: why, dueAt, ...fields, tries: { $subtract: ['$tries', 1] } } }]
}

/** Oldest first; of what was planned at the same time, what happened first. */
const IN_ORDER = { createdAt: 1, 'occurrence.at': 1, _id: 1 } as const

/** The same order each time, also of what was planned at the same time: pages go on where the last one ended. */
const NEWEST_FIRST = { createdAt: -1, _id: -1 } as const

function newDocument({ id, ...rest }: Notification) {
  const state: NotificationState = 'due'
  const untried = {
    tries: 0,
    dueAt: rest.dueAt ?? rest.createdAt,
    reason: null,
    receipt: null,
    sentAt: null,
    token: null,
    leasedUntil: null,
  }
  const isAwaited = rest.urgent === true && rest.occurrence.kind === 'fired'
  const awaited = isAwaited ? { unacknowledged: true as const } : {}
  return { _id: id, ...rest, ...untried, ...awaited, state, open: true, schema: 1 }
}

function trackedFrom(document: NotificationDocument): Tracked {
  const { _id, open: _open, token: _token, leasedUntil: _leased, ...fields } = document
  const { endedAt: _ended, missed: _missed, unacknowledged: _unacknowledged, schema: _schema, ...rest } = fields
  return { id: _id, ...rest }
}
