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
  for (const text of ['AAPL > 500', 'BTC > 200k', 'EURUSD < 1', 'MSFT > 900']) await talk.says(`alert ${text}`)
})

/** Things said one after another; the answer to the last. */
async function answerTo(...said: readonly string[]): Promise<string> {
  let answer = ''
  for (const text of said) answer = await talk.says(text)
  return answer
}

const states = async () =>
  (await talk.alerts()).map(
    ({ number, paused, snoozedUntil }) => `${number}${paused ? 'p' : ''}${snoozedUntil ? 's' : ''}`,
  )

describe('several alerts at once', () => {
  test.each<[readonly string[], string, readonly string[]]>([
    [['pause 1 3'], 'Alerts 1 and 3 are paused.\n[Resume all: resume all]', ['1p', '2', '3p', '4']],
    [['pause 1, 3 and #4'], 'Alerts 1, 3 and 4 are paused.\n[Resume all: resume all]', ['1p', '2', '3p', '4p']],
    [['pause all'], 'Alerts 1, 2, 3 and 4 are paused.\n[Resume all: resume all]', ['1p', '2p', '3p', '4p']],
    [['pause 2', 'pause all'], 'Alerts 1, 3 and 4 are paused.\n[Resume all: resume all]', ['1p', '2p', '3p', '4p']],
    [
      ['pause 2', 'pause 1 2'],
      'Alert 1 is paused.\nAlert 2 is paused already.\n[Resume all: resume all]',
      ['1p', '2p', '3', '4'],
    ],
    [['pause all', 'pause all'], 'None of your alerts is on.', ['1p', '2p', '3p', '4p']],
    [
      ['pause 1 1'],
      'Alert 1 is paused: AAPL price > 500\n[Resume: resume 1] [Delete: delete 1]',
      ['1p', '2', '3', '4'],
    ],
    [['pause 8 9'], 'You have no alert 8.\nYou have no alert 9.', ['1', '2', '3', '4']],
    [['pause 1 9'], 'Alert 1 is paused.\nYou have no alert 9.\n[Resume all: resume all]', ['1p', '2', '3', '4']],
    [['pause all', 'resume 1 2'], 'Alerts 1 and 2 are on again.\n[List: list]', ['1', '2', '3p', '4p']],
    [['pause 1 2', 'resume all'], 'Alerts 1 and 2 are on again.\n[List: list]', ['1', '2', '3', '4']],
    [['resume all'], 'None of your alerts is paused.', ['1', '2', '3', '4']],
    [
      ['pause 1', 'snooze all 2h'],
      'Alerts 2, 3 and 4 are silent until 17:04.\n[Wake all: wake all]',
      ['1p', '2s', '3s', '4s'],
    ],
    [['snooze all 2h', 'wake all'], 'Alerts 1, 2, 3 and 4 are to be heard again.', ['1', '2', '3', '4']],
    [['snooze 2 2h', 'wake 1 2'], 'Alert 2 is to be heard again.\nAlert 1 is not snoozed.', ['1', '2', '3', '4']],
    [['delete 3 4'], 'Alerts 3 and 4 are deleted.\nundo brings them back for 10 minutes.\n[Undo: undo]', ['1', '2']],
    [
      ['delete 4 7'],
      'Alert 4 is deleted.\nundo brings it back for 10 minutes.\nYou have no alert 7.\n[Undo: undo]',
      ['1', '2', '3'],
    ],
    [['delete 3 4', 'undo'], 'Alerts 3 and 4 are back.\n[List: list]', ['1', '2', '3', '4']],
  ])('%j', async (said, answer, after) => {
    expect(await answerTo(...said)).toBe(answer)
    expect(await states()).toEqual(after)
  })

  test('resuming takes the prices of the moment as baselines', async () => {
    await talk.says('pause all')
    talk.figures.prices.set('stock:AAPL', '510')
    await talk.says('resume all')
    const sides = (await talk.alerts()).map(({ triggers }) => triggers[0]!.side)
    expect(sides).toEqual(['met', 'unmet', 'unmet', 'unmet'])
  })

  test('no more are resumed than one may have', async () => {
    talk = startTalk(store, { maxAlerts: 2 })
    await answerTo('alert AAPL > 500', 'alert AAPL > 501', 'pause all', 'alert AAPL > 502')
    expect(await talk.says('resume all')).toBe('You have 1 alert on and can have 1 more, not 2. Delete some first.')
    expect(await talk.says('resume 1')).toMatch(/^Alert 1 is on again/)
    expect(await talk.says('resume 2')).toMatch(/^You have 2 alerts on, which is the most/)
  })

  test('of many only the count is said', async () => {
    const many = Array.from({ length: 21 }, (_, index) => `BTC > ${300 + index}k`).join('\n')
    expect(await answerTo(`alert ${many}`, 'pause all')).toMatch(/^25 alerts are paused\./)
  })
})
