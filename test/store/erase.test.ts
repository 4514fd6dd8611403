import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { say } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { type ErasePorts, erase, goOnErasing, LONGEST_LEASE } from '../../src/store/erase.ts'
import { createPersonal } from '../../src/store/personal.ts'
import type { User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { aNotification } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const NOW = Date.UTC(2026, 10, 23, 15)
let people = 0

/** Somebody of whom there is something in every collection that holds anything of people. */
async function somebody(): Promise<User> {
  const number = `+1202555${String(++people).padStart(4, '0')}`
  const user = await store.users.ofAddress('sms', number, NOW)
  await store.users.setZone(user.id, 'Europe/Berlin')
  await store.alerts.create(
    { ...anAlert(), id: `alert-${people}`, user: user.id, typed: `AAPL > 500 note "${number}"` },
    () => store.users.nextNumber(user.id),
  )
  const group = anAlert({ id: `group-${people}`, user: `group-${people}`, maker: { id: number, name: 'Anna' } })
  await store.alerts.create(group, async () => 1)
  const [subscription] = user.subscriptions
  const where = { channel: 'sms', address: number, subscription: subscription!.id }
  await store.notifications.add([
    aNotification({ id: `n-${people}`, user: user.id, ...where }),
    aNotification({
      id: `g-${people}`,
      user: group.user,
      alert: { id: group.id, number: 1, text: '', maker: group.maker! },
    }),
  ])
  await store.messages.remember(`sms:${people}`, say(`you are ${number}`), NOW, user.id)
  await store.conversations.keep(`sms\n${number}\n`, { command: 'alert', step: 'symbol', data: { typed: number } }, NOW)
  await store.smsOffers.keep(number, { commands: [`show ${number}`], isQuestion: false })
  await store.smsAnswers.keep(`SM${people}`, { text: `you are ${number}`, isSent: false }, number)
  await store.smsConsents.note(number, { isOut: false, how: 'first text', words: number, at: NOW })
  await store.smsBudget.take(number, 1, { number: 10, all: 1_000 }, NOW)
  const asked = { user: user.id, channel: 'sms', address: `${number}9`, from: subscription!.id }
  await store.confirmations.awaitCode(asked, '482915', NOW, true)
  await store.links.make(user.id, `K7QM2XR${people}`, NOW)
  await store.longCommands.keep(`key-${people}`, `alert AAPL > 500 note "${number}"`)
  return (await store.users.byIds([user.id])).get(user.id)!
}

const numberOf = (user: User) => user.subscriptions[0]!.address

/** The collections in which a text is to be found, anywhere in a document. */
async function placesOf(text: string): Promise<string[]> {
  const collections = await store.db.listCollections().toArray()
  const found = await Promise.all(
    collections.map(async ({ name }) => {
      const documents = await store.db.collection(name).find().toArray()
      return documents.some((document) => JSON.stringify(document).includes(text)) ? [name] : []
    }),
  )
  return found.flat().sort()
}

const portsOf = (given: Partial<ErasePorts> = {}): ErasePorts => ({ store, failed: () => {}, ...given })

describe('erasing', () => {
  test('leaves nothing of a person but a tombstone that says nobody', async () => {
    const user = await somebody()
    const before = await placesOf(numberOf(user))
    expect(before).toEqual([
      'alerts',
      'confirmations',
      'conversations',
      'longCommands',
      'messages',
      'notifications',
      'smsAnswers',
      'smsConsents',
      'smsOffers',
      'users',
    ])
    expect(await erase(portsOf(), user, 'sms:by', NOW)).toBe(true)
    expect(await placesOf(numberOf(user))).toEqual([])
    expect(await placesOf('Anna')).toEqual([])
    expect(await placesOf(user.id)).toEqual(['erased'])
  })

  test('in a group what they made stays, without their name', async () => {
    const user = await somebody()
    await erase(portsOf(), user, `sms:group-${people}`, NOW)
    const [alert] = await store.alerts.ofUser(`group-${people}`)
    expect(alert).toMatchObject({ number: 1, revision: 2 })
    expect(alert).not.toHaveProperty('maker')
    const [notification] = await store.notifications.byIds([`g-${people}`])
    expect(notification?.alert).toEqual({ id: `group-${people}`, number: 1, text: '' })
  })

  test('takes with it whoever was joined into them, and what still names that one', async () => {
    const [user, other] = [await somebody(), await somebody()]
    await store.joins.join(other.id, user.id)
    const joined = (await store.users.byIds([user.id])).get(user.id)!
    expect(joined.formerIds).toEqual([other.id])
    await store.messages.remember(`sms:former-${people}`, say('late'), NOW, other.id)
    await erase(portsOf(), joined, 'sms:joined', NOW)
    expect(await store.users.byIds([user.id, other.id])).toEqual(new Map())
    for (const number of [user, other].map(numberOf)) expect(await placesOf(number)).toEqual([])
    expect(await placesOf(other.id)).toEqual(['erased'])
  })

  test('touches nobody else', async () => {
    const [other, user] = [await somebody(), await somebody()]
    const before = await placesOf(numberOf(other))
    await erase(portsOf(), user, 'sms:other', NOW)
    expect(await placesOf(numberOf(other))).toEqual(before)
  })

  test('asked for again by the same message erases nothing of who they are by then, but for somebody blank', async () => {
    const user = await somebody()
    const address = numberOf(user)
    await erase(portsOf(), user, 'sms:twice', NOW)
    const blank = await store.users.ofAddress('sms', address, NOW)
    expect(await erase(portsOf(), blank, 'sms:twice', NOW)).toBe(true)
    expect(await store.users.find('sms', address)).toBeNull()
    const back = await store.users.ofAddress('sms', address, NOW)
    await store.users.nextNumber(back.id)
    await erase(portsOf(), back, 'sms:twice', NOW)
    expect(await store.users.find('sms', address)).toEqual(back)
  })
})

describe('who was erased', () => {
  test('comes back at once as somebody new, even where the process died right after the tombstone', async () => {
    const user = await somebody()
    const places = user.subscriptions.map(({ channel, address }) => ({ channel, address }))
    await store.erased.begin({ user: user.id, ids: [user.id], places, at: NOW }, 'sms:back')
    expect(await store.users.byIds([user.id])).toEqual(new Map())
    const back = await store.users.ofAddress('sms', numberOf(user), NOW)
    expect(back.id).not.toBe(user.id)
    expect(back).toMatchObject({ zone: null, subscriptions: [{ channel: 'sms', address: numberOf(user) }] })
    expect(back.subscriptions[0]!.id).not.toBe(user.subscriptions[0]!.id)
    await goOnErasing(portsOf(), NOW)
    expect(await store.users.find('sms', numberOf(user))).toEqual(back)
    expect(await placesOf(user.id)).toEqual(['erased'])
  })

  test('is somebody new for each of 8 messages that come at once, and for all of them the same', async () => {
    const user = await somebody()
    await store.erased.begin({ user: user.id, ids: [user.id], places: [], at: NOW }, 'sms:many')
    const write = () => store.users.ofAddress('sms', numberOf(user), NOW)
    const made = await Promise.all(Array.from({ length: 8 }, write))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(made[0]!.id).not.toBe(user.id)
  })
})

/** A store whose process dies at the n-th thing that it is asked to change: before it is done, or right after. */
function mortal(n: number, when: 'before' | 'after'): { store: Store; isDead: () => boolean } {
  let asked = 0
  const dies = async (work: () => Promise<unknown>) => {
    const isLast = ++asked === n
    if (isLast && when === 'before') throw new Error('killed')
    const result = await work()
    if (isLast) throw new Error('killed')
    return result
  }
  const wrap = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function' || !CHANGES.has(String(name))) return value
        return (...given: unknown[]) => dies(() => value.apply(target, given))
      },
    })
  const parts = Object.entries(store).map(([name, part]) => [name, typeof part === 'object' ? wrap(part) : part])
  return { store: Object.fromEntries(parts), isDead: () => asked >= n }
}

