import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DeliverPorts, deliver } from '../../src/delivery/deliver.ts'
import { type HandOnPorts, handOn } from '../../src/delivery/hand-on.ts'
import { createReceipts } from '../../src/delivery/receipts.ts'
import type { Notification, Tracked } from '../../src/delivery/types.ts'
import { SendError } from '../../src/errors.ts'
import { plain } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import type { User } from '../../src/users/types.ts'
import { freshDatabase } from '../mongo.ts'
import { aNotification, MONDAY } from './a-notification.ts'

const HOUR = 3_600_000
const LIMITS = {
  ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 5, concurrency: 10, zone: 'UTC' },
  patience: { first: 2_000, whole: 24 * HOUR },
  flood: { address: 5, alert: 3 },
}

let store: Store
let count = 0
let now = MONDAY
let user: User
/** Which addresses refuse, for good or for now. */
let refusing: Map<string, SendError>
let sent: { address: string; text: string }[]
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
  user = await having('telegram', 'sms', 'email')
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
const refuse = (channel: string, error: SendError) => refusing.set(`${channel}-${count}`, error)

const handOnPorts = (): HandOnPorts => {
  const { onward, byIds, add, handedOn } = store.notifications
  return { onward, byIds, add, handedOn, users: store.users.byIds, switchOff: store.users.switchOff, zone: 'UTC' }
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
      const error = refusing.get(address)
      if (error) throw error
      sent.push({ address, text: plain(reply) })
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

/** One round on each channel, and what that leaves to be handed on. */
async function round() {
  for (const channel of ['telegram', 'sms', 'email']) await deliver(ports(channel), LIMITS)
  return await handOn(handOnPorts(), now)
}

async function owe(channel: string, number = 1, given: Partial<Notification> = {}): Promise<void> {
  const id = `firing-${count}-${number}`
  const base = aNotification({ user: user.id, channel, subscription: channel, address: `${channel}-${count}` })
  const occurrence = { ...base.occurrence, id }
  await store.notifications.add([{ ...base, id: `${id}:${channel}:fired`, occurrence, ...given }])
}

/** All of the person, by channel in the order of their addresses. */
const all = async (): Promise<Tracked[]> => {
  const told = await store.notifications.ofUser(user.id, { skip: 0, limit: 100 })
  const place = ({ channel }: Tracked) => user.subscriptions.findIndex(({ id }) => id === channel)
  return told.sort((one, other) => place(one) - place(other))
}
const states = async () => (await all()).map(({ channel, state }) => `${channel} ${state}`)
const isOff = async (channel: string) =>
  (await store.users.byIds([user.id])).get(user.id)!.subscriptions.find(({ id }) => id === channel)?.off

describe('an address that will never take anything', () => {
  test('is switched off with the reason, and its person is told by the next address, with that reason', async () => {
    refuse('telegram', blocked)
    await owe('telegram')
    expect(await round()).toEqual(new Set(['sms']))
    expect(await isOff('telegram')).toEqual({ at: now, reason: 'the bot was blocked there' })
    now += 1_000
    await round()
    expect(sent).toEqual([
      {
        address: `sms-${count}`,
        text: expect.stringContaining('This comes here because Telegram did not take it: the bot was blocked there.'),
      },
    ])
    expect(await states()).toEqual(['telegram failed', 'sms sent'])
    expect(await store.notifications.takeMissed(user.id, 'message')).toEqual([])
  })

  test('where the next one will not either is handed on again, and with none left it is kept as missed, once', async () => {
    for (const channel of ['telegram', 'sms', 'email']) refuse(channel, blocked)
    await owe('telegram')
    for (let rounds = 0; rounds < 4; rounds++) await round()
    expect(await states()).toEqual(['telegram failed', 'sms failed', 'email failed'])
    expect(await all()).toMatchObject([
      { reason: blocked.message },
      { reason: blocked.message },
      { reason: blocked.message },
    ])
    const missed = await store.notifications.takeMissed(user.id, 'message 1')
    expect(missed.map(({ channel }) => channel)).toEqual(['email'])
    expect(await store.notifications.takeMissed(user.id, 'message 1')).toEqual(missed)
    expect(await store.notifications.takeMissed(user.id, 'message 2')).toEqual([])
  })

  test('is good again when its owner writes from it', async () => {
    refuse('telegram', blocked)
    await owe('telegram')
    await round()
    await store.users.ofAddress('telegram', `telegram-${count}`, now)
    expect(await isOff('telegram')).toBeUndefined()
  })

  test('where another address has it already is not told again', async () => {
    refuse('telegram', blocked)
    await owe('telegram')
    await owe('sms')
    await round()
    await round()
    expect(await states()).toEqual(['telegram failed', 'sms sent'])
    expect(sent).toHaveLength(1)
  })

  test('that is off when something is about to be sent is not tried', async () => {
    await store.users.switchOff(user.id, { id: 'telegram', address: `telegram-${count}` }, { at: 0, reason: 'blocked' })
    await owe('telegram')
    await round()
    await round()
    expect(sent.map(({ address }) => address)).toEqual([`sms-${count}`])
  })
})

test('what was tried for a day is told by another address, and its own stays on', async () => {
  refuse('telegram', down)
  await owe('telegram')
  for (let [first] = await all(); first!.state === 'due'; [first] = await all()) {
    now = Math.max(now, first!.dueAt)
    await deliver(ports('telegram'), { ...LIMITS, patience: { first: HOUR, whole: 24 * HOUR } })
  }
  await round()
  await round()
  expect(await states()).toEqual(['telegram failed', 'sms sent'])
  expect((await all())[0]!.reason).toBe('given up after 24 h: no answer within 10 s')
  expect(await isOff('telegram')).toBeUndefined()
})

test.each(['add', 'handedOn'] as const)(
  'a death before %s is made good: the same notification is there once',
  async (step) => {
    refuse('telegram', blocked)
    await owe('telegram')
    await deliver(ports('telegram'), LIMITS)
    const dying = { ...handOnPorts(), [step]: () => Promise.reject(new Error('dead')) }
    await expect(handOn(dying, now)).rejects.toThrow('dead')
    await round()
    await round()
    expect(await states()).toEqual(['telegram failed', 'sms sent'])
  },
)

describe('at the moment of sending', () => {
  test('an address that is not theirs any more gets nothing: the next one does', async () => {
    await owe('telegram')
    await store.users.removeAddress(user.id, 'telegram', `telegram-${count}`)
    await round()
    await round()
    expect(await states()).toEqual(['telegram dropped', 'sms sent'])
    expect((await all())[0]!.reason).toBe('that address is not yours any more')
  })

  test('who is not here any more is told nothing', async () => {
    await owe('telegram')
    await store.db.collection('users').deleteOne({ _id: user.id as never })
    await round()
    expect(await states()).toEqual(['telegram dropped'])
    expect(sent).toEqual([])
  })

  test('where it is quiet by now it is held until that is over, and then told with the rest', async () => {
    await owe('telegram', 1)
    await owe('telegram', 2)
    await owe('telegram', 3, { urgent: true })
    await store.users.setQuiet(user.id, { from: 15 * 60, to: 16 * 60 })
    await round()
    expect(sent.map(({ text }) => text.split('\n')[0])).toEqual(['Alert 7: AAPL price > 500'])
    expect(await store.notifications.held()).toContainEqual({ user: user.id, until: Date.UTC(2026, 10, 23, 16) })
    now = Date.UTC(2026, 10, 23, 16)
    await round()
    expect(sent[1]!.text).toMatch(/^In your quiet hours: 2 firings:\n/)
  })
})

describe('word of a message that a platform took', () => {
  const receipts = (waited: number[] = []) =>
    createReceipts({
      delivered: (receipt, result) => store.notifications.delivered('sms', receipt, result, now),
      handOn: async () => void (await handOn(handOnPorts(), now)),
      sleep: async (ms) => void waited.push(ms),
    })

  test('that it arrived is kept', async () => {
    await owe('sms')
    await round()
    await receipts()(`sms-${count}#1`, 'sent', undefined)
    expect((await all())[0]).not.toHaveProperty('deliveredAt')
    now += 5_000
    await receipts()(`sms-${count}#1`, 'delivered', undefined)
    expect(await all()).toMatchObject([{ state: 'sent', deliveredAt: now }])
  })

  test.each<[string, SendError | undefined, boolean]>([
    ['for now', new SendError('the phone is off', { permanent: false }), false],
    ['for good', new SendError('there is no such number', { permanent: true }), true],
    ['for no known reason', undefined, false],
  ])('that it did not arrive, %s, sends it to the next address', async (_title, error, off) => {
    await owe('sms')
    await round()
    await receipts()(`sms-${count}#1`, 'undelivered', error)
    await receipts()(`sms-${count}#1`, 'undelivered', error)
    await round()
    expect(await states()).toEqual(['telegram sent', 'sms failed'])
    expect((await all())[1]!.reason).toBe(error?.message ?? 'it did not arrive')
    expect((await isOff('sms')) !== undefined).toBe(off)
  })

  test('of one that is no notification, or not recorded yet, is waited for a little and then passed over', async () => {
    const waited: number[] = []
    await receipts(waited)('unknown', 'failed', undefined)
    expect(waited).toEqual([1_000, 5_000])
  })
})
