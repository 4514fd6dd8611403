import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../../src/channels/channel.ts'
import { type Access, isAllowed, isOperator } from '../../src/commands/access.ts'
import { createLimit } from '../../src/commands/limits.ts'
import { plain } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk } from './talk.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

describe('so many in each window', () => {
  test.each<[number, string, number | undefined]>([
    [0, 'anna', undefined],
    [10, 'anna', undefined],
    [20, 'anna', 980],
    [20, 'bert', undefined],
    [999, 'anna', 1],
    [1_000, 'anna', undefined],
    [1_500, 'anna', undefined],
    [1_500, 'anna', 500],
    [9_000, 'anna', undefined],
  ])('at %d ms %s → wait %s ms', (now, who, wait) => {
    expect(limit(who, now)).toBe(wait)
  })
  const limit = createLimit(2, 1_000)
})

describe('messages a minute', () => {
  test('too many are answered with how long to wait, and do nothing; buttons count', async () => {
    const talk = startTalk(store, { limits: { perMinute: 3 } })
    await talk.says('alert AAPL > 500')
    await talk.hears('pause 1', { isPress: true })
    await talk.says('resume 1')
    // 15:04:07 is the time.
    const slowly = 'Slowly, please: I take 3 messages a minute. Try again in 53 s.'
    expect(await talk.says('delete 1')).toBe(slowly)
    expect(plain(await talk.hears('delete 1', { isPress: true }))).toBe(slowly)
    expect(await talk.says('list', 'bert')).toMatch(/^You have no alerts/)
    talk.now += 53_000
    expect(await talk.says('list')).toMatch(/^1 {2}AAPL > 500/)
  })

  test('those who run the bot may send as many as they like, and ask for as much', async () => {
    const limits = { perMinute: 1, backtestsPerHour: 1 }
    const talk = startTalk(store, { limits, access: { operators: ['double:boss'] } })
    const boss = { sender: { id: 'boss', name: 'Boss', isAdmin: true } }
    for (const _ of [1, 2, 3])
      expect(plain(await talk.hears('backtest AAPL > 300', boss))).toContain('this would have fired')
  })

  test('in a group each has their own', async () => {
    const talk = startTalk(store, { limits: { perMinute: 1 } })
    const group = (id: string) => ({ address: 'g', isGroup: true as const, sender: { id, name: id, isAdmin: false } })
    await talk.hears('list', group('1'))
    expect(plain(await talk.hears('list', group('1')))).toMatch(/^Slowly, please/)
    expect(plain(await talk.hears('list', group('2')))).toMatch(/^You have no alerts/)
  })

  test('a message that was too much can be sent again later', async () => {
    const talk = startTalk(store, { limits: { perMinute: 1 } })
    await talk.says('list')
    expect(await talk.sends('later', 'list')).toMatch(/^Slowly/)
    talk.now += 60_000
    expect(await talk.sends('later', 'list')).toMatch(/^You have no alerts/)
  })
})

describe('backtests an hour', () => {
  test('too many are refused until the next hour; other commands go on', async () => {
    const talk = startTalk(store, { limits: { backtestsPerHour: 2 } })
    for (const _ of [1, 2]) expect(await talk.says('backtest AAPL > 300')).toContain('this would have fired')
    expect(await talk.says('backtest AAPL > 300')).toBe(
      'That is work, and you had as much of it as I do for one person in an hour. Ask for backtest again in 56 min.',
    )
    expect(await talk.says('list')).toMatch(/^You have no alerts/)
    expect(await talk.says('backtest AAPL > 300', 'bert')).toContain('this would have fired')
    talk.now += 56 * 60_000
    expect(await talk.says('backtest AAPL > 300')).toContain('this would have fired')
  })
})

const sender = { id: '7', name: 'Anna', isAdmin: true }
const ofTelegram: Message = { channel: 'telegram', address: '7', id: '1', text: 'list', sender }
const MESSAGES = {
  own: ofTelegram,
  other: { ...ofTelegram, address: '8', sender: { ...sender, id: '8' } },
  group: { ...ofTelegram, address: '-100', isGroup: true },
  strangerInGroup: { ...ofTelegram, address: '-100', isGroup: true, sender: { ...sender, id: '8' } },
  discord: { ...ofTelegram, channel: 'discord', address: 'user/7' },
  sms: { channel: 'sms', address: '+12025550123', id: '1', text: 'list' },
  terminal: { channel: 'console', address: 'here', id: '1', text: 'list' },
} satisfies Record<string, Message>

describe('who may use the bot, and who runs it', () => {
  test.each<[readonly string[], keyof typeof MESSAGES, boolean]>([
    [[], 'other', true],
    [['telegram:7'], 'own', true],
    [['telegram:7'], 'other', false],
    [['telegram:7'], 'group', true],
    [['telegram:7'], 'strangerInGroup', false],
    [['telegram:-100'], 'strangerInGroup', true],
    [['telegram:7'], 'discord', false],
    [['discord:7'], 'discord', true],
    [['discord:user/7'], 'discord', true],
    [['sms:+12025550123'], 'sms', true],
    [['sms:+1202555012'], 'sms', false],
    [['telegram:7'], 'terminal', true],
  ])('with %j allowed, %s: %s', (allowed, name, isGood) => {
    expect(isAllowed(MESSAGES[name], { allowed, operators: [] })).toBe(isGood)
  })

  test.each<[readonly string[], keyof typeof MESSAGES, boolean]>([
    [[], 'own', false],
    [[], 'terminal', true],
    [['telegram:7'], 'own', true],
    [['telegram:7'], 'group', true],
    [['telegram:-100'], 'strangerInGroup', false],
    [['sms:+12025550123'], 'sms', true],
  ])('with %j running it, %s: %s', (operators, name, isGood) => {
    const access: Access = { allowed: ['telegram:none'], operators }
    expect(isOperator(MESSAGES[name], access)).toBe(isGood)
    if (isGood) expect(isAllowed(MESSAGES[name], access)).toBe(true)
  })

  test('a stranger gets one kind sentence, and nothing is kept of them', async () => {
    const own = await connect(freshDatabase())
    const talk = startTalk(own, { access: { allowed: ['double:anna-nobody'] } })
    for (const text of ['alert AAPL > 500', 'alert', 'start'])
      expect(await talk.says(text, 'stranger')).toBe('I am sorry: I answer only people whom my owner has named to me.')
    const kept = ['users', 'alerts', 'messages', 'conversations']
    const counts = await Promise.all(kept.map((name) => own.db.collection(name).countDocuments()))
    expect(counts).toEqual([0, 0, 0, 0])
    await own.close()
  })
})
