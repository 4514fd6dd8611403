import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/commands/command.ts'
import { paceLines, status } from '../../src/commands/status.ts'
import type { Standing } from '../../src/market/chain.ts'
import { plain } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, startTalk } from './talk.ts'

const HOUR = 3_600_000
let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const yahoo: Standing = { name: 'Yahoo', classes: ['stock', 'fx'], state: 'works', failures: 0, left: [] }

type Given = { readonly every?: number; readonly isRecorded?: true; readonly live?: number; readonly checked?: null }

/** What the command says of these providers. */
async function says(standings: readonly Standing[], given: Given = {}): Promise<string[]> {
  const { every = 10_000, isRecorded, live = 3, checked = MONDAY - 4_000 } = given
  const sources = {
    usual: 10_000,
    order: () => ['Yahoo', 'Nasdaq'],
    every: async () => every,
    standings: async () => [...standings],
    ...(isRecorded ? { isRecorded } : {}),
  }
  const context = {
    sources,
    now: () => MONDAY,
    alerts: { countLive: async () => live },
    user: { id: 'user' },
    maxAlerts: 200,
    lastCheck: async () => checked,
  }
  return plain(await status.run(context as unknown as Context, '')).split('\n')
}

test('says which providers are asked, in which order and how often', async () => {
  expect((await says([yahoo], { every: 80_000 })).slice(2, 5)).toEqual([
    'Stocks: Yahoo, then Nasdaq; looked at every 80 s.',
    'Crypto: Yahoo, then Nasdaq; looked at every 80 s.',
    'Currencies: Yahoo, then Nasdaq; looked at every 80 s.',
  ])
})

test('says where there are but the rates of a day, and nothing of how often in the read-back', async () => {
  expect((await says([yahoo], { every: Infinity }))[4]).toBe(
    'Currencies: Yahoo, then Nasdaq; one rate a day, by which nothing is watched.',
  )
  const sources = { usual: 10_000, every: async () => Infinity } as unknown as Context['sources']
  expect(await paceLines(['fx:EUR/USD'], { sources })).toEqual([])
})

test.each<[string, Given, string]>([
  ['how many alerts are on', { live: 3 }, '3 of your alerts are on; you can have 200.'],
  ['that one is', { live: 1 }, '1 of your alerts is on; you can have 200.'],
  ['when they were last looked at', {}, 'Last check 4 s ago.'],
  ['that they were not yet', { checked: null }, 'Nothing was checked yet.'],
  ['a recording', { isRecorded: true }, 'Prices are played from a recording, each at its own time.'],
])('says %s', async (_, given, line) => {
  expect(await says([yahoo], given)).toContain(line)
})

test('of a recording it does not say how often is looked', async () => {
  expect((await says([yahoo], { isRecorded: true })).join('\n')).not.toContain('every')
})

test.each<[string, Partial<Standing>, string]>([
  ['one that was not needed', { state: 'unasked' }, 'Yahoo  not needed so far'],
  [
    'one that works, with how long it takes',
    { answeredAt: MONDAY - 4_000, latency: { p50: 120, p95: 340 } },
    'Yahoo  works; last answer 4 s ago; takes 120 ms, 95 % within 340 ms',
  ],
  [
    'one that failed once',
    { state: 'failing', failures: 1, problem: 'Yahoo is in trouble (status 500)', answeredAt: MONDAY - 60_000 },
    'Yahoo  1 failure (Yahoo is in trouble (status 500)); last answer 60 s ago',
  ],
  [
    'one that is left alone',
    { state: 'resting', failures: 3, problem: 'Yahoo has not answered yet', until: MONDAY + 28_000 },
    'Yahoo  left alone for 28 s after 3 failures in a row (Yahoo has not answered yet)',
  ],
  [
    'what is left of its budget',
    {
      left: [
        { left: 12, of: 50, window: HOUR },
        { left: 800, of: 1000, window: 24 * HOUR },
      ],
    },
    'Yahoo  works; 12 of 50 left this hour; 800 of 1000 left today',
  ],
])('tells of %s', async (_, more, line) => {
  expect((await says([{ ...yahoo, ...more }])).at(-1)).toBe(line)
})

test('a new alert says how often its symbols are looked at where that is more seldom than usual', async () => {
  const talk = startTalk(store)
  expect(await talk.says('alert AAPL > 500')).toMatch(/^Alert 1 is on\.\n(?!.*every)/)
  talk.figures.every = 80_000
  expect(await talk.says('alert AAPL > 510 or MSFT > 600')).toContain(
    '\nI look at AAPL, MSFT every 80 s: who has the price may not be asked more often.\n',
  )
})

test('a conversation can ask for it', async () => {
  const talk = startTalk(store)
  await talk.says('price AAPL')
  expect(await talk.says('status')).toMatch(
    /^0 of your alerts are on; .*\nLast check 4 s ago\.\nStocks: desk; looked at every 10 s\.\n(?:.*\n)+desk {2}works; last answer 0 s ago/,
  )
})
