import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { apple, startProviders, TRADING } from './providers.ts'
import { aFolder, runProgram, type Settings } from './run-program.ts'

/** Runs a sub-command to its end; ages of quotes are told as `N s`. */
async function run(args: readonly string[], settings: Settings = {}, files: Record<string, string> = {}) {
  const program = runProgram(args, settings, { folder: aFolder(files), clock: TRADING })
  const { code } = await program.ended()
  return { code, out: program.out().replace(/\d+ s ago/g, 'N s ago'), err: program.err() }
}

const PARSED: readonly (readonly [string, number, object])[] = [
  [
    'AAPL > 500 or < 300 repeat',
    0,
    {
      ok: true,
      condition: 'AAPL price > 500 or AAPL price < 300 repeat',
      options: { mode: 'repeat' },
      symbols: ['stock:AAPL'],
      needs: [],
    },
  ],
  [
    'btc above 100k every 1h for 10m',
    0,
    {
      ok: true,
      condition: 'BTC price > 100k every 1h for 10m',
      options: { mode: 'every', every: 3_600_000, for: 600_000 },
      symbols: ['crypto:BTC/USD'],
      needs: [],
    },
  ],
  [
    'NVDA > sma(NVDA, 50) and BTC up 5% in 1h',
    0,
    {
      ok: true,
      condition: 'NVDA price > sma(NVDA, 50) and BTC price up 5% in 1h',
      options: { mode: 'once' },
      symbols: ['stock:NVDA', 'crypto:BTC/USD'],
      needs: [
        { symbol: 'stock:NVDA', interval: '1d', count: 51 },
        { symbol: 'crypto:BTC/USD', interval: '1m', count: 62 },
      ],
    },
  ],
  [
    'AAPL prise > 500',
    1,
    {
      ok: false,
      message: `I don't know "prise". Did you mean price?`,
      offset: 5,
      length: 5,
      suggestion: 'AAPL price > 500',
    },
  ],
]

test.each(PARSED)('parse "%s" --json', async (text, code, answer) => {
  const result = await run(['parse', text, '--json'])
  expect({ ...result, out: JSON.parse(result.out) }).toEqual({ code, out: answer, err: '' })
})

test('parse for people gives the canonical form, or what is wrong and what to type instead', async () => {
  expect(await run(['parse', 'AAPL', '>', '500'])).toEqual({ code: 0, out: 'AAPL price > 500\n', err: '' })
  expect(await run(['parse', 'AAPL prise > 500'])).toEqual({
    code: 1,
    out: `I don't know "prise". Did you mean price?\n  AAPL prise > 500\n       ^^^^^\nTry: AAPL price > 500\n`,
    err: '',
  })
  expect(await run(['parse'])).toEqual({
    code: 1,
    out: '',
    err: 'Which condition?\n→ signal-generator parse "AAPL > 500 or < 300"\n',
  })
})

test('quote tells a price for each symbol, and fails when one has none', async () => {
  const { coinbase, settings } = await startProviders({
    yahoo: { AAPL: apple(480), 'EURUSD=X': 1.08 },
    coinbase: { 'BTC-USD': '97410' },
  })
  expect(await run(['quote', 'AAPL', 'btc'], settings)).toEqual({
    code: 0,
    out: 'stock:AAPL 480 USD (N s ago, Yahoo)\ncrypto:BTC/USD 97410 USD (N s ago, Coinbase)\n',
    err: '',
  })
  coinbase.behave('web page')
  expect(await run(['quote', 'BTC', 'AAPL', 'NOPE'], settings)).toEqual({
    code: 1,
    out: `crypto:BTC/USD: Coinbase answered with a web page instead of data
stock:AAPL 480 USD (N s ago, Yahoo)
NOPE: there is no such symbol
`,
    err: '',
  })
})

test('doctor: all is well; one provider is down; none answers', async () => {
  const { yahoo, coinbase, settings } = await startProviders({
    yahoo: { AAPL: apple(480), 'EURUSD=X': { price: 1.08, time: apple(0).time } },
    coinbase: { 'BTC-USD': '97410' },
  })
  const withDatabase = { ...settings, MONGODB_URI: freshDatabase() }
  const ok = 'ok   configuration: every setting is good\nok   database: the MongoDB of MONGODB_URI answers\n'
  const yahooIsWell = 'ok   provider Yahoo: stock:AAPL 480 USD, fx:EUR/USD 1.08 USD\n'
  const advice =
    '     → check the network, and the address and key of this provider in .env; until it answers, the next one in order is asked in its place\n'
  const terminal = 'ok   channel console: on (a terminal, and no other channel to talk on configured)\n'

  expect(await run(['doctor'], withDatabase)).toEqual({
    code: 0,
    out: `${ok}${yahooIsWell}ok   provider Coinbase: crypto:BTC/USD 97410 USD\n${terminal}`,
    err: '',
  })
  coinbase.behave('too many')
  const coinbaseIsDown = `FAIL provider Coinbase: Coinbase says we ask too often; the next try is in 1 min\n${advice}`
  expect(await run(['doctor'], withDatabase)).toEqual({
    code: 0,
    out: `${ok}${yahooIsWell}${coinbaseIsDown}${terminal}`,
    err: '',
  })
  yahoo.behave('web page')
  const yahooIsDown = `FAIL provider Yahoo: Yahoo answered with a web page instead of data\n${advice}`
  expect(await run(['doctor'], withDatabase)).toEqual({
    code: 1,
    out: `${ok}${yahooIsDown}${coinbaseIsDown}${terminal}`,
    err: '',
  })
})

test('doctor: a bad configuration, a bad replay', async () => {
  expect(await run(['doctor'], { SHARDS: '0' }, { '.env': 'PORT=x\n' })).toEqual({
    code: 1,
    out: `FAIL configuration: The configuration cannot be used:
  SHARDS must be a whole number from 1 to 256 (it is "0", in the environment)
  PORT must be a whole number from 1 to 65535 (it is "x", in .env)
     → correct it in the environment or in .env; .env.example explains each setting
`,
    err: '',
  })
  const replay = await run(['doctor'], { MARKET: 'replay:none.csv', MONGODB_URI: freshDatabase() })
  expect(replay.code).toBe(1)
  expect(replay.out).toContain('FAIL market: The replay file none.csv cannot be read: there is no such file.\n')
})

test('doctor with a database of its own starts it, tries it and ends it', async () => {
  const { code, out } = await run(['doctor'], { MARKET: 'simulated' })
  expect(code).toBe(0)
  expect(out).toMatch(/^ok {3}database: our own MongoDB [\d.]+ in \.\/data answers$/m)
  expect(out).toMatch(
    /^ok {3}provider simulated: stock:AAPL [\d.]+ USD, crypto:BTC\/USD [\d.]+ USD, fx:EUR\/USD [\d.]+ USD$/m,
  )
})
