import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../../src/channels/channel.ts'
import type { Command } from '../../src/commands/command.ts'
import { commands } from '../../src/commands/index.ts'
import { plain, say } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk, type Talk } from './talk.ts'

const secret: Command = {
  name: 'secret',
  usage: 'secret',
  summary: 'Of no use in a group',
  isPersonal: true,
  run: async () => say('told'),
}

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  talk = startTalk(store, { commands: [...commands, secret] })
})

const PEOPLE = {
  anna: { id: '1', name: 'Anna', isAdmin: false },
  bert: { id: '2', name: 'Bert', isAdmin: false },
  chief: { id: '3', name: 'Chief', isAdmin: true },
}
type Person = keyof typeof PEOPLE

const inGroup = (who: Person): Partial<Message> => ({ address: 'group', isGroup: true, sender: PEOPLE[who] })
const said = async (who: Person, text: string) => plain(await talk.hears(text, inGroup(who)))
const alerts = () => talk.alerts('group')

const REFUSED = 'Only Anna, who made alert 1, or an admin of this group can change it.'

/** What is said before so that the command can do something, the command, and what it answers then. */
const CHANGES: readonly (readonly [before: readonly string[], command: string, done: RegExp])[] = [
  [[], 'pause 1', /^Alert 1 is paused/],
  [['pause 1'], 'resume 1', /^Alert 1 is on again/],
  [[], 'snooze 1 1h', /^Alert 1 is silent until/],
  [['snooze 1 1h'], 'wake 1', /^Alert 1 speaks again/],
  [[], 'again 1', /^Alert 1 is on again/],
  [[], 'repeat 1', /^Alert 1 now tells you each time/],
  [['edit 1 AAPL > 300'], 'tell 1', /^Alert 1 is on its way/],
  [[], 'edit 1 AAPL > 510', /^Alert 1 is changed/],
  [[], 'edit 1', /^What shall alert 1 be\?/],
  [[], 'delete 1', /^Alert 1 is deleted/],
  [['delete 1'], 'undo', /^Alert 1 is back/],
]

describe('an alert of a group is changed by who made it, or by an admin', () => {
  test.each(CHANGES)('after %j: %s', async (before, command, done) => {
    await said('anna', 'alert AAPL > 500')
    for (const text of before) await said('anna', text)
    const untouched = await alerts()
    expect(await said('bert', command)).toBe(REFUSED)
    expect(await alerts()).toEqual(untouched)
    expect(await said('anna', command)).toMatch(done)
  })

  test.each(CHANGES)('by an admin, after %j: %s', async (before, command, done) => {
    await said('anna', 'alert AAPL > 500')
    for (const text of before) await said('anna', text)
    expect(await said('chief', command)).toMatch(done)
  })

  test('an admin who changes it does not make it theirs', async () => {
    await said('anna', 'alert AAPL > 500')
    await said('chief', 'edit 1 AAPL > 510')
    expect((await alerts())[0]!.maker).toEqual({ id: '1', name: 'Anna' })
  })

  test('one whose maker is not known is for the admins', async () => {
    await talk.hears('alert AAPL > 500', { address: 'group', isGroup: true })
    expect((await alerts())[0]!.maker).toBeUndefined()
    expect(await said('bert', 'pause 1')).toBe('Only an admin of this group can change alert 1.')
    expect(await said('chief', 'pause 1')).toMatch(/^Alert 1 is paused/)
  })

  test.each(['why 1', 'show 1', 'list', 'history 1'])('everybody may look: %s', async (text) => {
    await said('anna', 'alert AAPL > 500')
    expect(await said('bert', text)).not.toBe(REFUSED)
  })
})

describe('all, in a group', () => {
  beforeEach(async () => {
    await said('anna', 'alert AAPL > 500')
    await said('anna', 'alert AAPL > 600')
    await said('bert', 'alert BTC > 200k')
  })

  const OTHERS = '2 that others made stay as they are: only they, or an admin, can change them.'

  test('of who is no admin means their own, and says so', async () => {
    expect(await said('bert', 'pause all')).toBe(`Alert 3 is paused.\n${OTHERS}`)
    expect(await said('bert', 'resume all')).toBe('Alert 3 is on again.')
    expect(await said('bert', 'delete all')).toBe(
      `Shall I delete the 1 alert that you made here? Type delete all yes.\n${OTHERS}`,
    )
    expect(await said('bert', 'delete all yes')).toBe(
      `Alert 3 is deleted.\nundo brings it back for 10 minutes.\n${OTHERS}`,
    )
    expect((await alerts()).map(({ number }) => number)).toEqual([1, 2])
    expect(await said('bert', 'delete all')).toBe(`You have no alerts to delete.\n${OTHERS}`)
  })

  test('of an admin means all', async () => {
    expect(await said('chief', 'pause all')).toBe('Alerts 1, 2 and 3 are paused.')
    expect(await said('chief', 'delete all')).toBe('Shall I delete all 3 alerts? Type delete all yes.')
    expect(await said('chief', 'delete all yes')).toMatch(/^Alerts 1, 2 and 3 are deleted\./)
  })

  test('what an admin deleted is brought back by everybody as far as it is theirs', async () => {
    await said('chief', 'delete all yes')
    expect(await said('bert', 'undo')).toMatch(/^Alert 3 is back\./)
    expect(await said('chief', 'undo')).toBe('Alerts 1 and 2 are back.')
  })

  test('several numbers: each by its own maker', async () => {
    expect(await said('bert', 'delete 1 3')).toBe(
      `Alert 3 is deleted.\nundo brings it back for 10 minutes.\n${REFUSED}`,
    )
  })

  test('which alert? Those one may change; to be looked at, all', async () => {
    const offered = async (who: Person, text: string) => (await talk.hears(text, inGroup(who))).buttons.length
    expect(await offered('bert', 'pause')).toBe(1)
    expect(await offered('chief', 'pause')).toBe(3)
    expect(await offered('bert', 'why')).toBe(3)
    await said('bert', 'delete 3')
    expect(await said('bert', 'delete')).toBe(
      'Others of this group made these alerts: only they, or an admin, can change them.',
    )
  })
})

describe('who made an alert', () => {
  test('is shown in the group', async () => {
    expect(await said('anna', 'alert AAPL > 500')).toContain('\nAAPL price > 500, by Anna\n')
    expect(await said('bert', 'list')).toContain('by Anna')
    expect((await alerts())[0]!.maker).toEqual({ id: '1', name: 'Anna' })
  })

  test('is nobody in a chat of one’s own', async () => {
    await talk.hears('alert AAPL > 500', { sender: PEOPLE.anna })
    expect((await talk.alerts())[0]!.maker).toBeUndefined()
    expect(plain(await talk.hears('list', { sender: PEOPLE.anna }))).not.toContain('Anna')
  })
})

describe('what is of no use in a group', () => {
  test('is refused there with a kind word', async () => {
    expect(await said('anna', 'secret')).toBe('Do that in a chat with me alone.')
    expect(await talk.says('secret')).toBe('told')
  })
})
