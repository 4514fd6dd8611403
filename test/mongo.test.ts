import { MongoClient } from 'mongodb'
import { expect, test } from 'vitest'
import { freshDatabase } from './mongo.ts'

test('each fresh database is empty and another one', async () => {
  const [one, two] = [new MongoClient(freshDatabase()), new MongoClient(freshDatabase())]
  await one.db().collection('things').insertOne({ name: 'first' })
  expect(await one.db().collection('things').countDocuments()).toBe(1)
  expect(await two.db().collection('things').countDocuments()).toBe(0)
  expect(one.db().databaseName).not.toBe(two.db().databaseName)
  await Promise.all([one.close(), two.close()])
})
