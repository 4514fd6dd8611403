import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { plain } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { anOutside, type Outside } from './people.ts'
import { MONDAY, startTalk, type Talk } from './talk.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** Three bytes of it are the code 482915. */
const CODE = [0x07, 0x5e, 0x63]

let store: Store
let talk: Talk
let outside: Outside
let phone = ''
let mail = ''
let count = 0
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  outside = anOutside()
  // Link codes differ in their last characters.
  const random = (bytes: number) => Uint8Array.from(bytes === 3 ? CODE : [1, 2, 3, count >> 8, count++ & 255])
  talk = startTalk(store, { channels: outside.channels, emails: outside.emails, random })
  count++
  phone = `+1202555${String(count).padStart(4, '0')}`
  mail = `anna${count}@example.org`
})

const codeIn = (text: string) => /link ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(text)![1]!
const numbersOf = async (from?: string) => (await talk.alerts(from)).map(({ number, text }) => `${number} ${text}`)

/** Subscribes and confirms a phone. */
async function hasPhone(from?: string) {
  await talk.says(`subscribe sms ${phone}`, from)
  return await talk.says('confirm 482915', from)
}

describe('a phone', () => {
  test('gets a code and nothing else, until the code is typed', async () => {
    expect(await talk.says(`/subscribe sms ${phone}`)).toBe(
      `I have texted a code of six digits to ${phone}. Type it here within 10 minutes.\nUntil then nothing else is sent there.`,
    )
    expect(outside.sent).toEqual([
      `sms ${phone}: 482915 is your code for Signal Generator. Type it in the chat where you asked for it: confirm 482915. If you did not ask, do nothing.`,
    ])
    expect(await talk.says('alert AAPL > 500 via sms')).toMatch(/^I cannot tell you by SMS/)
    expect(await talk.says('confirm 482915')).toBe(
      `SMS to ${phone} is confirmed. Alerts that say "via sms" are told there.\n[Tell me all there, too: subscriptions default double sms] [Try it: test]`,
    )
    expect(await talk.says('alert AAPL > 500 via sms')).toContain("I'll tell you by sms, once.")
    expect(outside.sent).toHaveLength(1)
  })

  test('is confirmed by the bare code, as the answer to what was asked', async () => {
    await talk.says(`subscribe ${phone}`)
    expect(await talk.says('482 915')).toContain('is confirmed')
  })

  test('a wrong code tells how many tries are left; after five a new one is needed', async () => {
    await talk.says(`subscribe sms ${phone}`)
    for (const left of ['4 more tries', '3 more tries', '2 more tries', '1 more try'])
      expect(await talk.says('confirm 000000')).toContain(`That is not the code I sent. You have ${left}.\n`)
    expect(await talk.says('confirm 000000')).toContain('it was the last try')
    expect(await talk.says('confirm 482915')).toContain('was typed wrong too often')
    expect(await talk.says(`subscribe sms ${phone}`)).toContain('I have texted a code')
    expect(await talk.says('confirm 482915')).toContain('is confirmed')
  })

  test('a code is good for ten minutes, and typed twice it is right twice', async () => {
    await talk.says(`subscribe sms ${phone}`)
    talk.now = MONDAY + 10 * MINUTE
    expect(await talk.says('confirm 482915')).toContain(
      `too old: codes are good for 10 minutes. For a new one: subscribe sms ${phone}`,
    )
    talk.now = MONDAY
    const answers = await Promise.all([talk.says('confirm 482915'), talk.says('confirm 482915')])
    for (const answer of answers) expect(answer).toContain('is confirmed')
    expect((await talk.says('subscriptions')).match(/SMS to/g)).toHaveLength(1)
  })

  test('gets three codes a day, whoever asks; the fourth is not sent', async () => {
    for (const who of ['anna', 'bert', 'carl'])
      expect(await talk.says(`subscribe sms ${phone}`, who)).toContain('texted a code')
    expect(await talk.says(`subscribe sms ${phone}`, 'dora')).toBe(
      'I send 3 codes a day to one address, and it had them today. Try again tomorrow.',
    )
    expect(outside.sent).toHaveLength(3)
    talk.now = MONDAY + DAY
    expect(await talk.says(`subscribe sms ${phone}`, 'dora')).toContain('texted a code')
  })

  test('of somebody else is answered like any other', async () => {
    const before = await talk.says(`subscribe sms ${phone}`, 'anna')
    await talk.says('confirm 482915', 'anna')
    expect(await talk.says(`subscribe sms ${phone}`, 'bert')).toBe(before)
    expect(await talk.says('confirm 000000', 'bert')).toContain('You have 4 more tries.')
    expect(await talk.says('subscriptions', 'anna')).toContain(phone)
  })

  test('that texts the bot by itself is joined when it is confirmed, with its alerts', async () => {
    const text = (words: string) =>
      talk.handle({ channel: 'sms', address: phone, id: `${phone} ${words}`, text: words }).then(plain)
    await text('alert MSFT > 600')
    await talk.says('alert AAPL > 500')
    expect(await hasPhone()).toContain('The alerts set there are in your list, under new numbers: 1 → 2.')
    expect(await numbersOf()).toEqual(['1 AAPL price > 500', '2 MSFT price > 600'])
    expect(await text('subscribe sms')).toContain('is confirmed already')
  })

  test('that texted STOP gets nothing, not even a code', async () => {
    await store.smsConsents.note(phone, { isOut: true, how: 'text', words: 'STOP', at: MONDAY })
    expect(await talk.says(`subscribe sms ${phone}`)).toContain('text START from it')
    expect(outside.sent).toEqual([])
  })

  test('that texts STOP after its code was sent is not confirmed', async () => {
    await talk.says(`subscribe sms ${phone}`)
    await store.smsConsents.note(phone, { isOut: true, how: 'text', words: 'STOP', at: MONDAY })
    expect(await talk.says('confirm 482915')).toContain('text START from it')
    expect(await store.smsConsents.find(phone)).toMatchObject({ isOut: true })
    expect(await talk.says('subscriptions')).not.toContain('2  SMS')
  })

  test('when, how and by which words it was agreed to is kept', async () => {
    await hasPhone()
    expect((await store.smsConsents.record(phone))!.notes).toEqual([
      { isOut: false, how: 'code', words: expect.stringContaining('subscribe sms'), at: new Date(MONDAY) },
    ])
  })

  test('that cannot be texted now is said', async () => {
    outside.broken.set('sms', 'the daily limit of texts is reached')
    expect(await talk.says(`subscribe sms ${phone}`)).toBe(
      'The code could not be sent: the daily limit of texts is reached.',
    )
  })

  test('is refused with the reason where no text can go', async () => {
    expect(await talk.says('subscribe sms +447400123456')).toBe(
      'I text no numbers in the United Kingdom, only in the United States and Canada.',
    )
    expect(await talk.says('subscribe sms 2025550123')).toContain('Begin with a plus sign')
    const mute = startTalk(store)
    expect(await mute.says(`subscribe sms ${phone}`)).toMatch(/^SMS is not set up here/)
    expect(await mute.says(`subscribe ${mail}`)).toBe('E-mail is not set up here.')
    expect(await mute.says('subscribe')).toBe('Neither SMS nor e-mail is set up here. In another chat: link')
  })
})

