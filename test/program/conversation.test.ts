import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { startProviders } from './providers.ts'
import { aFolder, runProgram } from './run-program.ts'

const DAY = `time,symbol,price
2026-03-10T14:00:00Z,AAPL,320
2026-03-10T14:00:00Z,BTC,97410
2026-03-10T14:00:00Z,EURUSD,1.08
`

/** A line typed, its answer, and what comes by itself after it. */
type Turn = { readonly typed: string; readonly answer: string; readonly comes: string | undefined }

function readTurns(): Turn[] {
  const text = readFileSync(new URL('conversation.txt', import.meta.url), 'utf8')
  return text
    .split(/^> /m)
    .slice(1)
    .map((turn) => {
      const [said = '', comes] = turn.trimEnd().split('\n< ')
      const [typed = '', ...answer] = said.split('\n')
      return { typed, answer: answer.join('\n'), comes }
    })
}

test('every line of the conversation is answered word for word', async () => {
  const settings = { MARKET: 'replay:day.csv', MARKET_SPEED: '0.0001', MONGODB_URI: freshDatabase() }
  const program = runProgram(['start'], settings, { folder: aFolder({ 'day.csv': DAY }) })
  const turns = readTurns()
  expect(turns.length).toBeGreaterThan(40)
  for (const { typed, answer, comes } of turns) {
    const from = program.out().length
    let answered = await program.ask(typed)
    // The first look at a new alert comes when it comes.
    while (answered.includes('Not checked yet.')) answered = await program.ask(typed)
    if (comes !== undefined) await program.sees(new RegExp(`^${literally(comes)}$`, 'm'), from)
    // It may have come while the answer was under way.
    const alone = comes === undefined ? answered : answered.replace(comes, '').trim()
    expect(`> ${typed}\n${alone}`).toBe(`> ${typed}\n${answer}`)
  }
})

test('several lines at once are several messages, answered in order; a bad one spoils no other', async () => {
  const settings = { MARKET: 'replay:day.csv', MARKET_SPEED: '0.0001', MONGODB_URI: freshDatabase() }
  const program = runProgram(['start'], settings, { folder: aFolder({ 'day.csv': DAY }) })
  const answer = await program.ask('alert AAPL > 500\nalert AAPL prise > 500\n\nalert BTC > 100k')
  expect(answer.split('\n').filter((line) => /is on\.$|^I don't/.test(line))).toEqual([
    'Alert 1 is on.',
    `I don't know "prise". Did you mean price?`,
    'Alert 2 is on.',
  ])
})

test('what was made or changed is in force at the next tick', async () => {
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const program = runProgram(['start'], { ...settings, MONGODB_URI: freshDatabase() })
  const goesTo = async (price: string) => {
    coinbase.prices.set('BTC-USD', price)
    await program.askUntil('why 1', `BTC/USD ${price} USD`)
  }
  for (let number = 1; number <= 6; number++) await program.ask('alert BTC > 100k')
  await program.ask('pause 2')
  await program.ask('delete 3')
  await program.ask('snooze 4 2h')
  await program.ask('edit 5 BTC > 120k')
  await program.ask('repeat 6')

  await goesTo('101000')
  await program.sees(/^Alert 1: BTC price > 100k$/m)
  await program.sees(/^Alert 6: BTC price > 100k$/m)
  await program.ask('wake 4')
  await program.sees(/^Alert 4: BTC price > 100k$/m)
  expect(await program.ask('resume 2')).toContain('It is already true.')
  await program.ask('again 1')

  await goesTo('97000')
  const from = program.out().length
  await goesTo('102000')
  for (const number of [1, 2, 6]) await program.sees(new RegExp(`^Alert ${number}: BTC price > 100k$`, 'm'), from)
  await goesTo('121000')
  await program.sees(/^Alert 5: BTC price > 120k$/m)
  program.type('exit')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
  const fired = program.out().match(/^Alert \d: BTC price > 1[02]0k\nBTC\/USD \d+ USD at/gm) ?? []
  expect(fired.map((line) => line.replace('\nBTC/USD', ' at').replace(' USD at', '')).sort()).toEqual([
    'Alert 1: BTC price > 100k at 101000',
    'Alert 1: BTC price > 100k at 102000',
    'Alert 2: BTC price > 100k at 102000',
    'Alert 4: BTC price > 100k at 101000',
    'Alert 5: BTC price > 120k at 121000',
    'Alert 6: BTC price > 100k at 101000',
    'Alert 6: BTC price > 100k at 102000',
  ])
})

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
