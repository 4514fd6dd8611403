import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

const DAY = 86_400_000
const PHONE = '+12025550210'
const ANNA = 3_000

test('a phone of somebody who is silent for 90 days is texted no more, after they were told a week before, until they confirm it anew', async () => {
  const world = await startWorld(1, ['telegram', 'sms'])
  onTestFinished(world.stop)
  const { telegram, twilio, coinbase } = world
  const program = world.run([], { MONGODB_URI: freshDatabase() }, { clock: new Date().toISOString() })
  const chat = () => telegram.shown(ANNA).map(({ text }) => text)
  const texts = () => twilio.phone(PHONE).map(({ text }) => text)
  const hears = async (pattern: RegExp, from: number) =>
    await until(`${pattern}, not ${chat().at(-1)}`, () =>
      chat()
        .slice(from)
        .some((text) => pattern.test(text)),
    )
  const says = async (text: string, answer: RegExp) => {
    const from = chat().length
    telegram.says(text, { id: ANNA })
    await hears(answer, from)
  }
  const confirms = async () => {
    const before = texts().length
    await says(`/subscribe sms ${PHONE}`, /texted a code/)
    await until('the code is texted', () => texts().length > before)
    await says(`/confirm ${/\b\d{6}\b/.exec(texts().at(-1)!)![0]}`, /is confirmed/)
  }
  await until('the program listens', () => telegram.webhook !== undefined)
  await confirms()
  await says('/alert BTC > 100k repeat via sms', /^Alert 1 is on/)
  const asIs = chat().length
  program.jump(84 * DAY)
  await hears(/I have not heard from you for 83 days/, asIs)
  program.jump(7 * DAY)
  const texted = texts().length
  coinbase.prices.set('BTC-USD', '100001')
  await hears(/100001 USD.*I have not heard from you for 90 days/s, asIs)
  coinbase.prices.set('BTC-USD', '99000')
  await says('/subscriptions', /SMS to \+12025550210, off: .*confirm it anew/)
  await confirms()
  coinbase.prices.set('BTC-USD', '100002')
  await until('it is texted again', () => texts().some((text) => text.includes('100002')))
  expect(chat().filter((text) => text.includes('83 days'))).toHaveLength(1)
  expect(
    texts()
      .slice(texted)
      .filter((text) => text.includes('100001')),
  ).toEqual([])
  expect(world.refused()).toEqual([])
}, 180_000)
