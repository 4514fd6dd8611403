import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { type Channel, type Clock, realClock } from '../../src/channels/channel.ts'
import { createDiscord } from '../../src/channels/discord.ts'
import { createSms } from '../../src/channels/sms.ts'
import { createTelegram } from '../../src/channels/telegram.ts'
import { LIMITS } from '../../src/channels/telegram-pace.ts'
import { readConfig } from '../../src/config.ts'
import { startJobs } from '../../src/jobs/agenda.ts'
import { deliverJob, type JobParts } from '../../src/jobs/index.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { aNotification, anOccurrence } from '../delivery/a-notification.ts'
import { directOf, startDiscord } from '../doubles/discord.ts'
import { startTelegram } from '../doubles/telegram.ts'
import { startTwilio } from '../doubles/twilio.ts'
import { freshDatabase } from '../mongo.ts'

const FIRINGS = 500
/** Sends that are under way at the same time. */
const AT_ONCE = 10
/** Retries come quickly, a send that hangs is given up after 3 s, and nobody's firings are gathered into one message. */
const CONFIG = readConfig(
  { RETRY_FIRST: '20ms', LOCK_LIFETIME: '12s', FLOOD_PERSON: '1000', FLOOD_ALERT: '1000' },
  'no such file',
)
const log = pino({ level: 'silent' })

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function aStore(): Promise<Store> {
  const store = await connect(freshDatabase())
  ends.push(store.close)
  return store
}

/** Owes each of these addresses so many firings, and delivers until nothing is owed. Gives what became of them, counted. */
async function deliverAll(
  store: Store,
  channel: Omit<Channel, 'pictures'>,
  addresses: readonly string[],
): Promise<Record<string, number>> {
  const now = Date.now()
  const firings = await Promise.all(
    addresses.map(async (address, index) => {
      const { id, subscriptions } = await store.users.ofAddress(channel.name, address, now)
      return aNotification({
        ...{ id: `firing-${index}`, user: id, subscription: subscriptions[0]!.id, channel: channel.name, address },
        alert: { id: `alert-${index}`, number: index + 1, text: 'AAPL price > 500' },
        occurrence: anOccurrence({ id: `alert-${index}.1.fired`, at: now }),
        createdAt: now + index,
      })
    }),
  )
  await store.notifications.add(firings)
  const parts = { config: CONFIG, log, store, zone: 'UTC', due: async () => {}, market: {} } as unknown as JobParts
  const jobs = await startJobs({
    ...{ db: store.db, jobs: [deliverJob(parts, channel)], process: 'burst', lockLifetime: CONFIG.LOCK_LIFETIME },
    ...{ alone: true, log },
  })
  ends.push(jobs.stop)
  const notifications = store.db.collection('notifications')
  while ((await notifications.countDocuments({ open: true })) > 0) {
    await jobs.dueNow(`deliver:${channel.name}`)
    await wait(50)
  }
  const states = await notifications.aggregate([{ $group: { _id: '$state', count: { $sum: 1 } } }]).toArray()
  return Object.fromEntries(states.map(({ _id, count }) => [_id, count]))
}

/** A clock that stands still but for who sleeps: each sleep takes it as far as it is long. */
function sleepyClock(): Clock {
  let now = Date.now()
  return {
    now: () => now,
    async sleep(ms) {
      now += ms
    },
  }
}

/** How long it took at the least, ms, until so many calls had followed on one. */
function quickest(times: readonly number[], count: number): number {
  return Math.min(...times.slice(count).map((at, index) => at - times[index]!))
}

const ports = {
  long: { keep: async () => {}, find: async () => null },
  draw: async () => undefined,
  owner: { acquire: async () => true, release: async () => {} },
  menu: [],
  log,
}

