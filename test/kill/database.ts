import { randomUUID } from 'node:crypto'
import { type Db, MongoClient } from 'mongodb'
import { DAY_ENDS } from './day.ts'

/** A database for one kill, looked into by the test. */
export type Copy = {
  readonly uri: string
  /** What is to come: the rest of the day, and each firing that waits to be told, with what was done about it. */
  owed(): Promise<string[]>
  /** Which of these told firings are not recorded as sent. */
  unrecorded(told: readonly string[]): Promise<string[]>
  drop(): Promise<void>
}

/** Stands in `owed` as long as the day goes on. */
export const THE_DAY = 'the rest of the day'

const COPIED = ['alerts', 'users', 'quotes', 'progress', 'messages']

/** A copy of a database, all but the job queue, under another name on the same server. */
export async function copyDatabase(from: string): Promise<Copy> {
  const uri = new URL(from)
  uri.pathname = `/test-${randomUUID()}`
  const client = await MongoClient.connect(uri.href)
  const [source, db] = [client.db(new URL(from).pathname.slice(1)), client.db()]
  for (const name of COPIED) {
    const documents = await source.collection(name).find().toArray()
    if (documents.length > 0) await db.collection(name).insertMany(documents)
  }
  return {
    uri: uri.href,
    owed: () => owedIn(db),
    async unrecorded(told) {
      const sending = await db.collection<Kept>('notifications').find({ state: 'sending' }).toArray()
      return sending.map(firingOf).filter((firing) => told.includes(firing))
    },
    async drop() {
      await db.dropDatabase()
      await client.close()
    },
  }
}

async function owedIn(db: Db): Promise<string[]> {
  const played = await db.collection<{ _id: string; at: number }>('progress').findOne({ _id: 'replay' })
  if (!played || played.at < DAY_ENDS) return [THE_DAY]
  const alerts = await db
    .collection('alerts')
    .find({ 'unsent.0': { $exists: true } })
    .toArray()
  const open = await db.collection('notifications').find({ open: true }).toArray()
  return [
    ...alerts.map(({ number, unsent }) => `${number}: ${unsent.length}`),
    ...open.map(({ _id, state, tries }) => `${_id} ${state} ${tries}`),
  ]
}

type Kept = {
  alert: { number: number }
  occurrence: { triggers: string[]; evidence: { symbol: string; value: string }[] }
}

/** A kept notification as the double's log has it. */
function firingOf({ alert, occurrence }: Kept): string {
  const evidence = occurrence.evidence.map(({ symbol, value }) => `${symbol.replace(/^\w+:/, '')} ${value}`)
  return `${alert.number} | ${occurrence.triggers.join(', and ')} | ${evidence.join(', ')}`
}
