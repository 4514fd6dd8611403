import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DeliverPorts, deliver } from '../../src/delivery/deliver.ts'
import { type EscalatePorts, escalate } from '../../src/delivery/escalate.ts'
import { handOn } from '../../src/delivery/hand-on.ts'
import { escalating } from '../../src/delivery/next-address.ts'
import type { Notification, Tracked } from '../../src/delivery/types.ts'
import { SendError } from '../../src/errors.ts'
import { septets, toGsm } from '../../src/gsm.ts'
import { plain, type Reply } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import type { User } from '../../src/users/types.ts'
import { freshDatabase } from '../mongo.ts'
import { aNotification, MONDAY } from './a-notification.ts'

const MINUTE = 60_000
const AFTER = 5 * MINUTE
const LIMITS = {
  ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 5, concurrency: 10, zone: 'UTC' },
  patience: { first: 2_000, whole: 24 * 60 * MINUTE },
  flood: { address: 5, alert: 3 },
  escalateAfter: AFTER,
}
const CHANNELS = ['telegram', 'sms', 'email'] as const

let store: Store
let count = 0
let now = MONDAY
let user: User
let refusing: Map<string, SendError>
let sent: { to: string; text: string; reply: Reply }[]
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  count++
  now = MONDAY
  sent = []
  refusing = new Map()
  await store.db.collection('notifications').deleteMany({})
  user = await having(...CHANNELS)
})

/** A person with an address on each of these channels. */
async function having(...channels: string[]): Promise<User> {
  const made = await store.users.ofAddress(channels[0]!, `${channels[0]}-${count}`, MONDAY)
  const subscriptions = channels.map((channel) => ({ id: channel, channel, address: `${channel}-${count}` }))
  await store.db.collection('users').updateOne({ _id: made.id as never }, { $set: { subscriptions } })
  return { ...made, subscriptions }
}

const blocked = new SendError('the bot was blocked there', { permanent: true })
const down = new SendError('no answer within 10 s', { permanent: false })

const escalatePorts = (): EscalatePorts => {
  const { unheard, byIds, add, escalated, acknowledge } = store.notifications
  return { unheard, byIds, add, escalated, acknowledge, users: store.users.byIds, zone: 'UTC', escalateAfter: AFTER }
}

function ports(channel: string): DeliverPorts {
  const { notifications } = store
  const token = `${channel} ${count} ${now}`
  return {
    lease: (limit) => notifications.lease({ channel, token, lease: LIMITS.lease, limit, now }),
    record: (ids, outcome) => notifications.record(ids, token, outcome, now),
    release: () => notifications.release(token, now),
    users: store.users.byIds,
    told: (addresses, since) => notifications.told(channel, addresses, since),
    send: async (address, reply) => {
      const error = refusing.get(channel)
      if (error) throw error
      sent.push({ to: address.split('-')[0]!, text: plain(reply), reply })
      return { id: `${address}#${sent.length}` }
    },
    pause: () => {},
    range: async () => undefined,
    prices: async () => new Map(),
    now: () => now,
    random: () => 0,
    failed: () => {},
  }
}

/** Something urgent fires, and is told by these channels. */
async function fires(id: string, channels: readonly string[] = ['telegram'], given: Partial<Notification> = {}) {
  const planned = channels.map((channel) => {
    const base = aNotification({ user: user.id, channel, subscription: channel, address: `${channel}-${count}` })
    const occurrence = { ...base.occurrence, id: `${id}-${count}`, at: now }
    const urgent = { urgent: true as const, ...escalating({ occurrence, urgent: true }, { now, escalateAfter: AFTER }) }
    return { ...base, ...urgent, id: `${occurrence.id}:${channel}:fired`, occurrence, createdAt: now, ...given }
  })
  await store.notifications.add(planned)
}

/** One round on each channel, and what follows from it. */
async function round() {
  for (const channel of CHANNELS) await deliver(ports(channel), LIMITS)
  const { onward, byIds, add, handedOn } = store.notifications
  const people = { users: store.users.byIds, switchOff: store.users.switchOff, zone: 'UTC', escalateAfter: AFTER }
  await handOn({ onward, byIds, add, handedOn, ...people }, now)
  await escalate(escalatePorts(), now)
}

