import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { startProviders } from './providers.ts'
import { aFolder, type Program, runProgram } from './run-program.ts'

const DAY = 'time,symbol,price\n2026-03-10T14:00:00Z,AAPL,320\n'

/** Somebody who has an alert that is already true, at a market that stands still. */
async function withTrueAlert(): Promise<Program> {
  const settings = { MARKET: 'replay:day.csv', MARKET_SPEED: '0.0001', MONGODB_URI: freshDatabase() }
  const program = runProgram(['start'], settings, { folder: aFolder({ 'day.csv': DAY }) })
  expect(await program.ask('alert AAPL > 300')).toContain('It is already true.')
  return program
}

const FIRED = /^Alert 1: AAPL price > 300\nAAPL 320 USD at 15:00:00 \(New York 10:00\), replay\.$/gm

const ENDINGS: readonly (readonly [string, (program: Program) => void])[] = [
  ['exit', (program) => program.type('tell 1', 'exit')],
  [
    'the end of the input',
    (program) => {
      program.type('tell 1')
      program.closeInput()
    },
  ],
]

test.each(ENDINGS)('%s ends it with code 0, after what is due was delivered', async (_, end) => {
  const program = await withTrueAlert()
  end(program)
  expect(await program.ended()).toEqual({ code: 0, signal: null })
  expect(program.out().match(FIRED)).toHaveLength(1)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with code 0, after what is due was delivered', async (signal) => {
  const program = await withTrueAlert()
  program.type('tell 1')
  await program.sees(/^Alert 1 is on its way: .*$/m)
  program.kill(signal)
  expect(await program.ended()).toEqual({ code: 0, signal: null })
  expect(program.out().match(FIRED)).toHaveLength(1)
})

test('SIGKILL of the program with its own database: started again, it knows the alert, and fires for what became true meanwhile', async () => {
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const folder = aFolder()
  const first = runProgram(['start'], settings, { folder })
  await first.ask('alert BTC > 100k')
  first.kill('SIGKILL')
  expect(await first.ended()).toEqual({ code: null, signal: 'SIGKILL' })
  coinbase.prices.set('BTC-USD', '101000')

  const second = runProgram(['start'], settings, { folder })
  expect(await second.ask('list')).toMatch(/^1 {2}BTC > 100k {2}(101000|97410|done)/m)
  await second.sees(/^Alert 1: BTC price > 100k\nBTC\/USD 101000 USD at .*, Coinbase\.$/m)
  second.type('exit')
  expect(await second.ended()).toEqual({ code: 0, signal: null })
  expect(`${first.out()}${second.out()}`.match(/^Alert 1: BTC price > 100k$/gm)).toHaveLength(1)
})
