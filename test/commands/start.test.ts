import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
  talk = startTalk(store)
})
afterAll(() => store.close())

const BUTTONS = '[Help: help] [Set an alert: alert]'

describe('the welcome', () => {
  test('is five lines, an example among them that works, and two buttons', async () => {
    const lines = (await talk.says('/start')).split('\n')
    expect(lines).toHaveLength(6)
    expect(lines.at(-1)).toBe(BUTTONS)
    expect(lines.at(-2)).toBe('Everything I understand: help')
    const example = /^For example: (.+)$/.exec(lines[2]!)![1]!
    expect(await talk.says(example)).toMatch(/^Alert 1 is on\./)
  })

  test('has a short form', async () => {
    const { brief } = await talk.hears('start')
    expect(brief!.length).toBeLessThanOrEqual(160)
  })

  test.each(['start K7QM-2XRA', 'start ref_4711', 'start 7'])(
    'with something it does not know, %s, is the same',
    async (text) => {
      expect(await talk.says(text)).toBe(await talk.says('start'))
    },
  )

  test.each([
    ['start delete all yes', '[delete all yes: delete all yes]'],
    ['/start price AAPL', '[price AAPL: price AAPL]'],
  ])('a command that a link brought along, %s, is offered and not done', async (text, button) => {
    const before = await talk.alerts()
    expect((await talk.says(text)).split('\n').slice(-2)).toEqual(['What you came for:', `${button} ${BUTTONS}`])
    expect(await talk.alerts()).toEqual(before)
  })
})
