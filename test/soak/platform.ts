import { messageOf } from '../../src/errors.ts'
import { onAmazon } from './on-amazon.ts'
import { onDiscord } from './on-discord.ts'
import { onMarket } from './on-market.ts'
import { onTelegram } from './on-telegram.ts'
import { onTwilio } from './on-twilio.ts'
import type { Doings, Question, Take, Word } from './protocol.ts'

/** Who can be a process of its own, by the name it is started with; the rest of the arguments is JSON for each. */
const PLATFORMS: Readonly<Record<string, (take: Take, given: never) => Promise<Doings>>> = {
  telegram: (take, { ports }: { ports: number[] }) => onTelegram(take, ports),
  discord: (take, { people }: { people: string[] }) => onDiscord(take, people),
  twilio: (take, { phones, ports }: { phones: string[]; ports: number[] }) => onTwilio(take, phones, ports),
  amazon: (take, { addresses }: { addresses: string[] }) => onAmazon(take, addresses),
  market: () => onMarket(),
}

const [name = '', given = '{}'] = process.argv.slice(2)
const tell = (word: Word) => void process.send?.(word)
const take: Take = (place, text) => tell({ kind: 'taken', taken: { place, at: Date.now(), text } })
const doings = await PLATFORMS[name]!(take, JSON.parse(given) as never)

process.on('disconnect', () => process.exit(0))
process.on('message', async ({ id, what, given: with_ }: Question) => {
  try {
    tell({ kind: 'answer', id, value: await doings[what]!(...with_) })
  } catch (error) {
    tell({ kind: 'answer', id, error: messageOf(error) })
  }
})
tell({ kind: 'answer', id: 0, value: await doings.about!() })
