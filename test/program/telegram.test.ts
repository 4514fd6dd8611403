import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startTelegram, type TelegramDouble } from '../doubles/telegram.ts'
import { freshDatabase } from '../mongo.ts'
import { startProviders } from './providers.ts'
import { type Program, runProgram, type Settings } from './run-program.ts'

async function aTelegram(): Promise<TelegramDouble> {
  const telegram = await startTelegram()
  onTestFinished(telegram.stop)
  return telegram
}

const settingsFor = ({ url, token }: TelegramDouble): Settings => ({
  TELEGRAM_API_ROOT: url,
  TELEGRAM_BOT_TOKEN: token,
  MONGODB_URI: freshDatabase(),
})

const shown = (telegram: TelegramDouble, pattern: RegExp, chat?: number) =>
  telegram.until(() => telegram.shown(chat).some(({ text }) => pattern.test(text)))

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}

const health = async (port: string) => (await fetch(`http://127.0.0.1:${port}/health`)).json()

test('an alert set in Telegram is read back there, fires there, and its buttons act', async () => {
  const telegram = await aTelegram()
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const port = await freePort()
  const program = runProgram(['start'], { ...settings, ...settingsFor(telegram), PORT: port })
  telegram.says('/alert BTC price > 100k or BTC price < 90k')
  await shown(telegram, /^Alert 1 is on\.\nBTC price > 100k or BTC price < 90k\nNow 97410 USD/)
  coinbase.prices.set('BTC-USD', '101000')
  await shown(telegram, /^Alert 1: BTC price > 100k\nBTC\/USD 101000 USD at /)
  telegram.presses('Again')
  await shown(telegram, /Alert 1 is on again/)
  expect(telegram.refused).toEqual([])
  expect(await health(port)).toMatchObject({ ok: true, parts: { telegram: expect.any(String) } })
  program.kill('SIGTERM')
  expect(await program.ended()).toEqual({ code: 0, signal: null })
})

test('through a webhook nothing is polled, and what is posted without the secret is refused', async () => {
  const telegram = await aTelegram()
  const { settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const port = await freePort()
  telegram.deliverTo(`http://127.0.0.1:${port}`)
  const given = { ...settings, ...settingsFor(telegram), PORT: port, PUBLIC_URL: 'https://bot.example.com/' }
  runProgram(['start'], given)
  await telegram.until(() => telegram.webhook !== undefined)
  telegram.says('/price BTC')
  await shown(telegram, /97410 USD/)
  expect(telegram.asked).toBe(0)
  const { url } = telegram.webhook!
  expect(url).toMatch(/^https:\/\/bot\.example\.com\/telegram\//)
  const forged = await fetch(url.replace('https://bot.example.com', `http://127.0.0.1:${port}`), {
    method: 'POST',
    body: JSON.stringify({ update_id: 9_000_000 }),
    headers: { 'x-telegram-bot-api-secret-token': 'guessed' },
  })
  expect(forged.status).toBe(401)
})

test('of two programs one listens; when it is killed the other goes on, and no alert is told twice', async () => {
  const telegram = await aTelegram()
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const given = { ...settings, ...settingsFor(telegram), LOCK_LIFETIME: '2s' }
  const first = runProgram(['start'], given)
  telegram.says('/alert BTC > 100k')
  await shown(telegram, /Alert 1 is on/)
  const second = runProgram(['start'], given)
  await second.notes(/bot and worker/)
  first.kill('SIGKILL')
  telegram.says('/list')
  await shown(telegram, /1 {2}BTC > 100k/)
  coinbase.prices.set('BTC-USD', '101000')
  await shown(telegram, /^Alert 1: /)
  telegram.says('/why 1')
  await shown(telegram, /^Done; set /m)
  expect(telegram.shown().filter(({ text }) => /^Alert 1: .*\nBTC\/USD 101000/.test(text))).toHaveLength(1)
})

test('a worker without a conversation delivers what a bot without a market took', async () => {
  const telegram = await aTelegram()
  const { coinbase, settings } = await startProviders({ coinbase: { 'BTC-USD': '97410' } })
  const given = { ...settings, ...settingsFor(telegram) }
  const bot: Program = runProgram(['start', 'bot'], given)
  telegram.says('/alert BTC > 100k')
  await shown(telegram, /Alert 1 is on/)
  bot.kill('SIGKILL')
  await bot.ended()
  const { asked } = telegram
  runProgram(['start', 'worker'], given)
  coinbase.prices.set('BTC-USD', '101000')
  await shown(telegram, /^Alert 1: /)
  expect(telegram.asked).toBe(asked)
})
