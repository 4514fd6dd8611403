import { type Connection, mongo } from 'mongoose'

const DAY_SECONDS = 86_400

/** What is kept for the time of retention: since when, and which documents of before that was noted have ended already. */
const KEPT = [
  { collection: 'notifications', since: 'endedAt', ended: { open: false } },
  { collection: 'alerts', since: 'closedAt', ended: { phase: { $in: ['done', 'expired', 'deleted'] } } },
] as const

/** Another index on the same field has other options, or the same name. */
const CONFLICTS: readonly unknown[] = [85, 86]

/**
 * Has the database itself forget what ended so many days ago: messages that were sent or given up, and alerts that are done,
 * expired or deleted. Other days than before take effect at once, also for what is there already.
 */
export async function keepFor(connection: Connection, days: number): Promise<void> {
  for (const kept of KEPT) await keepOne(connection, kept, days * DAY_SECONDS)
}

async function keepOne(
  connection: Connection,
  { collection: name, since, ended }: (typeof KEPT)[number],
  expireAfterSeconds: number,
): Promise<void> {
  const collection = connection.collection(name)
  const isNew = !(await collection.indexes()).some(({ key }) => since in key)
  // What ended before its time was noted is counted from now on; noted first, so that a death in between leaves none out.
  if (isNew) await collection.updateMany({ ...ended, [since]: null }, { $currentDate: { [since]: true } })
  try {
    await collection.createIndex({ [since]: 1 }, { expireAfterSeconds })
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || !CONFLICTS.includes(error.code)) throw error
    await connection.db?.command({ collMod: name, index: { keyPattern: { [since]: 1 }, expireAfterSeconds } })
  }
}
