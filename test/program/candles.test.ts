import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { apple, startProviders, TRADING } from './providers.ts'
import { aFolder, type Program, runProgram, type Settings } from './run-program.ts'

/** A recording of rows `time,symbol,price`. */
const recording = (...rows: string[]) => ['time,symbol,price', ...rows, ''].join('\n')

/** Sets the alert on a recorded day, waits until the last price of it has been played, leaves; gives what was told. */
async function play(rows: string, line: string, settings: Settings = {}): Promise<string[]> {
  const folder = aFolder({ 'day.csv': rows })
  const all = { MARKET: 'replay:day.csv', MARKET_SPEED: '100000', MONGODB_URI: freshDatabase(), ...settings }
  const program = runProgram(['start'], all, { folder })
  program.type(`alert ${line}`)
  await program.sees(/^Alert 1 is on\.$/m)
  return await playOut(program, rows)
}

/** Waits for the end of the recording. */
async function playOut(program: Program, rows: string): Promise<string[]> {
  const [, symbol, last] = rows.trim().split('\n').at(-1)!.split(',')
  await program.askUntil(`price ${symbol}`, `${last} USD`)
  program.type('exit')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
  return firings(program)
}

/** The first line and the figures of each firing that was told. */
function firings(program: Program): string[] {
  return [...program.out().matchAll(/^Alert 1: .*\n.*$/gm)].map(([lines]) => lines)
}

test('an average over days is crossed: today counts with the price now', async () => {
  const days = ['02', '03', '04', '05', '06', '09'].map((day) => `2026-03-${day}`)
  const closes = [100, 100, 100, 99, 105, 80]
  const rows = recording(...days.map((day, index) => `${day},AAPL,${closes[index]}`))
  expect(await play(rows, 'AAPL > sma(AAPL, 3) repeat')).toEqual([
    'Alert 1: AAPL price > sma(AAPL, 3)\n' +
      'AAPL 105 USD, sma(AAPL, 3) 101.3333 USD at 21:59:59 (New York 15:59), replay.',
  ])
})

const HOURS = recording(
  ...[
    ['10:00', 100_000],
    ['10:30', 99_000],
    ['11:00', 101_000],
    ['11:25', 103_950],
    ['11:50', 103_950],
    ['12:20', 103_950],
    ['12:50', 103_950],
    ['13:10', 109_150],
    ['13:40', 109_000],
  ].map(([time, price]) => `2026-03-10T${time}:00Z,BTC,${price}`),
)

test.each(['3000', '100000'])(
  'a move in an hour fires when the price has gone that far, and again when it has stood still since: at %s times real time',
  async (speed) => {
    expect(await play(HOURS, 'BTC up 5% in 1h repeat', { MARKET_SPEED: speed })).toEqual([
      'Alert 1: BTC price up 5% in 1h\nBTC/USD 103950 USD, 1h low 99000 USD at 12:25:00, replay.',
      'Alert 1: BTC price up 5% in 1h\nBTC/USD 109150 USD, 1h low 103950 USD at 14:10:00, replay.',
    ])
  },
)

test('a drop from the peak counts from a peak that was seen before the program was killed', async () => {
  const rows = recording(
    '2026-03-10T14:00:00Z,AAPL,100',
    '2026-03-10T14:00:01Z,AAPL,200',
    '2026-03-10T14:30:00Z,AAPL,181',
    '2026-03-10T14:31:00Z,AAPL,180',
    '2026-03-10T14:32:00Z,AAPL,150',
  )
  const folder = aFolder({ 'day.csv': rows })
  // With a database of its own it is alone, and need not wait for what the dead one was at.
  const settings = { MARKET: 'replay:day.csv' }
  const first = runProgram(['start'], { ...settings, MARKET_SPEED: '1' }, { folder })
  first.type('alert AAPL drops 10% from peak')
  await first.sees(/^Alert 1 is on\.$/m)
  await first.askUntil('why 1', 'AAPL 200 USD')
  first.kill('SIGKILL')
  expect(await first.ended()).toEqual({ code: null, signal: 'SIGKILL' })

  const second = runProgram(['start'], { ...settings, MARKET_SPEED: '100000' }, { folder })
  expect(await playOut(second, rows)).toEqual([
    'Alert 1: AAPL price down 10% from peak\nAAPL 180 USD, peak 200 USD at 15:31:00 (New York 10:31), replay.',
  ])
})