describe('an e-mail address', () => {
  test('gets Amazon’s link, then a code, and is confirmed by it', async () => {
    expect(await talk.says(`subscribe email ${mail.toUpperCase().replace('ANNA', 'anna')}`)).toContain(
      `Amazon, which sends mail for me, mails a link to ${mail}. Open it within 48 hours`,
    )
    expect(outside.sent).toEqual([`email ${mail}: LINK`])
    outside.states.set(mail, 'confirmed')
    expect(await talk.says(`subscribe email ${mail}`)).toContain(`I have mailed a code of six digits to ${mail}.`)
    expect(outside.sent.at(-1)).toBe(`email ${mail}: CODE 482915`)
    expect(await talk.says('confirm 482915')).toContain(`E-mail to ${mail} is confirmed`)
    expect(await talk.says(`subscribe email ${mail}`)).toContain(`E-mail to ${mail} is confirmed already.`)
  })

  test('gets three links a day, whoever asks', async () => {
    for (const who of ['anna', 'bert', 'carl']) await talk.says(`subscribe email ${mail}`, who)
    expect(await talk.says(`subscribe email ${mail}`, 'dora')).toContain('I send 3 codes a day to one address')
    expect(outside.sent).toHaveLength(3)
  })

  test('that waits is shown, and can be given up', async () => {
    await talk.says(`subscribe email ${mail}`)
    expect(await talk.says('subscriptions')).toContain(`–  E-mail to ${mail}, waits for the link`)
    expect(await talk.says(`unsubscribe ${mail}`)).toBe(`E-mail to ${mail} is given up: nothing is sent there.`)
    expect(outside.states.has(mail)).toBe(false)
    expect(await talk.says('subscriptions')).not.toContain(mail)
  })

  test('nobody can ask for more than six codes a day, wherever they go', async () => {
    for (let index = 0; index < 6; index++) await talk.says(`subscribe email ${index}${mail}`)
    expect(await talk.says(`subscribe email 7${mail}`)).toContain('You asked for 6 codes today')
  })
})

