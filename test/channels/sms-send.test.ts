import { afterEach, describe, expect, test } from 'vitest'
import { createSms } from '../../src/channels/sms.ts'
import { ENOUGH, WELCOME } from '../../src/channels/sms-words.ts'
import { SendError, UserError } from '../../src/errors.ts'
import { type Reply, say } from '../../src/reply.ts'
import type { Mood } from '../doubles/twilio.ts'
import { ANNA, BEN, closeRooms, enter, PUBLIC_URL, type Room } from './sms-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const sent = (room: Room, to = ANNA) => room.twilio.phone(to).map(({ text }) => text)
const fired: Reply = { ...say('Alert 7: AAPL price > 500\nand much more'), brief: 'AAPL 501.12 USD > 500 at 15:04.' }

/** What a send throws. */
async function errorOf(work: Promise<unknown>): Promise<SendError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof SendError)) throw new Error(`no SendError: ${error}`)
  return error
}

describe('sending', () => {
  test('gives the SID as its receipt, without having been started; the short form is what is sent', async () => {
    const room = await enter({ listens: false })
    const receipt = await room.channel.send(ANNA, fired, 'key')
    expect(receipt).toEqual({ id: room.twilio.phone()[0]!.sid })
    expect(sent(room)).toEqual(['AAPL 501.12 USD > 500 at 15:04.\nReply MORE.'])
  })

  test('asks for what a text of ours is: short-lived, and told of', async () => {
    const room = await enter()
    await room.channel.send(ANNA, fired, 'key')
    expect(room.twilio.calls).toEqual([
      {
        To: ANNA,
        From: room.twilio.number,
        Body: expect.any(String),
        StatusCallback: `${PUBLIC_URL}/sms/status`,
        ValidityPeriod: '900',
      },
    ])
  })

  test('by a messaging service, where that is what texts come from', async () => {
    const from = `MG${'0'.repeat(32)}`
    const room = await enter({ from })
    await room.channel.send(ANNA, fired, 'key')
    expect(room.twilio.calls[0]).toMatchObject({ MessagingServiceSid: from })
    expect(room.twilio.calls[0]).not.toHaveProperty('From')
  })

  test('the first text to a number says who we are', async () => {
    const room = await enter({ known: [] })
    await room.channel.send(ANNA, say('code 482915'), 'key')
    await room.channel.send(ANNA, say('fired'), 'key')
    expect(sent(room)).toEqual([`${WELCOME}\ncode 482915`, 'fired'])
  })

  test('whatever is said is sent in GSM-7, in three segments at most', async () => {
    const room = await enter()
    await room.channel.send(ANNA, say(`“Ж” → 5 € 🚀 ${'{é}'.repeat(900)}`), 'key')
    expect(room.twilio.phone()[0]).toMatchObject({ isGsm: true, segments: 3 })
    expect(sent(room)[0]).toMatch(/^"\?" -> 5 €\n?.*Reply MORE for the rest\.$/s)
  })

  test.each(['here', '', '2025550123', '+0123', 'whatsapp:+12025550123', '+1202555012312345'])(
    'to %j nothing is sent',
    async (address) => {
      const room = await enter()
      expect(await errorOf(room.channel.send(address, fired, 'key'))).toMatchObject({ permanent: true })
      expect(room.twilio.calls).toEqual([])
    },
  )

  test.each([
    ['an account that is none', { accountSid: 'SK1' }],
    ['a sender that is none', { from: 'Signal' }],
    ['a public address without a scheme', { webhook: { publicUrl: 'bot.example.com', route: () => () => {} } }],
  ])('%s is told at the start', async (_title, wrong) => {
    const right = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'x', from: '+12025550100', apiUrl: 'http://x' }
    expect(() => createSms({ ...right, ...wrong } as never)).toThrow(UserError)
  })
})

