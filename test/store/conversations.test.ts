import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { WAITS_FOR } from '../../src/store/conversations.ts'
import { freshDatabase } from '../mongo.ts'

const uri = freshDatabase()
let store: Store
beforeAll(async () => {
  store = await connect(uri)
})
afterAll(() => store.close())

/** Long before the database's own clock: what is over is told by the clock that is given, not by that one. */
const NOW = Date.UTC(2020, 0, 1)
const asked = { command: 'alert', step: 'condition', data: { typed: 'AAPL', question: 'What about AAPL?' } }

describe('a question that was asked', () => {
  test('is found as it was, by whoever was asked alone', async () => {
    await store.conversations.keep('anna', asked, NOW)
    expect(await store.conversations.find('anna', NOW)).toEqual(asked)
    expect(await store.conversations.find('bert', NOW)).toBeNull()
  })

  test('waits for 15 minutes to the millisecond, whatever the database has cleared away', async () => {
    await store.conversations.keep('clock', asked, NOW)
    expect(WAITS_FOR).toBe(900_000)
    expect(await store.conversations.find('clock', NOW + 899_999)).toEqual(asked)
    expect(await store.conversations.find('clock', NOW + 900_000)).toBeNull()
  })

  test('waits anew when it is asked again, and gives way to another one', async () => {
    await store.conversations.keep('again', asked, NOW)
    await store.conversations.keep('again', { ...asked, step: 'symbol', data: {} }, NOW + 600_000)
    expect(await store.conversations.find('again', NOW + 1_000_000)).toEqual({ ...asked, step: 'symbol', data: {} })
  })

  test('is over when it is ended; ending it twice is no error', async () => {
    await store.conversations.keep('end', asked, NOW)
    await store.conversations.end('end')
    await store.conversations.end('end')
    expect(await store.conversations.find('end', NOW)).toBeNull()
  })

  test('is there after a restart', async () => {
    await store.conversations.keep('restart', asked, NOW)
    const other = await connect(uri)
    expect(await other.conversations.find('restart', NOW)).toEqual(asked)
    await other.close()
  })

  test('is cleared away by the database an hour after it was asked, by its clock', async () => {
    const indexes = await store.db.collection('conversations').indexes()
    expect(indexes).toContainEqual(expect.objectContaining({ key: { keptAt: 1 }, expireAfterSeconds: 3_600 }))
    const [document] = await store.db.collection('conversations').find({}).toArray()
    expect(document!.keptAt.getTime()).toBeGreaterThan(NOW + WAITS_FOR)
  })
})
