import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plain } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store, { access: { operators: ['double:boss'] } })
})

const boss = { sender: { id: 'boss', name: 'Boss', isAdmin: true } }

describe('for those who run the bot', () => {
  test('stats counts what there is', async () => {
    for (const text of ['alert AAPL > 500', 'alert BTC > 200k', 'pause 2', 'alert AAPL > 400', 'delete 3'])
      await talk.says(text)
    const [alert] = await talk.alerts()
    const occurrence = { id: 'one', kind: 'fired' as const, at: MONDAY, triggers: [], evidence: [] }
    const notification = {
      ...{ user: 'u', subscription: 's', channel: 'double', address: 'a', zone: 'UTC' },
      ...{ alert: { id: alert!.id, number: 1, text: alert!.text }, occurrence, createdAt: MONDAY - 1_000 },
    }
    await store.notifications.add([
      { ...notification, id: 'n1' },
      { ...notification, id: 'n2' },
      { ...notification, id: 'n3', occurrence: { ...occurrence, id: 'two' }, createdAt: MONDAY - 86_400_001 },
      { ...notification, id: 'n4', occurrence: { ...occurrence, id: 'three', kind: 'blind' } },
    ])
    await store.db
      .collection('notifications')
      .updateOne({ _id: 'n4' as never }, { $set: { state: 'failed', open: false } })
    const reply = await talk.hears('/admin stats', boss)
    expect(reply.isPrivate).toBe(true)
    expect(plain(reply).split('\n')).toEqual([
      'Users: 1',
      'Alerts: 1 armed, 0 pending, 1 paused, 0 done, 0 expired, 1 deleted',
      'Firings in the last 24 h: 1',
      'double: 3 waiting, 1 given up in the last 24 h',
      'double here: listens',
    ])
  })

  test.each(['admin stats', 'admin', '/admin stats'])('others are answered as if there were no %s', async (text) => {
    expect(await talk.says(text)).toBe(await talk.says(text.replace('admin', 'nimda')))
  })

  test('it stands in their help alone', async () => {
    expect(await talk.says('help')).not.toContain('admin')
    expect(await talk.says('help admin')).toMatch(/^I have no help on "admin"/)
    expect(plain(await talk.hears('help', boss))).toContain('admin stats')
    expect(plain(await talk.hears('help admin', boss))).toMatch(/^admin: /)
  })

  test('not in a group, where others read it', async () => {
    const reply = await talk.hears('admin stats', { ...boss, address: 'group', isGroup: true })
    expect(plain(reply)).toBe('Do that in a chat with me alone.')
  })

  test('anything but stats is refused', async () => {
    expect(plain(await talk.hears('admin shutdown', boss))).toBe('I can tell stats only.\nTry: admin stats')
  })
})
