import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { BROKEN, GOODBYE, NO_CHOICE, NO_MORE, NO_WORDS, WELCOME } from '../../src/channels/sms-words.ts'
import { compose, say } from '../../src/reply.ts'
import type { Posting } from '../doubles/twilio.ts'
import { ANNA, BEN, closeRooms, enter, PUBLIC_URL, type Room } from './sms-room.ts'
import { fastClock, handClock } from './telegram-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const SID = `SM${'0123456789abcdef'.repeat(2)}`
const aForm = { MessageSid: SID, From: ANNA, To: '+12025550100', Body: 'list', NumMedia: '0' }

describe('a text that comes', () => {
  test('is answered as TwiML, and nothing is sent beside it', async () => {
    const { twilio, heard } = await enter()
    const { texts, sid } = await twilio.texts('alert AAPL > 500')
    expect(texts).toEqual(['you said alert AAPL > 500'])
    expect(heard).toEqual([{ channel: 'sms', address: ANNA, id: sid, text: 'alert AAPL > 500' }])
    expect(twilio.calls).toEqual([])
  })

  test('what XML would read otherwise arrives as it was', async () => {
    const { twilio } = await enter({ answer: () => say('AAPL < 5 & > 3 "now"\nand so on') })
    expect((await twilio.texts('x')).texts).toEqual(['AAPL < 5 & > 3 "now"\nand so on'])
  })

  test.each([
    ['  Alert AAPL > 500', 'Alert AAPL > 500'],
    ['/alert AAPL > 500', '/alert AAPL > 500'],
    ['🚀 alert AAPL > 500 🚀🚀', 'alert AAPL > 500'],
    ['alert 👍🏽 AAPL > 500', 'alert AAPL > 500'],
    ['List.', 'List'],
    ['why 7?', 'why 7'],
    ['List. ', 'List'],
    ['alert AAPL > 500 note “to the 🚀”', 'alert AAPL > 500 note “to the 🚀”'],
    ['\u200falert\u00a0AAPL > 500\u202c', 'alert AAPL > 500'],
    ['alert AAPL > 500\nalert MSFT > 300', 'alert AAPL > 500\nalert MSFT > 300'],
    ['al\u0000ert\u0007', 'al ert'],
    ['❤️', ''],
  ])('%j is taken as %j', async (typed, text) => {
    const { twilio, heard } = await enter()
    await twilio.texts(typed)
    expect(heard.map((message) => message.text)).toEqual([text])
  })

  test('a picture without words is told so; with words, the words count', async () => {
    const { twilio, heard } = await enter()
    expect((await twilio.texts('', ANNA, { NumMedia: '1' })).texts).toEqual([NO_WORDS])
    await twilio.texts('list', ANNA, { NumMedia: '1' })
    expect(heard.map(({ text }) => text)).toEqual(['list'])
  })

  test('what somebody tapped on a message of ours is no text to us', async () => {
    const { twilio, heard } = await enter()
    for (const text of ['Liked “Alert 1 is on.”', 'Reacted 👍 to “Alert 1 is on.”', 'Laughed at “x”'])
      expect((await twilio.texts(text)).texts).toEqual([])
    expect(heard).toEqual([])
  })

  test('from a country that is not texted is not answered; that it wants no texts is noted all the same', async () => {
    const { twilio, heard, switches } = await enter({ isTexted: (number) => number !== BEN })
    for (const text of ['list', 'START', 'stop texting me']) expect((await twilio.texts(text, BEN)).texts).toEqual([])
    expect((await twilio.texts('list', ANNA)).texts).toHaveLength(1)
    expect(heard.map(({ address }) => address)).toEqual([ANNA])
    expect(switches).toEqual([[BEN, true]])
  })

  test('texts of one number are answered in order, those of others meanwhile', async () => {
    const waits = new Map<string, () => void>()
    const room = await enter({
      answer: ({ text }) =>
        text === 'other' ? say('other') : new Promise((resolve) => waits.set(text, () => resolve(say(text)))),
    })
    const first = room.twilio.texts('first')
    await expect.poll(() => waits.has('first')).toBe(true)
    const second = room.twilio.texts('second')
    expect((await room.twilio.texts('other', BEN)).texts).toEqual(['other'])
    expect(waits.has('second')).toBe(false)
    waits.get('first')!()
    await expect.poll(() => waits.has('second')).toBe(true)
    waits.get('second')!()
    expect((await Promise.all([first, second])).map(({ texts }) => texts[0])).toEqual(['first', 'second'])
  })

  test('one that cannot be answered is told so, and the log knows why', async () => {
    const { twilio, logged } = await enter({ answer: () => Promise.reject(new Error('no database')) })
    expect((await twilio.texts('list')).texts).toEqual([BROKEN])
    expect(logged.join()).toContain('no database')
  })
})

