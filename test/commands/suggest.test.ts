import { describe, expect, test } from 'vitest'
import type { Alert } from '../../src/alert/types.ts'
import type { ArgumentKind } from '../../src/channels/channel.ts'
import { commands } from '../../src/commands/index.ts'
import { createSuggest, type SuggestPorts } from '../../src/commands/suggest.ts'
import type { Listing } from '../../src/market/provider.ts'

const WHO = { channel: 'discord', address: 'user/7' }

const anAlert = (number: number, text: string, rest: Partial<Alert> = {}) =>
  ({ number, text, symbols: ['stock:AAPL'], phase: 'armed', paused: false, ...rest }) as Alert

const ALERTS = [
  anAlert(1, 'AAPL price > 500 or AAPL price < 300'),
  anAlert(4, 'BTC price crosses above 100000', { symbols: ['crypto:BTC/USD'], paused: true }),
  anAlert(12, 'EURUSD price < 1.05', { symbols: ['fx:EUR/USD'], phase: 'done' }),
]
const LISTINGS: readonly Listing[] = [
  { symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NASDAQ' },
  { symbol: 'stock:AAP', name: 'Advance Auto Parts' },
  { symbol: 'crypto:AAVE/USD', name: 'Aave' },
  { symbol: 'stock:COIN', name: 'Coinbase Global' },
]

function suggest(kind: ArgumentKind, typed: string, ports: Partial<SuggestPorts> = {}) {
  return createSuggest({
    users: {
      find: async (_channel, address) => (address === 'user/7' ? { id: 'u', subscriptions: [], zone: null } : null),
    },
    alerts: { ofUser: async (user) => (user === 'u' ? ALERTS : []) },
    find: async () => LISTINGS,
    ...ports,
  })(WHO, kind, typed)
}

const valuesOf = async (kind: ArgumentKind, typed: string) => (await suggest(kind, typed)).map(({ value }) => value)

describe('alerts', () => {
  test('are those of who types, with their text and whether they are on', async () => {
    expect(await suggest('alert', '')).toEqual([
      { name: '1: AAPL price > 500 or AAPL price < 300', value: '1' },
      { name: '4: BTC price crosses above 100000 (paused)', value: '4' },
      { name: '12: EURUSD price < 1.05 (done)', value: '12' },
    ])
  })

  test.each<[string, readonly string[]]>([
    ['1', ['1', '4', '12']],
    ['12', ['12']],
    ['#4', ['4']],
    ['btc', ['4']],
    ['nothing like it', []],
  ])('"%s" means %j', async (typed, values) => {
    expect(await valuesOf('alert', typed)).toEqual(values)
  })

  test('one whose text is long is shown in 100 characters', async () => {
    const ofUser = async () => [anAlert(7, 'AAPL price > 500 or '.repeat(20), { paused: true })]
    const [only] = await suggest('alert', '', { alerts: { ofUser } })
    expect(only!.name).toMatch(/^7: AAPL.*… \(paused\)$/)
    expect(only!.name).toHaveLength(100)
  })

  test('nobody else’s are shown', async () => {
    expect(await suggest('alert', '', { users: { find: async () => null } })).toEqual([])
  })
})

describe('symbols', () => {
  test('come with the names of companies, written so that they mean what is shown', async () => {
    expect(await suggest('symbol', 'aa')).toEqual([
      { name: 'AAPL (Apple Inc., NASDAQ)', value: 'AAPL' },
      { name: 'AAP (Advance Auto Parts)', value: 'AAP' },
      { name: 'AAVE (Aave)', value: 'AAVE' },
      { name: 'stock:COIN (Coinbase Global)', value: 'stock:COIN' },
    ])
  })

  test('where nothing is typed, what one’s own alerts watch', async () => {
    expect(await valuesOf('symbol', '')).toEqual(['AAPL', 'BTC', 'EURUSD'])
  })

  test('of several the last is completed', async () => {
    expect((await valuesOf('symbol', 'BTC, aa'))[0]).toBe('BTC, AAPL')
  })
})

describe('conditions', () => {
  test.each<[string, string | undefined]>([
    ['', 'AAPL'],
    ['aa', 'AAPL'],
    ['MSFT > 500 or aa', 'MSFT > 500 or AAPL'],
    ['sma(aa', 'sma(AAPL'],
    ['rs', 'rsi('],
    ['AAPL > rs', 'AAPL > rsi('],
    ['AAPL > 500', undefined],
    ['AAPL > 500 ', undefined],
    ['AAPL > 500 or', undefined],
    ['AAPL >', undefined],
    ['"', undefined],
  ])('"%s" goes on with %s', async (typed, first) => {
    expect((await valuesOf('condition', typed))[0]).toBe(first)
  })
})

describe('functions', () => {
  test('are those of the language that begin like it, with what they are', async () => {
    const found = await suggest('function', 'Rs')
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ value: 'rsi', name: expect.stringMatching(/^rsi \(.+\)$/) })
  })
})

test('free text is not completed', async () => {
  expect(await suggest('text', 'x')).toEqual([])
})

test.each<[string, ArgumentKind, string, Partial<SuggestPorts>]>([
  ['the database is gone', 'alert', '', { users: { find: () => Promise.reject(new Error('gone')) } }],
  ['the database is gone', 'symbol', '', { users: { find: () => Promise.reject(new Error('gone')) } }],
  ['nobody is found in time', 'symbol', 'aa', { find: () => new Promise(() => {}) }],
  ['a search fails', 'condition', 'aa', { find: () => Promise.reject(new Error('down')) }],
])('where %s, nothing is suggested for %s "%s"', async (_title, kind, typed, ports) => {
  expect(await suggest(kind, typed, ports)).toEqual([])
})

test('there are at most 25', async () => {
  const ofUser = async () => Array.from({ length: 60 }, (_, index) => anAlert(index, 'x'))
  expect(await suggest('alert', '', { alerts: { ofUser } })).toHaveLength(25)
})

describe('the arguments of commands', () => {
  const all = commands.flatMap(({ name, arguments: given = [] }) =>
    given.map((one) => [`${name} ${one.name}`, one] as const),
  )

  test('are as platforms take them: short, plainly named, what must be there first', () => {
    const wrong = all.filter(
      ([, { name, summary }]) => !/^[a-z]{1,32}$/.test(name) || summary.length > 100 || summary === '',
    )
    expect(wrong.map(([title]) => title)).toEqual([])
    const disordered = commands.filter(({ arguments: given = [] }) =>
      given.some(({ isRequired }, index) => isRequired && index > 0 && !given[index - 1]!.isRequired),
    )
    expect(disordered.map(({ name }) => name)).toEqual([])
    const twice = commands.filter(
      ({ arguments: given = [] }) => new Set(given.map(({ name }) => name)).size < given.length,
    )
    expect(twice.map(({ name }) => name)).toEqual([])
  })

  test('a bare alert begins the guided way, so its condition may be left out', () => {
    expect(commands.find(({ name }) => name === 'alert')!.arguments).toMatchObject([{ kind: 'condition' }])
    expect(commands.find(({ name }) => name === 'alert')!.arguments![0]!.isRequired).toBeUndefined()
  })

  test('every command that is typed with something behind its name says what', () => {
    const silent = commands.filter(({ name, usage, arguments: given = [] }) => usage !== name && given.length === 0)
    expect(silent.map(({ name }) => name).filter((name) => name !== 'nevermind')).toEqual([])
  })
})
