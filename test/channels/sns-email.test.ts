import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSns } from '../../src/channels/sns.ts'
import { createSnsEmail } from '../../src/channels/sns-email.ts'
import { say } from '../../src/reply.ts'
import type { SnsMood } from '../doubles/sns.ts'
import { aLog, closeSnsRooms, enterSns, type SnsRoom, thrownBy } from './sns-room.ts'

const ANNA = 'anna@example.org'
const HOUR = 3_600_000

afterEach(async () => {
  vi.unstubAllEnvs()
  expect(await closeSnsRooms()).toEqual([])
})

/** Anna has opened the link that Amazon mailed. */
async function confirmed(options: Parameters<typeof enterSns>[0] = {}): Promise<SnsRoom> {
  const room = await enterSns(options)
  await room.addresses.begin('anna', ANNA)
  room.amazon.opensLink(ANNA)
  return room
}

const send = ({ email }: SnsRoom, text = 'Alert 1: AAPL price > 500', to = ANNA) =>
  email.send(to, say(text), 'key', 'anna')
const subjects = ({ amazon }: SnsRoom, address = ANNA) => amazon.mailTo(address).map(({ subject }) => subject)
const actions = ({ amazon }: SnsRoom) => amazon.calls.map(({ action }) => action)
const LINK = 'AWS Notification - Subscription Confirmation'

describe('an address', () => {
  test('is pending until the link is opened, confirmed then, and gone when it ended the mail', async () => {
    const { addresses, amazon } = await enterSns()
    expect(await addresses.state('anna', ANNA)).toBe('gone')
    expect(await addresses.begin('anna', ANNA)).toBe('pending')
    expect(await addresses.state('anna', ANNA)).toBe('pending')
    amazon.opensLink(ANNA)
    expect(await addresses.state('anna', ANNA)).toBe('confirmed')
    amazon.endsByLink(ANNA)
    expect(await addresses.state('anna', ANNA)).toBe('gone')
  })

  test('that nobody confirmed is forgotten after 48 hours, and can be begun again', async () => {
    const room = await enterSns()
    await room.addresses.begin('anna', ANNA)
    room.amazon.forgetsPending()
    expect(await room.addresses.state('anna', ANNA)).toBe('gone')
    expect(await room.addresses.begin('anna', ANNA)).toBe('pending')
    expect(subjects(room)).toEqual([LINK, LINK])
  })

  test('begun again while it is pending has its link mailed again; while it is confirmed, nothing', async () => {
    const room = await enterSns()
    await room.addresses.begin('anna', ANNA)
    await room.addresses.begin('anna', ANNA)
    room.amazon.opensLink(ANNA)
    expect(await room.addresses.begin('anna', ANNA)).toBe('confirmed')
    expect(subjects(room)).toEqual([LINK, LINK])
    expect(room.amazon.topics).toHaveLength(1)
  })

  test('is one of its user alone: another user’s is another topic, and neither name tells who it is', async () => {
    const room = await confirmed()
    await room.addresses.begin('bert', ANNA)
    expect(room.amazon.topics).toHaveLength(2)
    for (const name of room.amazon.topics) expect(name).toMatch(/^signal-generator-[0-9a-f]{24}-[0-9a-f]{24}$/)
    expect(await room.addresses.state('bert', ANNA)).toBe('pending')
    await room.addresses.remove('bert', ANNA)
    expect(await room.addresses.state('anna', ANNA)).toBe('confirmed')
  })

  test('that is taken away has no topic any more, and may be taken away again', async () => {
    const room = await confirmed()
    await room.addresses.remove('anna', ANNA)
    await room.addresses.remove('anna', ANNA)
    expect(room.amazon.topics).toEqual([])
    expect(actions(room).filter((action) => action === 'Unsubscribe')).toHaveLength(1)
    expect(await thrownBy(send(room))).toMatchObject({ permanent: true })
  })

  test('all those of a user are found and taken away, on however many pages, and nobody else’s', async () => {
    const room = await enterSns()
    for (const name of ['a', 'b', 'c', 'd', 'e']) await room.addresses.begin('anna', `${name}@example.org`)
    await room.addresses.begin('bert', 'bert@example.org')
    await room.addresses.removeAll('anna')
    expect(room.amazon.topics).toHaveLength(1)
    expect(await room.addresses.state('bert', 'bert@example.org')).toBe('pending')
    await room.addresses.removeAll('anna')
    expect(room.amazon.topics).toHaveLength(1)
  })

  test.each([
    '',
    'anna',
    'anna@',
    '@example.org',
    'anna@example',
    'an na@example.org',
    `${'a'.repeat(250)}@example.org`,
  ])('"%s" is none, for good, and Amazon is not asked', async (address) => {
    const room = await enterSns()
    expect(await thrownBy(room.addresses.begin('anna', address))).toMatchObject({ permanent: true })
    expect(await thrownBy(send(room, 'x', address))).toMatchObject({ permanent: true })
    expect(room.amazon.calls).toEqual([])
  })
})

