import type { Connection } from 'mongoose'
import type { Phase } from '../alert/types.ts'
import type { NotificationState } from '../delivery/types.ts'

/** What somebody who runs the bot wants to know of it, in numbers. */
export type Statistics = {
  readonly users: number
  /** Alerts by phase; those that are paused are counted as `paused` alone. */
  readonly alerts: Readonly<Partial<Record<Phase | 'paused', number>>>
  /** Firings that were to be told since the moment asked for. */
  readonly firings: number
  /** By channel: messages that wait to be sent, and those given up since the moment asked for. */
  readonly channels: readonly { readonly name: string; readonly waiting: number; readonly failed: number }[]
}

/** Counts what is stored, `since` ms on the real clock. */
export type CountAll = (since: number) => Promise<Statistics>

/** Counts over the collections of alerts, users and notifications; nothing is changed. */
export function createCountAll(connection: Connection): CountAll {
  const collection = (name: string) => connection.collection(name)
  return async (since) => {
    const [users, alerts, firings, channels] = await Promise.all([
      collection('users').estimatedDocumentCount(),
      collection('alerts').aggregate<Counted>(BY_PHASE).toArray(),
      collection('notifications').aggregate<Counted>(firingsSince(since)).toArray(),
      collection('notifications').aggregate<ByChannel>(byChannelSince(since)).toArray(),
    ])
    return {
      users,
      alerts: Object.fromEntries(alerts.map(({ _id, count }) => [_id, count])),
      firings: firings[0]?.count ?? 0,
      channels: channels.map(({ _id, waiting, failed }) => ({ name: _id, waiting, failed })),
    }
  }
}

type Counted = { _id: string; count: number }
type ByChannel = { _id: string; waiting: number; failed: number }

const IS_ACTIVE = { $in: ['$phase', ['armed', 'pending'] satisfies Phase[]] }
const BY_PHASE = [
  {
    $group: {
      _id: { $cond: [{ $and: ['$paused', IS_ACTIVE] }, 'paused', '$phase'] },
      count: { $sum: 1 },
    },
  },
]

/** Each firing once, however many addresses it was told to. */
function firingsSince(since: number) {
  return [
    { $match: { createdAt: { $gte: since }, 'occurrence.kind': 'fired' } },
    { $group: { _id: '$occurrence.id' } },
    { $count: 'count' },
  ]
}

function byChannelSince(since: number) {
  const gaveUp: NotificationState = 'failed'
  const isNew = { $gte: ['$createdAt', since] }
  return [
    { $match: { $or: [{ open: true }, { state: gaveUp, createdAt: { $gte: since } }] } },
    {
      $group: {
        _id: '$channel',
        waiting: { $sum: { $cond: ['$open', 1, 0] } },
        failed: { $sum: { $cond: [{ $and: [{ $eq: ['$state', gaveUp] }, isNew] }, 1, 0] } },
      },
    },
    { $sort: { _id: 1 as const } },
  ]
}
