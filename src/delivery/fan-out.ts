import type { Alert, Occurrence } from '../alert/types.ts'
import type { User } from '../users/types.ts'
import { type OutagePorts, outagesOf } from './outages.ts'
import { plan } from './plan.ts'
import type { Notification } from './types.ts'

/** What fan-out needs of the database, and the time zone of those who have not told theirs. */
export type FanOutPorts = OutagePorts & {
  unsent(): Promise<Alert[]>
  users(ids: readonly string[]): Promise<Map<string, User>>
  add(notifications: readonly Notification[]): Promise<void>
  settle(settled: readonly { alert: string; occurrences: readonly string[] }[]): Promise<void>
  readonly zone: string
  /** The clock of evaluation is the real one; left out where it is not. */
  readonly isReal?: boolean
  /** How long (ms) the word of an outage waits for that of other alerts of the same person. */
  readonly gather: number
  /** After how long (ms) what is urgent and not acknowledged is told elsewhere; left out where nothing is. */
  readonly escalateAfter?: number
}

/**
 * Turns stored occurrences into notifications, and only then takes them off their alerts: a death in between leaves them
 * to be planned again under the same ids. Gives the channels that have something to send now. `now`: real clock, ms.
 */
export async function fanOut(ports: FanOutPorts, now: number): Promise<ReadonlySet<string>> {
  const alerts = await ports.unsent()
  if (alerts.length === 0) return new Set()
  const users = await ports.users([...new Set(alerts.map(({ user }) => user))])
  const outages = await outagesOf(alerts, ports)
  const { zone, gather, isReal = false, escalateAfter } = ports
  const planning = {
    ...{ zone, gather, isReal, now },
    ...(escalateAfter === undefined ? {} : { escalateAfter }),
    outageOf: ({ id }: Occurrence) => outages.get(id),
  }
  const notifications = alerts.flatMap((alert) => plan(alert, users.get(alert.user), planning))
  await ports.add(notifications)
  await ports.settle(
    alerts.map(({ id, unsent }) => ({ alert: id, occurrences: unsent.map((occurrence) => occurrence.id) })),
  )
  return new Set(notifications.filter(({ held }) => !held).map(({ channel }) => channel))
}