test('Telegram refuses, breaks and hangs during a burst: each of 500 firings arrives once, at most 30 a second', async () => {
  const clock = sleepyClock()
  const telegram = await startTelegram(clock.now)
  ends.push(telegram.stop)
  const people = Array.from({ length: FIRINGS }, (_, index) => 1_000 + index)
  for (const person of people) telegram.opens(person)
  const pause = { code: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } }
  telegram.behave('sendMessage', pause, 60)
  telegram.behave('sendMessage', { code: 502, description: 'Bad Gateway' }, 60)
  telegram.behave('sendMessage', 'reset', 60)
  telegram.behave('sendMessage', 'hang', 10)
  telegram.behave('sendMessage', 'web page', 20)
  const { pictures: _, ...channel } = createTelegram({
    ...{ ...ports, token: telegram.token, apiRoot: telegram.url, clock, limits: LIMITS },
    moved: async () => {},
  })
  expect(await deliverAll(await aStore(), channel, people.map(String))).toEqual({ sent: FIRINGS })
  expect(people.filter((person) => telegram.shown(person).length !== 1)).toEqual([])
  const times = telegram.calls.map(({ at }) => at)
  expect(times).toHaveLength(FIRINGS + 210)
  expect(quickest(times, LIMITS.all.count + AT_ONCE)).toBeGreaterThanOrEqual(LIMITS.all.per)
  expect(telegram.refused).toEqual([])
})

test('Discord refuses, breaks and hangs during a burst, and its answers get lost: each of 500 firings is shown once', async () => {
  const discord = await startDiscord()
  ends.push(discord.stop)
  const people = Array.from({ length: FIRINGS / 5 }, (_, index) => `7${String(index).padStart(17, '0')}`)
  const post = 'POST /channels/:id/messages'
  discord.behave('POST /users/@me/channels', { status: 503 }, 20)
  discord.behave(post, { status: 429, headers: { 'retry-after': '1' } }, 20)
  discord.behave(post, { status: 503 }, 60)
  discord.behave(post, 'reset', 60)
  discord.behave(post, 'hang', 5)
  discord.behave(post, 'done and reset', 20)
  discord.behave(post, 'done and hang', 5)
  discord.limit(10, 200)
  const perSecond = 80
  const { pictures: _, ...channel } = createDiscord({
    ...{ ...ports, token: discord.token, apiUrl: discord.url, perSecond, clock: realClock },
    suggest: async () => [],
  })
  const addresses = Array.from({ length: FIRINGS }, (_, index) => `user/${people[index % people.length]}`)
  expect(await deliverAll(await aStore(), channel, addresses)).toEqual({ sent: FIRINGS })
  expect(people.filter((person) => discord.shown(directOf(person)).length !== 5)).toEqual([])
  // The library counts from window to window: as many again may follow at once, no more.
  const times = discord.calls.map(({ at }) => at)
  expect(quickest(times, 2 * perSecond)).toBeGreaterThan(800)
  expect(discord.refused).toEqual([])
})

test('Twilio refuses, breaks and hangs during a burst: each of 500 firings arrives once, and only a try that may have been sent is paid for beside', async () => {
  const twilio = await startTwilio()
  ends.push(twilio.stop)
  const phones = Array.from({ length: FIRINGS }, (_, index) => `+1202555${String(index).padStart(4, '0')}`)
  twilio.behave({ status: 429, code: 20429, message: 'Too Many Requests', retryAfter: 1 }, 60)
  twilio.behave({ status: 503, code: 20503, message: 'Service Unavailable' }, 60)
  const unknown = 60 + 10
  twilio.behave('reset', 60)
  twilio.behave('hang', 10)
  twilio.behave('web page', 20)
  const store = await aStore()
  const { accountSid, authToken, number, url } = twilio
  const channel = createSms({
    ...{
      accountSid,
      authToken,
      from: number,
      apiUrl: url,
      limit: { number: 100, all: 100_000 },
      clock: realClock,
      log,
    },
    ...{ offers: store.smsOffers, consents: store.smsConsents, answers: store.smsAnswers, budget: store.smsBudget },
    receipts: async () => {},
    switched: async () => {},
    seen: async () => {},
  })
  expect(await deliverAll(store, channel, phones)).toEqual({ sent: FIRINGS })
  expect(phones.filter((phone) => twilio.phone(phone).length !== 1)).toEqual([])
  expect(twilio.calls).toHaveLength(FIRINGS + 210)
  const { spent } = (await store.db.collection('smsBudget').findOne({ _id: /\/all$/ as never }))!
  const sent = phones.flatMap((phone) => twilio.phone(phone).map(({ segments }) => segments))
  expect(spent).toBe((FIRINGS + unknown) * sent[0]!)
  expect(new Set(sent).size).toBe(1)
  expect(twilio.refused).toEqual([])
})
