import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { createSmsOffers, OFFERED_FOR } from '../../src/store/sms-offers.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
let address = ''
beforeAll(async () => {
  address = freshDatabase()
  store = await connect(address)
})
afterAll(() => store.close())

const NOW = Date.UTC(2026, 10, 23, 15)
const ANNA = '+12025550100'
let numbers = 0
const aNumber = () => `+1202555${String(++numbers).padStart(4, '0')}`

describe('offers', () => {
  test('the newest is found, for an hour', async () => {
    const connection = await mongoose.createConnection(address).asPromise()
    let now = NOW
    const offers = createSmsOffers(connection, () => now)
    const number = aNumber()
    expect(await offers.find(number)).toBeNull()
    await offers.keep(number, { commands: ['alert A > 1'], isQuestion: true })
    await offers.keep(number, { commands: [], isQuestion: false, rest: 'more', next: 'list 2' })
    expect(await offers.find(number)).toEqual({ commands: [], isQuestion: false, rest: 'more', next: 'list 2' })
    now += OFFERED_FOR
    expect(await offers.find(number)).toBeNull()
    await connection.close()
  })

  test('a number that looks like a question to the database is a number like any other', async () => {
    expect(await store.smsOffers.find('{"$gt":""}')).toBeNull()
    expect(await store.smsConsents.find('{"$gt":""}')).toBeNull()
    expect(await store.smsAnswers.find('{"$gt":""}')).toBeNull()
  })
})

describe('consent', () => {
  test('is as noted last; each note is kept with its words', async () => {
    const number = aNumber()
    expect(await store.smsConsents.find(number)).toBeNull()
    await store.smsConsents.note(number, { isOut: false, how: 'first text', words: 'list', at: NOW })
    await store.smsConsents.welcomed(number)
    expect(await store.smsConsents.find(number)).toEqual({ isOut: false, isWelcomed: true })
    await store.smsConsents.note(number, { isOut: true, how: 'text', words: 'stop texting me', at: NOW + 1 })
    expect(await store.smsConsents.find(number)).toEqual({ isOut: true, isWelcomed: true })
    const document = await store.db.collection('smsConsents').findOne({ _id: number as never })
    expect(document?.notes).toEqual([
      { isOut: false, how: 'first text', words: 'list', at: new Date(NOW) },
      { isOut: true, how: 'text', words: 'stop texting me', at: new Date(NOW + 1) },
    ])
  })

  test('the newest 50 notes are kept', async () => {
    const number = aNumber()
    for (let index = 0; index < 55; index++)
      await store.smsConsents.note(number, { isOut: index % 2 === 0, how: 'text', words: String(index), at: NOW })
    const document = await store.db.collection('smsConsents').findOne({ _id: number as never })
    expect([document?.notes.length, document?.notes[0].words]).toEqual([50, '5'])
  })

  test('who was welcomed before they wrote has agreed to nothing they can be held to, and is not out', async () => {
    const number = aNumber()
    await store.smsConsents.welcomed(number)
    expect(await store.smsConsents.find(number)).toEqual({ isOut: false, isWelcomed: true })
  })
})

test('an answer is found by the id of its text, as it was kept last', async () => {
  expect(await store.smsAnswers.find('SM1')).toBeNull()
  await store.smsAnswers.keep('SM1', { text: 'said', isSent: false }, ANNA)
  await store.smsAnswers.keep('SM1', { text: '', isSent: true }, ANNA)
  expect(await store.smsAnswers.find('SM1')).toEqual({ text: '', isSent: true })
})

