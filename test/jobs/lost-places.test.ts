import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createIdlePhoneRound } from '../../src/jobs/idle-phones.ts'
import { createLostPlaceRound } from '../../src/jobs/lost-places.ts'
import { createLog } from '../../src/log.ts'
import { plain, type Reply } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import type { Subscription, User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { anOutside, type Outside } from '../commands/people.ts'
import { freshDatabase } from '../mongo.ts'

const NOW = Date.UTC(2026, 10, 23)
const DAY = 86_400_000
const PHONE = '+12025550123'
const MAIL = 'anna@example.org'

let store: Store
let outside: Outside
let anna: User
let bert: User
let now = NOW
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  for (const name of ['users', 'alerts']) await store.db.collection(name).deleteMany({})
  now = NOW
  outside = anOutside()
  anna = await store.users.ofAddress('double', 'anna', NOW)
  bert = await store.users.ofAddress('double', 'bert', NOW)
})

const send = async (_user: string, { channel, address }: Subscription, reply: Reply) => {
  if (outside.broken.has(channel)) throw new Error('it is away')
  outside.sent.push(`${channel} ${address}: ${plain(reply)}`)
}
const log = createLog('silent')
const sent = () => outside.sent.splice(0).map((line) => line.split('\n')[0])

describe('who lost an address to somebody who proved it', () => {
  const round = () => createLostPlaceRound({ ...store, emails: outside.emails, send, log })()
  const take = async (channel: string, address: string, mailed = {}) => {
    await store.claim(bert.id, { channel, address, ...mailed }, NOW)
    await store.claim(anna.id, { channel, address }, NOW)
  }

  test('hears of it once, in a chat', async () => {
    await take('sms', PHONE)
    await round()
    await round()
    expect(sent()).toEqual([
      `double bert: ${PHONE} is not yours any more: somebody else has just proved that it is theirs. Nothing of yours is sent there.`,
    ])
  })

  test('hears of it when the chat is back', async () => {
    await take('sms', PHONE)
    outside.broken.set('double', 'away')
    await round()
    outside.broken.clear()
    await store.users.switchOff(bert.id, bert.subscriptions[0]!, { at: NOW, reason: 'blocked' })
    await round()
    expect(sent()).toEqual([])
    await store.users.ofAddress('double', 'bert', NOW)
    await round()
    expect(sent()).toHaveLength(1)
  })

  test('has no topic at Amazon any more', async () => {
    outside.states.set(MAIL, 'confirmed')
    await take('email', MAIL, { mailedAs: bert.id })
    await round()
    expect(outside.states.has(MAIL)).toBe(false)
    expect(sent()[0]).toContain(`double bert: ${MAIL} is not yours any more`)
  })
})

describe('of whose phone nothing was heard for 83 days', () => {
  const round = () => createIdlePhoneRound({ ...store, now: () => now, send, log })()
  const hasAlert = async (user: User) => {
    const { number: _number, revision: _revision, unsent: _unsent, ...alert } = anAlert({ user: user.id })
    await store.alerts.create(alert, () => store.users.nextNumber(user.id))
  }

  test('hears of it once, a week before it is not texted any more, in the chat they have', async () => {
    await store.claim(anna.id, { channel: 'sms', address: PHONE }, NOW)
    await hasAlert(anna)
    for (const days of [82.9, 83.1, 84, 91]) {
      now = NOW + days * DAY
      await round()
      expect(sent(), `day ${days}`).toEqual(
        days === 83.1
          ? ['double anna: I have not heard from you for 83 days, and a phone number may go to somebody else.']
          : [],
      )
    }
  })

  test('hears of it on the phone where there is no other chat, and again when it was heard from between', async () => {
    const carl = await store.users.ofAddress('sms', PHONE, NOW)
    await hasAlert(carl)
    now = NOW + 84 * DAY
    await round()
    await store.users.ofAddress('sms', PHONE, now)
    await round()
    now += 84 * DAY
    await round()
    expect(sent().map((line) => line?.slice(0, 17))).toEqual([`sms ${PHONE}:`, `sms ${PHONE}:`])
  })

  test('hears nothing where no alert is on', async () => {
    await store.claim(anna.id, { channel: 'sms', address: PHONE }, NOW)
    now = NOW + 84 * DAY
    await round()
    expect(sent()).toEqual([])
  })
})
