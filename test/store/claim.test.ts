import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import type { User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

const NOW = Date.UTC(2026, 10, 23)
const DAY = 86_400_000

let store: Store
let count = 0
let anna: User
let phone = ''
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  phone = `+1202555${String(++count).padStart(4, '0')}`
  anna = await store.users.ofAddress('telegram', `anna-${count}`, NOW)
})

const claim = (user = anna, channel = 'sms', address = phone) => store.claim(user.id, { channel, address }, NOW)
const again = async ({ id }: User) => (await store.users.byIds([id])).get(id)!
const places = async (user: User) =>
  (await again(user)).subscriptions.map(({ channel, address }) => `${channel} ${address}`)

describe('an address that was proved', () => {
  test('becomes its user’s, once, however often it is claimed', async () => {
    await Promise.all(Array.from({ length: 4 }, () => claim()))
    expect((await again(anna)).subscriptions).toEqual([
      ...anna.subscriptions,
      { id: expect.any(String), channel: 'sms', address: phone, how: 'code', confirmedAt: NOW, lastHeardAt: NOW },
    ])
  })

  test('that was off is on again', async () => {
    await claim()
    const [, place] = (await again(anna)).subscriptions
    await store.users.switchOff(anna.id, place!, { at: 0, reason: 'gone' })
    await claim()
    expect((await again(anna)).subscriptions[1]).toEqual(place)
  })

  test('of somebody who writes from nowhere else makes the two one person', async () => {
    const bert = await store.users.ofAddress('sms', phone, NOW)
    const {
      number: _number,
      revision: _revision,
      unsent: _unsent,
      ...alert
    } = anAlert({ id: `b${count}`, user: bert.id })
    await store.alerts.create(alert, () => store.users.nextNumber(bert.id))
    expect(await claim()).toEqual([{ alert: `b${count}`, from: 1, to: 1 }])
    expect(await places(anna)).toEqual([`telegram anna-${count}`, `sms ${phone}`])
    expect((await store.alerts.ofUser(anna.id)).map(({ id }) => id)).toEqual([`b${count}`])
  })

  test('of somebody who writes from elsewhere goes to who proved it, and they go on without', async () => {
    const bert = await store.users.ofAddress('telegram', `bert-${count}`, NOW)
    await claim(bert)
    expect(await claim()).toEqual([])
    expect(await places(anna)).toContain(`sms ${phone}`)
    expect(await places(bert)).toEqual([`telegram bert-${count}`])
    // Once they were told, it is forgotten.
    const lost = { channel: 'sms', address: phone, at: NOW }
    expect(await store.lostPlaces.untold()).toEqual([{ user: bert.id, lost }])
    await store.lostPlaces.told(bert.id, lost)
    expect(await store.lostPlaces.untold()).toEqual([])
  })

  test('by two at once is of one of them', async () => {
    const bert = await store.users.ofAddress('telegram', `bert-${count}`, NOW)
    const done = await Promise.all([claim(), claim(bert)])
    expect(done.some((numbers) => numbers !== undefined)).toBe(true)
    const owners = await store.db.collection('users').countDocuments({ 'subscriptions.address': phone })
    expect(owners).toBe(1)
  })
})

describe('the addresses of a user', () => {
  test('go one by one, but never the last that they write from', async () => {
    await claim()
    const [chat, sms] = (await again(anna)).subscriptions
    expect(await store.users.unsubscribe(anna.id, chat!.id)).toBe(false)
    expect(await store.users.unsubscribe('somebody else', sms!.id)).toBe(false)
    expect(await store.users.unsubscribe(anna.id, sms!.id)).toBe(true)
    expect(await store.users.unsubscribe(anna.id, sms!.id)).toBe(false)
    expect(await places(anna)).toEqual([`telegram anna-${count}`])
  })

  test('of two from which they write, taken away at once, one stays', async () => {
    const bert = await store.users.ofAddress('telegram', `bert-${count}`, NOW)
    await store.joins.join(bert.id, anna.id)
    const both = (await again(anna)).subscriptions
    const gone = await Promise.all(both.map(({ id }) => store.users.unsubscribe(anna.id, id)))
    expect(gone.filter(Boolean)).toHaveLength(1)
    expect(await places(anna)).toHaveLength(1)
  })

  test('that hear of every alert are the ones that were set last', async () => {
    await claim()
    const [chat, sms] = (await again(anna)).subscriptions
    const set = async () => (await again(anna)).subscriptions.flatMap(({ id, isDefault }) => (isDefault ? [id] : []))
    await store.users.setDefaults(anna.id, [chat!.id, sms!.id])
    expect(await set()).toEqual([chat!.id, sms!.id])
    await store.users.setDefaults(anna.id, [sms!.id])
    expect(await set()).toEqual([sms!.id])
    await store.users.setDefaults(anna.id, [])
    expect((await again(anna)).subscriptions).toEqual([chat, sms])
  })

  test('a phone was heard of when its person wrote from anywhere, noted once a day', async () => {
    await claim()
    const heardAt = async () => (await again(anna)).subscriptions[1]!.lastHeardAt
    await store.users.ofAddress('telegram', `anna-${count}`, NOW + DAY)
    expect(await heardAt()).toBe(NOW)
    await store.users.ofAddress('telegram', `anna-${count}`, NOW + DAY + 1)
    expect(await heardAt()).toBe(NOW + DAY + 1)
  })

  test('a phone that was confirmed by a code is written from, once it writes', async () => {
    await claim()
    await store.users.ofAddress('sms', phone, NOW)
    expect((await again(anna)).subscriptions[1]).not.toHaveProperty('how')
  })
})
