import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { Alert } from '../../src/alert/types.ts'
import type { Handler, Message } from '../../src/channels/channel.ts'
import type { Command } from '../../src/commands/command.ts'
import { createDispatch, type DispatchPorts } from '../../src/commands/dispatch.ts'
import { commands } from '../../src/commands/index.ts'
import { createPeople, type Reach } from '../../src/commands/people.ts'
import { createArchive } from '../../src/market/archive.ts'
import { bucketStart, nextBucket } from '../../src/market/candles.ts'
import { createChain } from '../../src/market/chain.ts'
import { createDays } from '../../src/market/days.ts'
import { createDesk } from '../../src/market/desk.ts'
import { createSieve } from '../../src/market/held-back.ts'
import { createHistory } from '../../src/market/history.ts'
import {
  type Candle,
  type Interval,
  type Listing,
  type Provider,
  ProviderError,
  type Quote,
  type Unknown,
} from '../../src/market/provider.ts'
import { resolve } from '../../src/market/resolve.ts'
import { calendar } from '../../src/market/sessions.ts'
import { plain, type Reply } from '../../src/reply.ts'
import type { Store } from '../../src/store/connect.ts'
import { createPersonal } from '../../src/store/personal.ts'

/** Monday 23 November 2026, 15:04:07 UTC; 10:04 in New York, so that its exchanges are open. */
export const MONDAY = Date.UTC(2026, 10, 23, 15, 4, 7)
/** The Saturday before: stocks and currencies rest. */
export const SATURDAY = MONDAY - 2 * 24 * 3_600_000

/** What the market of a talk says; to be changed as the test goes on. */
export type Figures = {
  /** Symbol → price, in USD; what is not in it does not exist. */
  readonly prices: Map<string, string>
  /** What a search finds, whatever is searched. */
  listings: readonly Listing[]
  /** Symbol → what is told of it beside its price. */
  readonly names: Map<string, Listing>
  /** The close of the day before, for `change` and the like. */
  previousClose: string
  /** How late prices are, ms; left out where they are not. */
  delay?: number
  /** True: every question fails. */
  isDown: boolean
  /** How often each symbol is looked at, ms. */
  every: number
}

/** One conversation with the whole command layer, on a real store and a market whose figures are given. */
export type Talk = {
  readonly figures: Figures
  /** The clock, ms; moved by the test. */
  now: number
  /** What the log heard. */
  readonly logged: readonly Record<string, unknown>[]
  /** Says something from an address and gives the answer: its words, then its buttons as `[label: command]`. */
  says(text: string, from?: string): Promise<string>
  /** Says something with more to it, such as who says it in a group; gives the whole reply. */
  hears(text: string, given?: Partial<Message>): Promise<Reply>
  /** The same message, by the platform's id, perhaps not for the first time. */
  sends(id: string, text: string, from?: string): Promise<string>
  /** What is stored of the alerts of whoever writes from an address. */
  alerts(from?: string): Promise<Alert[]>
  readonly handle: Handler
}

/** What can be given to a talk: more commands, other numbers of what a person may have, who may talk at all, and more. */
export type TalkOptions = {
  readonly commands?: readonly Command[]
  readonly maxAlerts?: number
  readonly access?: Partial<DispatchPorts['access']>
  readonly limits?: Partial<DispatchPorts['limits']>
  /** In place of what `logged` hears. */
  readonly log?: DispatchPorts['log']
  /** What can be sent on, and the e-mail addresses that Amazon keeps. */
  readonly channels?: Reach['channels']
  readonly emails?: Reach['emails']
  /** Makes codes. */
  readonly random?: Reach['random']
}

let talks = 0

