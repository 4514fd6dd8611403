import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DeliverLimits, type DeliverPorts, deliver } from '../../src/delivery/deliver.ts'
import type { PriceRange } from '../../src/delivery/outage-words.ts'
import type { Notification, Outcome, Tracked } from '../../src/delivery/types.ts'
import { SendError } from '../../src/errors.ts'
import { plain, type Reply } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import type { Subscription } from '../../src/users/types.ts'
import { freshDatabase } from '../mongo.ts'
import { aNotification, anEvidence, anOccurrence, MONDAY } from './a-notification.ts'

const LIMITS: DeliverLimits = {
  ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 100, concurrency: 10, zone: 'UTC' },
  patience: { first: 2_000, whole: 24 * 3_600_000 },
  flood: { address: 1_000, alert: 1_000 },
}
const DAY = 24 * 3_600_000

const ADDRESSES = [...'abcde', ...'0123456', 'here', 'there', 'slow', 'quick', 'blocked']

type Send = DeliverPorts['send']
type Sent = { readonly address: string; readonly text: string; readonly key: string }

let store: Store
let now = MONDAY
let channel = ''
let count = 0
let sent: Sent[] = []
let ranges = new Map<string, PriceRange>()
let pauses: number[] = []
/** Each address of a test is a subscription of its own name. */
let subscriptions: Subscription[] = []
let failures: { id: string; outcome: Outcome }[] = []
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  now = MONDAY
  count++
  channel = `double-${count}`
  sent = []
  failures = []
  pauses = []
  subscriptions = ADDRESSES.map((address) => ({ id: address, channel, address }))
  ranges = new Map()
})

const takes = async (address: string, reply: Reply, key: string) => {
  sent.push({ address, text: plain(reply), key })
  return { id: `receipt of ${key}` }
}

/** What a sender of its own, with its own token, works with on the real store. */
function ports(send: Send, token = 'mine'): DeliverPorts {
  const { notifications } = store
  return {
    lease: (limit) => notifications.lease({ channel, token, lease: LIMITS.lease, limit, now }),
    record: (ids, outcome) => notifications.record(ids, token, outcome, now),
    release: () => notifications.release(token, now),
    users: async (ids) => new Map(ids.map((id) => [id, { id, zone: null, subscriptions }])),
    told: (addresses, since) => notifications.told(channel, addresses, since),
    pause: (until) => pauses.push(until),
    prices: async () => new Map(),
    send,
    range: async (symbol) => ranges.get(symbol),
    now: () => now,
    random: () => 0,
    failed: ({ id }, outcome) => failures.push({ id, outcome }),
  }
}

/** Puts notifications into the outbox: `3 to here` is the third one, to the address `here`. */
async function owe(...given: string[]): Promise<Notification[]> {
  const notifications = given.map((what, index) => {
    const [name, address] = what.split(' to ')
    return aNotification({
      id: `${channel}/${name}`,
      channel,
      address: address!,
      subscription: address!,
      user: channel,
      alert: { id: channel, number: index + 1, text: 'AAPL price > 500' },
      createdAt: MONDAY + index,
    })
  })
  now = MONDAY + given.length
  await store.notifications.add(notifications)
  return notifications
}

const names = () => sent.map(({ key }) => key.split('/')[1])
/** What the outbox says of each, the oldest first. */
const outbox = async (): Promise<Tracked[]> =>
  (await store.notifications.ofAlert(channel, channel, 100)).sort((a, b) => a.createdAt - b.createdAt)

