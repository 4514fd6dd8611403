import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { openLedger } from './ledger.ts'
import { until } from './until.ts'
import { startWorld } from './world.ts'

/** What is told of the firing, wherever it is told. */
const TOLD = /^(Alert 1: )?BTC.* 100001 USD/s
const ELSEWHERE = /This comes here because SMS did not take it/

/** What each person does while a firing of theirs waits for Twilio, by chat or by text, and where it is told then. */
const DEEDS = {
  delete: { says: '/delete 1', told: 'by text' },
  edit: { says: '/edit 1 BTC > 200k via sms', told: 'by text' },
  pause: { says: '/pause 1', told: 'by text' },
  snooze: { says: '/snooze 1 1h', told: 'by text' },
  unsubscribe: { says: '/unsubscribe sms', told: 'in chat' },
  stop: { texts: 'STOP', told: 'in chat' },
  forget: { says: '/forgetme yes', told: 'nowhere' },
} as const
type Deed = keyof typeof DEEDS
const NAMES = Object.keys(DEEDS) as Deed[]
const idOf = (name: Deed) => 3_000 + NAMES.indexOf(name)
const phoneOf = (name: Deed) => `+120255502${10 + NAMES.indexOf(name)}`

test('what people do while a firing of theirs is on its way: it is told all the same, elsewhere where it has to be, and to nobody who is erased', async () => {
  const world = await startWorld(1, ['telegram', 'sms'])
  onTestFinished(world.stop)
  const { telegram, twilio, coinbase, gates } = world
  const uri = freshDatabase()
  world.run([], { MONGODB_URI: uri })
  const ledger = await openLedger(uri)
  onTestFinished(ledger.close)
  const chat = (name: Deed) => telegram.shown(idOf(name)).map(({ text }) => text)
  const texts = (name: Deed) => twilio.phone(phoneOf(name)).map(({ text }) => text)
  const says = async (name: Deed, text: string, answer: RegExp) => {
    const before = chat(name).length
    telegram.says(text, { id: idOf(name) })
    await until(`"${text}" is answered with ${answer}, not ${chat(name).at(-1)}`, () =>
      chat(name)
        .slice(before)
        .some((one) => answer.test(one)),
    )
  }
  await until('the program listens', () => telegram.webhook !== undefined)
  for (const name of NAMES) {
    await says(name, `/subscribe sms ${phoneOf(name)}`, /texted a code/)
    await until('the code is texted', () => texts(name).length === 1)
    await says(name, `/confirm ${/\b\d{6}\b/.exec(texts(name)[0]!)![0]}`, /is confirmed/)
    await says(name, '/alert BTC > 100k via sms', /^Alert 1 is on/)
  }
  await gates.sms.set('503')
  coinbase.prices.set('BTC-USD', '100001')
  await until(
    'all are tried',
    async () => (await ledger.owed()).filter(({ tries }) => tries > 0).length === NAMES.length,
  )
  const before = Object.fromEntries(NAMES.map((name) => [name, chat(name).length]))
  for (const name of NAMES) {
    const deed = DEEDS[name]
    if ('texts' in deed) await twilio.texts(deed.texts, phoneOf(name))
    else {
      telegram.says(deed.says, { id: idOf(name) })
      await until(`${name} is answered`, () => chat(name).length > before[name]!)
    }
  }
  await gates.sms.set('open')
  await until('all is told', ledger.isQuiet)
  for (const name of NAMES) {
    const came = { 'by text': texts(name), 'in chat': chat(name).slice(before[name]) }
    const told = Object.entries(came).flatMap(([where, all]) => all.flatMap((text) => (TOLD.test(text) ? [where] : [])))
    const { told: expected } = DEEDS[name]
    expect([name, told]).toEqual([name, expected === 'nowhere' ? [] : [expected]])
    if (expected === 'in chat') expect(came['in chat'].at(-1)).toMatch(ELSEWHERE)
  }
  expect(world.refused()).toEqual([])
})
