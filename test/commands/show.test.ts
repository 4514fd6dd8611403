import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

const lines = (...all: string[]) => all.join('\n')

test('all of an alert: the text, what was typed, what it will do, its state, and how to change and set it again', async () => {
  await talk.says('alert AAPL > 500 or < 300 repeat cooldown 2h during extended hours until Friday urgent note "buy?"')
  await talk.says('snooze 1 1h')
  const text =
    'AAPL price > 500 or AAPL price < 300 repeat cooldown 2h during extended hours until 2026-11-27 urgent note "buy?"'
  expect(await talk.says('show 1')).toBe(
    lines(
      `Alert 1: ${text}`,
      'Typed: AAPL > 500 or < 300 repeat cooldown 2h during extended hours until Friday urgent note "buy?"',
      "I'll tell you here, each time it becomes true, 2h apart at least, until the end of Fri 27 Nov.",
      'Looked at in extended hours too.',
      'Urgent: told in quiet hours too. With a second address (subscribe, link) it is repeated there if you do not acknowledge it.',
      'Your note: buy?',
      'On; set 15:04, fired 0 times.',
      'Silent until 16:04.',
      'Ends Sat 28 Nov 00:00.',
      'To change it: edit 1 and what it shall be',
      `To set it again: alert ${text}`,
      '[Why: why 1] [Pause: pause 1] [History: history 1] [Delete: delete 1]',
    ),
  )
})

test('the line it gives sets the same alert again', async () => {
  await talk.says('alert AAPL between 300 and 310 or BTC crosses above 100k for 10m every 1h')
  const line = /^To set it again: (.+)$/m.exec(await talk.says('show 1'))![1]!
  expect(await talk.says(line)).toMatch(/^Alert 2 is on\./)
  const [one, other] = await talk.alerts()
  expect(other!.text).toBe(one!.text)
})

test.each<[string, readonly string[], string]>([
  ['a paused one', ['pause 1'], 'On, paused; set 15:04, fired 0 times.'],
  ['one that is done', ['edit 1 AAPL > 300', 'tell 1'], 'Done; set 15:04, fired once, last 15:04.'],
])('%s says so and offers what can be done', async (_what, said, line) => {
  await talk.says('alert AAPL > 500')
  for (const text of said) await talk.says(text)
  const shown = await talk.says('show 1')
  expect(shown).toContain(`\n${line}\n`)
  expect(shown).toMatch(/\[(Resume: resume|Again: again) 1\]/)
})

test('one that was made elsewhere says where it is told', async () => {
  await talk.says('alert AAPL > 500')
  const [alert] = await talk.alerts()
  await store.db.collection('alerts').updateOne({ _id: alert!.id as never }, { $set: { subscription: 'gone' } })
  expect(await talk.says('show 1')).toContain("I'll tell you nowhere, as the address it was made from is gone, once.")
})

test.each([
  ['show', 'AAPL > 500'],
  ['why', 'AAPL > 500'],
  [
    'show',
    'AAPL > 500 and BTC > 100k and EURUSD > 1.1 and MSFT > 500 and AAPL volume > 2m or AAPL change > 50% or BTC < 1',
  ],
  [
    'why',
    'AAPL > 500 and BTC > 100k and EURUSD > 1.1 and MSFT > 500 and AAPL volume > 2m or AAPL change > 50% or BTC < 1',
  ],
])('%s of "%s" has a short form in one line', async (command, condition) => {
  await talk.says(`alert ${condition}`)
  const { brief } = await talk.hears(`${command} 1`)
  expect(brief).toMatch(/^Alert 1: AAPL > 500/)
  expect(brief!.length).toBeLessThanOrEqual(160)
  expect(brief).not.toContain('\n')
})

test('what is not there is refused', async () => {
  expect(await talk.says('show 9')).toBe('You have no alert 9. Type list to see yours.')
})
