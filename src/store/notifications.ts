import { type Connection, type QueryFilter, Schema, trusted } from 'mongoose'
import type { Alert } from '../alert/types.ts'
import type { Notification, NotificationState, Outcome, Tracked } from '../delivery/types.ts'
import { insertOnce } from './duplicate.ts'

type NotificationDocument = Omit<Tracked, 'id'> & {
  _id: string
  /** In the outbox: due or being sent. */
  open: boolean
  /** Who sends it now; null when nobody does. */
  token: string | null
  leasedUntil: Date | null
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
    state: { type: String, required: true },
    open: { type: Boolean, required: true },
    tries: { type: Number, required: true },
    dueAt: { type: Number, required: true },
    reason: { type: String, default: null },
    receipt: { type: String, default: null },
    sentAt: { type: Number, default: null },
    token: { type: String, default: null },
    leasedUntil: { type: Date, default: null },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'notifications', minimize: false },
)
notificationSchema.index({ open: 1, channel: 1, dueAt: 1 }, { partialFilterExpression: { open: true } })
notificationSchema.index({ user: 1, 'alert.id': 1, createdAt: -1 })

/** A batch taken for sending: who takes it, until when (lease), and how many. */
export type LeaseRequest = { channel: string; token: string; lease: number; limit: number; now: number }

/** The notifications; those not yet delivered are the outbox. */
export type Notifications = {
  /** Adds notifications; those that are there already are left as they are. */
  add(notifications: readonly Notification[]): Promise<void>
  /**
   * Takes what is due on a channel, the oldest first, and what another sender took and let lapse. With the word of an
   * outage comes what else there is to tell its address of outages, due or not, as far as it was not tried before.
   * `lease` in ms, counted by the database's clock; `now` is the real clock that `dueAt` is on.
   */
  lease(request: LeaseRequest): Promise<Tracked[]>
  /** Records what became of a leased notification; false when the lease was lost meanwhile: then nothing is changed. */
  record(id: string, token: string, outcome: Outcome, now: number): Promise<boolean>
  /** Gives back what this sender took and did not try. */
  release(token: string): Promise<void>
  /** Frees every lease: only for a process that knows it is alone. */
  releaseAll(): Promise<void>
  /** How many wait on a channel that are due by `now`. */
  waiting(channel: string, now: number): Promise<number>
  /** All that tell of the blindness of these alerts, the newest first. */
  blindness(alerts: readonly Pick<Alert, 'id' | 'user'>[]): Promise<Tracked[]>
  /** The last notifications of an alert of a user, the newest first. */
  ofAlert(user: string, alert: string, limit: number): Promise<Tracked[]>
}

/** The `notifications` collection on a connection. */
export function createNotifications(connection: Connection): Notifications {
  const model = connection.model('notification', notificationSchema)
  const dueNow = (channel: string, now: number) => ({
    open: true,
    channel,
    dueAt: trusted({ $lte: now }),
    $or: [{ state: 'due' as const }, { state: 'sending' as const, $expr: trusted({ $lt: ['$leasedUntil', '$$NOW'] }) }],
  })
  const ofOutages = (channel: string, addresses: readonly string[]) => ({
    open: true,
    channel,
    address: trusted({ $in: [...addresses] }),
    outage: trusted({ $exists: true }),
    state: 'due' as const,
    tries: 0,
  })
  return {
    async add(notifications) {
      if (notifications.length === 0) return
      const documents = notifications.map(newDocument)
      await insertOnce(() => model.insertMany(documents, { ordered: false, lean: true }))
    },
    async lease({ channel, token, lease, limit, now }) {
      const due = await model.find(dueNow(channel, now), { address: 1, outage: 1 }).sort(IN_ORDER).limit(limit).lean()
      if (due.length === 0) return []
      const addresses = due.flatMap(({ address, outage }) => (outage ? [address] : []))
      const others = addresses.length > 0 ? await model.find(ofOutages(channel, addresses), { _id: 1 }).lean() : []
      const ids = [...new Set([...due, ...others].map(({ _id }) => _id))]
      const leasedUntil = { $add: ['$$NOW', lease] }
      const isFree = { $or: [dueNow(channel, now), ofOutages(channel, addresses)] }
      await model.collection.updateMany({ _id: { $in: ids as never[] }, ...isFree } as never, [
        { $set: { state: 'sending', token, leasedUntil, tries: { $add: ['$tries', 1] } } },
      ])
      const leased = await model
        .find({ _id: trusted({ $in: ids }), token, state: 'sending' })
        .sort(IN_ORDER)
        .lean()
      return leased.map(trackedFrom)
    },
    async record(id, token, outcome, now) {
      const fields =
        outcome.state === 'sent'
          ? { state: outcome.state, receipt: outcome.receipt, sentAt: now, reason: null }
          : outcome.state === 'due'
            ? { state: outcome.state, dueAt: outcome.dueAt, reason: outcome.reason }
            : { state: outcome.state, reason: outcome.reason }
      const result = await model.updateOne(
        { _id: id, token, state: 'sending' },
        { $set: { ...fields, open: outcome.state === 'due', token: null, leasedUntil: null } },
      )
      return result.matchedCount === 1
    },
    async release(token) {
      await model.updateMany(
        { token, state: 'sending' },
        { $set: { state: 'due', token: null, leasedUntil: null }, $inc: { tries: -1 } },
      )
    },
    async releaseAll() {
      await model.updateMany({ state: 'sending' }, { $set: { state: 'due', token: null, leasedUntil: null } })
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
  }
}

/** Oldest first; of what was planned at the same time, what happened first. */
const IN_ORDER = { createdAt: 1, 'occurrence.at': 1, _id: 1 } as const

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
  return { _id: id, ...rest, ...untried, state, open: true, schema: 1 }
}

function trackedFrom(document: NotificationDocument): Tracked {
  const { _id, open: _open, token: _token, leasedUntil: _leased, schema: _schema, ...rest } = document
  return { id: _id, ...rest }
}
