import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '../../src/channels/channel.ts'
import { plain, type Reply } from '../../src/reply.ts'
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

/** The one person in the file of a reply. */
// biome-ignore lint/suspicious/noExplicitAny: what is in a file is looked at as whoever gets it would
function personIn({ file }: Reply): any {
  const { people, ...head } = JSON.parse(file!.text)
  expect(head).toMatchObject({ version: 1, madeAt: MONDAY })
  expect(people).toHaveLength(1)
  return people[0]
}

describe('mydata', () => {
  test('has all that is kept, and the lines that set the alerts again', async () => {
    await talk.says('alert AAPL > 500 or < 300 repeat note "sell \\ \'half\'"')
    await talk.says('alert BTC crosses above 100k')
    await talk.says('alert EURUSD < 1.05')
    await talk.says('delete 3')
    await talk.says('timezone Europe/Berlin')
    await talk.says('pause')
    const [alert] = await talk.alerts()
    await store.notifications.add([aNotification({ id: 'mine', user: alert!.user })])
    const reply = await talk.hears('mydata')
    const lines = [
      '/alert AAPL price > 500 or AAPL price < 300 repeat note "sell \\ \'half\'"',
      '/alert BTC price crosses above 100k',
    ]
    expect(reply.file!.name).toBe('signal-generator-2026-11-23.json')
    expect(reply.isPrivate).toBe(true)
    expect(plain(reply)).toBe(
      `All I keep of you: 1 address, 3 alerts (deleted ones too), 1 message about them, and your settings. The file has it whole.\nThese lines set your alerts again:\n${lines.join('\n')}\nforgetme erases it all.`,
    )
    const person = personIn(reply)
    expect(person.alertLines).toEqual(lines)
    expect(person.user).toMatchObject({ zone: 'Europe/Berlin', subscriptions: [{ channel: 'double' }] })
    expect(person.alerts.map(({ number, phase, line }: Record<string, unknown>) => [number, phase, line])).toEqual([
      [1, 'armed', lines[0]],
      [2, 'armed', lines[1]],
      [3, 'deleted', '/alert EURUSD price < 1.05'],
    ])
    expect(person.notifications).toMatchObject([{ id: 'mine' }])
    expect(person.answers.length).toBeGreaterThan(4)
    expect(person.questions).toMatchObject([{ command: 'pause' }])
  })

  test('its lines, sent as one message, make the same alerts', async () => {
    await talk.says('alert AAPL > 500 or < 300 repeat')
    await talk.says('alert BTC crosses above 100k every 1h for 10m until 2026-12-31 17:00')
    const { alertLines } = personIn(await talk.hears('mydata'))
    await talk.says(alertLines.join('\n'), 'bert')
    const texts = async (who: string) => (await talk.alerts(who)).map(({ text, until }) => [text, until])
    expect(await texts('bert')).toEqual(await texts('anna'))
  })

  test('many lines are in the file alone', async () => {
    const lines = Array.from({ length: 16 }, (_, index) => `alert AAPL > ${500 + index} note "${'x'.repeat(180)}"`)
    await talk.says(lines.join('\n'))
    const reply = await talk.hears('mydata')
    expect(personIn(reply).alertLines).toHaveLength(16)
    expect(plain(reply)).toMatch(/\n\d+ more are in the file\.\n/)
    expect(plain(reply).length).toBeLessThan(3_000)
  })

  test('is of who asks alone', async () => {
    await talk.says('alert AAPL > 500 note "berts secret"', 'bert')
    expect((await talk.hears('mydata')).file!.text).not.toContain('berts secret')
  })

  test('is not kept once more, is had five times a day, and not in a group', async () => {
    const given: Partial<Message> = { id: 'again' }
    const first = await talk.hears('mydata', given)
    await talk.says('alert AAPL > 500')
    const again = await talk.hears('mydata', given)
    expect([personIn(first).alerts.length, personIn(again).alerts.length]).toEqual([0, 1])
    for (let count = 0; count < 3; count++) await talk.says('mydata')
    expect(await talk.says('mydata')).toBe('You can have mydata 5 times a day, and had it. Ask again tomorrow.')
    expect(await talk.says('mydata', 'bert')).toContain('All I keep of you')
    talk.now += 86_400_000
    expect(await talk.says('mydata')).toContain('All I keep of you')
    expect(plain(await talk.hears('mydata', { address: 'group', isGroup: true }))).toBe(
      'Do that in a chat with me alone.',
    )
  })
})

const ERASED = 'Nothing will be sent any more. Write to me again at any time: we begin anew.'

describe('forgetme', () => {
  test('asks once, and says what is lost', async () => {
    await talk.says('alert AAPL > 500\nBTC > 1')
    expect(await talk.says('forgetme')).toBe(
      [
        'Shall I erase all I keep: your 2 alerts, the history, addresses and settings? It cannot be undone.',
        'Type forgetme yes.',
        '[Erase everything: forgetme yes] [A copy first: mydata] [Never mind: never mind]',
      ].join('\n'),
    )
    expect(await talk.says('forgetme now')).toContain('Try: forgetme yes')
    expect(await talk.alerts()).toHaveLength(2)
  })

  test('erases everything; who writes again is somebody new', async () => {
    await talk.says('alert AAPL > 500 note "remember me"')
    await talk.says('timezone Europe/Berlin')
    await talk.says('pause')
    const [alert] = await talk.alerts()
    const address = (await store.users.byIds([alert!.user])).get(alert!.user)!.subscriptions[0]!.address
    expect(await talk.says('forgetme yes')).toBe(`All I kept of you is erased. ${ERASED}`)
    for (const { name } of await store.db.listCollections().toArray()) {
      const kept = JSON.stringify(await store.db.collection(name).find().toArray())
      expect([name, kept.includes('remember me'), kept.includes(address)]).toEqual([name, false, false])
    }
    expect(await talk.says('list')).toContain('You have no alerts.')
    expect(await talk.says('alert AAPL > 500')).toContain('Alert 1 is on.')
    expect(personIn(await talk.hears('mydata'))).toMatchObject({ user: { zone: null }, alerts: [{ number: 1 }] })
  })

  test('the same message again, after a death before it was answered, does no harm to who came back', async () => {
    await talk.says('alert AAPL > 500')
    await talk.sends('erase', 'forgetme yes')
    await store.db.collection('messages').deleteMany({})
    await talk.says('alert AAPL > 600')
    expect(await talk.sends('erase', 'forgetme yes')).toContain('is erased.')
    expect((await talk.alerts()).map(({ text }) => text)).toEqual(['AAPL price > 600'])
  })

  test('in a group an admin alone has the group forgotten', async () => {
    const inGroup = (isAdmin: boolean): Partial<Message> => ({
      ...{ address: 'group', isGroup: true },
      sender: { id: isAdmin ? '1' : '2', name: 'Anna', isAdmin },
    })
    await talk.hears('alert AAPL > 500', inGroup(false))
    expect(plain(await talk.hears('forgetme yes', inGroup(false)))).toBe(
      'Only an admin of this group can have all erased that I keep of it.',
    )
    expect(await talk.alerts('group')).toHaveLength(1)
    expect(plain(await talk.hears('forgetme', inGroup(true)))).toContain("this group's 1 alert,")
    expect(plain(await talk.hears('forgetme yes', inGroup(true)))).toBe(`All I kept of this group is erased. ${ERASED}`)
    expect(await talk.alerts('group')).toEqual([])
  })
})
