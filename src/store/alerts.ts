import { randomUUID } from 'node:crypto'
import { type Connection, type QueryFilter, Schema, trusted } from 'mongoose'
import type { Alert, Change, Occurrence, Phase, Tombstone } from '../alert/types.ts'
import { whyBroken } from './broken.ts'
import { type Cursor, cursorOfNow, moveOn, NOT_AHEAD, writtenSince } from './cursor.ts'
import { insertOnce } from './duplicate.ts'
import { gather } from './gather.ts'
import { type SlotRange, slotOf } from './slots.ts'

type Binding = { written: string; symbol: string }

/** An alert as MongoDB keeps it: bindings as a list (a ticker may hold a dot), and what finding and racing need. */
export type AlertDocument = Omit<Alert, 'id' | 'bindings' | 'unsent' | 'deleted'> & {
  _id: string
  /** Null of one that is not deleted; left out of those of before it was kept. */
  deleted?: Tombstone | null
  bindings: Binding[]
  unsent: Occurrence[]
  slot: number
  /** Armed or pending, and not paused: what is watched. */
  live: boolean
  /** Who wrote the last revision: tells the winner of a race from the loser. */
  writer: string
  /** Since when it is done, expired or deleted; after the time of retention it goes. */
  closedAt?: Date | null
  /** The database's clock. */
  updatedAt: Date
  schema: number
}

const { Mixed } = Schema.Types
const mixed = { type: Mixed, required: true }
const moment = { type: Number, default: null }
const alertSchema = new Schema<AlertDocument>(
  {
    _id: { type: String, required: true },
    user: { type: String, required: true },
    number: { type: Number, required: true },
    revision: { type: Number, required: true },
    typed: { type: String, required: true },
    text: { type: String, required: true },
    condition: mixed,
    options: mixed,
    until: moment,
    bindings: mixed,
    symbols: { type: [String], required: true },
    daySymbols: { type: [String], required: true },
    needs: { type: Mixed, default: [] },
    zone: { type: String, default: 'UTC' },
    subscription: { type: String, required: true },
    maker: { type: Mixed },
    createdAt: { type: Number, required: true },
    phase: { type: String, required: true },
    paused: { type: Boolean, required: true },
    snoozedUntil: moment,
    cooldownUntil: moment,
    blindSince: moment,
    blindTold: { type: Boolean, required: true },
    triggers: mixed,
    clock: { type: Mixed, default: null },
    knownAt: moment,
    seenAt: { type: Number },
    lookedAt: { type: Number },
    splits: { type: Mixed },
    lost: { type: Mixed },
    firedAt: moment,
    firings: { type: Number, required: true },
    unsent: mixed,
    changedBy: { type: String },
    deleted: { type: Mixed, default: null },
    slot: { type: Number, required: true },
    live: { type: Boolean, required: true },
    writer: { type: String, required: true },
    closedAt: { type: Date },
    updatedAt: { type: Date },
    schema: { type: Number, default: 2 },
  },
  { versionKey: false, id: false, collection: 'alerts', minimize: false },
)
alertSchema.index({ user: 1, number: 1 }, { unique: true })
alertSchema.index({ slot: 1, updatedAt: 1 })
alertSchema.index({ updatedAt: 1 })
alertSchema.index({ live: 1, slot: 1 }, { partialFilterExpression: { live: true } })
alertSchema.index({ slot: 1, _id: 1 }, { name: 'unsent', partialFilterExpression: { 'unsent.0': { $exists: true } } })

/** A new alert, without what the store gives it. */
export type NewAlert = Omit<Alert, 'number' | 'revision' | 'unsent'>

/** What a person's wish makes of an alert. */
export type Changed = { readonly alert: Alert; readonly occurrences: readonly Occurrence[] }

