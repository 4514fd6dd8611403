import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startTelegram } from '../doubles/telegram.ts'
import { startTwilio } from '../doubles/twilio.ts'
import { freshDatabase } from '../mongo.ts'
import { openLedger } from '../outside/ledger.ts'
import { until } from '../outside/until.ts'
import { startProviders } from './providers.ts'
import { runProgram } from './run-program.ts'

const PHONE = '+12025550123'
const PUBLIC_URL = 'https://bot.example.com'
/** What is not acknowledged is told elsewhere after so long: more than it takes to press a button on a slow machine. */
const ESCALATE_AFTER = '8s'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('an urgent firing that nobody acknowledges in Telegram is texted, and one that is acknowledged is not', async () => {
  const [telegram, twilio] = await Promise.all([startTelegram(), startTwilio()])
  onTestFinished(async () => void (await Promise.all([telegram.stop(), twilio.stop()])))
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '99000' } })
  const port = await freePort()
  const uri = freshDatabase()
  const ledger = await openLedger(uri)
  onTestFinished(ledger.close)
  telegram.deliverTo(`http://127.0.0.1:${port}`)
  twilio.deliverTo(`http://127.0.0.1:${port}`, PUBLIC_URL)
  const program = runProgram(['start'], {
    ...settings,
    ...{ TELEGRAM_API_ROOT: telegram.url, TELEGRAM_BOT_TOKEN: telegram.token, TWILIO_API_URL: twilio.url },
    ...{ TWILIO_ACCOUNT_SID: twilio.accountSid, TWILIO_AUTH_TOKEN: twilio.authToken, TWILIO_FROM: twilio.number },
    ...{ PUBLIC_URL, PORT: String(port), MONGODB_URI: uri, ESCALATE_AFTER },
  })
  const shown = (pattern: RegExp) => telegram.until(() => telegram.shown().some(({ text }) => pattern.test(text)))
  const texts = () =>
    twilio
      .phone(PHONE)
      .filter(({ text }) => text.includes('BTC'))
      .map(({ text }) => text)
  const fires = async (number: number, price: string) => {
    coinbase.prices.set('BTC-USD', price)
    await shown(new RegExp(`^Alert ${number}: BTC price > `))
  }

  await telegram.until(() => telegram.webhook !== undefined)
  telegram.says(`/subscribe sms ${PHONE}`)
  await twilio.until(() => twilio.phone(PHONE).length === 1)
  telegram.says(`/confirm ${/\b\d{6}\b/.exec(twilio.phone(PHONE)[0]!.text)![0]}`)
  await shown(/is confirmed/)
  for (const [index, level] of ['100k', '102k', '104k'].entries()) {
    telegram.says(`/alert BTC > ${level} urgent`)
    await shown(new RegExp(`^Alert ${index + 1} is on[^]*repeated elsewhere after 8 s unless you acknowledge it`))
  }

  await fires(1, '101000')
  await twilio.until(() => texts().length === 1)
  expect(texts()[0]).toMatch(
    /^Not acknowledged on Telegram for \d+ s: BTC\/USD 101000 USD > 100k at \d\d:\d\d\. Reply ACK 1 or SNOOZE 1 1H/,
  )
  expect((await twilio.texts('Ack 1', PHONE)).texts.join()).toContain('Alert 1 is acknowledged')

  await fires(2, '103000')
  telegram.presses('Got it')
  await shown(/Alert 2 is acknowledged: I do not repeat it elsewhere\.$/)

  await fires(3, '105000')
  await twilio.until(() => texts().length === 2)
  expect(texts()[1]).toMatch(/^Not acknowledged on Telegram for \d+ s: BTC\/USD 105000 USD > 104k/)
  await until('it is known that it was texted', ledger.isQuiet)
  await twilio.texts('MORE', PHONE)
  telegram.says('/ack 3')
  await shown(/Alert 3 is acknowledged already, since/)
  telegram.says('/history')
  await shown(/sms too, as nobody answered on telegram: sent at/)
  const history = telegram.shown().at(-1)!.text
  expect(history.match(/as nobody answered/g)).toHaveLength(2)
  expect(history.match(/acknowledged at/g)).toHaveLength(5)
  expect([telegram.refused, twilio.refused]).toEqual([[], []])
  program.kill('SIGTERM')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
})