describe('mail', () => {
  test('comes with the name of the bot, a subject and a text; the receipt is Amazon’s id', async () => {
    const room = await confirmed()
    const { id } = await send(room)
    expect(id).toMatch(/^message-\d+$/)
    const [, mail] = room.amazon.mailTo(ANNA)
    expect(mail).toMatchObject({ from: 'Signal Generator', subject: 'Alert 1: AAPL price > 500' })
    expect(mail!.text).toMatch(/^Alert 1: AAPL price > 500\n/)
  })

  test('of a process that has just started finds its topic without making one', async () => {
    const room = await confirmed()
    const { amazon } = room
    const { log } = aLog()
    const sns = createSns({ endpoint: amazon.url, region: amazon.region, credentials: amazon.credentials, log })
    const { channel } = createSnsEmail({
      sns,
      clock: { now: Date.now, sleep: async () => {} },
      isWanted: async () => true,
    })
    const before = amazon.calls.length
    await channel.send(ANNA, say('x'), 'key', 'anna')
    expect(actions(room).slice(before)).toEqual(['ListTopics', 'ListSubscriptionsByTopic', 'Publish'])
    sns.stop()
  })

  test('whether the address is confirmed is asked once an hour', async () => {
    const room = await confirmed()
    const asked = () => actions(room).filter((action) => action === 'ListSubscriptionsByTopic').length
    for (const _ of [1, 2, 3]) await send(room)
    expect(asked()).toBe(1)
    room.pass(HOUR)
    await send(room)
    expect(asked()).toBe(2)
  })

  test('is never sent where the link was not opened: the sender hears why', async () => {
    const room = await enterSns()
    await room.addresses.begin('anna', ANNA)
    expect(await thrownBy(send(room))).toMatchObject({
      permanent: true,
      message: 'that address is not confirmed: the link that Amazon mailed there was not opened yet',
    })
    room.amazon.opensLink(ANNA)
    await send(room)
    expect(subjects(room)).toEqual([LINK, 'Alert 1: AAPL price > 500'])
  })

  test('is not sent any more, at the latest after an hour, where it was ended by the link in a mail', async () => {
    const room = await confirmed()
    await send(room)
    room.amazon.endsByLink(ANNA)
    room.pass(HOUR)
    expect(await thrownBy(send(room))).toMatchObject({
      permanent: true,
      message: 'nobody gets mail there: the address was never confirmed, or the link that ends the mail was opened',
    })
    expect(subjects(room)).toHaveLength(2)
  })

  test.each([0, HOUR])(
    'where the topic has vanished, a link is mailed, and the sender hears it (%s ms later)',
    async (ms) => {
      const room = await confirmed()
      await send(room)
      room.amazon.losesTopics()
      room.pass(ms)
      expect(await thrownBy(send(room))).toMatchObject({
        permanent: true,
        message:
          'Amazon had lost that address and has mailed a new link there: until it is opened and the address confirmed again, nothing is sent',
      })
      expect(subjects(room).slice(2)).toEqual([LINK])
      expect(await room.addresses.state('anna', ANNA)).toBe('pending')
      room.amazon.opensLink(ANNA)
      await send(room)
      expect(subjects(room)).toHaveLength(4)
    },
  )

  test('where the topic has vanished because its user took the address away, no link is mailed', async () => {
    const room = await confirmed()
    await send(room)
    room.amazon.losesTopics()
    room.unwanted.add(`anna ${ANNA}`)
    expect(await thrownBy(send(room))).toMatchObject({ permanent: true })
    expect(subjects(room)).toHaveLength(2)
    expect(room.amazon.topics).toEqual([])
  })

  test('orders to a terminal or a reader of mail do not come through', async () => {
    const room = await confirmed()
    await send(room, 'Alert 1\u001b[31m: \u202eAAPL')
    const [, { subject, text } = { subject: '', text: '' }] = room.amazon.mailTo(ANNA)
    expect(`${subject}${text}`).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u)
  })
})