describe('what Twilio does not take', () => {
  const bad = (code: number, status = 400): Mood => ({ status, code, message: `error ${code}` })
  type Case = [title: string, mood: Mood, permanent: boolean, message: RegExp, retryAfter?: number]
  const cases: Case[] = [
    ['no number', bad(21211), true, /no phone number/],
    ['no mobile', bad(21614), true, /no mobile/],
    ['a country that is off', bad(21408), true, /country/],
    ['who has opted out', bad(21610), true, /opted out/],
    ['a landline', bad(30006), true, /landline/],
    ['an unknown number', bad(30005), true, /unknown/],
    ['what is filtered', bad(30007), true, /filtered/],
    ['a phone that is off', bad(30003), false, /error 30003/],
    ['a full queue', bad(30001), false, /error 30001/],
    ['too much at once', bad(20429, 429), false, /pause/, 1_000],
    [
      'too much at once, and for how long',
      { ...(bad(20429, 429) as object), retryAfter: 7 } as Mood,
      false,
      /pause/,
      7_000,
    ],
    ['trouble', bad(20500, 500), false, /error 20500/],
    ['trouble, and for how long', { status: 503, code: 20503, message: 'later', retryAfter: 3 }, false, /later/, 3_000],
    ['wrong credentials', bad(20003, 401), false, /settings/],
    ['a number that is not ours', bad(21606), false, /settings/],
    ['a proxy’s page', 'web page', false, /HTTP 502/],
    ['a connection that breaks', 'reset', false, /connection failed/],
    ['a connection that breaks when it was sent', 'done and reset', false, /connection failed/],
  ]

  test.each(cases)('%s', async (_title, mood, permanent, message, retryAfter) => {
    const room = await enter()
    room.twilio.behave(mood)
    const error = await errorOf(room.channel.send(ANNA, fired, 'key'))
    expect(error).toMatchObject({ permanent, retryAfter, message: expect.stringMatching(message) })
    // What is not known to have been refused may cost money, and is counted.
    expect(room.kept.spent.get(ANNA)).toBe(typeof mood === 'object' || mood === 'web page' ? 0 : 1)
    expect(room.twilio.calls.length).toBe(1)
    expect(room.logged.join()).not.toContain(room.twilio.authToken)
  })

  test('one that says nothing is given up; nobody knows whether it was sent', async () => {
    const room = await enter({ patience: 300 })
    room.twilio.behave('hang')
    const error = await errorOf(room.channel.send(ANNA, fired, 'key'))
    expect(error).toMatchObject({ permanent: false, message: expect.stringContaining('in time') })
    expect(room.kept.spent.get(ANNA)).toBe(1)
  })

  test('wrong settings are told loudly, once, and by the health; they may be put right', async () => {
    const room = await enter()
    room.twilio.behave(bad(20003, 401), 2)
    await errorOf(room.channel.send(ANNA, fired, 'key'))
    await errorOf(room.channel.send(ANNA, fired, 'key'))
    expect(room.logged.filter((line) => line.includes('TWILIO_AUTH_TOKEN')).length).toBe(1)
    expect(room.channel.health?.()).toMatchObject({ ok: false, says: expect.stringContaining('TWILIO_AUTH_TOKEN') })
    await room.channel.send(ANNA, fired, 'key')
    expect(room.channel.health?.()).toEqual({ ok: true, says: 'listens' })
  })

  test('who has opted out at the carrier is known from then on', async () => {
    const room = await enter()
    room.twilio.blocked.add(ANNA)
    await errorOf(room.channel.send(ANNA, fired, 'key'))
    await errorOf(room.channel.send(ANNA, fired, 'key'))
    expect(room.twilio.calls.length).toBe(1)
    expect(room.switches).toEqual([[ANNA, true]])
    expect(room.kept.notes.get(ANNA)).toMatchObject([{ isOut: true, how: 'refusal' }])
  })
})

test('500 sends while Twilio asks for pauses, breaks and is silent: all arrive once it recovers', async () => {
  const room = await enter({ patience: 1_500 })
  const moods: Mood[] = [
    { status: 429, code: 20429, message: 'Too Many Requests', retryAfter: 1 },
    { status: 503, code: 20503, message: 'Service Unavailable' },
    'reset',
    'web page',
  ]
  for (let time = 0; time < 60; time++) for (const mood of moods) room.twilio.behave(mood)
  room.twilio.behave('hang', 16)
  const due = Array.from({ length: 500 }, (_, number) => number)
  const number = (index: number) => `+1202555${String(index).padStart(4, '0')}`
  let rounds = 0
  while (due.length > 0 && rounds++ < 10) {
    const batch = due.splice(0)
    const deliver = async () => {
      for (let index = batch.pop(); index !== undefined; index = batch.pop()) {
        const error = await room.channel.send(number(index), fired, String(index)).then(
          () => undefined,
          (reason: SendError) => reason,
        )
        if (error && !error.permanent) due.push(index)
      }
    }
    await Promise.all(Array.from({ length: 16 }, deliver))
  }
  expect(due).toEqual([])
  // One of which nobody knows whether it was sent is sent again: better twice than never.
  for (let index = 0; index < 500; index++) expect(room.twilio.phone(number(index)).length).toBeGreaterThan(0)
}, 20_000)

