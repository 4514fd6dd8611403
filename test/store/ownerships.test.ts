import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

const LONG = 60_000

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const of = (what: string, owner: string, ownedFor = LONG) => store.ownerships.of(what, owner, ownedFor)

test('one of many that want it at once has it, and has it still when it asks again', async () => {
  const owners = Array.from({ length: 20 }, (_, index) => of('race', `process ${index}`))
  const got = await Promise.all(owners.map((owner) => owner.acquire()))
  expect(got.filter((isOurs) => isOurs)).toHaveLength(1)
  expect(await Promise.all(owners.map((owner) => owner.acquire()))).toEqual(got)
})

test('what is given up is free, and only its owner can give it up', async () => {
  const [one, other] = [of('given up', 'one'), of('given up', 'other')]
  expect(await one.acquire()).toBe(true)
  await other.release()
  expect(await other.acquire()).toBe(false)
  await one.release()
  expect(await other.acquire()).toBe(true)
  expect(await one.acquire()).toBe(false)
})

test('who does not renew it loses it to the next one that asks', async () => {
  const [one, other] = [of('lapsed', 'one', 50), of('lapsed', 'other')]
  expect(await one.acquire()).toBe(true)
  while (!(await other.acquire())) await sleep(10)
  expect(await one.acquire()).toBe(false)
})

test('channels are owned apart from each other, and a name that looks like a field is a name', async () => {
  expect(await of('telegram', 'one').acquire()).toBe(true)
  expect(await of('discord', '$until').acquire()).toBe(true)
  expect(await of('discord', '$until').acquire()).toBe(true)
  expect(await of('discord', 'one').acquire()).toBe(false)
})