describe('a code', () => {
  test('is mailed to an address that is confirmed, and to no other', async () => {
    const room = await enterSns()
    expect(await thrownBy(room.addresses.mailCode('anna', ANNA, '482915'))).toMatchObject({ permanent: true })
    await room.addresses.begin('anna', ANNA)
    expect(await thrownBy(room.addresses.mailCode('anna', ANNA, '482915'))).toMatchObject({ permanent: true })
    room.amazon.opensLink(ANNA)
    await room.addresses.mailCode('anna', ANNA, '482915')
    expect(subjects(room)).toEqual([LINK, '482915 is your code for Signal Generator'])
  })
})

describe('trouble', () => {
  type Expected = { message: string; permanent: boolean; retryAfter?: number }
  const [ONCE, TWICE] = [1, 2]
  const refusal = (status: number, code: string, message = ''): SnsMood => ({ status, code, message })
  const notIn = (code: string): Expected => ({
    message: `Amazon does not let this bot do it (${code})`,
    permanent: false,
  })
  const pause: Expected = { message: 'Amazon asks for a pause', permanent: false, retryAfter: 5_000 }
  test.each<[string, number, SnsMood, Expected]>([
    ['throttled', TWICE, refusal(429, 'Throttled', 'Rate exceeded'), pause],
    ['throttled, as other services say it', TWICE, refusal(400, 'ThrottlingException'), pause],
    [
      'trouble there',
      TWICE,
      refusal(500, 'InternalError'),
      { message: 'Amazon did not take it: InternalError', permanent: false },
    ],
    [
      'no service',
      TWICE,
      refusal(503, 'ServiceUnavailable'),
      { message: 'Amazon did not take it: ServiceUnavailable', permanent: false },
    ],
    [
      'an address that it does not like',
      ONCE,
      refusal(400, 'InvalidParameter', 'Invalid parameter: Email address'),
      { message: 'Amazon does not take that address', permanent: true },
    ],
    [
      'a fault of ours',
      ONCE,
      refusal(400, 'InvalidParameter', 'Invalid parameter: Subject'),
      { message: 'Amazon did not take it: InvalidParameter', permanent: false },
    ],
    [
      'no permission',
      ONCE,
      refusal(403, 'AuthorizationError', `User: x is not authorized, ${ANNA}`),
      notIn('AuthorizationError'),
    ],
    ['no access', ONCE, refusal(403, 'AccessDenied'), notIn('AccessDenied')],
    ['expired credentials', ONCE, refusal(403, 'ExpiredToken'), notIn('ExpiredToken')],
    ['a wrong key', ONCE, refusal(403, 'SignatureDoesNotMatch'), notIn('SignatureDoesNotMatch')],
    [
      'a connection that breaks',
      TWICE,
      'reset',
      { message: 'Amazon cannot be reached (ECONNRESET)', permanent: false },
    ],
    ['a web page', TWICE, 'web page', { message: 'Amazon did not take it: 502', permanent: false }],
    ['no answer', TWICE, 'hang', { message: 'Amazon does not answer in time', permanent: false }],
  ])(
    '%s: the sender hears whether it is for good, and nothing of the address',
    async (_title, tries, mood, expected) => {
      const room = await confirmed({ patience: { connect: 500, answer: 200, whole: 2_000 } })
      room.amazon.behave('Publish', mood)
      const error = await thrownBy(send(room, 'secret words'))
      expect(error).toMatchObject({ retryAfter: undefined, ...expected })
      const told = JSON.stringify([error, error.stack, error.cause, room.logged])
      expect(told).not.toMatch(/example\.org|secret/)
      expect(actions(room).filter((action) => action === 'Publish')).toHaveLength(tries)
    },
  )

  test('one that is over at the second try costs the sender nothing', async () => {
    const room = await confirmed()
    room.amazon.behave('Publish', refusal(503, 'ServiceUnavailable'), 1)
    await send(room)
    expect(subjects(room)).toHaveLength(2)
  })

  test('all calls of a message together are given up after a while', async () => {
    const room = await confirmed({ patience: { connect: 500, answer: 60_000, whole: 150 } })
    room.amazon.behave('ListSubscriptionsByTopic', 'hang')
    expect(await thrownBy(send(room))).toMatchObject({ message: 'Amazon does not answer in time', permanent: false })
    expect(actions(room)).not.toContain('Publish')
  })

  test('where nothing listens it fails for now', async () => {
    const room = await enterSns({ endpoint: 'http://127.0.0.1:9' })
    expect(await thrownBy(send(room))).toMatchObject({
      message: 'Amazon cannot be reached (ECONNREFUSED)',
      permanent: false,
    })
  })

  test('wrong credentials are told to the operator once, at the start already, until they are right', async () => {
    const room = await confirmed({ credentials: { accessKeyId: 'AKIAWRONG', secretAccessKey: 'x' } }).catch(
      () => undefined,
    )
    expect(room).toBeUndefined()
    const { amazon, email, logged } = await enterSns()
    amazon.behave('*', refusal(403, 'ExpiredToken', 'The security token included in the request is expired'), 2)
    await email.start(async () => say(''))
    await vi.waitFor(() => expect(email.health?.().ok).toBe(false))
    expect(email.health?.()).toEqual({ ok: false, says: 'Amazon does not let us in: ExpiredToken' })
    await thrownBy(email.send(ANNA, say('x'), 'key', 'anna'))
    const errors = logged.map((line) => JSON.parse(line)).filter(({ level }) => level === 50)
    expect(errors).toMatchObject([
      { code: 'ExpiredToken', why: 'The security token included in the request is expired' },
    ])
    await thrownBy(email.send(ANNA, say('x'), 'key', 'anna'))
    expect(email.health?.()).toEqual({ ok: true, says: 'sends only' })
  })

  test('credentials that are nowhere are told as such', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined)
    vi.stubEnv('AWS_PROFILE', undefined)
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/there/is/no/file')
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    const { amazon } = await enterSns()
    const { log, logged } = aLog()
    const sns = createSns({ endpoint: amazon.url, region: 'eu-west-1', log })
    const clock = { now: Date.now, sleep: async () => {} }
    const { channel } = createSnsEmail({ sns, clock, isWanted: async () => true })
    expect(await thrownBy(channel.send(ANNA, say('x'), 'key', 'anna'))).toMatchObject({
      message: 'Amazon does not let this bot do it (CredentialsProviderError)',
      permanent: false,
    })
    expect(logged.map((line) => JSON.parse(line).level)).toEqual([50])
    sns.stop()
  })

  test('without an address and credentials of ours the client takes what the environment says', async () => {
    const { amazon } = await enterSns()
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', amazon.url)
    vi.stubEnv('AWS_ACCESS_KEY_ID', amazon.credentials.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', amazon.credentials.secretAccessKey)
    const warned = vi.spyOn(process, 'emitWarning')
    const sns = createSns({ region: 'eu-west-1', log: aLog().log })
    const clock = { now: Date.now, sleep: async () => {} }
    const { addresses } = createSnsEmail({ sns, clock, isWanted: async () => true })
    expect(await addresses.begin('anna', ANNA)).toBe('pending')
    expect(warned).not.toHaveBeenCalled()
    sns.stop()
  })
})
