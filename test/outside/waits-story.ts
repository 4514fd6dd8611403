import { setTimeout as wait } from 'node:timers/promises'
import type { Jump } from './clock-story.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

/** What each of Anna's alerts is, by its number. The second one of each pair of prices makes it true. */
const ALERTS = {
  pending: { line: 'BTC > 100k for 20s repeat', pair: 'BTC-USD', prices: ['95000', '100001'] },
  cooling: { line: 'ETH > 5k repeat cooldown 20s', pair: 'ETH-USD', prices: ['4900', '5001'] },
  running: { line: 'SOL > 500 every 20s', pair: 'SOL-USD', prices: ['490', '501'] },
  ending: { line: 'XRP > 5 expires in 5m', pair: 'XRP-USD', prices: ['4.9', '5.1'] },
  snoozed: { line: 'LTC > 200 repeat', pair: 'LTC-USD', prices: ['190', '201'] },
  urgent: { line: 'DOGE > 1 urgent', pair: 'DOGE-USD', prices: ['0.95', '1.01'] },
} as const
export type Name = keyof typeof ALERTS
const NAMES = Object.keys(ALERTS) as Name[]
const PHONE = '+12025550123'
const ANNA = 1_000

/** How long `for`, cooldown, `every`, the snooze and the wait for a word last, s. */
export const LASTS = 20
/** How long it was pending, cooling down, snoozed, and so on, when the clock was set, s at least. */
export const BEFORE = 5

/** What Anna was told of an alert; `at`: s of real time after the jump, less than 0 before it. */
export type Word = { readonly name: Name; readonly on: 'telegram' | 'sms'; readonly at: number; readonly text: string }

/** What came of a jump while all of them waited for a moment. */
export type WaitsStory = {
  readonly words: readonly Word[]
  /** What she was told that is about none of them. */
  readonly others: readonly string[]
  /** Since when BTC was true, s before the jump. */
  readonly metFor: number
  /** How many s after the jump XRP became dear, SOL cheap again, and it was over. */
  readonly dearAt: number
  readonly cheapAt: number
  readonly endedAt: number
  /** What she is shown of her alerts then. */
  readonly list: string
}

/**
 * Anna's alerts are brought to where each waits for a moment; then the clock of the program jumps by so many ms, and all
 * she is told for `seconds` of real time is noted.
 */
export async function jumpWhileWaiting(world: World, jump: Jump, ms: number, seconds: number): Promise<WaitsStory> {
  const tell = (name: Name, which: 0 | 1) =>
    void world.coinbase.prices.set(ALERTS[name].pair, ALERTS[name].prices[which])
  for (const name of NAMES) tell(name, 0)
  const { telegram } = world
  await until('the program listens', () => telegram.webhook !== undefined)
  await confirmPhone(world)
  const says = async (text: string, answer: RegExp) => {
    telegram.says(text, { id: ANNA })
    await until(`"${text}" is answered`, () => telegram.shown(ANNA).some((shown) => answer.test(shown.text)))
  }
  for (const [index, name] of NAMES.entries())
    await says(`/alert ${ALERTS[name].line}`, new RegExp(`^Alert ${index + 1} is on`))
  const notes = takeNotes(world)
  const hears = (name: Name) => until(`${name} is told`, () => notes.words().some((word) => word.name === name))

  // What she writes acknowledges what is urgent, so she is silent from then on.
  await says(`/snooze ${NAMES.indexOf('snoozed') + 1} ${LASTS}s`, /is silent until/)
  for (const name of ['cooling', 'running', 'urgent'] as const) tell(name, 1)
  await Promise.all([hears('cooling'), hears('running'), hears('urgent')])
  tell('cooling', 0)
  await wait(1_500)
  for (const name of ['cooling', 'snoozed', 'pending'] as const) tell(name, 1)
  const metAt = performance.now()
  await wait(BEFORE * 1_000)
  await jump(ms)
  const jumpedAt = performance.now()
  const sinceJump = () => (performance.now() - jumpedAt) / 1_000

  await wait(3_000)
  const dearAt = sinceJump()
  tell('ending', 1)
  await wait((seconds - 5) * 1_000 - (performance.now() - jumpedAt))
  const cheapAt = sinceJump()
  tell('running', 0)
  await wait(5_000)
  notes.end()
  const words = notes.words().map((word) => ({ ...word, at: word.at - jumpedAt / 1_000 }))
  const times = { metFor: (jumpedAt - metAt) / 1_000, dearAt, cheapAt, endedAt: sinceJump() }
  const before = telegram.shown(ANNA).length
  telegram.says('/list', { id: ANNA })
  await until('the list is shown', () => telegram.shown(ANNA).length > before)
  return { words, others: notes.others(), ...times, list: telegram.shown(ANNA).at(-1)!.text }
}

async function confirmPhone({ telegram, twilio }: World): Promise<void> {
  telegram.says(`/subscribe sms ${PHONE}`, { id: ANNA })
  await until('the code is texted', () => twilio.phone(PHONE).length === 1)
  telegram.says(`/confirm ${/\b\d{6}\b/.exec(twilio.phone(PHONE)[0]!.text)![0]}`, { id: ANNA })
  await until('the phone is confirmed', () => telegram.shown(ANNA).some(({ text }) => /is confirmed/.test(text)))
}

/** Notes what comes from now on, and when (s), but for what answers what she writes. */
function takeNotes({ telegram, twilio }: World) {
  const read = {
    telegram: () =>
      telegram
        .shown(ANNA)
        .filter(({ photo }) => photo === undefined)
        .map(({ text }) => text),
    sms: () => twilio.phone(PHONE).map(({ text }) => text),
  }
  const seen = { telegram: read.telegram().length, sms: read.sms().length }
  const noted: { on: 'telegram' | 'sms'; at: number; text: string }[] = []
  const look = () => {
    for (const on of ['telegram', 'sms'] as const) {
      const all = read[on]()
      for (const text of all.slice(seen[on])) noted.push({ on, at: performance.now() / 1_000, text })
      seen[on] = all.length
    }
  }
  const timer = setInterval(look, 50)
  const nameOf = (text: string) =>
    NAMES.find(
      (name) =>
        text.includes(ALERTS[name].pair.replace('-', '/')) || text.includes(`${ALERTS[name].pair.slice(0, -4)} price`),
    )
  const isAnswer = (text: string) => /is silent until/.test(text)
  const told = () => noted.filter(({ text }) => !isAnswer(text))
  return {
    words: (): Word[] =>
      told().flatMap((one) => {
        const name = nameOf(one.text)
        return name === undefined ? [] : [{ ...one, name }]
      }),
    others: () => told().flatMap(({ text }) => (nameOf(text) === undefined ? [text] : [])),
    end() {
      look()
      clearInterval(timer)
    },
  }
}
