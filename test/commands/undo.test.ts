import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../src/alert/types.ts'
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
const NOTHING = 'There is nothing to bring back: I keep what was deleted for 10 minutes.'

/** Things said one after another; the answer to the last. */
async function answerTo(...said: readonly string[]): Promise<string> {
  let answer = ''
  for (const text of said) answer = await talk.says(text)
  return answer
}

const lives = (alerts: readonly Alert[]) => alerts.map(({ revision: _, changedBy: __, ...rest }) => rest)

describe('deleting', () => {
  test('says how it is undone, under the message whose button was pressed', async () => {
    expect(await talk.hears('delete 1')).toEqual({
      pieces: [`Alert 1 is deleted: ${TEXT}\nundo brings it back for 10 minutes.`],
      buttons: [{ label: 'Undo', command: 'undo' }],
      place: 'below',
    })
  })

  test('of all asks once, and a bare yes is not what it asks for', async () => {
    await talk.says('alert BTC > 200k')
    expect(await talk.says('delete all')).toBe(
      'Shall I delete all 2 alerts? Type delete all yes.\n[Delete 2: delete all yes] [Never mind: never mind]',
    )
    expect(await talk.says('yes')).toMatch(/^I did not understand/)
    expect(await talk.says('never mind')).toBe('All right. Nothing was open, and nothing is changed.')
    expect(await talk.alerts()).toHaveLength(2)
    expect(await talk.says('delete all yes')).toBe(
      'Alerts 1 and 2 are deleted.\nundo brings them back for 10 minutes.\n[Undo: undo]',
    )
    expect(await talk.alerts()).toEqual([])
    expect(await talk.says('delete all')).toBe('You have no alerts to delete.')
    expect(await talk.says('delete all yes')).toBe('You have no alerts.')
  })

  test('of all with anything but yes behind it deletes nothing', async () => {
    expect(await talk.says('delete all tomorrow')).toBe(
      'I do not know what "tomorrow" means here.\nTry: delete all yes',
    )
    expect(await talk.alerts()).toHaveLength(1)
  })
})

describe('undo', () => {
  test.each<[string, readonly string[]]>([
    ['on', []],
    ['paused', ['pause 1']],
    ['snoozed', ['snooze 1 2h']],
    ['done', ['edit 1 AAPL > 300', 'tell 1']],
    ['repeating, in its cooldown', ['edit 1 AAPL > 300 repeat cooldown 1h', 'tell 1']],
    ['with its time up ahead', ['edit 1 AAPL > 500 until Friday']],
  ])('brings back one that was %s as it was', async (_what, before) => {
    await answerTo('help', ...before)
    const [alert] = await talk.alerts()
    expect(await answerTo('delete 1', 'undo')).toMatch(/^Alert 1 is back\./)
    expect(lives(await talk.alerts())).toEqual(lives([alert!]))
  })

  test('reads back one that is watched again, with the price now as its baseline', async () => {
    await talk.says('delete 1')
    talk.figures.prices.set('stock:AAPL', '510')
    talk.now += 60_000
    const answer = await talk.says('undo')
    expect(answer).toMatch(new RegExp(`^Alert 1 is back\\.\\n${TEXT}\\nNow 510 USD`))
    expect(answer).toContain("It is already true. I'll wait until it next becomes true.")
    expect((await talk.alerts())[0]).toMatchObject({ firings: 0, triggers: [{ side: 'met' }, { side: 'unmet' }] })
  })

  test('says what one that is not watched was', async () => {
    expect(await answerTo('pause 1', 'delete 1', 'undo')).toBe(`Alert 1 is back. It is paused, as it was.\n${TEXT}`)
    expect(await answerTo('edit 1 AAPL > 300', 'resume 1', 'tell 1', 'delete 1', 'undo')).toBe(
      'Alert 1 is back. It is done, as it was.\nAAPL price > 300',
    )
  })

  test('brings back together what was deleted together', async () => {
    await answerTo('alert BTC > 200k', 'alert EURUSD < 1', 'pause 2')
    const before = lives(await talk.alerts())
    expect(await answerTo('delete all yes', 'undo')).toBe('Alerts 1, 2 and 3 are back.\n[List: list]')
    expect(lives(await talk.alerts())).toEqual(before)
  })

  test('goes back one deletion at a time, the last first', async () => {
    await answerTo('alert BTC > 200k', 'delete 1')
    talk.now += 1_000
    await talk.says('delete 2')
    expect(await talk.says('undo')).toMatch(/^Alert 2 is back\./)
    expect(await talk.says('undo')).toMatch(/^Alert 1 is back\./)
    expect(await talk.says('undo')).toBe(NOTHING)
  })

  test.each<[number, RegExp]>([
    [600_000, /^Alert 1 is back\./],
    [600_001, new RegExp(`^${NOTHING}$`)],
  ])('after %d ms', async (wait, answer) => {
    await talk.says('delete 1')
    talk.now += wait
    expect(await talk.says('undo')).toMatch(answer)
  })

  test('knows nothing of what others deleted', async () => {
    await talk.says('delete 1')
    expect(await talk.says('undo', 'bert')).toBe(NOTHING)
  })

  test('cannot bring back what was deleted before it was remembered what it was', async () => {
    await talk.says('delete 1')
    await store.db.collection('alerts').updateMany({ phase: 'deleted' }, { $unset: { deleted: 1 } })
    expect(await talk.says('undo')).toBe(NOTHING)
  })

  test('leaves no trace: what was brought back can be deleted and brought back again', async () => {
    await answerTo('delete 1', 'undo')
    expect(Object.keys((await talk.alerts())[0]!)).not.toContain('deleted')
    expect(await answerTo('delete 1', 'undo')).toMatch(/^Alert 1 is back\./)
  })

  test('does not go over the number of alerts one may have', async () => {
    talk = startTalk(store, { maxAlerts: 1 })
    await answerTo('alert AAPL > 500', 'delete 1', 'alert BTC > 200k')
    expect(await talk.says('undo')).toBe(
      'You have 1 alert on, which is the most I keep for one person. Delete one first.',
    )
  })

  test('what was fired before is still told', async () => {
    await answerTo('edit 1 AAPL > 300', 'tell 1')
    const [before] = await talk.alerts()
    await answerTo('delete 1', 'undo')
    expect((await talk.alerts())[0]!.unsent).toEqual(before!.unsent)
  })
})
