import mongoose, { type Connection } from 'mongoose'
import type { SegmentBudget } from '../channels/sms-ports.ts'
import { messageOf, UserError } from '../errors.ts'
import type { HoursKept } from '../market/exchange-hours.ts'
import type { SplitsKept } from '../market/shares.ts'
import { type Alerts, type Broken, createAlerts } from './alerts.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { type Budgets, createBudgets } from './budgets.ts'
import { type Candles, createCandles } from './candles.ts'
import { type Claim, createClaim } from './claim.ts'
import { type Confirmations, createConfirmations } from './confirmations.ts'
import { type Conversations, createConversations } from './conversations.ts'
import { createErased, type Erased, living } from './erased.ts'
import { createHoursKept } from './exchange-hours.ts'
import { createIdlePhones, type IdlePhones } from './idle-phones.ts'
import { createJoins, type Joins } from './joins.ts'
import { createLinks, type Links } from './links.ts'
import { createLongCommands, type KeptLongCommands } from './long-commands.ts'
import { createLosses, type Losses } from './losses.ts'
import { createLostPlaces, type LostPlaces } from './lost-places.ts'
import { createMessages, type Messages } from './messages.ts'
import { createNotifications, type Notifications } from './notifications.ts'
import { createOwnerships, type Ownerships } from './ownerships.ts'
import { createProgress, type Progress } from './progress.ts'
import { createQuotes, type Quotes } from './quotes.ts'
import { keepFor } from './retention.ts'
import { createFingerprint } from './salt.ts'
import { createSmsAnswers, type KeptAnswers } from './sms-answers.ts'
import { createSmsBudget } from './sms-budget.ts'
import { createSmsConsents, type KeptConsents } from './sms-consents.ts'
import { createSmsOffers, type KeptOffers } from './sms-offers.ts'
import { createSmsReads } from './sms-reads.ts'
import { createSplitsKept } from './splits.ts'
import { createStandings, type Standings } from './standings.ts'
import { type CountAll, createCountAll } from './statistics.ts'
import { createSymbols, type Symbols } from './symbols.ts'
import { createUsers, type Users } from './users.ts'

/** Everything the bot keeps, one entry per collection; `db` is for the job queue, which keeps its own collection. */
export type Store = {
  readonly alerts: Alerts
  /** Without those who had everything erased. */
  readonly users: Users
  readonly erased: Erased
  readonly quotes: Quotes
  readonly notifications: Notifications
  readonly messages: Messages
  /** What is known when a message comes. */
  readonly arrivals: Arrivals
  readonly progress: Progress
  readonly budgets: Omit<Budgets, 'prepare'>
  readonly standings: Standings
  readonly symbols: Symbols
  readonly losses: Losses
  readonly splits: SplitsKept
  readonly exchangeHours: HoursKept
  readonly candles: Candles
  readonly ownerships: Ownerships
  readonly longCommands: KeptLongCommands
  readonly smsOffers: KeptOffers
  readonly smsConsents: KeptConsents
  readonly smsAnswers: KeptAnswers
  readonly smsBudget: SegmentBudget
  readonly conversations: Conversations
  readonly confirmations: Confirmations
  readonly links: Links
  readonly attempts: Attempts
  readonly joins: Joins
  readonly claim: Claim
  readonly lostPlaces: LostPlaces
  readonly idlePhones: IdlePhones
  readonly countAll: CountAll
  readonly db: NonNullable<Connection['db']>
  /** For so many days what ended is kept: messages, and alerts that are over. */
  keepFor(days: number): Promise<void>
  /** Answers in a moment or throws: is the database there? */
  ping(): Promise<void>
  close(): Promise<void>
}

/** How long a single question may wait for the database before it fails, ms. */
const SELECTION_TIMEOUT = 8_000
const SOCKET_TIMEOUT = 30_000

/**
 * Connects and makes the indexes. `broken` hears of alerts that are stored but cannot be used.
 * Throws `UserError` when the database does not answer or refuses us; the message never shows the password.
 */
export async function connect(uri: string, broken: Broken = () => {}): Promise<Store> {
  mongoose.set('sanitizeFilter', true)
  mongoose.set('strictQuery', 'throw')
  const connection = mongoose.createConnection(uri, {
    serverSelectionTimeoutMS: SELECTION_TIMEOUT,
    socketTimeoutMS: SOCKET_TIMEOUT,
    autoIndex: false,
    bufferCommands: false,
    // What was acknowledged must survive the death of the server.
    writeConcern: { w: 'majority', journal: true },
    retryWrites: false,
  })
  try {
    await connection.asPromise()
  } catch (error) {
    await connection.close().catch(() => {})
    throw new UserError(`The database at ${withoutPassword(uri)} cannot be used: ${messageOf(error)}`, {
      suggestion: 'Check MONGODB_URI, or leave it empty: a database of our own is then started in DATA_DIR.',
    })
  }
  const db = connection.db
  if (!db) throw new Error('connected, but the driver gives no database')
  const fingerprint = createFingerprint(connection)
  const smsReads = createSmsReads(connection)
  const erased = createErased(connection)
  const users = living(createUsers(connection), erased)
  const joins = createJoins(connection)
  const lostPlaces = createLostPlaces(connection)
  const store = {
    alerts: createAlerts(connection, broken),
    users,
    erased,
    quotes: createQuotes(connection),
    notifications: createNotifications(connection),
    messages: createMessages(connection),
    arrivals: createArrivals(connection),
    progress: createProgress(connection),
    budgets: createBudgets(connection),
    standings: createStandings(connection),
    symbols: createSymbols(connection),
    losses: createLosses(connection),
    splits: createSplitsKept(connection),
    exchangeHours: createHoursKept(connection),
    candles: createCandles(connection),
    ownerships: createOwnerships(connection),
    longCommands: createLongCommands(connection),
    smsOffers: createSmsOffers(connection, Date.now, smsReads),
    smsConsents: createSmsConsents(connection, fingerprint, smsReads),
    smsAnswers: createSmsAnswers(connection, fingerprint, Date.now, smsReads),
    smsBudget: createSmsBudget(connection, fingerprint),
    conversations: createConversations(connection),
    confirmations: createConfirmations(connection),
    links: createLinks(connection, fingerprint),
    attempts: createAttempts(connection, fingerprint),
    joins,
    claim: createClaim({ users, joins, lostPlaces }),
    lostPlaces,
    idlePhones: createIdlePhones(connection),
    countAll: createCountAll(connection),
  }
  await Promise.all([
    ...Object.values(connection.models).map((model) => model.createIndexes()),
    store.budgets.prepare(),
  ])
  return {
    ...store,
    db,
    keepFor: (days) => keepFor(connection, days),
    ping: async () => void (await db.command({ ping: 1 }, { timeoutMS: 2_000 })),
    close: () => connection.close(),
  }
}

/** A MongoDB address fit for a message: user and password left out, also a password that should have been escaped. */
export function withoutPassword(uri: string): string {
  return uri.replace(/\/\/.*@/, '//')
}
