import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readQuiet } from '../../src/commands/quiet.ts'
import type { Notification } from '../../src/delivery/types.ts'
import { UserError } from '../../src/errors.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { aNotification } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

describe('hours', () => {
  test.each<[string, string]>([
    ['22:00-07:00', '1320-420'],
    ['22-7', '1320-420'],
    ['from 10pm to 7am', '1320-420'],
    ['10:30 pm – 6.45 am', '1350-405'],
    ['2230 to 0615', '1350-375'],
    ['12am-12pm', '0-720'],
    ['20:00 until 24:00', '1200-0'],
  ])('%s', (text, hours) => {
    const { from, to } = readQuiet(text)
    expect(`${from}-${to}`).toBe(hours)
  })

  test.each([
    'tonight',
    '22',
    '25:00-07:00',
    '22:60-07:00',
    '22:00-22:00',
    '13pm-2am',
    '22:00-07:00 daily',
    '-',
    '24:01-3',
    '07:00-06:30',
  ])('%s are none', (text) => {
    expect(() => readQuiet(text)).toThrow(UserError)
  })
})

describe('the command', () => {
  test('sets, shows and ends them', async () => {
    expect(await talk.says('quiet')).toBe(
      'You have no quiet hours: I speak at any time. Set them like this: quiet 22:00-07:00',
    )
    expect(await talk.says('quiet 22:00-07:00')).toBe(
      'From 22:00 to 07:00 I am quiet. What fires meanwhile comes at 07:00, in one message, unless its alert says urgent.\n' +
        'I take your time zone to be UTC; if that is wrong: timezone Europe/Berlin\n[Quiet off: quiet off]',
    )
    expect(await talk.says('quiet')).toBe(
      'Your quiet hours are 22:00 to 07:00. What fires meanwhile comes when they end, unless its alert is urgent.\n[Quiet off: quiet off]',
    )
    expect(await talk.says('quiet off')).toBe(
      'You have no quiet hours now: I speak at any time. What was held comes now.',
    )
    expect(await talk.says('quiet')).toMatch(/^You have no quiet hours/)
  })

  test('does not speak of the zone to who has told theirs', async () => {
    await talk.says('timezone Europe/Berlin')
    expect(await talk.says('quiet 22-7')).not.toContain('time zone')
  })

  test('says what is wrong with what are no hours', async () => {
    expect(await talk.says('quiet tonight')).toContain('"tonight" are no hours. Type from when to when')
    expect(await talk.says('quiet 7-7')).toContain('That would be always or never.')
  })

  test.each(['quiet off', 'quiet 23:00-06:00'])('%s makes due at once what is held', async (line) => {
    await talk.says('quiet 22-7')
    const id = await owe({ held: true, dueAt: MONDAY + 3_600_000 })
    expect(await store.notifications.waiting(id, MONDAY)).toBe(0)
    await talk.says(line)
    expect(await store.notifications.waiting(id, MONDAY)).toBe(1)
  })
})

describe('what was missed', () => {
  test('opens the next answer, once, and again where the same message comes again', async () => {
    const { notifications } = store
    const id = await owe({})
    await notifications.lease({ channel: id, token: id, lease: 60_000, limit: 1, now: MONDAY })
    await notifications.record([id], id, { state: 'failed', reason: 'blocked', onward: 'keep on' }, MONDAY)
    await notifications.handedOn(id, true)
    const first = await talk.sends('same', 'quiet')
    expect(first).toBe(
      `You missed this (${id} did not take it: blocked):\n15:04 alert 7: AAPL price > 500. AAPL 501.12 USD.\n\n` +
        'You have no quiet hours: I speak at any time. Set them like this: quiet 22:00-07:00',
    )
    expect(await talk.sends('same', 'quiet')).toBe(first)
    expect(await talk.says('quiet')).not.toContain('You missed')
  })

  test('opens the answer to what cannot be understood, too', async () => {
    const { notifications } = store
    const id = await owe({})
    await notifications.handedOn(id, true)
    expect(await talk.says('quiet tonight')).toMatch(/^You missed this .*"tonight" are no hours/s)
  })
})

let owed = 0
/** A notification to whoever talks, on a channel of the same name; gives that. */
async function owe(given: Partial<Notification>): Promise<string> {
  await talk.says('alert AAPL > 500')
  const [alert] = await talk.alerts()
  const id = `owed-${++owed}`
  await store.notifications.add([aNotification({ id, channel: id, user: alert!.user, ...given })])
  return id
}

describe('cooldown', () => {
  test.each<[string, string]>([
    ['alert AAPL > 500 repeat', 'AAPL price > 500 repeat cooldown 1h'],
    ['alert AAPL > 500 repeat cooldown 5m', 'AAPL price > 500 repeat cooldown 1h'],
    ['alert AAPL > 500 every 5m', 'AAPL price > 500 every 1h'],
  ])('%s fires at most once an hour then', async (line, text) => {
    await talk.says(line)
    expect(await talk.says('cooldown 1 1h')).toBe(`Alert 1 fires less often now: ${text}`)
    const [alert] = await talk.alerts()
    expect(alert).toMatchObject({ text, phase: 'armed' })
  })

  test('is of no use to one that fires once', async () => {
    await talk.says('alert AAPL > 500')
    expect(await talk.says('cooldown 1 1h')).toContain('Alert 1 fires only once.')
  })

  test('asks for a length', async () => {
    await talk.says('alert AAPL > 500 repeat')
    expect(await talk.says('cooldown 1')).toContain('For how long?')
  })
})
