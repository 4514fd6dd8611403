import type { Db } from 'mongodb'

/** What a process did, as the server of the database noted it down. */
export type Deed = {
  readonly by: string
  readonly at: Date
  readonly collection: string
  /** The update as it was asked for, and how many documents it changed. */
  readonly filter: Readonly<Record<string, unknown>>
  readonly update: Readonly<Record<string, Readonly<Record<string, unknown>>>> & readonly unknown[]
  readonly changed: number
}

/** How many firings a process stored, and how many notifications it recorded as sent. */
export type Share = { readonly evaluated: number; readonly delivered: number }

/** The notes of the server. */
export type Deeds = {
  all(): Promise<Deed[]>
  /** The tokens under which a process has leased notifications. */
  leasesOf(name: string): Promise<string[]>
  /** What the clock says by which the server notes. */
  time(): Promise<Date>
  /** Of each process that stored or delivered anything. */
  shares(): Promise<Readonly<Record<string, Share>>>
}

type Profiled = {
  readonly appName?: string
  readonly ts: Date
  readonly ns: string
  readonly nModified?: number
  readonly command: { readonly q?: Deed['filter']; readonly u?: Deed['update'] }
}

/** Far more than a test writes, bytes. */
const ROOM = 64 * 1024 * 1024

/** Has the server note every update from now on (its profiler), with the `appName` of whose connection it came by. */
export async function watchDeeds(db: Db): Promise<Deeds> {
  await db.createCollection('system.profile', { capped: true, size: ROOM })
  await db.command({ profile: 2, filter: { op: 'update' } })
  const notedAs = async (which: Partial<Pick<Profiled, 'appName' | 'ns'>>): Promise<Deed[]> => {
    const noted = await db.collection<Profiled>('system.profile').find(which).sort({ ts: 1 }).toArray()
    return noted.map(({ appName = '', ts, ns, nModified = 0, command }) => ({
      by: appName,
      at: ts,
      collection: ns.slice(ns.indexOf('.') + 1),
      filter: command.q ?? {},
      update: command.u ?? ({} as Deed['update']),
      changed: nModified,
    }))
  }
  const all = () => notedAs({})
  return {
    all,
    async leasesOf(name) {
      const deeds = await notedAs({ appName: name, ns: `${db.databaseName}.notifications` })
      const leases = deeds.filter(({ changed }) => changed > 0)
      return leases.flatMap(({ update }) => {
        const { token } = setBy(update)
        return typeof token === 'string' ? [token] : []
      })
    },
    async time() {
      const { localTime } = await db.command({ hello: 1 })
      return localTime as Date
    },
    async shares() {
      const shares: Record<string, { evaluated: number; delivered: number }> = {}
      for (const deed of await all()) {
        const evaluated = deed.collection === 'alerts' && deed.update.$push !== undefined ? deed.changed : 0
        const isSent = deed.collection === 'notifications' && setBy(deed.update).state === 'sent'
        const delivered = isSent ? deed.changed : 0
        if (evaluated + delivered === 0) continue
        shares[deed.by] ??= { evaluated: 0, delivered: 0 }
        shares[deed.by]!.evaluated += evaluated
        shares[deed.by]!.delivered += delivered
      }
      return shares
    },
  }
}

/** What an update sets, be it a plain one or a pipeline of one stage. */
function setBy(update: Deed['update']): Readonly<Record<string, unknown>> {
  const { $set = {} } = Array.isArray(update) ? (update[0] ?? {}) : update
  return $set as Readonly<Record<string, unknown>>
}