describe('how far a text got', () => {
  test.each<[string, number | undefined, string, object | undefined]>([
    ['sent', undefined, 'sent', undefined],
    ['delivered', undefined, 'delivered', undefined],
    ['undelivered', 30003, 'undelivered', { permanent: false, message: expect.stringContaining('off') }],
    ['undelivered', 30005, 'undelivered', { permanent: true, message: expect.stringContaining('unknown') }],
    ['undelivered', 99999, 'undelivered', { permanent: false, message: expect.stringContaining('99999') }],
    ['failed', 30007, 'failed', { permanent: true }],
    ['failed', undefined, 'failed', { permanent: false, message: 'it was not delivered' }],
  ])('%s with %s is told by its receipt', async (status, code, told, error) => {
    const room = await enter()
    const { id: receipt } = await room.channel.send(ANNA, fired, 'key')
    expect((await room.twilio.reports(receipt, status, code)).status).toBe(204)
    expect(room.receipts).toEqual([{ receipt, status: told, error: error && expect.objectContaining(error) }])
  })

  test('21610 on the way is an opt-out', async () => {
    const room = await enter()
    const { id } = await room.channel.send(ANNA, fired, 'key')
    await room.twilio.reports(id, 'failed', 21610)
    expect(room.switches).toEqual([[ANNA, true]])
  })

  const sid = `SM${'0'.repeat(32)}`
  test.each<[string, Record<string, string>, number, string | null | undefined]>([
    ['without a signature', { MessageSid: sid, MessageStatus: 'delivered' }, 403, null],
    ['with a forged one', { MessageSid: sid, MessageStatus: 'delivered' }, 403, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['without a status', { MessageSid: sid }, 400, undefined],
    ['without an id', { MessageStatus: 'delivered' }, 400, undefined],
    ['with a query as id', { MessageSid: '{"$gt":""}', MessageStatus: 'delivered' }, 400, undefined],
    ['with a status nobody knows', { MessageSid: sid, MessageStatus: '{"$gt":""}' }, 204, undefined],
    [
      'with an opt-out of nobody',
      { MessageSid: sid, MessageStatus: 'x', ErrorCode: '21610', To: '{"$gt":""}' },
      204,
      undefined,
    ],
  ])('a report %s changes nothing', async (_title, form, status, signature) => {
    const room = await enter()
    const how = signature === undefined ? {} : { signature }
    expect((await room.twilio.posts('/sms/status', form, how)).status).toBe(status)
    expect([room.receipts, room.switches]).toEqual([[], []])
  })
})

describe('the daily limit', () => {
  test('of a number: its owner is told once, and what comes then is refused for good, until midnight UTC', async () => {
    const now = Date.UTC(2026, 10, 23, 18)
    const clock = { now: () => now, sleep: async () => {} }
    const room = await enter({ limit: { number: 2, all: 100 }, clock })
    for (const _ of [1, 2]) await room.channel.send(ANNA, fired, 'key')
    for (const _ of [3, 4]) {
      expect(await errorOf(room.channel.send(ANNA, fired, 'key'))).toMatchObject({
        permanent: true,
        retryAfter: 6 * 3_600_000,
        message: 'the daily limit of texts is reached',
      })
    }
    await room.channel.send(BEN, fired, 'key')
    expect(sent(room).slice(2)).toEqual([ENOUGH])
    expect(sent(room, BEN).length).toBe(1)
  })

  test('of all together: each is told once', async () => {
    const room = await enter({ limit: { number: 100, all: 1 } })
    await room.channel.send(ANNA, fired, 'key')
    for (const who of [ANNA, BEN, BEN]) await errorOf(room.channel.send(who, fired, 'key'))
    expect([sent(room).length, sent(room, BEN)]).toEqual([2, [ENOUGH]])
  })

  test('answers count too', async () => {
    const room = await enter({ limit: { number: 3, all: 100 }, answer: () => say('x'.repeat(200)) })
    expect((await room.twilio.texts('list')).texts).toEqual(['x'.repeat(200)])
    expect((await room.twilio.texts('list')).texts).toEqual([ENOUGH])
    expect((await room.twilio.texts('list')).texts).toEqual([])
    expect(room.heard.length).toBe(3)
  })
})
