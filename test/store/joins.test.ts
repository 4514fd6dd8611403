import type { Connection } from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../../src/delivery/plan.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { createJoins, type Joins } from '../../src/store/joins.ts'
import type { User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { aNotification, anOccurrence } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
let count = 0
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const writes = (address: string) => store.users.ofAddress('telegram', `${address}-${count}`, 0)

/** Sets an alert of a user's that owes them a word. */
async function set(user: User, text: string) {
  const { number: _number, revision: _revision, unsent: _unsent, ...fresh } = anAlert({ text })
  const alert = { ...fresh, id: `${text} ${count}`, user: user.id, subscription: user.subscriptions[0]!.id }
  await store.alerts.create(alert, () => store.users.nextNumber(user.id))
  const occurrence = anOccurrence({ id: `occurrence of ${alert.id}` })
  await store.alerts.change(user.id, await numberOf(alert.id), (found) => ({
    alert: { ...found },
    occurrences: [occurrence],
  }))
}

const numberOf = async (id: string) => (await store.alerts.byIds([id]))[0]!.number

/** Two people, the first with an alert and a setting, the second with two alerts and a message on its way. */
async function twoPeople() {
  count++
  const [first, second] = [await writes('first'), await writes('second')]
  await set(first, 'first 1')
  for (const text of ['second 1', 'second 2']) await set(second, text)
  await store.users.setZone(first.id, 'Asia/Tokyo')
  await store.users.setZone(second.id, 'Europe/Berlin')
  const place = { channel: 'telegram', subscription: second.subscriptions[0]!.id, address: `second-${count}` }
  const alert = { id: `second 1 ${count}`, number: 1, text: 'second 1' }
  await store.notifications.add([aNotification({ id: `n${count}`, user: second.id, ...place, alert })])
  return { first, second }
}

const ALERTS = ['first 1', 'second 1', 'second 2']

/** Where each alert would be told now, whoever its owner is called: `second 1 at second`. */
async function told(): Promise<string[]> {
  const alerts = await store.alerts.byIds(ALERTS.map((text) => `${text} ${count}`))
  const users = await store.users.byIds(alerts.map(({ user }) => user))
  const planning = { zone: 'UTC', now: 0, gather: 0, outageOf: () => undefined }
  return alerts
    .flatMap((alert) =>
      plan(alert, users.get(alert.user), planning).map(({ address }) => `${alert.text} at ${address}`),
    )
    .sort()
}

const TOLD = () => ALERTS.map((text) => `${text} at ${text.split(' ')[0]}-${count}`)

/** The two are one, with all that either had. */
async function expectJoined({ first, second }: { first: User; second: User }) {
  const [one, other] = [await writes('first'), await writes('second')]
  expect(other).toEqual(one)
  expect(one).toMatchObject({ id: first.id, zone: 'Asia/Tokyo', formerIds: [second.id] })
  const came = second.subscriptions.map((place) => ({ ...place, joinedAt: expect.any(Number) }))
  expect(one.subscriptions).toEqual([...first.subscriptions, ...came])
  const alerts = await store.alerts.ofUser(one.id)
  expect(alerts.map(({ text }) => text)).toEqual(ALERTS)
  expect(new Set(alerts.map(({ number }) => number)).size).toBe(3)
  expect(alerts[0]!.number).toBe(1)
  expect(await store.users.nextNumber(one.id)).toBeGreaterThan(Math.max(...alerts.map(({ number }) => number)))
  expect(await told()).toEqual(TOLD())
  const [message] = await store.notifications.byIds([`n${count}`])
  expect(message).toMatchObject({ user: first.id, alert: { number: await numberOf(`second 1 ${count}`) } })
  expect((await store.users.byIds([second.id])).get(second.id)).toEqual(one)
  expect(await store.db.collection('users').countDocuments({ _id: second.id as never })).toBe(0)
}

describe('a join', () => {
  test('gives the alerts of the one new numbers with the other, who keeps their settings', async () => {
    const people = await twoPeople()
    expect(await store.joins.join(people.second.id, people.first.id)).toEqual([
      { alert: `second 1 ${count}`, from: 1, to: 2 },
      { alert: `second 2 ${count}`, from: 2, to: 3 },
    ])
    await expectJoined(people)
  })

  test('a zone that the first has not told is the second’s', async () => {
    count++
    const [first, second] = [await writes('first'), await writes('second')]
    await store.users.setZone(second.id, 'Europe/Berlin')
    await store.joins.join(second.id, first.id)
    expect((await writes('first')).zone).toBe('Europe/Berlin')
  })

  test('that died after any one of its writes is whole when it is gone on with, and tells all of it meanwhile', async () => {
    let died = 0
    for (let after = 1; ; after++) {
      const people = await twoPeople()
      const isOver = await dyingAfter(after, (joins) => joins.join(people.second.id, people.first.id))
      if (isOver) break
      died++
      // Whatever is owed meanwhile is told where it would have been.
      expect(await told()).toEqual(TOLD())
      expect((await writes('second')).subscriptions).toContainEqual(
        expect.objectContaining(people.second.subscriptions[0]!),
      )
      expect(
        await store.db.collection('users').countDocuments({ 'subscriptions.address': `second-${count}` }),
      ).toBeLessThan(2)
      await store.joins.resume()
      // Before it was written that it is to be, nothing has begun.
      if ((await writes('second')).id === people.second.id) {
        expect(after).toBe(1)
        await store.joins.join(people.second.id, people.first.id)
      }
      await expectJoined(people)
    }
    expect(died).toBeGreaterThan(8)
  })

  test('that is gone on with by several at once is done once', async () => {
    const people = await twoPeople()
    await dyingAfter(2, (joins) => joins.join(people.second.id, people.first.id))
    await Promise.all(Array.from({ length: 4 }, () => store.joins.resume()))
    await expectJoined(people)
  })

  test('takes along an alert that was set for the old one while it went on', async () => {
    const people = await twoPeople()
    await store.joins.join(people.second.id, people.first.id)
    const { number: _number, revision: _revision, unsent: _unsent, ...fresh } = anAlert({ text: 'late' })
    const late = {
      ...fresh,
      id: `late ${count}`,
      user: people.second.id,
      subscription: people.second.subscriptions[0]!.id,
    }
    await store.alerts.create(late, () => store.users.nextNumber(people.second.id))
    await store.joins.resume()
    const numbers = (await store.alerts.ofUser(people.first.id)).map(({ text, number }) => `${number} ${text}`)
    expect(numbers).toHaveLength(4)
    expect(new Set(numbers.map((line) => line.split(' ')[0])).size).toBe(4)
    expect(numbers.at(-1)).toMatch(/late$/)
  })
})

describe('of joins at the same moment', () => {
  test('two people who join each other are one person, or two, and nothing is lost', async () => {
    for (let round = 0; round < 3; round++) {
      const { first, second } = await twoPeople()
      await Promise.all([store.joins.join(first.id, second.id), store.joins.join(second.id, first.id)])
      await store.joins.resume()
      await expectNothingLost()
    }
  })

  test('a chain of three, begun at once, keeps everything and gives no number twice', async () => {
    for (let round = 0; round < 3; round++) {
      const { first, second } = await twoPeople()
      const third = await writes('third')
      await Promise.all([store.joins.join(second.id, first.id), store.joins.join(first.id, third.id)])
      await store.joins.resume()
      await expectNothingLost()
      const owner = (await store.users.byIds([first.id])).get(first.id)!
      expect([third.id, first.id]).toContain(owner.id)
    }
  })

  test('one person cannot go two ways', async () => {
    const { first, second } = await twoPeople()
    const third = await writes('third')
    const done = await Promise.all([store.joins.join(second.id, first.id), store.joins.join(second.id, third.id)])
    expect(done.filter((numbers) => numbers !== undefined)).toHaveLength(1)
    await expectNothingLost()
  })

  async function expectNothingLost() {
    const alerts = await store.alerts.byIds(ALERTS.map((text) => `${text} ${count}`))
    expect(alerts).toHaveLength(3)
    expect(new Set(alerts.map(({ user, number }) => `${user} ${number}`)).size).toBe(3)
    expect(await told()).toEqual(TOLD())
    for (const { user, id } of alerts) {
      const owner = (await store.users.byIds([user])).get(user)!
      expect(owner.id).toBe(user)
      expect((await store.alerts.ofUser(user)).map((one) => one.id)).toContain(id)
    }
  }
})

test('nobody is joined into themselves, or into nobody', async () => {
  const { first } = await twoPeople()
  expect(await store.joins.join(first.id, first.id)).toBeUndefined()
  expect(await store.joins.join(first.id, 'nobody')).toBeUndefined()
  expect(await writes('first')).toEqual({ ...first, zone: 'Asia/Tokyo' })
})

const WRITES = new Set(['updateOne', 'updateMany', 'deleteOne', 'deleteMany', 'findOneAndUpdate', 'insertOne'])

/** Does something with joins that die right after so many writes. Gives whether they came to their end before. */
async function dyingAfter(most: number, work: (joins: Joins) => Promise<unknown>): Promise<boolean> {
  let done = 0
  const mortal = (collection: object) =>
    new Proxy(collection, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (done >= most) throw new Error('dead')
          const result = Reflect.apply(value, target, args)
          if (!WRITES.has(String(name))) return result
          return Promise.resolve(result).then((written) => {
            done++
            if (done >= most) throw new Error('dead')
            return written
          })
        }
      },
    })
  const connection = { collection: (name: string) => mortal(store.db.collection(name)) }
  try {
    await work(createJoins(connection as unknown as Connection))
    return true
  } catch (error) {
    if ((error as Error).message !== 'dead') throw error
    return false
  }
}