/** Begins a conversation; the addresses of one talk are not those of another. */
export function startTalk(store: Store, options: TalkOptions = {}): Talk {
  const figures: Figures = {
    prices: new Map([
      ['stock:AAPL', '333.69'],
      ['stock:MSFT', '480.00'],
      ['crypto:BTC/USD', '97410.50'],
      ['fx:EUR/USD', '1.0812'],
    ]),
    listings: [],
    names: new Map(),
    previousClose: '327.47',
    isDown: false,
    every: 10_000,
  }
  const logged: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const talk = { figures, logged, now: MONDAY }
  const providers = [providerOf(talk)]
  const given = { providersFor: () => providers, now: () => talk.now }
  const chain = createChain(given)
  const ports = { ...given, chain }
  const hours = calendar({ alwaysOpen: false })
  const days = createDays({ ...ports, calendar: hours, failed: () => {} })
  const handle = createDispatch({
    services: {
      alerts: store.alerts,
      users: store.users,
      notifications: store.notifications,
      conversations: store.conversations,
      person: createPersonal(store, { failed: () => {} }),
      people: createPeople(store, {
        ...{ channels: options.channels ?? [], emails: options.emails, countries: ['US', 'CA'] },
        random: options.random ?? randomBytes,
      }),
      countAll: store.countAll,
      channels: () => [{ name: 'double', ok: true, says: 'listens' }],
      desk: createDesk({
        ...ports,
        sift: createSieve({ ...ports, calendar: hours, isMade: false, doubted: () => {} }).sift,
        kept: async () => new Map(),
        keep: async () => {},
        days,
      }),
      history: createHistory({ ...ports, calendar: hours, failed: () => {}, isInstant: false }),
      archive: createArchive({ ...ports, calendar: hours }),
      apart: 60_000,
      sources: {
        order: () => ['desk'],
        usual: 10_000,
        every: async () => figures.every,
        standings: chain.standings,
      },
      resolve: (written) => resolve(written, ports),
      sessionAt: hours.sessionAt,
      heldBack: store.quotes.heldBack,
      losses: store.losses.read,
      now: ports.now,
      lastCheck: async () => talk.now - 4_000,
      zone: 'UTC',
      grace: 300_000,
      escalateAfter: 300_000,
      maxAlerts: options.maxAlerts ?? 200,
    },
    messages: store.messages,
    arrivals: store.arrivals,
    commands: options.commands ?? commands,
    access: { allowed: [], operators: [], ...options.access },
    limits: { perMinute: 10_000, backtestsPerHour: 10_000, ...options.limits },
    realNow: ports.now,
    reference: () => '8f3a',
    log: options.log ?? pino({ level: 'info' }, stream),
  })
  const number = ++talks
  let messages = 0
  const addressOf = (from: string) => `${from}-${number}`
  const sends = async (id: string, text: string, from = 'anna') => {
    const reply = await handle({ channel: 'double', address: addressOf(from), id: `${number}/${id}`, text })
    const buttons = reply.buttons.map(({ label, command }) => `[${label}: ${command}]`).join(' ')
    return buttons === '' ? plain(reply) : `${plain(reply)}\n${buttons}`
  }
  return Object.assign(talk, {
    handle,
    sends,
    hears: (text: string, given: Partial<Message> = {}) =>
      handle({
        channel: 'double',
        id: `${number}/h${++messages}`,
        text,
        ...given,
        address: addressOf(given.address ?? 'anna'),
      }),
    says: (text: string, from?: string) => sends(`m${++messages}`, text, from),
    alerts: async (from = 'anna') =>
      await store.alerts.ofUser((await store.users.ofAddress('double', addressOf(from), MONDAY)).id),
  })
}

const HOURS = calendar({ alwaysOpen: false })

/** Nobody trades at night and on Sundays; at noon every exchange does. */
function isTraded(symbol: string, interval: Interval, at: number): boolean {
  if (interval === '1w') return true
  return HOURS.isOpen(symbol, interval === '1d' ? at + 43_200_000 : at)
}

function providerOf(talk: { readonly figures: Figures; now: number }): Provider {
  const { figures } = talk
  const quoteOf = (symbol: string): Quote | Unknown => {
    const price = figures.prices.get(symbol)
    if (price === undefined) return { symbol, unknown: 'desk knows no such symbol', gone: true }
    const late = figures.delay === undefined ? {} : { delay: figures.delay }
    return { symbol, price, currency: 'USD', source: 'desk', receivedAt: talk.now, asOf: talk.now - 12_000, ...late }
  }
  const candle = (symbol: string, start: number): Candle => {
    const { previousClose: before, prices } = figures
    const close = start < bucketStart(symbol, '1d', talk.now) ? before : (prices.get(symbol) ?? before)
    return { start, open: before, high: close, low: close, close, volume: '1000' }
  }
  return {
    name: 'desk',
    classes: ['stock', 'crypto', 'fx'],
    batch: 100,
    pace: 0,
    quotes: async (symbols) => {
      if (figures.isDown) throw new ProviderError('desk', 'does not answer')
      return new Map(symbols.map((symbol) => [symbol, quoteOf(symbol)]))
    },
    candles: async (symbol, interval, from, to) => {
      const rows: Candle[] = []
      const end = Math.min(to, talk.now)
      for (let at = nextBucket(symbol, interval, from - 1); at < end; at = nextBucket(symbol, interval, at))
        if (isTraded(symbol, interval, at)) rows.push(candle(symbol, at))
      return rows
    },
    search: async () => [...figures.listings],
    listing: (symbol) => figures.names.get(symbol),
  }
}
