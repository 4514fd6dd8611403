import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
import { type DiscordDouble, directOf, startDiscord } from '../doubles/discord.ts'
import { type SnsDouble, startSns } from '../doubles/sns.ts'
import { startTelegram, type TelegramDouble } from '../doubles/telegram.ts'
import { startTwilio, type TwilioDouble } from '../doubles/twilio.ts'
import { type Program, type Settings, startProgram } from '../program/program.ts'
import { type Gate, startGate } from './gate.ts'
import { CONDITION } from './market.ts'
import { until } from './until.ts'

/** The channels of the program, as its notifications name them. */
export const CHANNELS = ['telegram', 'discord', 'sms', 'email'] as const
export type ChannelName = (typeof CHANNELS)[number]

/** Somebody on a channel: where the program tells them something, and what they have read of it. */
export type Person = {
  readonly channel: ChannelName
  readonly address: string
  /** Writes to the program. */
  says(text: string): void
  /** Every message they got, the oldest first; without pictures that follow one. */
  read(): readonly string[]
}

/** All platforms, each behind a gate of its own, one provider, and people who have set nothing yet. */
export type World = {
  readonly telegram: TelegramDouble
  readonly discord: DiscordDouble
  readonly twilio: TwilioDouble
  readonly amazon: SnsDouble
  readonly coinbase: CoinbaseDouble
  readonly gates: Readonly<Record<ChannelName, Gate>>
  /** Of each channel so many. */
  readonly people: readonly Person[]
  /** What a program needs to be in this world. */
  readonly settings: Settings
  /** What platforms found wrong with what they were asked. */
  refused(): readonly string[]
  /** Starts a program; it is killed with the world if it still runs. */
  run(roles: readonly string[], settings: Settings, how?: { clock?: string; preload?: Settings }): Program
  stop(): Promise<void>
}

const PUBLIC_URL = 'https://bot.example.com'
/** Everything is told by itself, nobody writes or is texted too much, and a process that is gone is soon replaced. */
const COMMON: Settings = {
  ...{ COMMANDS_PER_MINUTE: '10000', SMS_DAILY_LIMIT: '5000/100000', TELEGRAM_PER_SECOND: '1000' },
  ...{ MARKET_CRYPTO: 'coinbase', MARKET_STOCKS: 'yahoo', MARKET_FX: 'yahoo', FETCH_INTERVAL: '250ms' },
  ...{ LOCK_LIFETIME: '2s', TIMEZONE: 'UTC' },
}

