import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCoinbase } from '../doubles/coinbase.ts'
import { type DiscordDouble, startDiscord } from '../doubles/discord.ts'
import { startTelegram, type TelegramDouble } from '../doubles/telegram.ts'
import { startTwilio, type TwilioDouble } from '../doubles/twilio.ts'
import { startYahoo, type YahooPrice, type YahooRow } from '../doubles/yahoo.ts'
import { freshDatabase } from '../mongo.ts'
import { onDiscord, onPhones, onTelegram, type Platform } from './platforms.ts'
import { play, type World } from './play.ts'
import { type Program, startProgram } from './program.ts'
import { TRADING } from './providers.ts'

/**
 * So long, ms: until a price that nobody watches is asked for again, until one is too old to be believed, until who is
 * blind is told so, until a provider that failed is asked again.
 */
const [FORGOTTEN, STALE, BLIND, RESTED] = [11_000, 5.5 * 60_000, 10_000, 12 * 60_000]
/** AAPL before anything happens, and how far from it nothing is doubtful. */
const USUAL = 491.8
const PUBLIC_URL = 'https://bot.example.com'

const stops: (() => Promise<unknown>)[] = []
let telegram: TelegramDouble
let discord: DiscordDouble
let twilio: TwilioDouble
let world: World

/** One program that has all three platforms, as an operator who wants all has it. */
beforeAll(async () => {
  ;[telegram, discord, twilio] = await Promise.all([startTelegram(), startDiscord(), startTwilio()])
  const port = await freePort()
  telegram.deliverTo(`http://127.0.0.1:${port}`)
  twilio.deliverTo(`http://127.0.0.1:${port}`, PUBLIC_URL)
  const market = await startMarket()
  const folder = mkdtempSync(join(tmpdir(), 'signal-generator-platforms-'))
  const settings = {
    ...{ TELEGRAM_API_ROOT: telegram.url, TELEGRAM_BOT_TOKEN: telegram.token },
    ...{ DISCORD_API_URL: discord.url, DISCORD_TOKEN: discord.token },
    ...{ TWILIO_API_URL: twilio.url, TWILIO_ACCOUNT_SID: twilio.accountSid, TWILIO_AUTH_TOKEN: twilio.authToken },
    ...{ TWILIO_FROM: twilio.number, PUBLIC_URL, PORT: String(port), MONGODB_URI: freshDatabase() },
    ...{
      COMMANDS_PER_MINUTE: '10000',
      SMS_DAILY_LIMIT: '500/1000',
      BLIND_AFTER: '1s',
      SHARDS: '1',
      ...market.settings,
    },
  }
  const { program, child } = startProgram(['start'], settings, { folder, clock: TRADING })
  world = market.worldOf(program)
  stops.push(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    await Promise.all([telegram.stop(), discord.stop(), twilio.stop(), market.stop()])
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })
  await Promise.all([
    telegram.until(() => telegram.webhook !== undefined && telegram.menu('all_group_chats') !== undefined),
    discord.until(() => discord.connected > 0 && discord.commands() !== undefined),
    program.notes(/bot and worker/),
  ])
})
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

test('in Telegram the conversation goes word for word as it is written down', async () => {
  await goes('telegram', onTelegram(telegram))
  expect(telegram.refused).toEqual([])
})

test('in Discord it does', async () => {
  await goes('discord', onDiscord(discord))
  expect(discord.refused).toEqual([])
})

test('by text message it does', async () => {
  await goes('sms', onPhones(twilio))
  expect(twilio.refused).toEqual([])
})

/** Plays a transcript; where what is said has changed and is right, `vitest -u` writes it down. */
async function goes(name: string, platform: Platform): Promise<void> {
  const file = new URL(`transcript-${name}.txt`, import.meta.url)
  await world.begins(USUAL)
  const played = await play(readFileSync(file, 'utf8'), platform, world)
  await expect(played).toMatchFileSnapshot(file.pathname)
}

/** What Yahoo has beside AAPL. */
const OTHERS: Readonly<Record<string, YahooPrice>> = {
  APLE: { price: 13.2, name: 'Apple Hospitality REIT, Inc.' },
  COIN: { price: 251.4, name: 'Coinbase Global, Inc.' },
  'EURUSD=X': { price: 1.08 },
}

/** Yahoo for stocks and currencies, Coinbase for crypto. */
async function startMarket() {
  const yahoo = await startYahoo()
  const coinbase = await startCoinbase({ 'BTC-USD': '97410', 'COIN-USD': '0.02' })
  const settings = {
    ...{ YAHOO_URL: yahoo.url, COINBASE_URL: coinbase.url, FETCH_INTERVAL: '500ms' },
    ...{ MARKET_STOCKS: 'yahoo', MARKET_CRYPTO: 'coinbase', MARKET_FX: 'yahoo' },
  }
  let ahead = Date.parse(TRADING) - Date.now()
  let price = USUAL
  yahoo.rows.set('AAPL', pastOf(Date.parse(TRADING) / 1000))
  /** All prices are of now, whatever the program's clock was set to. */
  const tell = () => {
    const time = Math.floor((Date.now() + ahead) / 1000)
    for (const [ticker, one] of Object.entries({ AAPL: { price, name: 'Apple Inc.' }, ...OTHERS }))
      yahoo.prices.set(ticker, { ...one, time })
  }
  tell()
  const worldOf = (program: Program): World => {
    const jump = (ms: number) => {
      ahead += ms
      tell()
      program.jump(ms)
    }
    return {
      async goesTo(to) {
        price = to
        tell()
      },
      async begins(at) {
        price = at
        jump(FORGOTTEN)
      },
      async goesDark() {
        const noted = program.err().length
        yahoo.behave('reset')
        jump(STALE)
        while (!program.err().slice(noted).includes('Yahoo')) await wait(20)
        jump(BLIND)
      },
      async comesBack(to) {
        price = to
        yahoo.behave('normal')
        jump(RESTED)
      },
      passes: () => jump(1_000),
    }
  }
  return { settings, worldOf, stop: () => Promise.all([yahoo.stop(), coinbase.stop()]) }
}

/** Candles of AAPL: an hour each for 31 days before a moment (s), then a minute each, in which it was between 495.10 and 503.40. */
function pastOf(at: number): YahooRow[] {
  const hours = Array.from({ length: 744 }, (_, hour) => at - (744 - hour) * 3_600)
  const minutes = Array.from({ length: 240 }, (_, minute) => at + minute * 60)
  return [
    ...hours.map((time): YahooRow => [time, 480, 485, 475, 480, 1_000]),
    ...minutes.map((time): YahooRow => [time, 498, 503.4, 495.1, 498, 1_000]),
  ]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