/** The alerts. Nothing here reads or changes one user's alerts for another: a command's calls all take the user. */
export type Alerts = {
  /**
   * Keeps a new alert under the user's next number. Where one with the same id is there already, that one is given back,
   * and a number is left out.
   */
  create(alert: NewAlert, nextNumber: () => Promise<number>): Promise<Alert>
  byNumber(user: string, number: number): Promise<Alert | null>
  /** Every alert of a user that is not deleted, by number; only those on a symbol where one is given. */
  ofUser(user: string, symbol?: string): Promise<Alert[]>
  countLive(user: string): Promise<number>
  /**
   * Changes one alert by a pure function, again if somebody else changed it meanwhile; null when there is none.
   * What `apply` throws comes out. Occurrences it gives are stored in the same write. `known`: as it was found just now.
   */
  change(user: string, number: number, apply: (alert: Alert) => Changed, known?: Alert): Promise<Alert | null>
  /**
   * Changes alerts of a user, deleted ones among them, each by a pure function: all in one write, and again those that
   * somebody else changed meanwhile. One for which `apply` gives what it was given stays as it is. Gives the changed
   * ones. What `apply` throws comes out, and may leave some changed.
   */
  changeAll(user: string, ids: readonly string[], apply: (alert: Alert) => Alert): Promise<Alert[]>
  /** The alerts of a user that were deleted at `since` (ms, real clock) or later, the last one first. */
  deletedOf(user: string, since: number): Promise<Alert[]>
  /** Every alert of a range that is watched: armed or pending, and not paused. The cursor is of before they were read. */
  live(range: SlotRange): Promise<{ alerts: Alert[]; cursor: Cursor }>
  /** The revisions of the alerts of a range that were changed since the cursor and a little before, of any phase. */
  changedSince(range: SlotRange, cursor: Cursor): Promise<{ revisions: Map<string, number>; cursor: Cursor }>
  /** The revision of every alert of a range that is watched. */
  revisions(range: SlotRange): Promise<Map<string, number>>
  byIds(ids: readonly string[]): Promise<Alert[]>
  /** All alerts of one user, of any phase, become another's under new numbers, told at a subscription of theirs. */
  adopt(from: string, to: { user: string; subscription: string }, nextNumber: () => Promise<number>): Promise<void>
  /** Every alert of a user, of any phase, by number. */
  everyOf(user: string): Promise<Alert[]>
  /** What these users typed for their alerts, each once. */
  typedBy(users: readonly string[]): Promise<string[]>
  /** Removes every alert of these users. Who watches one finds nothing to change any more. */
  erase(users: readonly string[]): Promise<void>
  /** In groups, takes the names of these people off what they made. */
  forgetMakers(ids: readonly string[]): Promise<void>
  /** Every alert on a symbol that is armed or pending, also those that are paused. */
  onSymbol(symbol: string): Promise<Alert[]>
  /** Stores stepped alerts, each only if it still is at the revision it was stepped from. Gives the ids that were not. */
  store(changes: readonly Change[], writer: string): Promise<string[]>
  /** Alerts of a range, of any phase, that still owe somebody a word. */
  unsent(range: SlotRange): Promise<Alert[]>
  /** Takes occurrences that have become notifications off their alert. */
  settle(settled: readonly { alert: string; occurrences: readonly string[] }[]): Promise<void>
  /** The distinct symbols of all alerts that are watched, and those of which a figure of the day is looked at. */
  symbols(): Promise<{ symbols: string[]; daySymbols: string[] }>
  /** The time of the last change to any alert; null when there is none. */
  lastChange(): Promise<Date | null>
}

const isLive = ({ phase, paused }: Alert) => (phase === 'armed' || phase === 'pending') && !paused
const isClosed = ({ phase }: Alert) => phase === 'done' || phase === 'expired' || phase === 'deleted'
/** Enough for every process and person that could be changing one alert at the same moment. */
const TRIES = 20

/** Alerts of one user that are not deleted; only the one of this number, only those on this symbol. */
type Wanted = { readonly user: string; readonly number?: number; readonly symbols?: string }

function isWanted(alert: Alert, { user, number, symbols }: Wanted): boolean {
  if (alert.user !== user || (number !== undefined && alert.number !== number)) return false
  return symbols === undefined || alert.symbols.includes(symbols)
}

type AlertModel = ReturnType<typeof modelOn>
const modelOn = (connection: Connection) => connection.model('alert', alertSchema)

/** So many come with the first answer; of its own accord the database gives 101, and has to be asked again. */
const BATCH = 1_000

/** Hears of a document of an alert that cannot be used and is left out; each id once. */
export type Broken = (alert: string, why: string) => void

