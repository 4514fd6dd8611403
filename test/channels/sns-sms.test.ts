import { afterEach, describe, expect, test } from 'vitest'
import { textOf } from '../../src/channels/sns-sms-words.ts'
import { renderBundle } from '../../src/delivery/render.ts'
import { septets } from '../../src/gsm.ts'
import { say } from '../../src/reply.ts'
import { aTracked, MONDAY } from '../delivery/a-notification.ts'
import type { SnsMood } from '../doubles/sns.ts'
import { closeSnsRooms, enterSns, type SnsRoom, thrownBy } from './sns-room.ts'

const NUMBER = '+12025550123'
const DAY = 86_400_000

afterEach(async () => {
  expect(await closeSnsRooms()).toEqual([])
})

const send = ({ sms }: SnsRoom, text = 'AAPL 501.12 USD', to = NUMBER) => sms.send(to, say(text), 'key')
const count = ({ amazon }: SnsRoom, action: string) => amazon.calls.filter((call) => call.action === action).length

describe('a text', () => {
  test('goes out as one that is worth its price; the receipt is Amazon’s id', async () => {
    const room = await enterSns()
    expect((await send(room)).id).toMatch(/^message-\d+$/)
    expect(room.amazon.textsTo(NUMBER)).toEqual(['AAPL 501.12 USD'])
  })

  test.each(['', '12025550123', '+1', '+1202555012x', '+02025550123', 'anna@example.org'])(
    '"%s" is no number, for good, and Amazon is not asked',
    async (number) => {
      const room = await enterSns()
      expect(await thrownBy(send(room, 'x', number))).toMatchObject({ permanent: true })
      expect(room.amazon.calls).toEqual([])
    },
  )

  type Expected = { message: string; permanent: boolean; retryAfter?: number }
  const refusal = (status: number, code: string, message = ''): SnsMood => ({ status, code, message })
  test.each<[string, SnsMood, Expected]>([
    [
      'opted out meanwhile',
      refusal(400, 'OptedOut', `${NUMBER} is opted out`),
      {
        message: 'that number told Amazon that it wants no texts; START, texted from there, ends that',
        permanent: true,
      },
    ],
    [
      'no number that it likes',
      refusal(400, 'InvalidParameter', `Invalid parameter: PhoneNumber Reason: ${NUMBER} is not valid to publish to`),
      { message: 'Amazon does not take that address', permanent: true },
    ],
    [
      'the sandbox',
      refusal(400, 'UserError', 'The destination phone number is not verified in the SMS sandbox'),
      {
        message:
          'the Amazon account of this bot is in the SMS sandbox: it reaches only numbers that its operator has verified there',
        permanent: false,
      },
    ],
    [
      'all spent',
      refusal(400, 'InvalidParameter', 'Monthly spend limit reached'),
      { message: 'the Amazon account of this bot has spent what it may on texts this month', permanent: false },
    ],
    [
      'throttled',
      refusal(429, 'Throttled', 'Rate exceeded'),
      { message: 'Amazon asks for a pause', permanent: false, retryAfter: 5_000 },
    ],
  ])('%s: the sender hears whether it is for good, and nothing of the number', async (_title, mood, expected) => {
    const room = await enterSns()
    room.amazon.behave('Publish', mood)
    const error = await thrownBy(send(room, 'secret words'))
    expect(error).toMatchObject({ retryAfter: undefined, ...expected })
    expect(JSON.stringify([error, error.stack, error.cause, room.logged])).not.toMatch(/2025550123|secret/)
  })

  test('that was taken when the connection broke is sent again: two are better than none', async () => {
    const room = await enterSns()
    room.amazon.behave('Publish', 'done and reset', 1)
    await send(room)
    expect(room.amazon.textsTo(NUMBER)).toHaveLength(2)
  })
})

