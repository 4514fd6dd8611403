import { describe, expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { startProviders, TRADING } from './providers.ts'
import { aFolder, runProgram, type Settings } from './run-program.ts'

/** A day in which AAPL jumps over the levels, with no quote between them. */
const DAY = `time,symbol,price
2026-03-10T14:00:00Z,AAPL,320
2026-03-10T14:00:02Z,AAPL,505.10
2026-03-10T14:00:04Z,AAPL,290
`

/** The last price of `LONG_DAY`. */
const LAST = '499.999'
/** Two symbols over some hours of a Tuesday, each minute: up and down around their levels. */
const LONG_DAY = Array.from({ length: 240 }, (_, minute) => {
  const at = new Date(Date.UTC(2026, 2, 10, 14) + minute * 60_000).toISOString()
  const wave = (period: number, height: number) => Math.sin((minute / period) * 2 * Math.PI) * height
  const apple = (500 + wave(50, 8) + wave(7, 2)).toFixed(2)
  const bitcoin = (100_000 + wave(65, 1500) + wave(9, 400)).toFixed(2)
  return `${at},AAPL,${minute === 239 ? LAST : apple},${1000 * (minute + 1)}\n${at},BTC,${bitcoin}`
}).join('\n')

/** Runs `backtest` to its end in a folder with the recorded day in it. */
async function run(args: readonly string[], settings: Settings = {}, clock?: string) {
  const program = runProgram(['backtest', ...args], settings, {
    folder: aFolder({ 'day.csv': DAY, 'long.csv': LONG_DAY }),
    ...(clock === undefined ? {} : { clock }),
  })
  const { code } = await program.ended()
  return { code, out: program.out(), err: program.err() }
}

describe('over recorded quotes', () => {
  test('for people: how often, when, and what was looked at', async () => {
    expect(await run(['AAPL > 500 or < 300', '--quotes', 'day.csv'])).toEqual({
      code: 0,
      out: `AAPL price > 500 or AAPL price < 300
From 10 Mar 2026 15:00:00 to 10 Mar 2026 15:00:04 this would have fired 2 times (counted each time it became true).
  Tue 10 Mar 15:00:02  AAPL 505.10 USD
  Tue 10 Mar 15:00:04  AAPL 290 USD
I looked at each recorded quote.
`,
      err: '',
    })
  })

  test('for programs: each firing with the prices at it', async () => {
    const { code, out, err } = await run(['AAPL > 500 or < 300', '--quotes', 'day.csv', '--json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toEqual({
      firings: [
        { at: '2026-03-10T14:00:02.000Z', values: { 'stock:AAPL': '505.10' } },
        { at: '2026-03-10T14:00:04.000Z', values: { 'stock:AAPL': '290' } },
      ],
      resolution: 'quotes',
      condition: 'AAPL price > 500 or AAPL price < 300',
      counted: 'each time it became true',
      from: '2026-03-10T14:00:00.000Z',
      to: '2026-03-10T14:00:04.000Z',
      looks: 2,
      unseen: 0,
      missing: [],
    })
  })

  test.each<[what: string, args: readonly string[], times: readonly string[]]>([
    ['from a moment on: what it was then is the baseline', ['--from', '2026-03-10T14:00:02Z'], ['14:00:04']],
    ['up to a moment', ['--to', '2026-03-10T14:00:03Z'], ['14:00:02']],
    ['a whole day', ['--from', '2026-03-10', '--to', '2026-03-10'], ['14:00:02', '14:00:04']],
    ['another day', ['--from', '2026-03-11', '--to', '2026-03-12'], []],
  ])('%s', async (_what, args, times) => {
    const { out } = await run(['AAPL > 500 or < 300', '--quotes', 'day.csv', '--json', ...args])
    expect(JSON.parse(out).firings.map(({ at }: { at: string }) => at.slice(11, 19))).toEqual(times)
  })

  test.each<[what: string, args: readonly string[], said: string]>([
    ['no condition', [], 'Which condition?\n→ signal-generator backtest "AAPL > 500" --from 2026-01-01\n'],
    [
      'no such file',
      ['AAPL > 500', '--quotes', 'none.csv'],
      'The replay file none.csv cannot be read: there is no such file.\n',
    ],
    [
      'a symbol it has not',
      ['MSFT > 500', '--quotes', 'day.csv'],
      'I know no MSFT. Check the ticker.\n  MSFT > 500\n  ^^^^\n',
    ],
    [
      'a slip',
      ['AAPL prise > 500', '--quotes', 'day.csv'],
      `I don't know "prise". Did you mean price?\n  AAPL prise > 500\n       ^^^^^\nTry: AAPL price > 500\n`,
    ],
    [
      'a day that is none',
      ['AAPL > 500', '--quotes', 'day.csv', '--from', '31-12-2026'],
      '"31-12-2026" is not a date. Type it like 2026-01-31.\n',
    ],
    [
      'an end before its beginning',
      ['AAPL > 500', '--quotes', 'day.csv', '--to', '2026-03-09'],
      'The time to look at must begin before it ends.\n',
    ],
    [
      'a day that ends where the next begins',
      ['AAPL > 500', '--quotes', 'day.csv', '--from', '2026-03-11', '--to', '2026-03-10'],
      'The time to look at must begin before it ends.\n',
    ],
    [
      'an option without its value',
      ['AAPL > 500', '--from'],
      'An option lacks its value.\n→ signal-generator --help\n',
    ],
  ])('%s is told, with exit code 1', async (_what, args, said) => {
    expect(await run(args)).toEqual({ code: 1, out: '', err: said })
  })

  test('for programs a text that is not understood is told as parse tells it', async () => {
    const { code, out, err } = await run(['AAPL prise > 500', '--quotes', 'day.csv', '--json'])
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(JSON.parse(out)).toEqual({
      ok: false,
      message: `I don't know "prise". Did you mean price?`,
      offset: 5,
      length: 5,
      suggestion: 'AAPL price > 500',
    })
  })
})

describe('what it says is what the running program does when it plays the same file', () => {
  const LINES = [
    'AAPL > 500 repeat',
    'AAPL > 503 or BTC < 99k cooldown 10m',
    'BTC crosses 100k repeat',
    'AAPL > 500 and BTC > 100k for 3m repeat',
    'AAPL drops 1% from peak repeat',
    'BTC > sma(BTC, 5, 5m) repeat',
    'AAPL up 1% in 10m repeat',
    'BTC > 100500 every 7m',
  ]
  type Prices = Readonly<Record<string, string>>

  test('each firing, with its prices', async () => {
    const told = await play(LINES)
    for (const [index, line] of LINES.entries()) {
      const { out } = await run([line, '--quotes', 'long.csv', '--json'])
      const firings: { values: Prices }[] = JSON.parse(out).firings
      const messages = toldOf(told, index + 1)
      expect([line, firings.length > 0, messages.length]).toEqual([line, true, firings.length])
      for (const [number, prices] of messages.entries())
        expect(firings[number]!.values).toEqual(expect.objectContaining(prices))
    }
  }, 180_000)

  /** Sets the alerts before the recording goes on from its first moment, plays it to its end, and gives all that was said. */
  async function play(lines: readonly string[]): Promise<string> {
    const folder = aFolder({ 'long.csv': LONG_DAY })
    const settings = { MARKET: 'replay:long.csv', MONGODB_URI: freshDatabase() }
    const slow = runProgram(['start'], { ...settings, MARKET_SPEED: '0.0001' }, { folder })
    for (const line of lines) await slow.ask(`alert ${line}`)
    slow.type('exit')
    await slow.ended()
    const fast = runProgram(['start'], { ...settings, MARKET_SPEED: '100000' }, { folder })
    await fast.askUntil('price AAPL', `${LAST} USD`)
    fast.type('exit')
    await fast.ended()
    return fast.out()
  }

  /** The prices that each message of a firing of an alert names. */
  function toldOf(said: string, number: number): Prices[] {
    const blocks = said.matchAll(new RegExp(`^Alert ${number}: .*\\n((?:.*\\n)*?)\\[`, 'gm'))
    return [...blocks].map(([, evidence = '']) => {
      const prices = [...evidence.matchAll(/^(AAPL|BTC\/USD) ([\d.]+) USD/gm)]
      return Object.fromEntries(prices.map(([, name, price]) => [NAMES[name!], price!]))
    })
  }

  const NAMES: Readonly<Record<string, string>> = { AAPL: 'stock:AAPL', 'BTC/USD': 'crypto:BTC/USD' }
})

describe('over the past', () => {
  test('simulated: by the hour in the last month', async () => {
    const { code, out, err } = await run(['BTC > 97000'], { MARKET: 'simulated', TIMEZONE: 'UTC' }, TRADING)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /^BTC price > 97000\nFrom 8 Feb 2026 15:00 to 10 Mar 2026 15:00 this would have fired \d+ times /,
    )
    expect(out).toContain('\nI looked at the close of each hour.\n')
  })

  test('it is told where providers have none, and where they do not answer', async () => {
    const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
    coinbase.behave('web page')
    expect(await run(['BTC > 97000'], settings, TRADING)).toEqual({
      code: 1,
      out: '',
      // After what the log says of it.
      err: expect.stringMatching(
        /^(\{.*\}\n)*I cannot look back: Coinbase answered with a web page instead of data\.\n$/,
      ),
    })
  })
})
