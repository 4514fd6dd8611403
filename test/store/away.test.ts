import { MongoClient } from 'mongodb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isAway } from '../../src/store/away.ts'
import { freshDatabase } from '../mongo.ts'
import { startGate } from '../outside/gate.ts'

describe('the database is away', () => {
  test('where nobody is at its address', async () => {
    const gate = await startGate(freshDatabase())
    await gate.stop()
    const client = new MongoClient(`mongodb://${gate.host}/x`, { serverSelectionTimeoutMS: 50 })
    onTestFinished(() => client.close())
    const error = await client
      .db()
      .command({ ping: 1 })
      .catch((thrown: unknown) => thrown)
    expect(isAway(error)).toBe(true)
    expect(isAway(new Error('a question failed', { cause: error }))).toBe(true)
  })

  test('where it goes in the middle of a question, and where it is closed', async () => {
    const uri = new URL(freshDatabase())
    const gate = await startGate(uri.href)
    onTestFinished(gate.stop)
    uri.host = gate.host
    const client = new MongoClient(uri.href, { serverSelectionTimeoutMS: 50, retryReads: false })
    await client.db().command({ ping: 1 })
    await gate.set('silent')
    const asked = client
      .db()
      .command({ ping: 1 })
      .catch((thrown: unknown) => thrown)
    await gate.set('refuses')
    expect(isAway(await asked)).toBe(true)
    const next = await client
      .db()
      .command({ ping: 1 })
      .catch((thrown: unknown) => thrown)
    expect(isAway(next)).toBe(true)
    await client.close()
  })

  test('but not where it refuses what is asked, or the fault is ours', async () => {
    const client = new MongoClient(freshDatabase())
    onTestFinished(() => client.close())
    const error = await client
      .db()
      .command({ nonsense: 1 })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect([isAway(error), isAway(new TypeError('x')), isAway(undefined)]).toEqual([false, false, false])
  })
})
