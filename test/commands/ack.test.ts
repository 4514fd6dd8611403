import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acknowledgeAt } from '../../src/commands/acknowledge.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { aNotification } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, startTalk, type Talk } from './talk.ts'

const MINUTE = 60_000

let store: Store
let talk: Talk
let user: string
let told = 0
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

/** Anna, with an urgent alert 1 and, from then on, a second chat of hers. */
beforeEach(async () => {
  talk = startTalk(store)
  await talk.says('alert AAPL > 500 urgent')
  const [alert] = await talk.alerts()
  user = alert!.user
  const { address } = (await store.users.byIds([user])).get(user)!.subscriptions[0]!
  const second = { id: 'second', channel: 'double', address: address.replace('anna', 'second') }
  await store.db.collection('users').updateOne({ _id: user as never }, { $push: { subscriptions: second } as never })
})

/** Alert `number` fires: it was told in Anna's first chat, and, where that is given, in others. */
async function fires(
  number = 1,
  given: { in?: readonly string[]; state?: 'due' | 'sending' | 'sent' } = {},
): Promise<string> {
  const id = `firing-${++told}`
  const [alert] = await talk.alerts()
  const { subscriptions } = (await store.users.byIds([user])).get(user)!
  const places = ['first', ...(given.in ?? [])].map((place) => subscriptions[place === 'first' ? 0 : 1]!)
  const base = aNotification()
  const occurrence = { ...base.occurrence, id, last: true }
  await store.notifications.add(
    places.map(({ id: subscription, channel, address }) => ({
      ...base,
      ...{ id: `${id}:${subscription}:fired`, occurrence, user, subscription, channel, address, urgent: true as const },
      ...{ createdAt: talk.now, escalateAt: talk.now + 5 * MINUTE },
      alert: { id: number === 1 ? alert!.id : `other ${number}`, number, text: 'AAPL price > 500' },
    })),
  )
  if (given.state === 'due') return id
  const token = `sender ${told}`
  await store.notifications.lease({ channel: 'double', token, lease: 60_000, limit: 1_000, now: talk.now })
  const ids = places.map(({ id: subscription }) => `${id}:${subscription}:fired`)
  const sent = { state: 'sent', receipt: id, escalateAt: talk.now + 5 * MINUTE } as const
  if (given.state !== 'sending') await store.notifications.record(ids, token, sent, talk.now)
  return id
}

const of = async (id: string): Promise<Tracked[]> =>
  (await store.notifications.ofUser(user, { skip: 0, limit: 100 })).filter(({ occurrence }) => occurrence.id === id)
const isAcknowledged = async (id: string) => (await of(id)).every(({ acknowledgedAt }) => acknowledgedAt !== undefined)

