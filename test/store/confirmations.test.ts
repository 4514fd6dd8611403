import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Asked } from '../../src/store/confirmations.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

const NOW = Date.UTC(2026, 10, 23)
const MINUTE = 60_000
const CODE = '482915'

let store: Store
let count = 0
let asked: Asked
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  asked = { user: `user ${++count}`, channel: 'sms', address: '+12025550123', from: 'chat' }
})

const send = (code = CODE, now = NOW) => store.confirmations.awaitCode(asked, code, now, true)
const tries = (code: string, now = NOW, user = asked.user) => store.confirmations.tryCode(user, code, now)

describe('a code', () => {
  test('is right for who asked, and for nobody else', async () => {
    await send()
    expect(await tries(CODE, NOW, 'somebody else')).toEqual({ state: 'none' })
    expect(await tries(CODE)).toMatchObject({ state: 'right', confirmation: asked })
  })

  test('is not kept, only a hash of it that no other one has', async () => {
    await send()
    asked = { ...asked, user: `user ${++count}` }
    await send()
    const documents = await store.db.collection('confirmations').find().toArray()
    expect(JSON.stringify(documents)).not.toContain(CODE)
    expect(new Set(documents.map(({ hash }) => hash)).size).toBe(documents.length)
  })

  test('may be typed wrong four times, and is of no use after the fifth', async () => {
    await send()
    for (const left of [4, 3, 2, 1, 0]) expect(await tries('000000')).toEqual({ state: 'wrong', left })
    expect(await tries(CODE)).toMatchObject({ state: 'late' })
  })

  test('typed by twenty at once is tried five times', async () => {
    await send()
    const found = await Promise.all(Array.from({ length: 20 }, () => tries('000000')))
    expect(found.filter(({ state }) => state === 'wrong')).toHaveLength(5)
    expect(await tries(CODE)).toMatchObject({ state: 'late' })
  })

  test('is good for ten minutes', async () => {
    await send()
    expect(await tries(CODE, NOW + 10 * MINUTE)).toMatchObject({ state: 'late' })
    expect(await tries(CODE, NOW + 10 * MINUTE - 1)).toMatchObject({ state: 'right' })
  })

  test('that was sent anew takes the place of the one before, with tries of its own', async () => {
    await send('111111')
    for (let times = 0; times < 5; times++) await tries('000000')
    await send()
    expect(await tries('111111')).toEqual({ state: 'wrong', left: 4 })
    expect(await tries(CODE)).toMatchObject({ state: 'right' })
  })

  test('that was right is right again, until another one is sent', async () => {
    await send()
    const tried = await tries(CODE)
    await store.confirmations.done(tried.state === 'right' ? tried.confirmation.id : '')
    expect(await tries(CODE)).toMatchObject({ state: 'right', confirmation: { state: 'done' } })
    expect(await tries('000000')).toEqual({ state: 'none' })
    expect(await store.confirmations.ofUser(asked.user)).toEqual([])
  })

  test('to one of several addresses is found among them', async () => {
    await send('111111')
    await store.confirmations.awaitCode({ ...asked, channel: 'email', address: 'a@b.co' }, CODE, NOW, true)
    expect(await tries(CODE)).toMatchObject({ state: 'right', confirmation: { address: 'a@b.co' } })
    expect(await tries('111111')).toMatchObject({ state: 'right', confirmation: { channel: 'sms' } })
  })

  test.each([{ $gt: '' }, { $ne: null }])('%j in place of a user or a code is never right', async (operator) => {
    await send()
    await expect(tries(CODE, NOW, operator as never)).rejects.toThrow()
    await expect(tries(operator as never)).rejects.toThrow()
  })
})

test('asked for twice at once, an address waits once', async () => {
  await Promise.all(Array.from({ length: 8 }, (_, index) => send(`11111${index}`)))
  expect(await store.confirmations.ofUser(asked.user)).toHaveLength(1)
})

test('a link waits, and then its code, of which its person is to be told', async () => {
  const mail = { ...asked, channel: 'email', address: 'link@b.co', mailedAs: asked.user }
  await store.confirmations.awaitLink(mail, NOW)
  expect(await store.confirmations.awaitingLinks()).toMatchObject([mail])
  expect(await tries(CODE)).toEqual({ state: 'none' })
  expect(await store.confirmations.isAwaited(asked.user, 'link@b.co')).toBe(true)
  await store.confirmations.awaitCode(mail, CODE, NOW, false)
  const [untold] = await store.confirmations.untold()
  expect(untold).toMatchObject({ ...mail, state: 'code', until: NOW + 10 * MINUTE })
  await store.confirmations.told(untold!.id)
  expect(await store.confirmations.untold()).toEqual([])
  await store.confirmations.drop(untold!.id)
  expect(await store.confirmations.isAwaited(asked.user, 'link@b.co')).toBe(false)
})

describe('a link code', () => {
  test('is used once, by one of many messages; that one may ask again', async () => {
    await store.links.make('anna', 'K7QM-2XRA', NOW)
    const uses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.links.use('K7QM-2XRA', `m${index}`, NOW)),
    )
    expect(uses.filter((use) => use !== null)).toEqual([{ user: 'anna' }])
    const message = `m${uses.findIndex((use) => use !== null)}`
    await store.links.done('K7QM-2XRA', [{ alert: 'a', from: 1, to: 2 }])
    expect(await store.links.usedBy('K7QM-2XRA', message)).toMatchObject({ user: 'anna', numbers: [{ to: 2 }] })
    expect(await store.links.usedBy('K7QM-2XRA', 'another')).toBeNull()
    expect(await store.links.find('K7QM-2XRA', NOW)).toBeNull()
  })

  test('is good for ten minutes, and until its user makes another', async () => {
    await store.links.make('bert', 'AAAA-AAAA', NOW)
    expect(await store.links.find('AAAA-AAAA', NOW + 10 * MINUTE)).toBeNull()
    expect(await store.links.find('AAAA-AAAA', NOW + 10 * MINUTE - 1)).toEqual({ user: 'bert' })
    await store.links.make('bert', 'BBBB-BBBB', NOW)
    expect(await store.links.find('AAAA-AAAA', NOW)).toBeNull()
    expect(JSON.stringify(await store.db.collection('links').find().toArray())).not.toContain('BBBB')
  })
})

describe('attempts', () => {
  const THREE = { most: 3, per: 10 * MINUTE }
  const take = (whom: string, now = NOW) => store.attempts.take('codes to', whom, THREE, now)

  test('are counted for all who ask at once, and begin anew with the next stretch of time', async () => {
    const left = await Promise.all(Array.from({ length: 5 }, () => take('+12025550123')))
    expect(left.sort((a, b) => b - a)).toEqual([2, 1, 0, -1, -2])
    expect(await take('another')).toBe(2)
    expect(await take('+12025550123', NOW + 10 * MINUTE)).toBe(2)
  })

  test('do not say whose they are', async () => {
    await take('+12025559999')
    expect(JSON.stringify(await store.db.collection('attempts').find().toArray())).not.toContain('2025559999')
  })
})