describe('a text that comes again', () => {
  test('has the same answer, and is handled and paid for once', async () => {
    const { twilio, heard, kept } = await enter()
    const { texts, sid } = await twilio.texts('pause 1')
    expect((await twilio.repeats(sid)).texts).toEqual(texts)
    expect([heard.length, kept.spent.get(ANNA)]).toEqual([1, 1])
  })

  test('chooses nothing else', async () => {
    let count = 0
    const buttons = (n: number) => [{ label: 'that', command: `alert stock:T${n} > 5` }]
    const { twilio, heard } = await enter({ answer: () => say('Which?', buttons(++count)) })
    await twilio.texts('alert T > 5')
    const { sid } = await twilio.texts('1')
    await twilio.repeats(sid)
    expect(heard.map(({ text }) => text)).toEqual(['alert T > 5', 'alert stock:T1 > 5'])
  })

  test('while the first is still being answered, shares its answer', async () => {
    let answer = () => {}
    const { twilio, heard } = await enter({
      answer: () =>
        new Promise((resolve) => {
          answer = () => resolve(say('done'))
        }),
    })
    const form = { ...aForm }
    const both = [twilio.posts('/sms', form), twilio.posts('/sms', form)]
    await expect.poll(() => heard.length).toBe(1)
    answer()
    expect((await Promise.all(both)).map(({ texts }) => texts)).toEqual([['done'], ['done']])
    expect(heard.length).toBe(1)
  })
})

describe('an answer that takes longer than 2 s', () => {
  async function slow() {
    const clock = handClock()
    let finish = () => {}
    const room = await enter({
      clock,
      answer: () =>
        new Promise((resolve) => {
          finish = () => resolve(say('at last'))
        }),
    })
    const first = room.twilio.texts('backtest AAPL > 300')
    await expect.poll(() => room.heard.length).toBe(1)
    return { room, clock, first, finish: () => finish() }
  }

  test('is sent by itself, once, and Twilio is not kept waiting', async () => {
    const { room, clock, first, finish } = await slow()
    await clock.advance(2_000)
    expect((await first).texts).toEqual([])
    finish()
    await room.twilio.until(() => room.twilio.phone().length === 1)
    expect(room.twilio.phone().map(({ text, by }) => [text, by])).toEqual([['at last', 'rest']])
    expect((await room.twilio.repeats((await first).sid)).texts).toEqual([])
  })

  test('is tried again while Twilio does not take it', async () => {
    const { room, clock, first, finish } = await slow()
    await clock.advance(2_000)
    await first
    room.twilio.behave({ status: 503, code: 20503, message: 'Service Unavailable' }, 2)
    finish()
    await room.twilio.until(() => room.twilio.calls.length === 1)
    await clock.advance(1_000)
    await room.twilio.until(() => room.twilio.calls.length === 2)
    await clock.advance(3_000)
    await room.twilio.until(() => room.twilio.phone().length === 1)
    expect(room.twilio.calls.length).toBe(3)
    expect(room.kept.spent.get(ANNA)).toBe(1)
  })
})

