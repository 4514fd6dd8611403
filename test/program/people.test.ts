import { expect, onTestFinished, test } from 'vitest'
import { type SnsDouble, startSns } from '../doubles/sns.ts'
import { startTelegram, type TelegramDouble } from '../doubles/telegram.ts'
import { freshDatabase } from '../mongo.ts'
import { startProviders } from './providers.ts'
import { runProgram } from './run-program.ts'

const MAIL = 'anna@example.org'
const PHONE = '+12025550123'
const BERT = { id: 8, name: 'Bert' }

async function aWorld(): Promise<{ telegram: TelegramDouble; amazon: SnsDouble }> {
  const [telegram, amazon] = await Promise.all([startTelegram(), startSns()])
  onTestFinished(async () => void (await Promise.all([telegram.stop(), amazon.stop()])))
  return { telegram, amazon }
}

const shown = (telegram: TelegramDouble, pattern: RegExp, chat?: number) =>
  telegram.until(() => telegram.shown(chat).some(({ text }) => pattern.test(text)))

/** Resolves when it is so; Amazon tells nobody when it mails. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('two chats become one person, who is told by mail and in chat, and nobody unconfirmed is sent anything but codes', async () => {
  const { telegram, amazon } = await aWorld()
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const program = runProgram(['start'], {
    ...settings,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    MONGODB_URI: freshDatabase(),
    AWS_REGION: amazon.region,
    AWS_ENDPOINT_URL_SNS: amazon.url,
    AWS_ACCESS_KEY_ID: amazon.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: amazon.credentials.secretAccessKey,
  })

  telegram.says('/link')
  await shown(telegram, /within 10 minutes: link [A-Z0-9-]{9}/)
  const code = /link ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(telegram.shown().at(-1)!.text)![1]
  telegram.says(`/link ${code}`, BERT)
  await shown(telegram, /^The two chats are joined/, BERT.id)

  telegram.says(`/subscribe email ${MAIL}`, BERT)
  await shown(telegram, /^Amazon, which sends mail for me/, BERT.id)
  // Asked for and never confirmed.
  telegram.says(`/subscribe sms ${PHONE}`, BERT)
  await shown(telegram, /^I have texted a code/, BERT.id)
  telegram.says('/alert BTC > 100k via email', BERT)
  await shown(telegram, /^I cannot tell you by e-mail/, BERT.id)
  expect(amazon.mailTo(MAIL).map(({ subject }) => subject)).toEqual(['AWS Notification - Subscription Confirmation'])

  amazon.opensLink(MAIL)
  telegram.presses('I have opened it', BERT)
  await until(() => amazon.mailTo(MAIL).length === 2)
  const [digits] = /\d{6}/.exec(amazon.mailTo(MAIL)[1]!.subject)!
  telegram.says(`/confirm ${digits}`, BERT)
  await shown(telegram, /is confirmed/, BERT.id)

  telegram.says('/alert BTC > 100k via email, telegram', BERT)
  await shown(telegram, /^Alert 1 is on/, BERT.id)
  telegram.says('/list')
  await shown(telegram, /1 {2}BTC > 100k/)
  coinbase.prices.set('BTC-USD', '101000')
  await shown(telegram, /^Alert 1: BTC price > 100k/, BERT.id)
  await shown(telegram, /^Alert 1: BTC price > 100k/)
  await until(() => amazon.mailTo(MAIL).length === 3)
  expect(amazon.mailTo(MAIL)[2]).toMatchObject({ subject: 'Alert 1: BTC price > 100k' })

  // Everything is erased while a firing is on its way: it is not sent, and nothing is left at Amazon.
  telegram.says('/alert BTC > 102k via email', BERT)
  await shown(telegram, /^Alert 2 is on/, BERT.id)
  telegram.says('/mydata', BERT)
  await telegram.until(() => telegram.shown(BERT.id).some(({ file }) => file !== undefined))
  const file = String(telegram.shown(BERT.id).find(({ file }) => file !== undefined)!.file)
  const published = () => amazon.calls.filter(({ action }) => action === 'Publish').length
  const before = published()
  amazon.behave('Publish', { status: 400, code: 'Throttling' }, 2)
  coinbase.prices.set('BTC-USD', '102500')
  await until(() => published() > before)
  telegram.says('/forgetme yes', BERT)
  await shown(telegram, /^All I kept of you is erased\./, BERT.id)
  expect(amazon.topics).toEqual([])
  telegram.says('/whoami', BERT)
  await shown(telegram, /^I know you by one address\.\n1 {2}Telegram, you write from it/, BERT.id)

  // What they had taken along is set again where they are somebody, in this bot or another one.
  const lines = JSON.parse(file).people[0].alertLines as string[]
  expect(lines).toEqual(['/alert BTC price > 102k via email'])
  telegram.says(lines[0]!.replace(' via email', ''), BERT)
  await shown(telegram, /^Alert 1 is on\.\nBTC price > 102k/, BERT.id)

  expect(amazon.textsTo(PHONE)).toEqual([expect.stringMatching(/^\d{6} is your code for Signal Generator\./)])
  expect(amazon.refused).toEqual([])
  expect(telegram.refused).toEqual([])
  program.kill('SIGTERM')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
  expect(amazon.mailTo(MAIL)).toHaveLength(3)
})