/** The `alerts` collection on a connection. */
export function createAlerts(
  connection: Connection,
  broken: Broken,
  monotonic: () => number = () => performance.now(),
): Alerts {
  const model = modelOn(connection)
  const isSound = soundness(broken)
  const find = async (filter: QueryFilter<AlertDocument>) =>
    (await model.find(filter).batchSize(BATCH).lean()).filter(isSound).map(alertFrom)
  // Asked with nearly every message.
  const ofPeople = gather(async (asked: readonly Wanted[]) => {
    const exactly = (one: Wanted) => Object.fromEntries(Object.entries(one).map(([name, $eq]) => [name, { $eq }]))
    const filter = { $or: asked.map(exactly), phase: { $ne: 'deleted' } }
    const documents = (await model.collection
      .find(filter as never, { batchSize: BATCH })
      .toArray()) as unknown as AlertDocument[]
    const alerts = documents.filter(isSound).map(alertFrom)
    alerts.sort((a, b) => a.number - b.number)
    return (one) => alerts.filter((alert) => isWanted(alert, one))
  })
  const countLive = gather(async (users: readonly string[]) => {
    const ofThese = { user: { $in: [...users] }, live: true }
    const each = { $group: { _id: '$user', count: { $sum: 1 } } }
    const counted = await model.collection.aggregate([{ $match: ofThese }, each]).toArray()
    const counts = new Map(counted.map(({ _id, count }) => [String(_id), Number(count)]))
    return (user) => counts.get(user) ?? 0
  })
  const inRange = ({ from, to }: SlotRange) => ({ slot: trusted({ $gte: from, $lt: to }) })
  return {
    create: (alert, nextNumber) => create(model, alert, nextNumber),
    byNumber: async (user, number) => (await ofPeople({ user, number }))[0] ?? null,
    ofUser: async (user, symbol) => await ofPeople({ user, ...(symbol === undefined ? {} : { symbols: symbol }) }),
    countLive,
    change: (user, number, apply, known) => change(model, ofPeople, { user, number, apply, known }),
    changeAll: (user, ids, apply) => changeAll(model, isSound, { user, ids, apply }),
    async deletedOf(user, since) {
      const filter = { user, phase: 'deleted' as Phase, 'deleted.at': trusted({ $gte: since }) }
      const documents = await model
        .find(filter as QueryFilter<AlertDocument>)
        .sort({ 'deleted.at': -1, updatedAt: -1 })
        .lean()
      return documents.filter(isSound).map(alertFrom)
    },
    async live(range) {
      const cursor = await cursorOfNow(connection, monotonic)
      const documents = await model.find({ live: true, ...inRange(range) }).lean()
      return { alerts: documents.filter(isSound).map(alertFrom), cursor }
    },
    async changedSince(range, cursor) {
      const readAt = monotonic()
      const filter = { ...inRange(range), ...writtenSince(cursor) }
      const documents = await model.find(filter, { revision: 1, updatedAt: 1 }).lean()
      const read = { readAt, seenAt: monotonic() }
      return { revisions: revisionsOf(documents), cursor: moveOn(cursor, documents, read) }
    },
    async revisions(range) {
      const documents = await model.find({ live: true, ...inRange(range) }, { revision: 1 }).lean()
      return revisionsOf(documents)
    },
    byIds: (ids) => find({ _id: trusted({ $in: [...ids] }) }),
    async adopt(from, { user, subscription }, nextNumber) {
      const theirs = await model.find({ user: from }, { _id: 1 }).sort({ number: 1 }).lean()
      for (const { _id } of theirs) {
        const fields = { user, subscription, number: await nextNumber(), writer: 'adopt' }
        await model.updateOne(
          { _id, user: from },
          { $set: fields, $inc: { revision: 1 }, $currentDate: { updatedAt: true } },
        )
      }
    },
    everyOf: async (user) => (await find({ user })).sort((a, b) => a.number - b.number),
    typedBy: (users) => model.distinct('typed', { user: trusted({ $in: [...users] }) }),
    async erase(users) {
      await model.deleteMany({ user: trusted({ $in: [...users] }) })
    },
    async forgetMakers(ids) {
      await model.updateMany({ 'maker.id': trusted({ $in: [...ids] }) } as QueryFilter<AlertDocument>, {
        $unset: { maker: 1 },
        $set: { writer: 'forget' },
        $inc: { revision: 1 },
        $currentDate: { updatedAt: true },
      })
    },
    onSymbol: (symbol) => find({ symbols: symbol, phase: trusted({ $in: ['armed', 'pending'] as Phase[] }) }),
    store: (changes, writer) => writeAll(model, changes, writer, (one) => stateUpdate(one, writer)),
    unsent: (range) => find({ ...inRange(range), 'unsent.0': trusted({ $exists: true }) }),
    async settle(settled) {
      if (settled.length === 0) return
      const updates = settled.map(({ alert, occurrences }) => ({
        updateOne: {
          filter: { _id: alert as never },
          update: { $pull: { unsent: { id: { $in: [...occurrences] } } } },
        },
      }))
      await model.collection.bulkWrite(updates as never, { ordered: false })
    },
    async symbols() {
      const [symbols, daySymbols] = await Promise.all([
        model.distinct('symbols', { live: true }),
        model.distinct('daySymbols', { live: true }),
      ])
      return { symbols, daySymbols }
    },
    async lastChange() {
      const filter = { $expr: trusted(NOT_AHEAD) }
      const document = await model.findOne(filter, { updatedAt: 1 }).sort({ updatedAt: -1 }).lean()
      return document?.updatedAt ?? null
    },
  }
}