test('what is asked and kept for several texts at the same moment is told apart', async () => {
  const numbers = [aNumber(), aNumber(), aNumber()]
  const offer = (index: number) => ({ commands: [`alert A > ${index}`], isQuestion: false })
  const each = <T>(work: (number: string, index: number) => Promise<T>) => Promise.all(numbers.map(work))
  await each((number, index) => store.smsOffers.keep(number, offer(index)))
  await each((number, index) => store.smsAnswers.keep(`SM of ${number}`, { text: `${index}`, isSent: false }, number))
  await store.smsConsents.note(numbers[1]!, { isOut: true, how: 'text', words: 'stop', at: NOW })
  const found = await each(async (number) =>
    Promise.all([
      store.smsAnswers.find(`SM of ${number}`),
      store.smsOffers.find(number),
      store.smsConsents.find(number),
    ]),
  )
  expect(found).toEqual([
    [{ text: '0', isSent: false }, offer(0), null],
    [{ text: '1', isSent: false }, offer(1), { isOut: true, isWelcomed: false }],
    [{ text: '2', isSent: false }, offer(2), null],
  ])
})

test('of two answers to one text that are kept at the same moment the later one stays', async () => {
  const keep = (text: string) => store.smsAnswers.keep('SM twice', { text, isSent: true }, ANNA)
  await Promise.all([keep('first'), keep('second')])
  expect(await store.smsAnswers.find('SM twice')).toEqual({ text: 'second', isSent: true })
})

describe('the segments of a day', () => {
  const limit = { number: 10, all: 1_000 }
  const DAY = 86_400_000

  test('are granted up to the limit of a number, and who has had all is told once', async () => {
    const day = NOW + DAY
    const number = aNumber()
    expect(await store.smsBudget.take(number, 8, limit, day)).toEqual({ granted: true })
    expect(await store.smsBudget.take(number, 3, limit, day)).toEqual({ granted: false, isFirst: true })
    expect(await store.smsBudget.take(number, 2, limit, day)).toEqual({ granted: true })
    expect(await store.smsBudget.take(number, 1, limit, day)).toEqual({ granted: false, isFirst: false })
  })

  test('begin anew at midnight UTC', async () => {
    const midnight = Date.UTC(2026, 11, 1)
    const number = aNumber()
    await store.smsBudget.take(number, 10, limit, midnight - 1)
    expect(await store.smsBudget.take(number, 1, limit, midnight - 1)).toMatchObject({ granted: false })
    expect(await store.smsBudget.take(number, 1, limit, midnight)).toEqual({ granted: true })
    expect(await store.smsBudget.take(number, 10, limit, midnight)).toEqual({ granted: false, isFirst: true })
  })

  test('what all have had counts for each; what was not granted is not counted', async () => {
    const day = NOW + 3 * DAY
    const [one, other] = [aNumber(), aNumber()]
    const small = { number: 10, all: 12 }
    await store.smsBudget.take(one, 9, small, day)
    expect(await store.smsBudget.take(other, 4, small, day)).toEqual({ granted: false, isFirst: true })
    expect(await store.smsBudget.take(other, 3, small, day)).toEqual({ granted: true })
  })

  test('given back may be taken again; forced ones count beyond the limit', async () => {
    const day = NOW + 4 * DAY
    const number = aNumber()
    await store.smsBudget.take(number, 10, limit, day)
    await store.smsBudget.giveBack(number, 2, day)
    expect(await store.smsBudget.take(number, 2, limit, day)).toEqual({ granted: true })
    await store.smsBudget.force(number, 1, day)
    await store.smsBudget.giveBack(number, 1, day)
    expect(await store.smsBudget.take(number, 1, limit, day)).toMatchObject({ granted: false })
  })

  test('asked for by many at once, not one more is granted', async () => {
    const day = NOW + 5 * DAY
    const second = await connect(address)
    const number = aNumber()
    const grants = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 ? store : second).smsBudget.take(index % 3 ? number : aNumber(), 1, { number: 10, all: 25 }, day),
      ),
    )
    await second.close()
    const granted = grants.filter((grant) => grant.granted).length
    const ofOne = grants.filter((grant, index) => index % 3 && grant.granted).length
    expect(ofOne).toBeLessThanOrEqual(10)
    expect(granted).toBe(25)
    const firsts = grants.filter((grant, index) => index % 3 && !grant.granted && grant.isFirst)
    expect(firsts.length).toBe(1)
  })
})
