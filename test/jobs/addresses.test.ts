import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAddressRound } from '../../src/jobs/addresses.ts'
import { createLog } from '../../src/log.ts'
import { plain } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import type { User } from '../../src/users/types.ts'
import { anOutside, type Outside } from '../commands/people.ts'
import { freshDatabase } from '../mongo.ts'

const NOW = Date.UTC(2026, 10, 23)
const MINUTE = 60_000
const HOUR = 60 * MINUTE

let store: Store
let outside: Outside
let now = NOW
let anna: User
let mail = ''
let count = 0
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  for (const name of ['users', 'confirmations']) await store.db.collection(name).deleteMany({})
  now = NOW
  outside = anOutside()
  anna = await store.users.ofAddress('double', `anna ${++count}`, now)
  mail = `anna${count}@example.org`
})

/** One round; a chat that takes nothing is in `outside.broken`. */
const round = () =>
  createAddressRound({
    confirmations: store.confirmations,
    users: store.users,
    emails: outside.emails,
    send: async (_user, { channel, address }, reply) => {
      if (outside.broken.has(channel)) throw new Error('it is away')
      outside.sent.push(`${channel} ${address}: ${plain(reply)}`)
    },
    random: () => Uint8Array.from([0x07, 0x5e, 0x63]),
    now: () => now,
    log: createLog('silent'),
  })()

async function asks(state: 'pending' | 'confirmed' | undefined) {
  const from = anna.subscriptions[0]!.id
  await store.confirmations.awaitLink({ user: anna.id, channel: 'email', address: mail, from, mailedAs: anna.id }, NOW)
  if (state) outside.states.set(mail, state)
}

const chat = () => outside.sent.filter((line) => line.startsWith('double')).join('\n')
const mails = () => outside.sent.filter((line) => line.startsWith('email'))

describe('an address whose link is awaited', () => {
  test('gets nothing before it was opened', async () => {
    await asks('pending')
    await round()
    expect(outside.sent).toEqual([])
  })

  test('gets its code once it was opened, and its person is told once', async () => {
    await asks('confirmed')
    await round()
    await round()
    expect(mails()).toEqual([`email ${mail}: CODE 482915`])
    expect(outside.sent.filter((line) => line.startsWith(`double anna ${count}: The link`))).toHaveLength(1)
    expect(await store.confirmations.tryCode(anna.id, '482915', now)).toMatchObject({ state: 'right' })
  })

  test('is told of when the chat is back, as long as the code is good', async () => {
    await asks('confirmed')
    outside.broken.set('double', 'away')
    await round()
    expect(chat()).toBe('')
    outside.broken.clear()
    await round()
    expect(chat()).toContain('Type it here within 10 minutes')
    expect(mails()).toHaveLength(1)
  })

  test.each<['pending' | undefined, number, string]>([
    ['pending', 48 * HOUR - 1, ''],
    ['pending', 48 * HOUR, 'was not opened in time'],
    [undefined, 9 * MINUTE, ''],
    [undefined, 11 * MINUTE, 'was not opened in time'],
  ])('that is %s at Amazon after %i ms is told of so: "%s"', async (state, age, words) => {
    await asks(state)
    now = NOW + age
    await round()
    await round()
    expect(chat().match(/was not opened in time/g) ?? []).toHaveLength(words === '' ? 0 : 1)
    expect(await store.confirmations.awaitingLinks()).toHaveLength(words === '' ? 1 : 0)
  })

  test('whose code is not typed in two days is given up, and ended at Amazon', async () => {
    await asks('confirmed')
    await round()
    now += 48 * HOUR
    await round()
    expect(await store.confirmations.ofUser(anna.id)).toHaveLength(1)
    now += HOUR
    await round()
    expect(await store.confirmations.ofUser(anna.id)).toEqual([])
    expect(outside.states.has(mail)).toBe(false)
  })

  test('that is late is not forgotten before its person was told', async () => {
    await asks('pending')
    now = NOW + 49 * HOUR
    outside.broken.set('double', 'away')
    await round()
    expect(await store.confirmations.awaitingLinks()).toHaveLength(1)
  })

  test('does not keep others waiting when Amazon does not answer about it', async () => {
    await asks('confirmed')
    const other = { user: anna.id, channel: 'email', address: 'other@example.org', from: '', mailedAs: anna.id }
    await store.confirmations.awaitLink(other, NOW)
    outside.states.set('other@example.org', 'confirmed')
    const { state } = outside.emails
    Object.assign(outside.emails, {
      state: (user: string, address: string) =>
        address === mail ? Promise.reject(new Error('no answer')) : state(user, address),
    })
    await round()
    expect(mails()).toEqual(['email other@example.org: CODE 482915'])
  })
})

describe('a confirmed address', () => {
  /** A round in each minute of an hour. */
  const hour = async () => {
    for (let minute = 0; minute < 60; minute++) {
      now += MINUTE
      await round()
    }
  }
  const off = async () => (await store.users.byIds([anna.id])).get(anna.id)!.subscriptions[1]!.off

  beforeEach(async () => {
    await store.users.subscribe(anna.id, { channel: 'email', address: mail, mailedAs: 'who it was then' }, NOW)
    outside.states.set(mail, 'confirmed')
  })

  test('is asked for once an hour, as the user it was confirmed by', async () => {
    const asked: string[] = []
    const { state } = outside.emails
    Object.assign(outside.emails, {
      state(user: string, address: string) {
        asked.push(`${user} ${address}`)
        return state(user, address)
      },
    })
    await hour()
    expect(asked).toEqual([`who it was then ${mail}`])
    expect(outside.sent).toEqual([])
  })

  test('that was ended by the link in a mail is switched off, and its person told, once', async () => {
    outside.states.delete(mail)
    await hour()
    await hour()
    expect(await off()).toEqual({ at: expect.any(Number), reason: 'the link that ends the mail was opened' })
    expect(outside.sent).toEqual([
      `double anna ${count}: I send nothing to ${mail} any more: the link that ends the mail was opened. Your alerts are told at your other addresses. To have mail again: subscribe email ${mail}`,
    ])
  })

  test('that was ended is off at once, also where its person cannot be told before the chat is back', async () => {
    outside.states.delete(mail)
    outside.broken.set('double', 'away')
    await hour()
    expect(await off()).toMatchObject({ isUntold: true })
    outside.broken.clear()
    await round()
    await round()
    expect(outside.sent).toEqual([expect.stringContaining(`I send nothing to ${mail} any more`)])
  })
})