/** Starts one with so many people on each of these channels; on e-mail, which nobody writes by, there is one. */
export async function startWorld(each: number, channels: readonly ChannelName[] = CHANNELS): Promise<World> {
  const [telegram, discord, twilio, amazon, coinbase] = await Promise.all([
    ...[startTelegram(), startDiscord(), startTwilio(), startSns(), startCoinbase({ 'BTC-USD': '90000' })],
  ] as [
    Promise<TelegramDouble>,
    Promise<DiscordDouble>,
    Promise<TwilioDouble>,
    Promise<SnsDouble>,
    Promise<CoinbaseDouble>,
  ])
  const urls = [telegram.url, discord.url, twilio.url, amazon.url]
  const [toTelegram, toDiscord, toTwilio, toAmazon] = (await Promise.all(urls.map(startGate))) as [
    Gate,
    Gate,
    Gate,
    Gate,
  ]
  const gates = { telegram: toTelegram, discord: toDiscord, sms: toTwilio, email: toAmazon }
  const port = await freePort()
  telegram.deliverTo(`http://127.0.0.1:${port}`)
  twilio.deliverTo(`http://127.0.0.1:${port}`, PUBLIC_URL)
  const folder = mkdtempSync(join(tmpdir(), 'signal-generator-outside-'))
  const ends: (() => Promise<void>)[] = []
  const settings: Settings = {
    ...COMMON,
    ...{ TELEGRAM_API_ROOT: `http://${toTelegram.host}`, TELEGRAM_BOT_TOKEN: telegram.token },
    ...{ DISCORD_API_URL: discord.url.replace(/127\.0\.0\.1:\d+/, toDiscord.host), DISCORD_TOKEN: discord.token },
    ...{ TWILIO_API_URL: `http://${toTwilio.host}`, TWILIO_ACCOUNT_SID: twilio.accountSid },
    ...{ TWILIO_AUTH_TOKEN: twilio.authToken, TWILIO_FROM: twilio.number },
    ...{ AWS_REGION: amazon.region, AWS_ENDPOINT_URL_SNS: `http://${toAmazon.host}` },
    ...{
      AWS_ACCESS_KEY_ID: amazon.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: amazon.credentials.secretAccessKey,
    },
    ...{ COINBASE_URL: coinbase.url, PORT: String(port), PUBLIC_URL },
  }
  const doubles = { telegram, discord, twilio, amazon }
  return {
    ...doubles,
    coinbase,
    gates,
    people: peopleOf(doubles, each).filter(({ channel }) => channels.includes(channel)),
    settings,
    refused: () => [telegram, discord, twilio, amazon].flatMap(({ refused }) => refused),
    run(roles, given, { clock, preload } = {}) {
      const how = { folder, clock }
      const { program, child } = startProgram(['start', ...roles], { ...settings, ...given, ...preload }, how)
      ends.push(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill('SIGKILL')
        await once(child, 'exit')
      })
      return program
    },
    async stop() {
      for (const end of ends) await end()
      await Promise.all(Object.values(gates).map((gate) => gate.stop()))
      await Promise.all([telegram, discord, twilio, amazon, coinbase].map((double) => double.stop()))
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

type Doubles = Pick<World, 'telegram' | 'discord' | 'twilio' | 'amazon'>

function peopleOf({ telegram, discord, twilio, amazon }: Doubles, each: number): Person[] {
  const numbered = <T>(make: (index: number) => T): T[] => Array.from({ length: each }, (_, index) => make(index))
  return [
    ...numbered((index) => onTelegram(telegram, 1_000 + index)),
    ...numbered((index) => onDiscord(discord, `7${String(index).padStart(17, '0')}`)),
    ...numbered((index) => onPhone(twilio, `+1202555${String(100 + index).padStart(4, '0')}`)),
    byMail(amazon, telegram, 'anna@example.org', 2_000),
  ]
}

function onTelegram(telegram: TelegramDouble, id: number): Person {
  return {
    ...{ channel: 'telegram', address: String(id) },
    says: (text) => void telegram.says(text, { id }),
    read: () =>
      telegram
        .shown(id)
        .filter(({ photo }) => photo === undefined)
        .map(({ text }) => text),
  }
}

function onDiscord(discord: DiscordDouble, id: string): Person {
  const words = (text: string) => text.replaceAll('**', '').replace(/\\(.)/g, '$1').replaceAll('\u2060', '')
  return {
    ...{ channel: 'discord', address: `user/${id}` },
    says: (text) => void discord.says(text, { id }),
    read: () =>
      discord.shown(directOf(id)).map(({ content, embeds }) => {
        const cards = embeds.flatMap(({ title, description }) => [title ?? '', description ?? ''])
        return words([content, ...cards].join('\n'))
      }),
  }
}

function onPhone(twilio: TwilioDouble, number: string): Person {
  return {
    ...{ channel: 'sms', address: number },
    says: (text) => void twilio.texts(text, number).catch(() => {}),
    read: () => twilio.phone(number).map(({ text }) => text),
  }
}

/** Who reads mail, and writes in Telegram. */
function byMail(amazon: SnsDouble, telegram: TelegramDouble, address: string, id: number): Person {
  return {
    ...{ channel: 'email', address },
    says: (text) => void telegram.says(text, { id }),
    read: () => amazon.mailTo(address).map(({ subject, text }) => `${subject}\n${text}`),
  }
}

/** Everybody sets the one alert, each is told of it on their own channel. */
export async function setAlerts({ people, telegram, discord, amazon }: World): Promise<void> {
  await until('the program listens', () => telegram.webhook !== undefined && discord.connected > 0)
  const mailed = people.find(({ channel }) => channel === 'email')
  if (mailed) await confirmMail(mailed, telegram, amazon)
  for (const person of people)
    person.says(`${person.channel === 'sms' ? '' : '/'}alert ${CONDITION}${person === mailed ? ' via email' : ''}`)
  const isSet = (person: Person) => {
    const read = person === mailed ? telegram.shown(2_000).map(({ text }) => text) : person.read()
    return read.some((text) => /Alert 1 is on/.test(text))
  }
  await until('everybody has an alert', () => people.every(isSet))
}

async function confirmMail(person: Person, telegram: TelegramDouble, amazon: SnsDouble): Promise<void> {
  const sees = (pattern: RegExp) =>
    until(`${pattern} is said`, () => telegram.shown(2_000).some(({ text }) => pattern.test(text)))
  person.says(`/subscribe email ${person.address}`)
  await sees(/mails a link/)
  amazon.opensLink(person.address)
  telegram.presses('I have opened it', { id: 2_000 })
  await until('the code is mailed', () => amazon.mailTo(person.address).length === 2)
  const [digits] = /\d{6}/.exec(amazon.mailTo(person.address)[1]!.subject)!
  person.says(`/confirm ${digits}`)
  await sees(/is confirmed/i)
}

/** A port of 127.0.0.1 that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