describe('ack', () => {
  test('of one alert says so, keeps the buttons of the firing, and is shown by history and why', async () => {
    const id = await fires()
    talk.now += MINUTE
    const reply = await talk.hears('ack 1', { isPress: true })
    expect(reply).toMatchObject({
      pieces: ['Alert 1 is acknowledged: I do not repeat it elsewhere.'],
      buttons: [{ label: 'Again' }, { label: 'Snooze 1 h' }, { label: 'Why' }, { label: 'Delete' }],
      place: 'below',
    })
    expect(await of(id)).toMatchObject([{ acknowledgedAt: MONDAY + MINUTE }])
    expect((await of(id))[0]).not.toHaveProperty('escalateAt')
    expect(await talk.says('history')).toContain('double: sent at 15:04, acknowledged at 15:05.')
    expect(await talk.says('why 1')).toContain('fired by double: sent at 15:04 (id firing-1), acknowledged at 15:05')
    expect(await talk.says('ack 1')).toBe('Alert 1 is acknowledged already, since 15:05.')
  })

  test.each(['ack', 'ack all', 'acknowledge 1 and 3', '/ack 1 3'])('of several: %s', async (text) => {
    const ids = [await fires(1), await fires(3)]
    expect(await talk.says(text, 'second')).toBe('Alerts 1 and 3 are acknowledged: I do not repeat them elsewhere.')
    for (const id of ids) expect(await isAcknowledged(id)).toBe(true)
  })

  test('of one leaves what was told elsewhere of another, and takes along what was told in the same chat', async () => {
    const [one, other] = [await fires(1), await fires(3)]
    expect(await talk.says('ack 3', 'second')).toMatch(/^Alert 3 is acknowledged/)
    expect([await isAcknowledged(one), await isAcknowledged(other)]).toEqual([false, true])
    await fires(3)
    expect(await talk.says('ack 3')).toMatch(/^Alert 3 is acknowledged/)
    expect(await isAcknowledged(one)).toBe(true)
  })

  test('counts while it is not recorded yet that it was told, and not of what nobody was told', async () => {
    const waiting = await fires(1, { state: 'due' })
    expect(await talk.says('ack 1')).toBe('Alert 1 has told nothing that waits to be acknowledged.')
    expect(await isAcknowledged(waiting)).toBe(false)
    const under = await fires(3, { state: 'sending' })
    expect(await talk.says('ack 3')).toMatch(/^Alert 3 is acknowledged/)
    expect(await isAcknowledged(under)).toBe(true)
  })

  test.each([
    ['ack', 'Nothing waits to be acknowledged.'],
    ['ack 1', 'Alert 1 has told nothing that waits to be acknowledged.'],
    ['ack 2', 'Alert 2 is not urgent, so nothing of it has to be acknowledged.'],
    ['ack 1 2', 'Nothing waits to be acknowledged.'],
  ])('where nothing waits for it, %s is answered with what is so', async (text, answer) => {
    await talk.says('alert AAPL > 600')
    expect(await talk.says(text)).toBe(answer)
  })

  test.each(['ack 99', 'ack seven'])('%s is refused', async (text) => {
    expect(await talk.says(text)).toMatch(/^You have no alert 99\.|is not the number of an alert/)
  })

  test('says nothing of other addresses to who has none', async () => {
    await store.users.unsubscribe(user, 'second')
    await fires()
    expect(await talk.says('ack 1')).toMatch(/^Alert 1 is acknowledged\.\n/)
  })

  test('of somebody else’s is no help', async () => {
    const id = await fires()
    await talk.says('alert AAPL > 500 urgent', 'bert')
    expect(await talk.says('ack 1', 'bert')).toBe('Alert 1 has told nothing that waits to be acknowledged.')
    expect(await isAcknowledged(id)).toBe(false)
  })
})