describe('where a person is told', () => {
  test('is shown by number, and each goes by its number, its channel or itself', async () => {
    await hasPhone()
    expect((await talk.says('subscriptions')).split('\n').slice(0, 3)).toEqual([
      '1  Double, you write from it',
      `2  SMS to ${phone}`,
      'Each alert is told where you set it, unless it says via.',
    ])
    expect(await talk.says('unsubscribe 7')).toContain('"7" is none of your addresses.')
    expect(await talk.says('unsubscribe sms')).toContain(`Nothing more is sent by SMS to ${phone}.`)
    await hasPhone()
    expect(await talk.says(`unsubscribe ${phone}`)).toContain('Nothing more is sent')
    expect(await talk.says('unsubscribe 1')).toContain('That is the last address from which you can write to me')
  })

  test('may be set for all alerts, and is then said of each', async () => {
    await hasPhone()
    expect(await talk.says('subscriptions default sms')).toBe(
      `Every alert is told by SMS to ${phone} from now on, unless it says via.`,
    )
    expect(await talk.says('alert AAPL > 500')).toContain("I'll tell you by sms, once.")
    expect(await talk.says('subscriptions default double, sms')).toContain(` and SMS to ${phone} from now on`)
    expect(await talk.says('alert AAPL > 500')).toContain("I'll tell you here and by sms, once.")
    expect(await talk.says('subscriptions default none')).toContain('where you set it')
    expect(await talk.says('alert AAPL > 500')).toContain("I'll tell you here, once.")
    expect(await talk.says('subscriptions default fax')).toContain('"fax" is none of your addresses.')
  })

  test('is tried by a message to each, and what became of it is said', async () => {
    await hasPhone()
    outside.broken.set('sms', 'the phone is off')
    const answer = await talk.says('test')
    expect(answer).toMatch(/^Double: taken\.$/m)
    expect(answer).toContain(`SMS to ${phone}: not taken: the phone is off.`)
    expect(outside.sent.at(-1)).toMatch(/^double anna-\d+: This is the test/)
    for (let times = 0; times < 4; times++) await talk.says('test')
    expect(await talk.says('test')).toContain('You tested 5 times today')
  })

  test('an address that is off is tried by no message', async () => {
    await hasPhone()
    const user = await store.users.find('sms', phone)
    await store.users.switchOff(user!.id, user!.subscriptions[1]!, { at: MONDAY, reason: 'you asked for no more' })
    const before = outside.sent.length
    expect(await talk.says('test')).toContain('off, nothing sent: you asked for no more.')
    expect(outside.sent.slice(before).filter((line) => line.startsWith('sms'))).toEqual([])
  })
})