/** A promise and what resolves it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('a round', () => {
  test('sends what is due once, with its text and its id as key, and keeps the receipt', async () => {
    const [notification] = await owe('1 to here')
    expect(await deliver(ports(takes), LIMITS)).toBe(1)
    expect(sent).toEqual([
      { address: 'here', key: notification!.id, text: expect.stringMatching(/^Alert 1: AAPL price > 500\n/) },
    ])
    expect(await outbox()).toMatchObject([
      { state: 'sent', receipt: `receipt of ${notification!.id}`, tries: 1, sentAt: now, reason: null },
    ])
    expect(await deliver(ports(takes), LIMITS)).toBe(0)
    expect(failures).toEqual([])
  })

  test('leaves alone what belongs to another channel', async () => {
    await owe('1 to here')
    channel = 'another'
    expect(await deliver(ports(takes), LIMITS)).toBe(0)
  })

  test('takes no more than a batch, the oldest first', async () => {
    await owe('1 to a', '2 to b', '3 to c')
    expect(await deliver(ports(takes), { ...LIMITS, batch: 2 })).toBe(2)
    expect(names()).toEqual(['1', '2'])
    expect(await deliver(ports(takes), { ...LIMITS, batch: 2 })).toBe(1)
    expect(names()).toEqual(['1', '2', '3'])
  })

  test('serves one address in order, each only when the one before is done', async () => {
    await owe('1 to a', '2 to a', '3 to b', '4 to a')
    const log: string[] = []
    const send: Send = async (address, reply, key) => {
      log.push(`${key.split('/')[1]} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      log.push(`${key.split('/')[1]} ends`)
      return await takes(address, reply, key)
    }
    await deliver(ports(send), LIMITS)
    const ofA = log.filter((line) => !line.startsWith('3'))
    expect(ofA).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '4 begins', '4 ends'])
  })

  test('serves addresses side by side: one that is slow does not hold up another', async () => {
    await owe('1 to slow', '2 to quick')
    const quickIsDone = gate()
    const send: Send = async (address, reply, key) => {
      if (address === 'slow') await quickIsDone.opened
      const receipt = await takes(address, reply, key)
      if (address === 'quick') quickIsDone.open()
      return receipt
    }
    await deliver(ports(send), LIMITS)
    expect(names()).toEqual(['2', '1'])
  })

  test('has no more sends under way than it may', async () => {
    await owe('1 to a', '2 to b', '3 to c', '4 to d', '5 to e')
    let underWay = 0
    let most = 0
    const send: Send = async (address, reply, key) => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay--
      return await takes(address, reply, key)
    }
    await deliver(ports(send), { ...LIMITS, concurrency: 2 })
    expect(most).toBe(2)
    expect(sent).toHaveLength(5)
  })

  test('two senders at the same moment send each notification once', async () => {
    await owe(...Array.from({ length: 30 }, (_, index) => `${index} to ${index % 7}`))
    const taken = await Promise.all(['one', 'two', 'three'].map((token) => deliver(ports(takes, token), LIMITS)))
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(30)
    expect(new Set(names()).size).toBe(30)
    expect(sent).toHaveLength(30)
  })
})

describe('a send that fails', () => {
  test('for good is given up at once, with all else that is due there; other addresses are served all the same', async () => {
    const [first, second] = await owe('1 to blocked', '2 to blocked', '3 to here')
    const send: Send = async (address, reply, key) => {
      if (key.endsWith('/1')) throw new SendError('the person has blocked me', { permanent: true })
      return await takes(address, reply, key)
    }
    await deliver(ports(send), LIMITS)
    expect(names()).toEqual(['3'])
    const outcome = { state: 'failed', reason: 'the person has blocked me', onward: 'switch off' } as const
    expect((await outbox()).slice(0, 2)).toMatchObject([outcome, { ...outcome, onward: 'keep on' }])
    expect(failures).toEqual([
      { id: first!.id, outcome },
      { id: second!.id, outcome: { ...outcome, onward: 'keep on' } },
    ])
    now += DAY
    expect(await deliver(ports(send), LIMITS)).toBe(0)
  })

  test.each<[string, Error]>([
    ['for now', new SendError('the platform is down', { permanent: false })],
    ['in a way nobody thought of', new TypeError('the platform is down')],
  ])('%s is tried again after its wait, not before, and then waits twice as long', async (_title, error) => {
    await owe('1 to here')
    const fails: Send = () => Promise.reject(error)
    await deliver(ports(fails), LIMITS)
    expect(await outbox()).toMatchObject([
      { state: 'due', tries: 1, dueAt: now + 2_000, reason: 'the platform is down' },
    ])
    now += 1_999
    expect(await deliver(ports(takes), LIMITS)).toBe(0)
    now += 1
    expect(await deliver(ports(fails), LIMITS)).toBe(1)
    expect(await outbox()).toMatchObject([{ state: 'due', tries: 2, dueAt: now + 4_000 }])
    now += 4_000
    await deliver(ports(takes), LIMITS)
    expect(await outbox()).toMatchObject([{ state: 'sent', tries: 3, reason: null }])
    expect(sent).toHaveLength(1)
  })

  test('because the platform asks for a pause waits that long with all else that is due there, and was no try', async () => {
    await owe('1 to here', '2 to here', '3 to there')
    let asked = 0
    const send: Send = async (address, reply, key) => {
      if (address === 'there') return await takes(address, reply, key)
      asked++
      throw new SendError('slow down', { permanent: false, retryAfter: 90_000 })
    }
    await deliver(ports(send), LIMITS)
    const waits = { state: 'due', dueAt: now + 90_000, tries: 0 }
    expect(await outbox()).toMatchObject([waits, waits, { state: 'sent' }])
    expect(asked).toBe(1)
    expect(pauses).toEqual([])
  })

  test('because the platform takes nothing from us at all ends the round: the others are not tried, and nothing is leased until then', async () => {
    await owe('1 to a', '2 to b', '3 to c')
    const send: Send = () =>
      Promise.reject(new SendError('slow down', { permanent: false, retryAfter: 90_000, isChannelWide: true }))
    await deliver(ports(send), { ...LIMITS, concurrency: 1 })
    expect(pauses).toEqual([now + 90_000])
    expect(await outbox()).toMatchObject([
      { state: 'due', dueAt: now + 90_000, tries: 0 },
      { state: 'due', dueAt: now, tries: 0, reason: null },
      { state: 'due', dueAt: now, tries: 0, reason: null },
    ])
  })

  test('is given up after 24 h of trying, and says so', async () => {
    await owe('1 to here')
    const fails: Send = () => Promise.reject(new SendError('the platform is down', { permanent: false }))
    let rounds = 0
    for (let [last] = await outbox(); last!.state === 'due'; [last] = await outbox()) {
      now = Math.max(now, last!.dueAt)
      await deliver(ports(fails), LIMITS)
      rounds++
    }
    expect(await outbox()).toMatchObject([
      { state: 'failed', reason: 'given up after 24 h: the platform is down', tries: rounds },
    ])
    expect(now - MONDAY).toBeLessThanOrEqual(DAY)
    // Nine waits that double, then one each 10 min.
    expect(rounds).toBeGreaterThan(140)
    expect(failures).toHaveLength(rounds)
  })

  test('without ever answering is called off, and tried again under the same key', async () => {
    await owe('1 to here', '2 to there')
    const keys: string[] = []
    const send: Send = async (address, reply, key) => {
      if (address !== 'here') return await takes(address, reply, key)
      keys.push(key)
      return await new Promise(() => {})
    }
    await deliver(ports(send), { ...LIMITS, timeout: 20 })
    expect((await outbox())[0]).toMatchObject({ state: 'due', reason: 'no answer within 0.02 s' })
    expect(names()).toEqual(['2'])
    now += 2_000
    await deliver(ports(takes), LIMITS)
    expect(sent.at(-1)).toMatchObject({ address: 'here', key: keys[0] })
  })

  test('after it was called off changes nothing any more', async () => {
    await owe('1 to here')
    const late = gate()
    const send: Send = async () => {
      await late.opened
      throw new SendError('blocked', { permanent: true })
    }
    await deliver(ports(send), { ...LIMITS, timeout: 20 })
    const before = await outbox()
    late.open()
    await new Promise((resolve) => setImmediate(resolve))
    expect(await outbox()).toEqual(before)
  })
})

describe('the lease', () => {
  test('what cannot be tried within it is given back as if it had never been taken', async () => {
    await owe('1 to here', '2 to here', '3 to here', '4 to here')
    const slow: Send = async (address, reply, key) => {
      now += 25_000
      return await takes(address, reply, key)
    }
    await deliver(ports(slow), LIMITS)
    expect(names()).toEqual(['1', '2'])
    expect((await outbox()).slice(2)).toMatchObject([
      { state: 'due', tries: 0, reason: null },
      { state: 'due', tries: 0, reason: null },
    ])
    await deliver(ports(takes, 'next'), LIMITS)
    expect(names()).toEqual(['1', '2', '3', '4'])
  })

  test('whoever lost it meanwhile records nothing: what the new owner wrote stands', async () => {
    await owe('1 to here')
    const send: Send = async () => {
      await store.notifications.releaseAll()
      await deliver(ports(takes, 'another'), LIMITS)
      throw new SendError('the person has blocked me', { permanent: true })
    }
    await deliver(ports(send), LIMITS)
    expect(await outbox()).toMatchObject([{ state: 'sent', tries: 2 }])
    expect(failures).toEqual([])
  })

  test('whoever lost it to one that is still sending records nothing', async () => {
    await owe('1 to here')
    const send: Send = async (address, reply, key) => {
      await store.notifications.releaseAll()
      await store.notifications.lease({ channel, token: 'another', lease: 60_000, limit: 10, now })
      return await takes(address, reply, key)
    }
    await deliver(ports(send), LIMITS)
    expect(await outbox()).toMatchObject([{ state: 'sending', receipt: null, sentAt: null }])
  })

  test('what a dead sender had taken is sent when its lease is over', async () => {
    await owe('1 to here')
    await store.notifications.lease({ channel, token: 'dead', lease: -1, limit: 10, now })
    expect(await deliver(ports(takes), LIMITS)).toBe(1)
    expect(await outbox()).toMatchObject([{ state: 'sent', tries: 2 }])
  })

  test('what another sender has taken and holds is left alone', async () => {
    await owe('1 to here')
    await store.notifications.lease({ channel, token: 'alive', lease: 60_000, limit: 10, now })
    expect(await deliver(ports(takes), LIMITS)).toBe(0)
  })
})

describe('an outage', () => {
  const HOUR = 3_600_000
  const [symbols, gap] = [['stock:AAPL'], { from: MONDAY - HOUR, to: MONDAY }]
  const reason = 'Yahoo has not answered'

  /** Puts words of an outage into the outbox: `1 blind to here` is that of alert 1; each comes 900 ms after the one before. */
  async function oweOutage(...given: string[]) {
    const notifications = given.map((what, index) => {
      const [, number, kind, address] = /^(\d+) (blind|sighted) to (\w+)$/.exec(what)!
      const createdAt = MONDAY + 900 * index
      const waits = { waits: [{ symbol: 'stock:AAPL', text: '> 500', above: '500' }], isWhole: true }
      return aNotification({
        id: `${channel}/${number} ${kind}`,
        channel,
        address: address!,
        subscription: address!,
        user: channel,
        alert: { id: channel, number: Number(number), text: 'AAPL price > 500' },
        occurrence:
          kind === 'blind'
            ? anOccurrence({ kind, triggers: [], evidence: [], gap, reason })
            : anOccurrence({ kind: 'sighted', triggers: [], evidence: [anEvidence({ value: '498.20' })], gap }),
        createdAt,
        dueAt: createdAt + 40_000,
        outage: { symbols, ...(kind === 'sighted' && { waits }) },
      })
    })
    await store.notifications.add(notifications)
  }

  test('of several alerts of one person is told in one message, also where their words came at different times', async () => {
    await oweOutage('1 blind to here', '2 blind to there', '3 blind to here')
    now = MONDAY + 39_999
    expect(await deliver(ports(takes), LIMITS)).toBe(0)
    now = MONDAY + 40_000
    expect(await deliver(ports(takes), LIMITS)).toBe(2)
    expect(sent).toEqual([
      {
        address: 'here',
        key: `${channel}/1 blind`,
        text: 'I cannot see AAPL since 14:04 (Yahoo has not answered). Alerts 1 and 3 are blind until it is back.',
      },
    ])
    now = MONDAY + 50_000
    expect(await deliver(ports(takes), LIMITS)).toBe(1)
    expect(sent[1]).toMatchObject({
      address: 'there',
      text: expect.stringContaining('Alert 2 is blind until it is back.'),
    })
    expect((await outbox()).map(({ state, receipt }) => `${state} ${receipt}`)).toEqual([
      `sent receipt of ${channel}/1 blind`,
      `sent receipt of ${channel}/2 blind`,
      `sent receipt of ${channel}/1 blind`,
    ])
  })

  test('that is over is told after its beginning, with where the price was meanwhile', async () => {
    ranges.set('stock:AAPL', { low: '495.1', high: '503.4' })
    await oweOutage('1 blind to here', '3 blind to here', '1 sighted to here', '3 sighted to here')
    now = MONDAY + 40_000
    expect(await deliver(ports(takes), LIMITS)).toBe(4)
    expect(sent.map(({ text }) => text)).toEqual([
      'I cannot see AAPL since 14:04 (Yahoo has not answered). Alerts 1 and 3 are blind until it is back.',
      'AAPL is back: 498.20 USD. While I was blind (14:04 to 15:04) it was between 495.1 and 503.4: alerts 1 (> 500) and 3 (> 500) may have been missed; they are armed still.',
    ])
  })

  test('is told without those prices where nobody answers in time', async () => {
    await oweOutage('1 sighted to here')
    now = MONDAY + 40_000
    await deliver({ ...ports(takes), range: () => new Promise(() => {}) }, { ...LIMITS, timeout: 40 })
    expect(sent[0]?.text).toContain('Where it was from 14:04 to 15:04 I could not find out')
    await oweOutage('2 sighted to here')
    await deliver({ ...ports(takes), range: () => Promise.reject(new Error('down')) }, LIMITS)
    expect(sent[1]?.text).toContain('Where it was from 14:04 to 15:04 I could not find out')
  })

  test('that cannot be told is tried again as one message', async () => {
    await oweOutage('1 blind to here', '2 blind to here')
    now = MONDAY + 41_000
    await deliver(
      ports(() => Promise.reject(new SendError('down', { permanent: false }))),
      LIMITS,
    )
    expect(failures).toHaveLength(2)
    now += 2_000
    expect(await deliver(ports(takes), LIMITS)).toBe(2)
    expect(sent.map(({ text }) => text)).toEqual([expect.stringContaining('Alerts 1 and 2 are blind')])
  })

  test('of which a death left the outcome unrecorded is told again as it was, and nothing is lost', async () => {
    await oweOutage('1 blind to here', '2 blind to here')
    now = MONDAY + 41_000
    const record = () => Promise.reject(new Error('dead'))
    await expect(deliver({ ...ports(takes), record }, LIMITS)).rejects.toThrow('dead')
    await store.notifications.releaseAll()
    await deliver(ports(takes), LIMITS)
    expect(sent.map(({ text }) => text.split('. ')[1])).toEqual([
      'Alerts 1 and 2 are blind until it is back.',
      'Alerts 1 and 2 are blind until it is back.',
    ])
    expect((await outbox()).map(({ state }) => state)).toEqual(['sent', 'sent'])
  })
})