describe('what shows that somebody has seen it', () => {
  test('words that are no message to be handled, at an address where it was told', async () => {
    const at = async (place: string) => {
      const { channel, address } = (await store.users.byIds([user])).get(user)!.subscriptions[
        place === 'first' ? 0 : 1
      ]!
      await acknowledgeAt(channel, address, { ...store, realNow: () => talk.now })
    }
    const [told, waiting] = [await fires(1), await fires(3, { state: 'due' })]
    await at('second')
    expect([await isAcknowledged(told), await isAcknowledged(waiting)]).toEqual([false, false])
    await at('first')
    expect([await isAcknowledged(told), await isAcknowledged(waiting)]).toEqual([true, false])
    await acknowledgeAt('double', 'nobody', { ...store, realNow: () => talk.now })
  })

  test.each(['price BTC', 'help', 'what?', 'alert BTC > 100k', 'timezone UTC', 'delete all'])(
    'in the chat where it was told: %s',
    async (text) => {
      const id = await fires()
      await talk.says(text)
      expect(await isAcknowledged(id)).toBe(true)
    },
  )

  test.each<[string, boolean]>([
    ['list', true],
    ['history', true],
    ['history 1', true],
    ['show 1', true],
    ['why #1', true],
    ['edit 1 AAPL > 510 urgent', true],
    ['pause 1', true],
    ['pause all', true],
    ['snooze 1 1h', true],
    ['snooze all 1h', true],
    ['delete 1 2', true],
    ['repeat 1', true],
    ['show 2', false],
    ['history 2', false],
    ['delete 2', false],
    ['pause', false],
    ['price AAPL', false],
    ['status', false],
    ['what?', false],
  ])('in another chat of theirs, %s: %s', async (text, isSeen) => {
    const id = await fires()
    await talk.says(text, 'second')
    expect(await isAcknowledged(id)).toBe(isSeen)
  })

  test('an answer to a question counts as what it makes: pause, then 1', async () => {
    await talk.says('alert MSFT > 900')
    const id = await fires()
    await talk.says('pause', 'second')
    expect(await isAcknowledged(id)).toBe(false)
    await talk.says('1', 'second')
    expect(await isAcknowledged(id)).toBe(true)
  })

  test('words that nothing else can be made of are answered as what they were meant for', async () => {
    for (const words of ['Got it!', 'ok', 'OK, thanks', 'seen', 'yes', '👍', 'thanks a lot']) {
      await fires()
      expect(await talk.says(words)).toBe('Alert 1 is acknowledged: I do not repeat it elsewhere.')
    }
    expect(await talk.says('thanks a lot')).toMatch(/^I did not understand that/)
    await fires()
    expect(await talk.says('AAPL > 700')).toMatch(/^Shall I watch that/)
    await fires()
    expect(await talk.says('AAPL prise > 700')).toMatch(/^I don't know "prise"/)
  })

  test('where it was told at both, one word is enough', async () => {
    const id = await fires(1, { in: ['second'] })
    await talk.says('price BTC', 'second')
    expect(await isAcknowledged(id)).toBe(true)
    expect(await of(id)).toHaveLength(2)
  })

  test('nothing is seen by a message that comes again', async () => {
    await talk.sends('same', 'price BTC')
    const id = await fires()
    await talk.sends('same', 'price BTC')
    expect(await isAcknowledged(id)).toBe(false)
  })
})

describe('the mark of who has something urgent', () => {
  const isMarked = async () => (await store.users.byIds([user])).get(user)!.urgentAt !== undefined

  test('stays for a while after all is acknowledged, and goes with the next message after that', async () => {
    await fires()
    await talk.says('ack')
    await talk.says('price BTC')
    expect(await isMarked()).toBe(true)
    talk.now += 16 * MINUTE
    await talk.says('price BTC')
    expect(await isMarked()).toBe(false)
  })

  test('stays as long as something is open', async () => {
    await fires()
    talk.now += 60 * MINUTE
    await talk.says('price BTC', 'second')
    expect(await isMarked()).toBe(true)
  })

  test('is all that is looked at in the messages of those who have nothing urgent', async () => {
    let asked = 0
    const { notifications } = store
    const counting = {
      ...store,
      notifications: {
        ...notifications,
        unacknowledged: async (users: readonly string[]) => {
          asked++
          return await notifications.unacknowledged(users)
        },
      },
    }
    const calm = startTalk(counting)
    for (const text of ['alert AAPL > 500 urgent', 'list', 'what?']) await calm.says(text)
    expect(asked).toBe(0)
  })
})

test('the read-back of an urgent alert and show say what that means', async () => {
  const elsewhere = 'Urgent: told in quiet hours too, and repeated elsewhere after 5 min unless you acknowledge it.'
  expect(await talk.says('alert BTC > 200k urgent')).toContain(`\n${elsewhere}\n`)
  expect(await talk.says('show 1')).toContain(`\n${elsewhere}\n`)
  expect(await talk.says('alert BTC > 200k urgent', 'bert')).toContain(
    '\nUrgent: told in quiet hours too. With a second address (subscribe, link) it is repeated there if you do not acknowledge it.\n',
  )
  const group = await talk.hears('alert BTC > 200k urgent', { address: 'group', isGroup: true })
  expect(JSON.stringify(group.pieces)).toContain('\\nUrgent: told in quiet hours too.')
  expect(JSON.stringify(group.pieces)).not.toContain('second address')
  expect(await talk.says('alert BTC > 300k')).not.toContain('Urgent')
})