const CLOSES = recording(
  '2026-03-09T19:00:00Z,AAPL,600',
  '2026-03-09T19:59:00Z,AAPL,490',
  '2026-03-10T15:00:00Z,AAPL,600',
  '2026-03-10T19:59:00Z,AAPL,501',
  '2026-03-10T22:00:00Z,AAPL,495',
  '2026-03-11T15:00:00Z,AAPL,400',
  '2026-03-11T19:59:00Z,AAPL,503',
  '2026-03-11T22:00:00Z,AAPL,503',
)

test.each(['50000', '1000000'])(
  'at close fires once, after the close, on the closing price: at %s times real time',
  async (speed) => {
    expect(await play(CLOSES, 'AAPL > 500 at close repeat', { MARKET_SPEED: speed })).toEqual([
      'Alert 1: AAPL price > 500\nAAPL 501 USD at 21:00:00 (New York 16:00), replay.',
    ])
  },
)

test('the last close of a recording comes when its clock has passed it, without another row', async () => {
  const rows = recording('2026-03-09T19:59:00Z,AAPL,490', '2026-03-10T19:59:00Z,AAPL,501')
  const folder = aFolder({ 'day.csv': rows })
  const settings = { MARKET: 'replay:day.csv', MARKET_SPEED: '20000', MONGODB_URI: freshDatabase() }
  const program = runProgram(['start'], settings, { folder })
  program.type('alert AAPL > 500 at close')
  await program.sees(/^Alert 1: AAPL price > 500\nAAPL 501 USD at 21:00:00 \(New York 16:00\), replay\.$/m)
})

const NIGHT = recording(
  '2026-03-09T19:00:00Z,AAPL,320',
  '2026-03-10T12:00:00Z,AAPL,510',
  '2026-03-10T13:00:00Z,AAPL,480',
  '2026-03-10T15:00:00Z,AAPL,490',
  '2026-03-10T16:00:00Z,AAPL,491',
)
test.each([
  ['', []],
  [' during extended hours', ['Alert 1: AAPL price > 500\nAAPL 510 USD at 13:00:00 (New York 08:00), replay.']],
])('a price before the open fires where the alert has its hours: "%s"', async (options, told) => {
  expect(await play(NIGHT, `AAPL > 500${options}`)).toEqual(told)
})

test('a recording says what of it most alerts do not see', async () => {
  const folder = aFolder({ 'day.csv': NIGHT })
  const settings = { MARKET: 'replay:day.csv', MONGODB_URI: freshDatabase() }
  const program = runProgram(['start'], settings, { folder })
  await program.notes(
    /2 of 5 rows are outside regular trading hours, seen only by alerts with during extended hours or always/,
  )
})

const DAY_S = 86_400
/** The opening in New York on 10 March 2026, in s. */
const OPENING = Date.parse('2026-03-10T13:30:00Z') / 1000

test('of a live market an average is there with the alert, and fires', async () => {
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '99000' } })
  const midnight = Math.floor(Date.parse(TRADING) / 1000 / DAY_S) * DAY_S
  const row = (daysAgo: number, price: string) => [midnight - daysAgo * DAY_S, price, price, price, price, '1'] as const
  coinbase.rows.set('BTC-USD', [row(3, '90000'), row(2, '100000'), row(1, '100000'), row(0, '99000')])
  const program = runProgram(['start'], { ...settings, MONGODB_URI: freshDatabase() }, { clock: TRADING })
  expect(await program.ask('alert BTC > sma(BTC, 3)')).toContain('sma(BTC, 3) 99666.6667 USD')
  coinbase.prices.set('BTC-USD', '101000')
  await program.sees(/^Alert 1: BTC price > sma\(BTC, 3\)\nBTC\/USD 101000 USD, sma\(BTC, 3\) 100333.3333 USD at /m)
})

test('of a live market the close is told when its provider has had time to know it', async () => {
  const { yahoo, settings } = await startProviders({ yahoo: { AAPL: apple(505, 299) } })
  const row = (daysAgo: number, price: number) =>
    [OPENING - daysAgo * DAY_S, price, price, price, price, 1_000] as const
  yahoo.rows.set('AAPL', [row(4, 480), row(1, 490), row(0, 505)])
  const clock = '2026-03-10T19:59:20Z'
  const program = runProgram(['start'], { ...settings, MONGODB_URI: freshDatabase() }, { clock })
  expect(await program.ask('alert AAPL > 500 at close')).toContain('Alert 1 is on.')
  await program.ask('price AAPL')
  expect(firings(program)).toEqual([])
  yahoo.rows.set('AAPL', [row(4, 480), row(1, 490), row(0, 504)])
  program.kill('SIGUSR2')
  await program.sees(/^Alert 1: AAPL price > 500\nAAPL 504 USD at 21:00:00 \(New York 16:00\), Yahoo\.$/m)
})