/** Two rounds at each minute from now on. */
async function passes(minutes: number) {
  for (let minute = 0; minute < minutes; minute++) {
    now += MINUTE
    await round()
    await round()
  }
}

const acknowledges = async (id = 'firing') => await store.notifications.acknowledge([user.id], [`${id}-${count}`], now)
const told = () => sent.map(({ to }) => to)
const all = async (): Promise<Tracked[]> => {
  const found = await store.notifications.ofUser(user.id, { skip: 0, limit: 100 })
  const place = ({ channel }: Tracked) => user.subscriptions.findIndex(({ id }) => id === channel)
  return found.sort((one, other) => place(one) - place(other))
}
const states = async () => (await all()).map(({ channel, state }) => `${channel} ${state}`)
const isMarked = async () => (await store.users.byIds([user.id])).get(user.id)!.urgentAt !== undefined

describe('what is urgent and not acknowledged', () => {
  test('is told at the next address when the time is up, which begins when it was told, and so on to the last, once at each', async () => {
    refusing.set('telegram', down)
    await fires('firing')
    await round()
    refusing.clear()
    now += 3 * MINUTE
    await round()
    expect(told()).toEqual(['telegram'])
    await passes(4)
    expect(told()).toEqual(['telegram'])
    await passes(1)
    expect(told()).toEqual(['telegram', 'sms'])
    expect(sent[1]!.text).toMatch(/^Not acknowledged on Telegram for 5 min: Alert 7: AAPL price > 500\n/)
    expect(sent[1]!.text).toContain('\n8 min ago.')
    await passes(5)
    expect(told()).toEqual(['telegram', 'sms', 'email'])
    expect(sent[2]!.text).toMatch(/^Not acknowledged by SMS for 5 min: Alert 7/)
    await passes(20)
    expect(told()).toEqual(['telegram', 'sms', 'email'])
    expect(await store.notifications.unheard(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
  })

  test('is told as soon where the clock was set back meanwhile, and is said to have waited no less than it did', async () => {
    await fires('firing')
    await round()
    now -= 60 * MINUTE
    await store.notifications.hasten('telegram', now, AFTER)
    await passes(6)
    expect(sent.at(-1)?.text).toMatch(/^Not acknowledged on Telegram for 5 min: /)
  })

  test('is told nowhere else once it is acknowledged, wherever in the chain that is', async () => {
    await fires('firing')
    await round()
    await passes(5)
    await acknowledges()
    await passes(20)
    expect(told()).toEqual(['telegram', 'sms'])
    expect(await all()).toMatchObject([
      { channel: 'telegram', acknowledgedAt: MONDAY + AFTER },
      { channel: 'sms', acknowledgedAt: MONDAY + AFTER },
    ])
    for (const one of await all()) expect(one).not.toHaveProperty('escalateAt')
  })

  test('and waits to be sent is not sent any more when it is acknowledged', async () => {
    await fires('firing')
    await round()
    refusing.set('sms', down)
    await passes(5)
    await acknowledges()
    refusing.clear()
    await passes(10)
    expect(told()).toEqual(['telegram'])
    expect((await all())[1]).toMatchObject({ state: 'dropped', reason: 'you have acknowledged it' })
  })

  test('is told elsewhere too while its own address takes nothing, and there when it does again', async () => {
    refusing.set('telegram', down)
    await fires('firing')
    await passes(6)
    expect(told()).toEqual(['sms'])
    expect(sent[0]!.text).toMatch(/^Not delivered on Telegram for 5 min: Alert 7/)
    await acknowledges()
    refusing.clear()
    await passes(10)
    expect(told()).toEqual(['sms', 'telegram'])
  })

  test('of several addresses that were told at once has one chain', async () => {
    await fires('firing', ['telegram', 'sms'])
    await round()
    await passes(20)
    expect(told()).toEqual(['telegram', 'sms', 'email'])
  })

  test('passes over addresses that are off, and is over where there is no other', async () => {
    await store.users.switchOff(user.id, user.subscriptions[1]!, { at: 0, reason: 'gone' })
    await fires('firing')
    await round()
    await passes(20)
    expect(told()).toEqual(['telegram', 'email'])
    user = await having('telegram')
    sent = []
    await fires('another')
    await round()
    await passes(20)
    expect(told()).toEqual(['telegram'])
  })
})

test.each([
  ['a firing of what is urgent', 'fired', true, AFTER, { escalateAt: MONDAY + AFTER }],
  ['one of what is not', 'fired', undefined, AFTER, {}],
  ['another word of what is urgent', 'blind', true, AFTER, {}],
  ['a firing where nothing is told elsewhere', 'fired', true, undefined, {}],
] as const)('who is to be asked for a word: %s', (_what, kind, urgent, after, expected) => {
  const sending = { now: MONDAY, ...(after === undefined ? {} : { escalateAfter: after }) }
  expect(escalating({ occurrence: { kind }, urgent }, sending)).toEqual(expected)
})

describe('an address that does not take what is urgent', () => {
  test('hands it on at once, and from there it goes on', async () => {
    refusing.set('telegram', blocked)
    await fires('firing')
    await round()
    await round()
    expect(told()).toEqual(['sms'])
    expect(sent[0]!.text).toContain('This comes here because Telegram did not take it')
    await passes(6)
    expect(told()).toEqual(['sms', 'email'])
  })

  test('in the middle of the chain does not end it', async () => {
    await fires('firing')
    await round()
    refusing.set('sms', blocked)
    await passes(5)
    await round()
    expect(told()).toEqual(['telegram', 'email'])
    expect(await states()).toEqual(['telegram sent', 'sms failed', 'email sent'])
    expect(sent[1]!.text).toMatch(/^Not acknowledged on Telegram for 5 min: /)
    expect(await store.notifications.takeMissed(user.id, 'message')).toEqual([])
  })

  test('as the platform says later (undelivered), hands it on at once', async () => {
    await fires('firing', ['sms'])
    await round()
    const [{ receipt }] = (await all()) as [Tracked]
    await store.notifications.delivered(
      'sms',
      receipt!,
      { state: 'undelivered', reason: 'the phone is off', onward: 'keep on' },
      now,
    )
    await round()
    await round()
    expect(told()).toEqual(['sms', 'telegram'])
    await passes(6)
    expect(told()).toEqual(['sms', 'telegram', 'email'])
  })

  test('hands on nothing that was acknowledged', async () => {
    await fires('firing', ['sms'])
    await round()
    const [{ receipt }] = (await all()) as [Tracked]
    await acknowledges()
    const late = { state: 'undelivered', reason: 'the phone is off', onward: 'keep on' } as const
    await store.notifications.delivered('sms', receipt!, late, now)
    await passes(10)
    expect(told()).toEqual(['sms'])
    expect(await store.notifications.takeMissed(user.id, 'message')).toEqual([])
  })

  test('and is not theirs any more gets nothing: the next one does', async () => {
    await fires('firing')
    await round()
    refusing.set('sms', down)
    await passes(5)
    await store.users.unsubscribe(user.id, 'sms')
    refusing.clear()
    await passes(2)
    expect(told()).toEqual(['telegram', 'email'])
  })
})

test('of who is erased nothing is told elsewhere', async () => {
  await fires('firing')
  await round()
  await store.erased.begin({ user: user.id, ids: [user.id], places: [], at: now }, `double:${count}`)
  await passes(20)
  expect(told()).toEqual(['telegram'])
  expect(await store.notifications.unheard(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
})

describe('dying and racing', () => {
  test.each(['add', 'escalated'] as const)(
    'a death before %s is made good: one chain, each told once',
    async (step) => {
      await fires('firing')
      await round()
      now += AFTER
      const dying = { ...escalatePorts(), [step]: () => Promise.reject(new Error('dead')) }
      await expect(escalate(dying, now)).rejects.toThrow('dead')
      await passes(20)
      expect(told()).toEqual(['telegram', 'sms', 'email'])
    },
  )

  test('a death before it is cleared, found only when all times are up, doubles nothing', async () => {
    await fires('firing')
    await round()
    now += AFTER
    const dying = { ...escalatePorts(), escalated: () => Promise.reject(new Error('dead')) }
    await expect(escalate(dying, now)).rejects.toThrow('dead')
    now += 3 * AFTER
    await round()
    await passes(20)
    expect(told()).toEqual(['telegram', 'sms', 'email'])
  })

  test('two workers at the same time make one chain', async () => {
    await fires('firing', ['telegram', 'email'])
    await fires('another', ['telegram'])
    await round()
    now += AFTER
    await Promise.all([1, 2, 3, 4].map(() => escalate(escalatePorts(), now)))
    await passes(20)
    expect(told().sort()).toEqual(['email', 'email', 'sms', 'sms', 'telegram', 'telegram'])
  })

  test('who acknowledges at the very moment at which it is to be told elsewhere is told nothing more', async () => {
    await fires('firing')
    await round()
    now += AFTER
    const add = async (notifications: readonly Notification[]) => {
      await acknowledges()
      await store.notifications.add(notifications)
    }
    expect(await escalate({ ...escalatePorts(), add }, now)).toEqual(new Set())
    await passes(20)
    expect(told()).toEqual(['telegram'])
  })

  test('one that is acknowledged while it is being sent goes no further', async () => {
    await fires('firing')
    const record: DeliverPorts['record'] = async (ids, outcome) => {
      await acknowledges()
      return await ports('telegram').record(ids, outcome)
    }
    await deliver({ ...ports('telegram'), record }, LIMITS)
    await passes(20)
    expect(told()).toEqual(['telegram'])
    expect(await all()).toMatchObject([{ state: 'sent', acknowledgedAt: MONDAY }])
  })
})

describe('the mark of who has something to acknowledge', () => {
  test('is there before that is, also where it comes to them by another id', async () => {
    expect(await isMarked()).toBe(false)
    await store.db
      .collection('users')
      .updateOne({ _id: user.id as never }, { $set: { formerIds: [`former-${count}`] } })
    await fires('firing', ['telegram'], { user: `former-${count}` })
    expect(await isMarked()).toBe(true)
  })

  test('goes along where somebody is joined to another', async () => {
    await fires('firing')
    await round()
    const first = await store.users.ofAddress('email', `first-${count}`, now)
    await store.joins.join(user.id, first.id)
    expect((await store.users.byIds([first.id])).get(first.id)!.urgentAt).toBeGreaterThanOrEqual(MONDAY)
    expect(await store.notifications.unacknowledged([first.id])).toHaveLength(1)
    now += AFTER
    await round()
    await round()
    expect(told()).toEqual(['telegram', 'first'])
  })

  test('is taken away only where nothing came since it was read', async () => {
    await fires('firing')
    const read = (await store.users.byIds([user.id])).get(user.id)!
    now += 1
    await fires('another')
    await store.users.nothingUrgent(read)
    expect(await isMarked()).toBe(true)
    await store.users.nothingUrgent((await store.users.byIds([user.id])).get(user.id)!)
    expect(await isMarked()).toBe(false)
  })
})

test('what is looked for in each round, and with the messages of who has something urgent, is in an index', async () => {
  const notifications = store.db.collection('notifications')
  const asked = [
    notifications.find({ escalateAt: { $gt: 0, $lte: MONDAY } }).sort({ escalateAt: 1 }),
    notifications.find({ user: { $in: [user.id] }, unacknowledged: true }).sort({ createdAt: -1 }),
  ]
  for (const found of asked) {
    const stages = JSON.stringify(await found.explain('queryPlanner'))
    expect(stages).toContain('IXSCAN')
    expect(stages).toMatch(/"indexName":"(escalateAt_1|user_1_unacknowledged_1_createdAt_-1)"/)
  }
})

test.each([
  ['short', 'AAPL price > 500', false],
  ['very long', `AAPL price > 500 and ${'sma(AAPL price, 20) > 480 and '.repeat(12)}AAPL price < 900`, true],
])(
  'by SMS why it comes, the fact and how to acknowledge it are one text of 160 septets: %s',
  async (_how, trigger, isCut) => {
    const base = aNotification({ user: user.id })
    await fires('firing', ['telegram'], {
      occurrence: { ...base.occurrence, id: `firing-${count}`, triggers: [trigger] },
    })
    await round()
    await passes(5)
    const { brief } = sent[1]!.reply
    expect(brief).toMatch(/^Not acknowledged on Telegram for 5 min: AAPL 501.12 USD.*Reply .*ACK 7/)
    expect(toGsm(brief!)).toBe(brief)
    expect(septets(brief!)).toBeLessThanOrEqual(160)
    expect(brief!.includes('...')).toBe(isCut)
    expect(sent[1]!.reply.buttons[0]).toEqual({ label: 'Got it', command: 'ack 7' })
  },
)