describe('a number that wants no texts', () => {
  test('is sent none; Amazon is asked before the first one, and a day later again', async () => {
    const room = await enterSns()
    await send(room)
    await send(room)
    expect(count(room, 'CheckIfPhoneNumberIsOptedOut')).toBe(1)
    room.amazon.optedOut.add(NUMBER)
    room.pass(DAY)
    const published = count(room, 'Publish')
    expect(await thrownBy(send(room))).toMatchObject({ permanent: true })
    expect(count(room, 'Publish')).toBe(published)
  })

  test('is asked about again after a refusal, and sent texts when it wants them', async () => {
    const room = await enterSns()
    await send(room)
    room.amazon.optedOut.add(NUMBER)
    expect(await thrownBy(send(room))).toMatchObject({ permanent: true })
    expect(await thrownBy(send(room))).toMatchObject({ permanent: true })
    expect(count(room, 'CheckIfPhoneNumberIsOptedOut')).toBe(2)
    room.amazon.optedOut.delete(NUMBER)
    await send(room)
    expect(room.amazon.textsTo(NUMBER)).toHaveLength(2)
  })
})

describe('an account in the sandbox', () => {
  test('reaches the numbers that were verified there; for others the sender hears why not', async () => {
    const room = await enterSns()
    room.amazon.sandbox = [NUMBER]
    await send(room)
    await send(room)
    expect(await thrownBy(send(room, 'x', '+12025550124'))).toMatchObject({
      permanent: false,
      message: expect.stringContaining('SMS sandbox'),
    })
    expect(room.amazon.textsTo(NUMBER)).toHaveLength(2)
    room.amazon.sandbox = [NUMBER, '+12025550124']
    await send(room, 'x', '+12025550124')
    expect(room.amazon.textsTo('+12025550124')).toEqual(['x'])
  })

  test('that has left it reaches everybody an hour later', async () => {
    const room = await enterSns()
    room.amazon.sandbox = []
    await thrownBy(send(room))
    room.amazon.sandbox = undefined
    room.pass(DAY / 24)
    await send(room)
    expect(room.amazon.textsTo(NUMBER)).toHaveLength(1)
  })

  test('nobody needs the permission to ask whether it is', async () => {
    const room = await enterSns()
    room.amazon.behave('GetSMSSandboxAccountStatus', { status: 403, code: 'AuthorizationError' })
    await send(room)
    expect(room.sms.health?.().ok).toBe(true)
    expect(room.logged.filter((line) => JSON.parse(line).level === 50)).toEqual([])
  })
})

describe('the words', () => {
  const again = [{ label: 'Again', command: 'again 1' }]
  test.each<[string, Parameters<typeof textOf>[0], string]>([
    ['the short form, where there is one', { ...say('long'), brief: 'Short.' }, 'Short.'],
    [
      'lines are sentences',
      say('Alert 1: AAPL price > 500\nAAPL 501.12 USD'),
      'Alert 1: AAPL price > 500. AAPL 501.12 USD',
    ],
    ['GSM-7 alone', say('“AAPL” ≥ 500 – up 📈'), '"AAPL" >= 500 - up up'],
    [
      'it is never asked for an answer',
      { ...say('x'), brief: 'AAPL 501.12 USD > 500 at 15:04. Alert 1 is done. Reply AGAIN 1 or SNOOZE 1 1H' },
      'AAPL 501.12 USD > 500 at 15:04. Alert 1 is done.',
    ],
    [
      'but said where it can be changed',
      { ...say('x', again), brief: 'AAPL 501.12 USD > 500 at 15:04. Reply AGAIN 1.' },
      'AAPL 501.12 USD > 500 at 15:04. To change it, write in the chat where you set it.',
    ],
    ['in short, where there is little room', say('x'.repeat(130), again), `${'x'.repeat(130)} Change it in the chat.`],
    ['and not where there is none', say('x'.repeat(150), again), 'x'.repeat(150)],
    ['one segment and no more', say('€'.repeat(100)), `${'€'.repeat(78)}...`],
  ])('%s', (_title, reply, text) => {
    expect(textOf(reply)).toBe(text)
    expect(septets(text)).toBeLessThanOrEqual(160)
  })

  test('of a firing tell the fact, and ask for no answer', () => {
    const text = textOf(renderBundle([aTracked()], new Map(), MONDAY))
    expect(text).toContain('501.12')
    expect(text).not.toMatch(/reply/i)
    expect(septets(text)).toBeLessThanOrEqual(160)
  })
})