const CHANGES = new Set(['begin', 'passed', 'erase', 'forget', 'forgetMakers', 'eraseBlank'])
/** The tombstone, seven things of the user, six of the address, and the end of the pass. */
const STEPS = 15

describe('a death', () => {
  /** Before each step, which is after the one before it, and after the last. */
  const deaths = Array.from({ length: STEPS }, (_, index) => ({ n: index + 1, when: 'before' as const }))
  test.each([...deaths, { n: STEPS, when: 'after' as const }])(
    '$when step $n leaves nothing that is not erased at the next start',
    async ({ n, when }) => {
      const user = await somebody()
      const { store: dying, isDead } = mortal(n, when)
      await expect(erase(portsOf({ store: dying }), user, `sms:${n}/${when}`, NOW)).rejects.toThrow('killed')
      expect(isDead()).toBe(true)
      await goOnErasing(portsOf(), NOW)
      // Died before there was a tombstone: nothing has happened, and the message comes again.
      if (n === 1) await erase(portsOf(), user, `sms:${n}/${when}`, NOW)
      expect(await placesOf(numberOf(user))).toEqual([])
      expect(await placesOf(user.id)).toEqual(['erased'])
    },
  )

  test('cannot come at a step that the table does not have', async () => {
    const { store: immortal, isDead } = mortal(STEPS + 1, 'before')
    await erase(portsOf({ store: immortal }), await somebody(), 'sms:whole', NOW)
    expect(isDead()).toBe(false)
  })
})

