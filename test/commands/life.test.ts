import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  talk = startTalk(store)
  await talk.says('alert AAPL > 500 or < 300')
})

const TEXT = 'AAPL price > 500 or AAPL price < 300'
const NOW = 'Now 333.69 USD (12 s ago, desk): 49.8 % below 500, 11.2 % above 300.'
const PAST = 'In the last 30 days this would have fired 0 times.'
const SET = `${TEXT}\n${NOW}\n${PAST}\nI'll tell you here, once.\n[Repeat: repeat 1] [Pause: pause 1] [Delete: delete 1]`

/** Things said one after another; the answer to the last. */
async function answerTo(...said: readonly string[]): Promise<string> {
  let answer = ''
  for (const text of said) answer = await talk.says(text)
  return answer
}

describe('the good case of each command', () => {
  test.each<[string, readonly string[], string]>([
    ['pause', ['pause 1'], `Alert 1 is paused: ${TEXT}\n[Resume: resume 1] [Delete: delete 1]`],
    ['resume', ['pause 1', 'resume 1'], `Alert 1 is on again.\n${SET}`],
    [
      'snooze',
      ['snooze 1 2h'],
      `Alert 1 is silent until 17:04: ${TEXT}\nIf it becomes true meanwhile and still is then, I'll tell you then.\n[Wake it now: wake 1]`,
    ],
    ['wake', ['snooze 1 2h', 'wake 1'], `Alert 1 speaks again: ${TEXT}`],
    ['again', ['again 1'], `Alert 1 is on again.\n${SET}`],
    ['repeat', ['repeat 1'], `Alert 1 now tells you each time: ${TEXT} repeat\n[Pause: pause 1] [Delete: delete 1]`],
    ['tell', ['edit 1 AAPL > 300', 'tell 1'], 'Alert 1 is on its way: AAPL price > 300'],
    [
      'again of one that is done',
      ['edit 1 AAPL > 300', 'tell 1', 'edit 1 AAPL > 500 or < 300'],
      `Alert 1 is changed.\n${SET}`,
    ],
    [
      'edit',
      ['edit 1 AAPL > 510 repeat'],
      'Alert 1 is changed.\nAAPL price > 510 repeat\nNow 333.69 USD (12 s ago, desk): 52.8 % below 510.\n' +
        `${PAST}\n` +
        "I'll tell you here, each time it becomes true.\n[Pause: pause 1] [Delete: delete 1]",
    ],
    ['delete', ['delete 1'], `Alert 1 is deleted: ${TEXT}\nundo brings it back for 10 minutes.\n[Undo: undo]`],
    [
      'remove, which is the same',
      ['remove #1'],
      `Alert 1 is deleted: ${TEXT}\nundo brings it back for 10 minutes.\n[Undo: undo]`,
    ],
  ])('%s', async (_name, said, answer) => {
    expect(await answerTo(...said)).toBe(answer)
  })
})

describe('what does not fit the state of an alert is refused', () => {
  test.each<[string, readonly string[], string]>([
    ['pausing twice', ['pause 1', 'pause 1'], 'Alert 1 is paused already.'],
    ['resuming what runs', ['resume 1'], 'Alert 1 is not paused.'],
    ['waking what is not snoozed', ['wake 1'], 'Alert 1 is not snoozed.'],
    ['snoozing what is paused', ['pause 1', 'snooze 1 1h'], 'Alert 1 is paused, so it is silent already.'],
    ['repeating twice', ['repeat 1', 'repeat 1'], 'Alert 1 repeats already.'],
    ['telling what is not true', ['tell 1'], 'Alert 1 is not true now, so there is nothing to tell.'],
    ['telling what is paused', ['edit 1 AAPL > 300', 'pause 1', 'tell 1'], 'Alert 1 is paused: resume it first.'],
  ])('%s', async (_title, said, answer) => {
    expect(await answerTo(...said)).toBe(answer)
  })

  test('telling what cannot be seen', async () => {
    talk.figures.isDown = true
    expect(await talk.says('tell 1')).toBe('I cannot see now whether alert 1 is true. Try again in a moment.')
  })

  test('telling twice: it is done then, and the way to arm it anew works', async () => {
    const refusal = await answerTo('edit 1 AAPL > 300', 'tell 1', 'tell 1')
    expect(refusal).toMatch(/^Alert 1 is done\.\nTry: /)
    expect(await talk.says(/^Try: (.+)$/m.exec(refusal)![1]!)).toMatch(/^Alert 1 is on again\./)
  })

  test.each(['resume', 'again', 'repeat'])('%s, of one whose time is up', async (command) => {
    await answerTo('edit 1 AAPL > 500 until 16:00', 'pause 1')
    talk.now += 3_600_000
    expect(await talk.says(`${command} 1`)).toMatch(/^Alert 1 ran until a moment that is past: give it another one/)
  })
})

