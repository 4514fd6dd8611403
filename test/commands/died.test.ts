import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
/** Whether the answer to what is said next is not kept any more: to the database, the process died right before that. */
let isDying = false

beforeAll(async () => {
  store = await connect(freshDatabase())
  const { remember, note } = store.messages
  const dying =
    (keep: typeof remember): typeof remember =>
    async (...given) => {
      if (!isDying) return await keep(...given)
      isDying = false
      throw new Error('died')
    }
  store.messages.remember = dying(remember)
  store.messages.note = dying(note)
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

/** What was done is done, but nobody knows the answer; then the platform sends the message again. */
async function saysTwice(id: string, text: string): Promise<string> {
  isDying = true
  expect(await talk.sends(id, text)).toMatch(/^Something broke/)
  expect(isDying).toBe(false)
  return await talk.sends(id, text)
}

const ON = ['alert AAPL > 300 repeat', 'alert AAPL > 500']

test.each<[text: string, before: readonly string[], answer: RegExp]>([
  ['tell 1', ON, /^Alert 1 is on its way/],
  ['pause 2', ON, /^Alert 2 is paused/],
  ['resume 2', [...ON, 'pause 2'], /^Alert 2 is on again/],
  ['snooze 2 2h', ON, /^Alert 2 is silent/],
  ['wake 2', [...ON, 'snooze 2 2h'], /^Alert 2/],
  ['repeat 2', ON, /^Alert 2/],
  ['cooldown 1 1h', ON, /^Alert 1/],
  ['edit 2 AAPL > 600', ON, /^Alert 2 is changed/],
  ['delete 2', ON, /^Alert 2 is deleted/],
  ['pause 1 2', ON, /^Alerts 1 and 2 are paused/],
  ['pause all', ON, /^Alerts 1 and 2 are paused/],
  ['resume 1 2', [...ON, 'pause all'], /^Alerts 1 and 2 are on again/],
  ['resume all', [...ON, 'pause all'], /^Alerts 1 and 2 are on again/],
  ['snooze all 2h', ON, /^Alerts 1 and 2 are silent until/],
  ['wake 1 2', [...ON, 'snooze all 2h'], /^Alerts 1 and 2 are to be heard again/],
  ['wake all', [...ON, 'snooze all 2h'], /^Alerts 1 and 2 are to be heard again/],
  ['delete 1 2', ON, /^Alerts 1 and 2 are deleted/],
  ['delete all yes', ON, /^Alerts 1 and 2 are deleted/],
  ['undo', [...ON, 'delete 1', 'delete 2'], /^Alert 2 is back/],
  ['undo', [...ON, 'delete all yes'], /^Alerts 1 and 2 are back/],
])('%s, read again after a death, acts once and is answered as it would have been', async (text, before, answer) => {
  for (const said of before) await talk.says(said)
  isDying = true
  expect(await talk.sends('once', text)).toMatch(/^Something broke/)
  const acted = await talk.alerts()
  expect(await talk.sends('once', text)).toMatch(answer)
  expect(await talk.alerts()).toEqual(acted)
})

test('the next message acts again', async () => {
  for (const said of [...ON, 'delete 1', 'delete 2']) await talk.says(said)
  expect(await saysTwice('one', 'undo')).toMatch(/^Alert 2 is back/)
  expect(await saysTwice('other', 'undo')).toMatch(/^Alert 1 is back/)
  expect(await saysTwice('third', 'tell 1')).toMatch(/^Alert 1 is on its way/)
  await talk.says('tell 1')
  expect((await talk.alerts()).find(({ number }) => number === 1)?.unsent).toHaveLength(2)
})