describe('once more after the longest lease', () => {
  test('what was on its way when the rest was erased is erased too, and then nothing is looked for any more', async () => {
    const user = await somebody()
    await erase(portsOf(), user, 'sms:late', NOW)
    const late = () => store.notifications.add([aNotification({ id: `late-${people}`, user: user.id })])
    await late()
    await store.messages.remember('sms:late', say('late'), NOW, user.id)
    await store.alerts.create(anAlert({ id: `late-${people}`, user: user.id }), async () => 9)
    await goOnErasing(portsOf(), NOW + LONGEST_LEASE)
    expect(await placesOf(user.id)).toEqual(['alerts', 'erased', 'messages', 'notifications'])
    await goOnErasing(portsOf(), NOW + LONGEST_LEASE + 1)
    expect(await placesOf(user.id)).toEqual(['erased'])
    expect(await store.erased.open(NOW + 2 * LONGEST_LEASE)).not.toContainEqual(
      expect.objectContaining({ user: user.id }),
    )
  })

  test('the tombstone goes by itself 30 days after that', async () => {
    const indexes = await store.db.collection('erased').indexes()
    expect(indexes.find(({ key }) => 'keptAt' in key)).toMatchObject({ expireAfterSeconds: 30 * 86_400 })
    const open = await store.db
      .collection('erased')
      .countDocuments({ open: { $ne: 'nothing' }, keptAt: { $exists: true } })
    expect(open).toBe(0)
  })
})

describe('mail at Amazon', () => {
  test('is ended for who is erased; where Amazon does not answer, everything else is erased and it is tried again', async () => {
    const user = await somebody()
    const [ended, failures]: [string[], unknown[]] = [[], []]
    let isAway = true
    const endMail = async (id: string) => {
      if (isAway) throw new Error('away')
      ended.push(id)
    }
    const personal = createPersonal(store, { endMail, failed: (error) => failures.push(error) })
    expect(await personal.erase(user, 'sms:mail', NOW)).toBe(false)
    expect(failures).toEqual([new Error('away')])
    expect(await placesOf(numberOf(user))).toEqual(['erased'])
    isAway = false
    await personal.goOn(NOW)
    expect(ended).toEqual([user.id])
    expect(await placesOf(numberOf(user))).toEqual([])
  })
})

describe('a phone number that wants no texts', () => {
  test('stays opted out after its owner was erased, and nothing tells which number it is', async () => {
    const user = await somebody()
    const number = numberOf(user)
    await store.smsConsents.note(number, { isOut: true, how: 'text', words: 'stop it', at: NOW })
    await erase(portsOf(), user, 'sms:out', NOW)
    expect(await placesOf(number)).toEqual([])
    expect(await placesOf('stop it')).toEqual([])
    expect(await store.smsConsents.find(number)).toEqual({ isOut: true, isWelcomed: false })
    const other = await connect(freshDatabase())
    await other.smsConsents.note(number, { isOut: true, how: 'text', words: '', at: NOW })
    await other.smsConsents.forget(number)
    const [here, there] = await Promise.all([store, other].map((one) => forgotten(one)))
    expect(here).not.toEqual(expect.arrayContaining(there!))
    await other.close()
  })

  test('is opted in again by its owner alone, and forgotten then like any other', async () => {
    const user = await somebody()
    const number = numberOf(user)
    await store.smsConsents.note(number, { isOut: true, how: 'text', words: 'stop', at: NOW })
    await store.smsConsents.forget(number)
    await store.smsConsents.forget(number)
    await store.smsConsents.welcomed(number)
    expect(await store.smsConsents.find(number)).toMatchObject({ isOut: true })
    await store.smsConsents.note(number, { isOut: false, how: 'text', words: 'start', at: NOW })
    expect(await store.smsConsents.find(number)).toEqual({ isOut: false, isWelcomed: true })
    await store.smsConsents.forget(number)
    expect(await store.smsConsents.find(number)).toBeNull()
  })

  test('has had what it has had of the texts of a day', async () => {
    const user = await somebody()
    const number = numberOf(user)
    const limit = { number: 3, all: 1_000_000 }
    await store.smsBudget.take(number, 2, limit, NOW)
    await erase(portsOf(), user, 'sms:spent', NOW)
    expect(await store.smsBudget.take(number, 1, limit, NOW)).toMatchObject({ granted: false })
  })
})

async function forgotten({ db }: Store): Promise<string[]> {
  const documents = await db
    .collection('smsConsents')
    .find({ _id: /^forgotten / as never })
    .toArray()
  return documents.map(({ _id }) => String(_id))
}