function soundness(broken: Broken): (document: AlertDocument) => boolean {
  const told = new Set<string>()
  return (document) => {
    const why = whyBroken(document)
    if (why !== undefined && !told.has(document._id)) broken(document._id, why)
    if (why !== undefined) told.add(document._id)
    return why === undefined
  }
}

function revisionsOf(documents: readonly { _id: string; revision: number }[]): Map<string, number> {
  return new Map(documents.map(({ _id, revision }) => [_id, revision]))
}

/** An alert passes through the driver alone: a model's casts take longer than all the rest. */
const AS_WRITTEN = { upsert: true, returnDocument: 'after', ignoreUndefined: true } as const

async function create(model: AlertModel, alert: NewAlert, nextNumber: () => Promise<number>): Promise<Alert> {
  const { _id, ...rest } = documentOf({ ...alert, number: await nextNumber(), revision: 1, unsent: [] })
  const fields = { ...rest, unsent: [], slot: slotOf(_id), writer: 'create', schema: 2 }
  const written = { $setOnInsert: fields, $currentDate: { updatedAt: true as const } }
  const stored: { made?: AlertDocument | null } = {}
  await insertOnce(async () => {
    const made = await model.collection.findOneAndUpdate({ _id: _id as never }, written as never, AS_WRITTEN)
    stored.made = made as unknown as AlertDocument | null
  })
  const made = stored.made ?? (await model.findById(_id).lean())
  if (!made) throw new Error(`alert ${alert.id} was made and is not there`)
  return alertFrom(made)
}

type ChangeRequest = { user: string; number: number; apply: (alert: Alert) => Changed; known: Alert | undefined }

async function change(
  model: AlertModel,
  ofPeople: (wanted: Wanted) => Promise<Alert[]>,
  { user, number, apply, known }: ChangeRequest,
): Promise<Alert | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const [before] = tries === 0 && known ? [known] : await ofPeople({ user, number })
    if (!before) return null
    const changed = apply(before)
    if (changed.alert === before && changed.occurrences.length === 0) return before
    const alert = { ...changed.alert, revision: before.revision + 1 }
    const update = wholeUpdate({ from: before.revision, alert, occurrences: changed.occurrences }, 'command')
    const at = { _id: before.id as never, revision: before.revision }
    const result = await model.collection.updateOne(at, update as never, { ignoreUndefined: true })
    if (result.matchedCount === 1) return alert
  }
  throw new Error(`alert ${number} of user ${user} kept changing for ${TRIES} tries`)
}

type ChangeAllRequest = { user: string; ids: readonly string[]; apply: (alert: Alert) => Alert }

