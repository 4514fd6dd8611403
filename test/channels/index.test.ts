import { expect, test } from 'vitest'
import { configured } from '../../src/channels/index.ts'
import { readConfig } from '../../src/config.ts'

const AMAZON = { AWS_REGION: 'eu-west-1' }
const TELEGRAM = { TELEGRAM_BOT_TOKEN: '123456:ABC' }
const TWILIO = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'x',
  TWILIO_FROM: '+12025550123',
}

const names = (settings: Record<string, string>, hasTerminal?: boolean) =>
  configured(readConfig(settings, '/nowhere/.env'), hasTerminal).map(({ name }) => name)

test.each<[Record<string, string>, string[]]>([
  [{}, ['console']],
  [TELEGRAM, ['telegram']],
  [{ ...TELEGRAM, ...AMAZON }, ['telegram', 'sms', 'email']],
  [{ ...TELEGRAM, ...TWILIO, ...AMAZON }, ['telegram', 'sms', 'email']],
  [TWILIO, ['sms']],
  [AMAZON, ['sms', 'email', 'console']],
])('with %j there are %j', (settings, expected) => {
  expect(names(settings)).toEqual(expected)
})

test('texts go by Twilio where that is set up', () => {
  const [sms] = configured(readConfig({ ...TWILIO, ...AMAZON }, '/nowhere/.env'))
  expect(sms).toMatchObject({ name: 'sms', needs: 'TWILIO_ACCOUNT_SID' })
})

test('who only delivers has no terminal', () => {
  expect(names(AMAZON, false)).toEqual(['sms', 'email'])
  expect(names({}, false)).toEqual([])
})
