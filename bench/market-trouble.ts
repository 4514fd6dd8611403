import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../src/store/embedded.ts'
import { startFrankfurter } from '../test/doubles/frankfurter.ts'
import {
  admit,
  createClock,
  type Outcome,
  type PATIENTS,
  START,
  suffer,
  sufferDaily,
  TROUBLES,
  watch,
} from '../test/program/market-trouble.ts'
import { type Settings, startProgram } from '../test/program/program.ts'
import { processorTime, type Say, table } from './stats.ts'

type Ward = readonly (keyof typeof PATIENTS)[]

/** Each program has one provider of stocks and one of crypto, each alone in its class. */
const WARDS: readonly Ward[] = [
  ['yahoo', 'coinbase'],
  ['nasdaq', 'kraken'],
  ['tiingo', 'binance'],
  ['alpaca', 'coingecko'],
  ['twelvedata', 'coindesk'],
]

/** So many programs run at a time. */
const AT_A_TIME = 2

/** Every trouble at every provider, with the real program; the process fails where one fired wrongly or did not recover. */
export async function run(say: Say): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signal-generator-trouble-'))
  const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'signal-generator')
  const systemBinary = process.env.MONGOMS_SYSTEM_BINARY
  const mongo = await startEmbedded({ dataDir, cacheDir, systemBinary, say: () => {} })
  const database = (name: string) => Object.assign(new URL(mongo.uri), { pathname: `/${name}` }).href
  const programs = [
    ...WARDS.map((names, index) => () => runWard(names, { MONGODB_URI: database(`ward-${index}`) }, dataDir)),
    () => runDaily({ MONGODB_URI: database('daily') }, dataDir),
  ]
  try {
    const outcomes: Outcome[] = []
    for (let first = 0; first < programs.length; first += AT_A_TIME) {
      const work = programs.slice(first, first + AT_A_TIME).map((start) => start())
      // What the others do is waited for all the same: they use the database.
      await Promise.allSettled(work)
      outcomes.push(...(await Promise.all(work)).flat())
    }
    report(outcomes, say)
  } finally {
    await mongo.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function runWard(names: Ward, database: Settings, folder: string): Promise<Outcome[]> {
  const clock = createClock()
  const { patients, settings } = await admit(names, clock)
  const { program } = startProgram(['start'], { ...settings, ...database }, { folder, clock: START })
  try {
    const ward = { program, clock, patients }
    await watch(ward)
    const outcomes: Outcome[] = []
    for (const trouble of TROUBLES) outcomes.push(...(await suffer(ward, trouble)))
    return outcomes
  } finally {
    program.kill('SIGKILL')
    await Promise.all(patients.map(({ double }) => double.stop()))
  }
}

async function runDaily(database: Settings, folder: string): Promise<Outcome[]> {
  const clock = createClock()
  const double = await startFrankfurter([{ date: START.slice(0, 10), quote: 'USD', rate: 1 }])
  const settings = { MARKET_FX: 'frankfurter', FRANKFURTER_URL: double.url, FETCH_INTERVAL: '250ms', ...database }
  const { program } = startProgram(['start'], settings, { folder, clock: START })
  try {
    await program.ask('alert EURUSD > 1.15 or EURUSD < 0.8 repeat')
    const outcomes: Outcome[] = []
    for (const trouble of TROUBLES) outcomes.push(await sufferDaily({ program, clock, double }, trouble))
    return outcomes
  } finally {
    program.kill('SIGKILL')
    await double.stop()
  }
}

/** False firings and recovery of each provider (lines) in each trouble (columns): `0 ✓`. */
function report(outcomes: readonly Outcome[], say: Say): void {
  const providers = [...new Set(outcomes.map(({ provider }) => provider))]
  const cell = (provider: string, trouble: string) => {
    const one = outcomes.find((outcome) => outcome.provider === provider && outcome.trouble === trouble)
    return one === undefined ? 'not run' : `${one.falseFirings} ${one.recovered ? 'ok' : 'LOST'}`
  }
  const titles = TROUBLES.map(({ title }) => title)
  const rows = providers.map((provider) => [provider, ...titles.map((title) => cell(provider, title))])
  for (const line of table([['false firings, and whether it recovered', ...titles], ...rows])) say(line)
  const isWell = outcomes.every(({ falseFirings, recovered }) => falseFirings === 0 && recovered)
  say(
    `\n  ${outcomes.length} troubles; ${isWell ? 'ok' : 'MISSED'}; ${Math.round(processorTime())} ms of this process's own`,
  )
  if (!isWell) process.exitCode = 1
}
