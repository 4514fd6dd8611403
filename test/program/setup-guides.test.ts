import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startDiscord } from '../doubles/discord.ts'
import { startTelegram } from '../doubles/telegram.ts'
import { startTwilio } from '../doubles/twilio.ts'
import { freshDatabase } from '../mongo.ts'
import { runProgram, type Settings } from './run-program.ts'

/** The settings that a guide says to write into `.env`: their names, with what an example has in place of a value. */
function settingsOf(guide: string): Record<string, string> {
  const text = readFileSync(new URL(`../../docs/${guide}.md`, import.meta.url), 'utf8')
  const steps = text.slice(0, text.indexOf('\n## '))
  return Object.fromEntries(
    [...steps.matchAll(/^ {7}([A-Z_]+)=(\S+)(?: +#.*)?$/gm)].map(([, name, value]) => [name!, value!]),
  )
}

/** The program with what a guide names, its placeholders filled in, and nothing else but where the double is. */
function startBy(guide: string, values: Settings, double: Settings) {
  const named = settingsOf(guide)
  for (const [name, value] of Object.entries(values)) {
    expect(named).toHaveProperty(name)
    named[name] = value!
  }
  return runProgram(['start'], { ...named, ...double, MARKET: 'simulated', MONGODB_URI: freshDatabase() })
}

test('what the guide to Telegram names is enough to be answered there', async () => {
  const telegram = await startTelegram()
  startBy('telegram', { TELEGRAM_BOT_TOKEN: telegram.token }, { TELEGRAM_API_ROOT: telegram.url })
  await telegram.until(() => telegram.menu('all_private_chats') !== undefined)
  telegram.says('/alert BTC > 100k')
  await telegram.until(() => telegram.shown().some(({ text }) => text.startsWith('Alert 1 is on.')))
  expect(telegram.refused).toEqual([])
  await telegram.stop()
})

test('what the guide to Discord names is enough to be answered there', async () => {
  const discord = await startDiscord()
  startBy('discord', { DISCORD_TOKEN: discord.token }, { DISCORD_API_URL: discord.url })
  await discord.until(() => discord.connected > 0 && discord.commands() !== undefined)
  discord.says('alert BTC > 100k')
  await discord.until(() => discord.shown().some(({ content }) => content.startsWith('**Alert 1 is on.**')))
  expect(discord.refused).toEqual([])
  await discord.stop()
})

test('what the guide to SMS names is enough to be answered by text', async () => {
  const twilio = await startTwilio()
  const { PUBLIC_URL } = settingsOf('sms')
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  twilio.deliverTo(`http://127.0.0.1:${port}`, PUBLIC_URL!)
  const values = {
    ...{ TWILIO_ACCOUNT_SID: twilio.accountSid, TWILIO_AUTH_TOKEN: twilio.authToken, TWILIO_FROM: twilio.number },
    PORT: String(port),
  }
  const program = startBy('sms', values, { TWILIO_API_URL: twilio.url })
  await program.notes(/bot and worker/)
  const { texts } = await twilio.texts('alert BTC > 100k', '+12025550123')
  expect(texts.join('\n')).toContain('Alert 1 is on: BTC > 100k.')
  expect(twilio.refused).toEqual([])
  await twilio.stop()
})