describe('what is missing or wrong in the arguments is said, with a line that works', () => {
  const numbered = ['pause', 'resume', 'snooze', 'wake', 'again', 'repeat', 'tell', 'edit', 'delete', 'why']

  test.each(numbered)('%s with something that is no number', async (command) => {
    expect(await talk.says(`${command} AAPL`)).toMatch(
      new RegExp(`^"AAPL" is not the number of an alert\\. Type its number, as in ${command} 7`),
    )
  })

  test.each(numbered)('%s with the number of an alert there is not', async (command) => {
    const rest = command === 'snooze' ? ' 1h' : command === 'edit' ? ' AAPL > 5' : ''
    expect(await talk.says(`${command} 99${rest}`)).toBe('You have no alert 99. Type list to see yours.')
  })

  test.each<[string, string]>([
    ['snooze 1 soon', '"soon" is not a length of time. Type it like 30m, 2h or 1d, as in snooze 1 2h.'],
    ['snooze 1 2 years', '"2 years" is not a length of time. Type it like 30m, 2h or 1d, as in snooze 1 2h.'],
    ['snooze 1 500d', 'That must be between a second and a year.'],
    ['snooze 1 0s', 'That must be between a second and a year.'],
  ])('%s', async (typed, problem) => {
    expect(await talk.says(typed)).toBe(`${problem}\nTry: snooze 1 2h`)
  })

  test.each<[string, string]>([
    ['edit 1', `What shall alert 1 be? Now it is: ${TEXT}\nTry: edit 1 ${TEXT}`],
    [
      'edit 1 AAPL prise > 5',
      'I don\'t know "prise". Did you mean price?\n  AAPL prise > 5\n       ^^^^^\nTry: edit 1 AAPL price > 5',
    ],
    ['edit #1 AAPL >', 'I expected a number after >.\n  AAPL >\n        ^\nTry: edit #1 AAPL > 500'],
  ])('%s', async (typed, answer) => {
    expect(await talk.says(typed)).toBe(answer)
    expect((await talk.alerts())[0]?.text).toBe(TEXT)
    expect(await talk.says(/^Try: (.+)$/m.exec(answer)![1]!)).toMatch(/^Alert 1 is changed\./)
  })

  test('edit with a symbol that can be two things offers whole commands', async () => {
    talk.figures.prices.set('stock:COIN', '280').set('crypto:COIN/USD', '1.2')
    expect(await talk.says('edit 1 COIN > 300')).toContain('[stock:COIN: edit 1 stock:COIN > 300]')
    expect(await talk.says('edit 1 stock:COIN > 300')).toMatch(/^Alert 1 is changed\.\nstock:COIN price > 300\n/)
  })
})

describe('what another person’s alerts are to somebody: nothing', () => {
  test.each(['pause', 'resume', 'snooze', 'wake', 'again', 'repeat', 'tell', 'edit', 'delete', 'why'])(
    '%s of their number is answered as if it did not exist, and changes nothing',
    async (command) => {
      const before = await talk.alerts()
      const rest = command === 'snooze' ? ' 1h' : command === 'edit' ? ' AAPL > 5' : ''
      expect(await talk.says(`${command} 1${rest}`, 'mallory')).toBe('You have no alert 1. Type list to see yours.')
      expect(await talk.alerts()).toEqual(before)
    },
  )

  test('their own numbers begin at 1, and each sees only theirs', async () => {
    await talk.says('alert BTC > 100k', 'mallory')
    expect(await talk.says('list', 'mallory')).toBe('1  BTC > 100k  97410.50  2.7 % away')
    expect(await talk.says('list')).toBe('1  AAPL > 500 or < 300  333.69  11.2 % away')
  })
})

describe('history', () => {
  test('edit keeps the number, and what has fired already stays owed', async () => {
    await answerTo('edit 1 AAPL > 300', 'tell 1', 'edit 1 AAPL > 900')
    expect((await talk.alerts())[0]).toMatchObject({ number: 1, firings: 1, unsent: [{ kind: 'fired' }] })
  })

  test('delete does not take back what has fired', async () => {
    await answerTo('edit 1 AAPL > 300', 'tell 1')
    const [before] = await talk.alerts()
    await talk.says('delete 1')
    expect((await store.alerts.byIds([before!.id]))[0]).toMatchObject({ phase: 'deleted', unsent: [{ kind: 'fired' }] })
  })

  test('resume takes the price of the moment as its baseline: what happened in the pause is no edge', async () => {
    await talk.says('pause 1')
    talk.figures.prices.set('stock:AAPL', '510')
    expect(await talk.says('resume 1')).toContain("It is already true. I'll wait until it next becomes true.")
    expect((await talk.alerts())[0]).toMatchObject({ firings: 0, triggers: [{ side: 'met' }, { side: 'unmet' }] })
  })
})
