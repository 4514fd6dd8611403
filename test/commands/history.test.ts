import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, startTalk, type Talk } from './talk.ts'
import { planAll } from './told.ts'

const MINUTE = 60_000
let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

/** Alerts that are true are made to fire, the first one first, a minute apart. */
async function fired(...alerts: readonly string[]): Promise<void> {
  for (const one of alerts) {
    const made = await talk.says(`alert ${one}`)
    await talk.says(`tell ${/^Alert (\d+)/.exec(made)![1]}`)
    await planAll(store, talk.now)
    talk.now += MINUTE
  }
}

/** What is due is taken and recorded as what became of it. */
async function became(outcome: Parameters<Store['notifications']['record']>[2], at = talk.now): Promise<void> {
  const leased = await store.notifications.lease({ channel: 'double', token: 't', lease: 60_000, limit: 100, now: at })
  for (const { id } of leased) await store.notifications.record([id], 't', outcome, at)
}

test('says when nothing was told yet', async () => {
  await talk.says('alert AAPL > 500')
  expect(await talk.says('history')).toBe('None of your alerts has told you anything yet.')
  expect(await talk.says('history 1')).toBe('Alert 1 has told nothing yet.')
  expect(await talk.says('history page 2')).toBe('There is nothing further back.')
})

test('the newest first: when, what, the values, and what became of the message', async () => {
  await fired('AAPL > 300', 'BTC > 90k and AAPL > 310')
  await became({ state: 'sent', receipt: 'r' })
  expect(await talk.says('history')).toBe(
    [
      '15:05 alert 2: BTC price > 90k and AAPL price > 310. BTC/USD 97410.50 USD, AAPL 333.69 USD. double: sent at 15:06.',
      '15:04 alert 1: AAPL price > 300. AAPL 333.69 USD. double: sent at 15:06.',
    ].join('\n'),
  )
  expect(await talk.says('history 1')).toBe(
    '15:04 alert 1: AAPL price > 300. AAPL 333.69 USD. double: sent at 15:06 (id r).',
  )
})

test.each<[string, Parameters<Store['notifications']['record']>[2], string]>([
  [
    'due again',
    { state: 'due', dueAt: MONDAY + 5 * MINUTE, reason: 'it is down' },
    'tried once, due again at 15:09 (it is down)',
  ],
  ['failed', { state: 'failed', reason: 'you have blocked me' }, 'could not be sent (you have blocked me)'],
  ['dropped', { state: 'dropped', reason: 'nobody wants it' }, 'not sent (nobody wants it)'],
])('a message that is %s says so', async (_what, outcome, words) => {
  await fired('AAPL > 300')
  expect(await talk.says('history')).toMatch(/ double: about to be sent\.$/)
  await became(outcome)
  expect(await talk.says('history')).toBe(`15:04 alert 1: AAPL price > 300. AAPL 333.69 USD. double: ${words}.`)
})

test('deleted alerts are in it, and nobody else’s', async () => {
  await fired('AAPL > 300')
  await talk.says('delete 1')
  expect(await talk.says('history')).toContain('alert 1: AAPL price > 300')
  expect(await talk.says('history 1')).toContain('alert 1: AAPL price > 300')
  expect(await talk.says('history', 'bob')).toBe('None of your alerts has told you anything yet.')
  expect(await talk.says('history 1', 'bob')).toBe('Alert 1 has told nothing yet.')
})

describe('more than ten', () => {
  const numbers = (page: string) => [...page.matchAll(/alert (\d+):/g)].map(([, number]) => Number(number))
  // Made at the same moment, as in a flood: pages must not lose or repeat any.
  const asked: string[] = []
  const counted = <T extends object>(name: string, part: T): T =>
    new Proxy(part, {
      get(target, key) {
        asked.push(`${name}.${String(key)}`)
        return target[key as keyof T]
      },
    })
  let many: Talk
  beforeAll(async () => {
    const { alerts, notifications } = store
    const watched = { alerts: counted('alerts', alerts), notifications: counted('notifications', notifications) }
    many = startTalk({ ...store, ...watched })
    await many.says(Array.from({ length: 23 }, (_, index) => `alert AAPL > ${300 + index}`).join('\n'))
    for (let number = 1; number <= 23; number += 1) await many.says(`tell ${number}`)
    await planAll(store, many.now)
  })

  test('come in pages of ten, which together are all', async () => {
    const pages = [await many.says('history'), await many.says('history page 2'), await many.says('history page 3')]
    expect(pages.map((page) => numbers(page).length)).toEqual([10, 10, 3])
    expect(pages.flatMap(numbers).sort((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, index) => index + 1))
    expect(pages[0]!.endsWith('\n[More: history page 2]')).toBe(true)
    expect(pages[1]!.endsWith('\n[Back: history] [More: history page 3]')).toBe(true)
    expect(pages[2]!.endsWith('\n[Back: history page 2]')).toBe(true)
  })

  test('are asked for once, however many there are', async () => {
    asked.length = 0
    expect(numbers(await many.says('history'))).toHaveLength(10)
    expect(asked.filter((one) => /\.(of|by)[A-Z]/.test(one))).toEqual(['notifications.ofUser'])
  })

  test('turn in place', async () => {
    expect(await many.hears('history')).toMatchObject({ place: 'instead' })
  })
})

test.each<[string, string]>([
  [
    'history x',
    '"x" is not the number of an alert. Type its number, as in history 7; list shows them.\nTry: history 7',
  ],
  [
    'history page x',
    '"page x" is not the number of an alert. Type its number, as in history 7; list shows them.\nTry: history 7',
  ],
])('%s', async (text, answer) => {
  expect(await talk.says(text)).toBe(answer)
})
