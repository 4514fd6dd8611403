import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { aFolder, type Program, runProgram } from './run-program.ts'

/** A day in which AAPL jumps over the levels, with no quote between them. */
const DAY = `time,symbol,price
2026-03-10T14:00:00Z,AAPL,320
2026-03-10T14:00:02Z,AAPL,505
2026-03-10T14:00:04Z,AAPL,290
`
const LINE = 'alert AAPL price > 500 or AAPL price < 300'

/** Sets the alert, waits until the day has been played to its end, leaves; gives the program after its end. */
async function play(line: string, speed: string): Promise<Program> {
  const folder = aFolder({ 'day.csv': DAY })
  const settings = { MARKET: 'replay:day.csv', MARKET_SPEED: speed, MONGODB_URI: freshDatabase() }
  const program = runProgram(['start'], settings, { folder })
  program.type(line)
  await program.sees(/^Alert 1 is on\.$/m)
  await program.askUntil('price AAPL', '290 USD')
  program.type('list', 'exit')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
  return program
}

/** The first two lines of each firing that was told. */
function firings(program: Program): string[] {
  return [...program.out().matchAll(/^Alert 1: .*\n.*$/gm)].map(([lines]) => lines)
}

const UP = 'Alert 1: AAPL price > 500\nAAPL 505 USD at 15:00:02 (New York 10:00), replay.'
const DOWN = 'Alert 1: AAPL price < 300\nAAPL 290 USD at 15:00:04 (New York 10:00), replay.'

test.each(['1', '60', '100000'])(
  'at %s times real time, a repeating alert fires once each way and no more often',
  async (speed) => {
    expect(firings(await play(`${LINE} repeat`, speed))).toEqual([UP, DOWN])
  },
)

test.each(['1', '60', '100000'])(
  'at %s times real time, an alert that fires once is done after the first',
  async (speed) => {
    const program = await play(LINE, speed)
    expect(firings(program)).toEqual([UP])
    expect(program.out()).toContain('1  AAPL > 500 or < 300  done')
  },
)