describe('numbers instead of buttons', () => {
  const which = say('COIN can be two things.', [
    { label: 'stock:COIN', command: 'alert stock:COIN > 5' },
    { label: 'crypto:COIN/USD', command: 'alert crypto:COIN/USD > 5' },
  ])

  async function asked(): Promise<Room> {
    const room = await enter({ answer: ({ text }) => (text === 'alert COIN > 5' ? which : say(`you said ${text}`)) })
    await room.twilio.texts('alert COIN > 5')
    return room
  }

  test('choices are numbered, and a bare number calls one', async () => {
    const { twilio, heard } = await asked()
    expect(twilio.phone().at(-1)?.text).toBe(
      'COIN can be two things.\nReply by number: 1 stock:COIN, 2 crypto:COIN/USD',
    )
    await twilio.texts('2')
    expect(heard.at(-1)).toMatchObject({ text: 'alert crypto:COIN/USD > 5', isPress: true })
  })

  test.each(['1', '1.', '#1', '(1)', ' 1 ', '1️⃣'])('%j chooses the first', async (typed) => {
    const { twilio, heard } = await asked()
    await twilio.texts(typed)
    expect(heard.at(-1)?.text).toBe('alert stock:COIN > 5')
  })

  test('a number that is none of them is told what they are, and they stay', async () => {
    const { twilio, heard } = await asked()
    expect((await twilio.texts('3')).texts).toEqual(['Reply with a number from 1 to 2, or type a command.'])
    await twilio.texts('2')
    expect(heard.map(({ text }) => text)).toEqual(['alert COIN > 5', 'alert crypto:COIN/USD > 5'])
  })

  test('nobody chooses what another was offered', async () => {
    const { twilio } = await asked()
    expect((await twilio.texts('1', BEN)).texts).toEqual([NO_CHOICE])
  })

  test('the next answer ends what was offered', async () => {
    const { twilio } = await asked()
    await twilio.texts('list')
    expect((await twilio.texts('1')).texts).toEqual([NO_CHOICE])
  })

  test('an alert that comes between leaves it, but for its own choices', async () => {
    const room = await asked()
    await room.channel.send(ANNA, say('Alert 7 fired.', [{ label: 'Why', command: 'why 7' }]), 'key')
    await room.twilio.texts('1')
    expect(room.heard.at(-1)?.text).toBe('alert stock:COIN > 5')
    await room.channel.send(ANNA, say('AAPL was split.', [{ label: 'Use it', command: 'edit 7 AAPL > 250' }]), 'key')
    await room.twilio.texts('1')
    expect(room.heard.at(-1)?.text).toBe('edit 7 AAPL > 250')
  })

  test('a question takes a number that is no choice as its answer', async () => {
    const question = {
      ...say('At what price?', [{ label: '5 % above', command: '350.37' }]),
      isQuestion: true as const,
    }
    const { twilio, heard } = await enter({ answer: () => question })
    await twilio.texts('alert')
    await twilio.texts('500')
    await twilio.texts('1')
    expect(heard.map(({ text }) => text)).toEqual(['alert', '500', '350.37'])
  })

  test.each([
    ['Yes', 'go ahead'],
    ['No', 'leave it'],
  ])('%s is no word to be asked for: carriers know it', async (label, shown) => {
    const { twilio } = await enter({ answer: () => say('Shall I?', [{ label, command: 'alert AAPL > 500' }]) })
    expect((await twilio.texts('x')).texts).toEqual([`Shall I?\nReply by number: 1 ${shown}`])
  })

  test('commands on an alert are named where there is room for them', async () => {
    const buttons = ['repeat 1', 'pause 1', 'delete 1'].map((command) => ({ label: command, command }))
    const { twilio } = await enter({ answer: ({ text }) => say(text === 'long' ? 'x'.repeat(140) : 'Done.', buttons) })
    expect((await twilio.texts('x')).texts).toEqual(['Done.\nReply REPEAT 1, PAUSE 1 or DELETE 1.'])
    expect((await twilio.texts('long')).texts).toEqual([`${'x'.repeat(140)}\nReply REPEAT 1.`])
  })
})

describe('MORE', () => {
  const long = Array.from({ length: 40 }, (_, index) => `line ${index + 1} of what there is to be told`).join('\n')

  test('tells the rest of a long answer, three segments at a time, on line ends', async () => {
    const { twilio, heard } = await enter({ answer: () => compose([{ block: long }]) })
    await twilio.texts('commands')
    for (let page = 0; page < 3; page++) await twilio.texts('more')
    expect(heard.length).toBe(1)
    const pages = twilio.phone()
    expect(pages.map(({ segments }) => segments)).toEqual([3, 3, 3, 1])
    expect(pages.map(({ text }) => text.replace(/\nReply MORE for the rest\.$/, '')).join('\n')).toBe(long)
    expect((await twilio.texts('MORE')).texts).toEqual([NO_MORE])
  })

  test('shows that what was texted has been read, and so do taps on it and words that call nothing', async () => {
    const { twilio, heard, seen } = await enter()
    for (const text of ['MORE', '7', 'Liked “BTC/USD 101000 USD > 100k at 15:04.”']) await twilio.texts(text)
    await twilio.texts('', ANNA, { NumMedia: '1' })
    expect([seen, heard]).toEqual([[ANNA, ANNA, ANNA, ANNA], []])
    // Of what is handled the commands know that; who wants no texts any more has said so, not that they have read them.
    for (const text of ['list', 'STOP', 'MORE', 'Liked “x”']) await twilio.texts(text)
    expect([seen.length, heard.length]).toEqual([4, 1])
  })

  test('of a list calls its next page', async () => {
    const { twilio, heard } = await enter({ answer: () => say('1 to 10', [{ label: 'More', command: 'list 2' }]) })
    expect((await twilio.texts('list')).texts).toEqual(['1 to 10\nReply MORE for the rest.'])
    await twilio.texts('More')
    expect(heard.at(-1)?.text).toBe('list 2')
  })

  test('of a short form tells the whole', async () => {
    const { twilio } = await enter({ answer: () => ({ ...say('All there is to say.'), brief: 'In short.' }) })
    expect((await twilio.texts('why 7')).texts).toEqual(['In short.\nReply MORE.'])
    expect((await twilio.texts('more')).texts).toEqual(['All there is to say.'])
  })

  test('is not spoken of where the short form says it all', async () => {
    const said = { ...say('Alert 3 is paused: AAPL > 520'), brief: 'Alert 3 is paused. AAPL > 520' }
    const { twilio } = await enter({ answer: () => said })
    expect((await twilio.texts('pause 3')).texts).toEqual(['Alert 3 is paused. AAPL > 520'])
  })
})