describe('two chats', () => {
  test('are joined by a code: one list, new numbers for the joined one, settings of the first', async () => {
    await talk.says('alert AAPL > 500', 'anna')
    await talk.says('timezone Asia/Tokyo', 'anna')
    for (const line of ['alert MSFT > 600', 'alert BTC > 100k']) await talk.says(line, 'bert')
    const given = await talk.says('link', 'anna')
    expect(given).toContain('within 10 minutes: link ')
    const answer = await talk.says(`link ${codeIn(given)}`, 'bert')
    expect(answer).toContain('Your alerts here have new numbers: 1 → 2, 2 → 3.')
    for (const who of ['anna', 'bert']) {
      expect(await numbersOf(who)).toEqual(['1 AAPL price > 500', '2 MSFT price > 600', '3 BTC price > 100k'])
      expect(await talk.says('whoami', who)).toContain('Your time zone is Asia/Tokyo.')
    }
    expect(await talk.says('alert EURUSD > 2', 'bert')).toMatch(/^Alert 4 is on/)
  })

  test('the same message again is answered alike, and the code is of no use to another', async () => {
    const code = codeIn(await talk.says('link', 'anna'))
    await talk.says('alert MSFT > 600', 'bert')
    const message = { channel: 'double', id: `again ${count}`, text: `link ${code}` }
    const first = await talk.hears(message.text, { ...message, address: 'bert' })
    await store.db.collection('messages').deleteMany({})
    expect(await talk.hears(message.text, { ...message, address: 'bert' })).toEqual(first)
    expect(await talk.says(`link ${code}`, 'carl')).toContain('I know no such code')
    expect(await talk.says(`link ${code}`, 'bert')).toContain('I know no such code')
  })

  test('a code is not guessed: five tries in ten minutes, and good and bad are answered alike', async () => {
    const code = codeIn(await talk.says('link', 'anna'))
    for (const left of [4, 3, 2, 1])
      expect(await talk.says('link AAAA-AAAA', 'bert')).toContain(
        `You have ${left} more ${left === 1 ? 'try' : 'tries'}.`,
      )
    expect(await talk.says('link AAAA-AAAA', 'bert')).toContain('That was the last try')
    expect(await talk.says('link AAAA-AAAA', 'bert')).toContain('too many codes')
    // Whoever goes on trying does not learn that one is right.
    expect(await talk.says(`link ${code}`, 'bert')).toContain('too many codes')
    talk.now += 10 * MINUTE
    expect(await talk.says(`link ${code}`, 'bert')).toContain('I know no such code')
  })

  test('a code typed where it was made is not used up', async () => {
    const code = codeIn(await talk.says('link', 'anna'))
    expect(await talk.says(`link ${code}`, 'anna')).toContain('That code is of this chat.')
    expect(await talk.says(`link ${code}`, 'bert')).toContain('joined')
  })

  test('are apart again after unlink, which leaves the alerts with the person', async () => {
    await talk.says(`link ${codeIn(await talk.says('link', 'anna'))}`, 'bert')
    await talk.says('alert MSFT > 600', 'bert')
    const choice = await talk.says('unlink', 'anna')
    expect(choice).toMatch(
      /^Which one\?\n1 {2}Double anna-\d+, you write from it\n2 {2}Double bert-\d+\n\[1: unlink 1\] \[2: unlink 2\]$/,
    )
    expect(await talk.says('unlink 2', 'bert')).toContain('This chat is by itself now, without any alert.')
    expect(await numbersOf('anna')).toEqual(['1 MSFT price > 600'])
    expect(await numbersOf('bert')).toEqual([])
    expect(await talk.says('unlink', 'bert')).toContain('Nothing is joined to this chat.')
  })
})

describe('what is of one person alone', () => {
  const mine = ['whoami', 'link', 'unlink', 'subscribe', 'subscriptions', 'unsubscribe', 'confirm', 'test']
  test.each(mine)('%s is not done in a group, and answered so that others do not see it', async (name) => {
    const command = commands.find((one) => one.name === name)!
    expect(command.isPersonal).toBe(true)
    const typed = command.arguments?.some(({ isRequired }) => isRequired) ? `${name} 1` : name
    expect(plain(await talk.hears(typed, { isGroup: true }))).toBe('Do that in a chat with me alone.')
    const reply = await talk.hears(
      name === 'confirm' || name === 'unsubscribe' || name === 'unlink' ? 'subscriptions' : name,
    )
    expect(reply.isPrivate).toBe(true)
  })

  test.each(['{"$gt": ""}', '[object Object]', '\u0000', '\u202eevil', '💥'.repeat(500), '$where'])(
    '%j in place of a code or an address finds nothing and breaks nothing',
    async (text) => {
      for (const command of [
        'link',
        'subscribe sms',
        'subscribe email',
        'unsubscribe',
        'confirm',
        'subscriptions default',
        'unlink',
      ])
        expect(await talk.says(`${command} ${text}`)).not.toContain('Something broke')
    },
  )
})
