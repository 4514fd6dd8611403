import { setTimeout as wait } from 'node:timers/promises'
import { openLedger } from './ledger.ts'
import { createCrossings, toldIn } from './market.ts'
import { until } from './until.ts'
import { type Person, setAlerts, type World } from './world.ts'

/** How a database goes away and comes back. `uri`: the database itself; `through`: as the program reaches it; `away`: ms. */
export type Away = {
  readonly uri: string
  readonly through: string
  readonly away: number
  leave(): Promise<void> | void
  comeBack(): Promise<void> | void
}

/** What came of it; `faults` in words, none where all is well. */
export type AwayStory = {
  readonly faults: readonly string[]
  readonly figures: {
    /** Commands that were written, those answered as kept, and those answered with the word that something broke. */
    readonly written: number
    readonly kept: number
    readonly broke: number
    /** Those to which it was said that the database was away, and how many of each channel got no word. */
    readonly honest: number
    readonly unanswered: Readonly<Record<string, number>>
    readonly firings: number
    readonly told: number
  }
}

/** How often somebody writes, ms. */
const WRITES_EVERY = 250
const BROKE = /^(Something broke on my side|Sorry, something broke)/

const HONEST = /^I (cannot reach|lost touch with) my memory/

/** A command whose alert is known by its level, who wrote it, and what they had read before. */
type Written = { readonly level: number; readonly by: Person }

/** People go on writing and prices go on moving while the database is away. */
export async function databaseAway(world: World, { uri, through, away, leave, comeBack }: Away): Promise<AwayStory> {
  const ledger = await openLedger(uri)
  const program = world.run([], { MONGODB_URI: through, LOCK_LIFETIME: '30s', BLIND_AFTER: '1h', MAX_ALERTS: '1000' })
  try {
    await setAlerts(world)
    const writers = world.people.filter(({ channel }) => channel !== 'email')
    const crossings = createCrossings(world.coinbase, ledger, world.people.length)
    await crossings.cross()
    const written: Written[] = []
    const write = () => {
      const by = writers[written.length % writers.length]!
      const level = 500_001 + written.length
      written.push({ level, by })
      by.says(`${by.channel === 'sms' ? '' : '/'}alert BTC > ${level}`)
    }
    for (let index = 0; index < writers.length; index++) write()
    crossings.rise()
    await leave()
    const end = performance.now() + away
    while (performance.now() < end) {
      write()
      await wait(WRITES_EVERY)
    }
    await comeBack()
    for (let index = 0; index < writers.length; index++) write()
    await until('all have seen it dear', async () => (await ledger.met()) === world.people.length)
    crossings.fall()
    await until('all have seen it cheap', async () => (await ledger.met()) === 0)
    await crossings.cross()
    await until('all is told', ledger.isQuiet)
    const answerTo = ({ level, by }: Written) =>
      by.read().find((text) => text.includes(String(level)) && /Alert \d+ is on/.test(text))
    const last = written.slice(-writers.length)
    const isAnswered = () => last.every((one) => answerTo(one) !== undefined)
    const unheard = await until('the last ones are answered', isAnswered).then(none, messageOf)
    const alerts = await ledger.db.collection('alerts').find().toArray()
    const times = (level: number) => alerts.filter(({ text }) => String(text).includes(String(level))).length
    const kept = written.filter((one) => answerTo(one) !== undefined)
    const saying = (pattern: RegExp, by: readonly Person[] = writers) =>
      by.flatMap((person) => person.read().filter((text) => pattern.test(text))).length
    const [broke, honest] = [saying(BROKE), saying(HONEST)]
    const silent = written.filter((one) => answerTo(one) === undefined)
    const unansweredOn = (channel: string) => {
      const by = writers.filter((person) => person.channel === channel)
      return silent.filter((one) => one.by.channel === channel).length - saying(BROKE, by) - saying(HONEST, by)
    }
    const unanswered = Object.fromEntries(
      [...new Set(writers.map(({ channel }) => channel))].map((channel) => [channel, unansweredOn(channel)]),
    )
    const told = world.people.map((person) => ({ person, prices: toldIn(person.read()) }))
    const faults = [
      ...unheard,
      ...kept
        .filter(({ level }) => times(level) !== 1)
        .map(({ level }) => `told as kept, and there ${times(level)} times: ${level}`),
      ...silent
        .filter(({ level }) => times(level) > 0)
        .map(({ level, by }) => `kept and not said so: ${level} of ${by.address}`),
      ...Object.entries(unanswered)
        .filter(([, count]) => count > 0)
        .map(([channel, count]) => `on ${channel} ${count} were not answered at all`),
      ...(broke > 0 ? [`to ${broke} it was said that something broke`] : []),
      ...told.flatMap(({ person, prices }) =>
        [...prices].sort().join() === crossings.prices.join()
          ? []
          : [`${person.address} was told ${prices.join()} of ${crossings.prices.join()}`],
      ),
      ...world.refused(),
    ]
    if (faults.length > 0) faults.push(program.err().slice(0, 20_000))
    const figures = {
      ...{ written: written.length, kept: kept.length, broke, honest, unanswered },
      firings: crossings.prices.length * world.people.length,
      told: told.reduce((sum, { prices }) => sum + prices.length, 0),
    }
    return { faults, figures }
  } finally {
    await ledger.close()
  }
}

function none(): string[] {
  return []
}

function messageOf(error: unknown): string[] {
  return [String(error)]
}