describe('who is told what, and who is not', () => {
  test('the first text to a number says who we are, that rates may apply, and how to end it; the next one does not', async () => {
    const { twilio, kept } = await enter({ known: [] })
    expect((await twilio.texts('list')).texts).toEqual([`${WELCOME}\nyou said list`])
    expect((await twilio.texts('list')).texts).toEqual(['you said list'])
    expect(kept.notes.get(ANNA)).toEqual([{ isOut: false, how: 'first text', words: 'list', at: expect.any(Number) }])
  })

  test.each(['STOP', 'stop', ' Stop ', 'STOPALL', 'Unsubscribe', 'cancel', 'END', 'quit', 'REVOKE', 'OPTOUT'])(
    '%j ends it; Twilio says so by itself',
    async (words) => {
      const room = await enter()
      expect((await room.twilio.texts(words)).texts).toEqual([])
      expect(room.switches).toEqual([[ANNA, true]])
      expect(room.kept.notes.get(ANNA)).toMatchObject([{ isOut: true, how: 'text', words }])
      expect(room.heard).toEqual([])
    },
  )

  test.each([
    'stop texting me',
    'Please stop',
    'STOP!',
    'OPT OUT',
    'opt-out',
    "don't text me",
    'Remove me',
    'no more texts please',
    'Stop sending me alerts',
    'I revoke my consent',
    'wrong number',
    'Unsubscribe me',
  ])('%j ends it too, and we say so, once', async (words) => {
    const room = await enter()
    expect((await room.twilio.texts(words)).texts).toEqual([GOODBYE])
    expect((await room.twilio.texts(words)).texts).toEqual([])
    expect(room.kept.notes.get(ANNA)![0]).toMatchObject({ isOut: true, how: 'text', words })
    expect(room.heard).toEqual([])
  })

  test.each([
    'never mind',
    'remove 7',
    'REMOVE SMS',
    'delete 7',
    'stop alert 7',
    'cancel 7',
    'pause all',
    'alert STOP > 5',
  ])('%j is a command, and ends nothing', async (words) => {
    const room = await enter()
    await room.twilio.texts(words)
    expect([room.heard.length, room.switches]).toEqual([1, []])
  })

  test('what the platform says of the words counts, whatever they are', async () => {
    const room = await enter()
    expect((await room.twilio.texts('ARRET', ANNA, { OptOutType: 'STOP' })).texts).toEqual([])
    expect((await room.twilio.texts('REPRISE', ANNA, { OptOutType: 'START' })).texts).toEqual([])
    expect((await room.twilio.texts('AIDE', ANNA, { OptOutType: 'HELP' })).texts).toEqual([])
    expect(room.switches).toEqual([
      [ANNA, true],
      [ANNA, false],
    ])
    expect(room.kept.notes.get(ANNA)).toMatchObject([{ how: 'platform' }, { how: 'platform' }])
  })

  test('a number that wants none gets none, whatever it asks, until it wants them again', async () => {
    const room = await enter()
    await room.twilio.texts('stop texting me')
    expect((await room.twilio.texts('list')).texts).toEqual([])
    await expect(room.channel.send(ANNA, say('fired'), 'key')).rejects.toMatchObject({ permanent: true })
    expect([room.heard.length, room.twilio.calls.length]).toEqual([0, 0])
    await room.twilio.texts('START')
    await room.channel.send(ANNA, say('fired'), 'key')
    expect(room.switches.at(-1)).toEqual([ANNA, false])
    expect(room.twilio.phone().at(-1)?.text).toBe('fired')
  })

  test.each(['HELP', 'info'])('%s is answered by Twilio alone', async (words) => {
    const { twilio, heard } = await enter()
    expect((await twilio.texts(words)).texts).toEqual([])
    expect(heard).toEqual([])
  })

  test('YES of who has not ended it is a text like others', async () => {
    const { twilio, heard, switches } = await enter()
    await twilio.texts('yes')
    expect([heard[0]?.text, switches]).toEqual(['yes', []])
  })

  test('START as the first text is welcomed', async () => {
    const { twilio } = await enter({ known: [] })
    expect((await twilio.texts('START')).texts).toEqual([WELCOME])
    expect((await twilio.texts('START')).texts).toEqual([])
  })
})

