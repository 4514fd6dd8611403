import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realClock } from '../../src/channels/channel.ts'
import { createSns, type Sns } from '../../src/channels/sns.ts'
import { createSnsEmail } from '../../src/channels/sns-email.ts'
import { createSnsSms } from '../../src/channels/sns-sms.ts'
import { say } from '../../src/reply.ts'
import { type Moto, startMoto } from '../moto.ts'
import { aLog, thrownBy } from './sns-room.ts'

/** What another project makes of Amazon SNS; it has no pending state, and to it each number that ends in 99 is opted out for ever. */
let moto: Moto
let sns: Sns

beforeAll(async () => {
  moto = await startMoto()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  sns = createSns({ endpoint: moto.url, region: 'eu-west-1', credentials, log: aLog().log })
}, 180_000)

afterAll(async () => {
  sns?.stop()
  await moto?.stop()
})

describe('on moto', () => {
  test('an address is begun, mailed to and taken away, and so are all those of a user', async () => {
    const { channel, addresses } = createSnsEmail({ sns, clock: realClock, isWanted: async () => true })
    expect(await addresses.state('anna', 'anna@example.org')).toBe('gone')
    await addresses.begin('anna', 'anna@example.org')
    await addresses.begin('anna', 'other@example.org')
    await addresses.begin('bert', 'bert@example.org')
    expect(await addresses.state('anna', 'anna@example.org')).toBe('confirmed')
    expect((await channel.send('anna@example.org', say('AAPL – 501.12 €'), 'key', 'anna')).id).toMatch(
      /^[0-9a-f-]{36}$/,
    )
    await addresses.mailCode('anna', 'anna@example.org', '482915')
    await addresses.remove('anna', 'anna@example.org')
    expect(await addresses.state('anna', 'anna@example.org')).toBe('gone')
    expect(await addresses.state('anna', 'other@example.org')).toBe('confirmed')
    await addresses.removeAll('anna')
    expect(await addresses.state('anna', 'other@example.org')).toBe('gone')
    expect(await addresses.state('bert', 'bert@example.org')).toBe('confirmed')
  })

  test('a topic that vanished is made again, and the sender hears it', async () => {
    const { channel, addresses } = createSnsEmail({ sns, clock: realClock, isWanted: async () => true })
    await addresses.begin('carl', 'carl@example.org')
    await fetch(`${moto.url}/moto-api/reset`, { method: 'POST' })
    const error = await thrownBy(channel.send('carl@example.org', say('x'), 'key', 'carl'))
    expect(error).toMatchObject({ permanent: true, message: expect.stringContaining('a new link') })
    await channel.send('carl@example.org', say('x'), 'key', 'carl')
  })

  test('a text is taken, and none for a number that opted out', async () => {
    const channel = createSnsSms({ sns, clock: realClock })
    expect((await channel.send('+12025550123', say('AAPL 501.12'), 'key')).id).toMatch(/^[0-9a-f-]{36}$/)
    expect(await thrownBy(channel.send('+12025550199', say('x'), 'key'))).toMatchObject({ permanent: true })
  })
})