async function changeAll(
  model: AlertModel,
  isSound: (document: AlertDocument) => boolean,
  { user, ids, apply }: ChangeAllRequest,
): Promise<Alert[]> {
  const changed = new Map<string, Alert>()
  let open = ids
  for (let tries = 0; tries < TRIES && open.length > 0; tries++) {
    const documents = await model.find({ _id: trusted({ $in: [...open] }), user }).lean()
    const changes = documents
      .filter(isSound)
      .map(alertFrom)
      .map((before) => ({ before, after: apply(before) }))
      .filter(({ before, after }) => after !== before)
      .map(({ before, after }) => ({ from: before.revision, alert: { ...after, revision: before.revision + 1 } }))
    const writer = `command ${randomUUID()}`
    open = await writeAll(model, changes, writer, (one) => wholeUpdate({ ...one, occurrences: [] }, writer))
    for (const { alert } of changes) changed.set(alert.id, alert)
  }
  if (open.length > 0) throw new Error(`alerts ${open.join(', ')} of user ${user} kept changing for ${TRIES} tries`)
  return [...changed.values()]
}

/** Writes each change that still is at the revision it was made from, in one go. Gives the ids of those that are not. */
async function writeAll<T extends { readonly from: number; readonly alert: Alert }>(
  model: AlertModel,
  changes: readonly T[],
  writer: string,
  updateFrom: (change: T) => object,
): Promise<string[]> {
  if (changes.length === 0) return []
  const updates = changes.map((change) => ({
    updateOne: { filter: { _id: change.alert.id as never, revision: change.from }, update: updateFrom(change) },
  }))
  const result = await model.collection.bulkWrite(updates as never, { ordered: false })
  if (result.matchedCount === changes.length) return []
  const ids = changes.map(({ alert }) => alert.id)
  const won = await model.find({ _id: trusted({ $in: ids }), writer }, { _id: 1 }).lean()
  const winners = new Set(won.map((document) => document._id))
  return ids.filter((id) => !winners.has(id))
}

/** Everything but identity and `unsent`, which only grows here: a change must never take away a firing it has not seen. */
function wholeUpdate(change: Change, writer: string) {
  const { _id, number, user, createdAt, ...fields } = documentOf(change.alert)
  return updateOf(fields, change, writer)
}

/** What watching an alert changes of it: its state, not what a person asked for. */
function stateUpdate(change: Change, writer: string) {
  const { typed, text, condition, options, until, bindings, symbols, daySymbols, needs, zone, ...state } = change.alert
  const { id, user, number, subscription, maker, createdAt, unsent, deleted, ...fields } = state
  return updateOf({ ...fields, live: isLive(change.alert) }, change, writer)
}

function updateOf(fields: object, { alert, occurrences }: Change, writer: string) {
  return {
    $set: { ...fields, writer, closedAt: isClosed(alert) ? new Date() : null },
    $currentDate: { updatedAt: true as const },
    ...(occurrences.length > 0 ? { $push: { unsent: { $each: [...occurrences] } } } : {}),
  }
}

function documentOf(alert: Alert) {
  const { id, bindings, unsent: _, ...rest } = alert
  return {
    _id: id,
    ...rest,
    deleted: alert.deleted ?? null,
    live: isLive(alert),
    bindings: Object.entries(bindings).map(([written, symbol]) => ({ written, symbol })),
  }
}

/** What a document has beside the alert, or in another form. */
const OF_DOCUMENT: ReadonlySet<string> = new Set([
  ...['_id', 'bindings', 'slot', 'live', 'writer', 'closedAt', 'updatedAt', 'schema', 'deleted'],
])

function alertFrom(document: AlertDocument): Alert {
  // Field by field: taking the rest of so wide a document is ten times the work, and a list takes it of each alert.
  const fields: Record<string, unknown> = { id: document._id }
  for (const name in document) if (!OF_DOCUMENT.has(name)) fields[name] = document[name as keyof AlertDocument]
  // Alerts of the first schema had neither.
  fields.needs = document.needs ?? []
  fields.zone = document.zone ?? 'UTC'
  fields.bindings = Object.fromEntries(document.bindings.map(({ written, symbol }) => [written, symbol]))
  if (document.deleted) fields.deleted = document.deleted
  return fields as unknown as Alert
}