describe('what is posted and is no text', () => {
  const signed = (url: string, form: Record<string, string>, token: string) => {
    const data = Object.keys(form)
      .sort()
      .map((name) => name + form[name])
      .join('')
    return createHmac('sha1', token)
      .update(url + data)
      .digest('base64')
  }
  type Bad = [title: string, body: string | Record<string, string>, status: number, how?: Posting, path?: string]
  const right = signed(`${PUBLIC_URL}/sms`, aForm, 'double-of-an-auth-token')
  const evil = '{"$gt":""}'
  const bad: Bad[] = [
    ['without a signature', aForm, 403, { signature: null }],
    ['with an empty signature', aForm, 403, { signature: '' }],
    ['with a made up signature', aForm, 403, { signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
    ['with a signature that is no base64', aForm, 403, { signature: 'not at all' }],
    ['with a signature of 10 kB', aForm, 403, { signature: 'A'.repeat(10_000) }],
    ['signed with another token', aForm, 403, { token: 'other' }],
    ['signed for another host', aForm, 403, { signedUrl: 'https://evil.example.com/sms' }],
    ['signed for http', aForm, 403, { signedUrl: 'http://bot.example.com/sms' }],
    ['signed for another path', aForm, 403, { signedUrl: `${PUBLIC_URL}/sms/status` }],
    ['signed without the query it has', aForm, 403, { signedUrl: `${PUBLIC_URL}/sms` }, '/sms?x=1'],
    [
      'with another host header',
      aForm,
      403,
      { signedUrl: 'https://evil.example.com/sms', headers: { 'x-forwarded-host': 'evil.example.com' } },
    ],
    ['whose signature belongs to other words', { ...aForm, Body: 'delete all' }, 403, { signature: right }],
    ['whose signature belongs to another number', { ...aForm, From: BEN }, 403, { signature: right }],
    ['with a field more than was signed', { ...aForm, OptOutType: 'STOP' }, 403, { signature: right }],
    ['as JSON', JSON.stringify(aForm), 403, { signature: right, type: 'application/json' }],
    ['as nothing', '', 400],
    ['as a signed text that is no form', 'hello', 400],
    ['over 1 MiB', `Body=${'x'.repeat(1_100_000)}`, 413],
    ['to no path of ours', aForm, 404, {}, '/sms/other'],
    ['to our path with a slash behind it', aForm, 404, {}, '/sms/'],
    ['without MessageSid', { From: ANNA, Body: 'list' }, 400],
    ['without From', { MessageSid: SID, Body: 'list' }, 400],
    ['without Body', { MessageSid: SID, From: ANNA }, 400],
    ['with two MessageSids', `MessageSid=${SID}&MessageSid=${SID}&From=%2B12025550123&Body=list`, 400],
    ['with two Froms', `MessageSid=${SID}&From=%2B12025550123&From=%2B12025550177&Body=list`, 400],
    ['with two Bodies', `MessageSid=${SID}&From=%2B12025550123&Body=list&Body=delete`, 400],
    ['with a MessageSid that is none', { ...aForm, MessageSid: 'SM1' }, 400],
    ['with a query in MessageSid', { ...aForm, MessageSid: evil }, 400],
    ['with a query in From', { ...aForm, From: evil }, 400],
    ['with an empty From', { ...aForm, From: '' }, 400],
    ['with brackets in a name', 'MessageSid[$gt]=&From[$gt]=&Body[$gt]=', 400],
    ['with __proto__', '__proto__=x&constructor=y', 400],
  ]

  test.each(bad)('%s', async (_title, body, status, how = {}, path = '/sms') => {
    const room = await enter()
    const answer = await room.twilio.posts(path, body, how)
    expect([answer.status, answer.texts]).toEqual([status, []])
    expect(room.heard).toEqual([])
    expect([room.twilio.calls.length, room.kept.answers.size, room.switches.length]).toEqual([0, 0, 0])
    expect([...room.kept.notes.values()].flat()).toEqual([])
    expect(room.logged.join()).not.toContain('broken')
  })

  test.each([
    ['a short code', '24365'],
    ['a name', 'MyBank'],
    ['another platform', 'whatsapp:+12025550123'],
  ])('%s is not talked with', async (_title, from) => {
    const room = await enter()
    const answer = await room.twilio.posts('/sms', { ...aForm, From: from })
    expect([answer.status, answer.texts, room.heard]).toEqual([200, [], []])
  })

  test.each<[string, Record<string, string>, string]>([
    ['a query as words', { Body: evil }, evil],
    ['a query in other fields', { NumMedia: evil, To: evil, AccountSid: evil, ApiVersion: evil }, 'list'],
    ['a kind of opting out that nobody knows', { OptOutType: 'PAUSE' }, 'list'],
    ['a query as kind of opting out', { OptOutType: evil }, 'list'],
    ['fields that are new', { Something: 'new', RcsData: '{}' }, 'list'],
    ['words of 10 kB', { Body: 'x'.repeat(10_000) }, 'x'.repeat(10_000)],
    ['control characters', { Body: 'li\u0000st\u001b[2J' }, 'li st [2J'],
    ['marks that turn the line round', { Body: '\u202elist\u202c' }, 'list'],
    ['markup', { Body: '<Message>hi</Message>&amp;' }, '<Message>hi</Message>&amp;'],
  ])('%s: taken as words, answered in one piece', async (_title, given, text) => {
    const room = await enter()
    const answer = await room.twilio.posts('/sms', { ...aForm, ...given })
    expect(room.heard.map((message) => message.text)).toEqual([text])
    expect([answer.status, answer.texts.length]).toEqual([200, 1])
  })

  test('an address with a query of its own is good where that is signed', async () => {
    const room = await enter()
    expect((await room.twilio.posts('/sms?who=1&x=%27', aForm)).texts).toEqual(['you said list'])
  })

  test('behind a proxy that strips a path the public address counts', async () => {
    const room = await enter({ webhook: { publicUrl: 'https://example.com/bot/', route: undefined as never } })
    expect((await room.twilio.posts('/sms', aForm, { signedUrl: 'https://example.com/bot/sms' })).status).toBe(200)
    expect((await room.twilio.posts('/sms', aForm, { signedUrl: 'https://example.com/sms' })).status).toBe(403)
  })

  test('after stop nothing is taken', async () => {
    const room = await enter()
    await room.channel.stop()
    expect((await room.twilio.posts('/sms', aForm)).status).toBe(404)
  })
})

describe('a database that is away', () => {
  const AWAY = new Error('the database is away')
  /** A room that cannot ask who wants texts while it is away; `back` ends that. */
  const absent = async (times: number) => {
    let isAway = true
    const find = async () => {
      if (isAway) throw AWAY
      return { isOut: false, isWelcomed: true }
    }
    const consents = { find, note: async () => {}, welcomed: async () => {} }
    const memory = { isThere: async () => !isAway, isAway: (error: unknown) => error === AWAY }
    const room = await enter({ clock: fastClock(times), memory, consents })
    const back = () => {
      isAway = false
    }
    return { ...room, back }
  }

  test('keeps a text waiting: it is answered once, by itself, when the database is back', async () => {
    const { twilio, heard, back } = await absent(50)
    expect((await twilio.texts('list')).texts).toEqual([])
    expect(heard).toEqual([])
    back()
    await twilio.until(() => twilio.phone().length === 1)
    expect(twilio.phone().map(({ by, text }) => [by, text])).toEqual([['rest', 'you said list']])
    expect(heard).toHaveLength(1)
  })

  test('for good keeps a text unanswered: nobody knows whether its number wants any', async () => {
    const { twilio, heard, kept } = await absent(50_000)
    const { sid } = await twilio.texts('list')
    while (!kept.answers.has(sid)) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(kept.answers.get(sid)).toEqual({ text: '', isSent: true })
    expect([heard, twilio.phone(), twilio.calls]).toEqual([[], [], []])
  })
})
