import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, startDatabase } from './database.ts'
import { type Fleet, type Kind, startFleet } from './fleet.ts'
import { type Kill, killAll } from './killing.ts'
import { moveMarket } from './market-day.ts'
import type { Past } from './oracle.ts'
import { PEOPLE, placesOf } from './people.ts'
import { createRandom } from './random.ts'
import { type Facts, faultsOf } from './report.ts'
import { type Planned, setUp } from './setting.ts'
import type { Platforms } from './talk.ts'
import { type Evidence, judge } from './verdict.ts'
import { createMailbox, type Mailbox, type Remote, startRemote } from './world.ts'
import { startWriting, type Writings } from './writing.ts'

/** What a run is made of. */
export type SoakOptions = {
  readonly kills: number
  readonly minutes: number
  readonly seed: number
  /** The compiled program. */
  readonly dist: string
  /** Where everything of the run is kept. */
  readonly folder: string
  /** The processes that are killed. */
  readonly processes: readonly Kind[]
  /** The share of kills that another one of the same process follows at once. */
  readonly again: number
  /** The share of what people wrote that is posted once more although it was answered: platforms do that, too. */
  readonly twice: number
  /** One out of so many kills is of the database. */
  readonly mongodEvery: number
  /** How long a tick of the market lasts at least, ms. */
  readonly tick: number
  /** After how long the work of a dead process is taken over, ms. */
  readonly lockLifetime: number
  /** How long nothing owed may change at the end before it counts as lost, ms. */
  readonly patience: number
  say(line: string): void
}

/** How often it is looked at the end whether nothing is owed any more, ms. */
const LOOK_EVERY = 1_000

type World = {
  readonly options: SoakOptions
  readonly database: Database
  readonly mailbox: Mailbox
  readonly platforms: Platforms
  readonly market: Remote
  readonly ports: readonly number[]
}

/** Runs it; gives what came of it. What is needed to find the cause of a fault is in the folder. */
export async function soak(options: SoakOptions): Promise<Facts> {
  const { folder, processes, say } = options
  await mkdir(folder, { recursive: true })
  const mailbox = createMailbox()
  const ports = await Promise.all(processes.filter((kind) => kind !== 'worker').map(() => freePort()))
  const database = await startDatabase(folder, () => {})
  const { market, ...platforms } = await startPlatforms(ports, mailbox)
  const world = { options, database, mailbox, platforms, market, ports }
  const fleets: Fleet[] = []
  try {
    say('Setting up.')
    const planned = await prepare(world, fleets)
    say(`${planned.length} alerts are set. Killing.`)
    const facts = await endure(world, planned, fleets)
    return facts
  } finally {
    for (const fleet of fleets) fleet.abandon()
    for (const remote of [market, ...Object.values(platforms)]) remote.stop()
    await database.stop().catch(() => {})
  }
}

async function startPlatforms(ports: readonly number[], mailbox: Mailbox) {
  const places = PEOPLE.flatMap(placesOf)
  const on = (channel: string) =>
    places.filter((place) => place.startsWith(channel)).map((place) => place.slice(channel.length))
  const [telegram, discord, twilio, amazon, market] = await Promise.all([
    startRemote('telegram', { ports }, mailbox),
    startRemote('discord', { people: on('discord:user/') }, mailbox),
    startRemote('twilio', { phones: on('sms:'), ports }, mailbox),
    startRemote('amazon', { addresses: on('email:') }, mailbox),
    startRemote('market', {}, mailbox),
  ])
  return { telegram, discord, twilio, amazon, market }
}

/** One process, nobody is killed: everybody sets what they watch. */
async function prepare(world: World, fleets: Fleet[]): Promise<Planned[]> {
  const fleet = startFleet(['start'], fleetOptions(world))
  fleets.push(fleet)
  const [only] = fleet.members
  await only!.ready()
  for (const platform of [world.platforms.telegram, world.platforms.discord])
    while (!(await platform.ask<boolean>('isReady'))) await sleep(100)
  const planned = await setUp(PEOPLE, world)
  const code = await only!.end()
  if (code !== 0) throw new Error(`the process that set everything up ended with ${code}`)
  return planned
}

/** Load and kills, then the end of it all. */
async function endure(world: World, planned: readonly Planned[], fleets: Fleet[]): Promise<Facts> {
  const { options, database, mailbox, market } = world
  const { kills: count, minutes, seed, say } = options
  const begun = Date.now()
  const faults: string[] = []
  const from = mailbox.all.length
  const fleet = startFleet(options.processes, fleetOptions(world))
  fleets.push(fleet)
  await Promise.all(fleet.members.map((member) => member.ready()))
  await Promise.all([world.platforms.telegram, world.platforms.twilio].map((one) => one.ask('repeat', options.twice)))
  let isOver = false
  const phase = { isOver: () => isOver }
  const writers = PEOPLE.filter(({ rest }) => rest !== undefined)
  const writing = startWriting(writers, { ...world, ...phase, random: createRandom(seed + 1) })
  const ticking = moveMarket({
    ...{ market, database, planned, random: createRandom(seed + 2), least: options.tick, ...phase },
    stuck: (what) => faults.push(`nobody looked for two minutes: ${what}`),
  })
  let done = 0
  const kills = await killAll({
    ...{ fleet, database, random: createRandom(seed), count, again: options.again, mongodEvery: options.mongodEvery },
    gap: (minutes * 60_000) / count,
    killed: ({ who, stage, age }) => say(`kill ${++done}: ${who} at ${stage}, ${(age / 1_000).toFixed(1)} s old`),
  })
  isOver = true
  say('No more kills. Waiting for what is owed.')
  await writing.ended
  const ticks = await ticking
  const evidence = await settle(world, { ticks, planned, writings: writing.all, from })
  const codes = await Promise.all(fleet.members.map((member) => member.end()))
  for (const [index, code] of codes.entries())
    if (code !== 0) faults.push(`${fleet.members[index]!.life()} ended with ${code} when it was told to end`)
  const facts: Facts = {
    ...{ seed, ticks: ticks.length, kills, minutes: (Date.now() - begun) / 60_000 },
    verdict: judge(evidence),
    posted: await postedBy(world),
    faults: [...faults, ...fleet.deaths, ...(await refusedBy(world))],
  }
  await keep(options.folder, evidence, kills, facts)
  return facts
}

type Happened = {
  readonly ticks: readonly Past[]
  readonly planned: readonly Planned[]
  readonly writings: Writings
  /** From which message on. */
  readonly from: number
}

/** Waits until nothing is owed any more, or what is owed has not changed for long. */
async function settle(world: World, happened: Happened): Promise<Evidence> {
  let [owed, since] = ['', Date.now()]
  for (;;) {
    const evidence = await evidenceOf(world, happened)
    const { lost, commands, faults } = judge(evidence)
    const now = [...lost, ...commands.unanswered, ...faults].join()
    if (now === '' || Date.now() - since > world.options.patience) return evidence
    if (now !== owed) [owed, since] = [now, Date.now()]
    await sleep(LOOK_EVERY)
  }
}

async function evidenceOf({ database, mailbox, options }: World, { from, ...happened }: Happened): Promise<Evidence> {
  const places = [...new Set(PEOPLE.map(({ chat }) => chat.place))]
  const users = await Promise.all(places.map(async (place) => [place, (await database.userAt(place)) ?? ''] as const))
  return {
    ...happened,
    taken: mailbox.all.slice(from),
    alerts: await database.alerts({}),
    notifications: await database.notifications({}),
    unanswered: await unansweredIn(options),
    users: new Map(users),
  }
}

/** What the processes noted of sends that had no answer in time. */
async function unansweredIn({ folder, processes }: SoakOptions): Promise<string[]> {
  const notes = await Promise.all(
    processes.map((kind, index) => readFile(join(folder, `${kind}-${index + 1}.log`), 'utf8')),
  )
  return notes.flatMap((text) =>
    [...text.matchAll(/"notification":"([^"]+)".*"reason":"no answer within/g)].map(([, id]) => id!),
  )
}

async function postedBy({ platforms: { telegram, twilio } }: World) {
  const all = await Promise.all([telegram, twilio].map((one) => one.ask<{ again: number; twice: number }>('counts')))
  return { again: all[0]!.again + all[1]!.again, twice: all[0]!.twice + all[1]!.twice }
}

async function refusedBy({ platforms }: World): Promise<string[]> {
  const all = await Promise.all(
    Object.entries(platforms).map(async ([name, remote]) =>
      (await remote.ask<string[]>('refused')).map((what) => `${name} refused: ${what}`),
    ),
  )
  return all.flat()
}

/** What is needed to find the cause of a fault. */
async function keep(folder: string, evidence: Evidence, kills: readonly Kill[], facts: Facts): Promise<void> {
  const lines = (all: readonly unknown[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('')
  await Promise.all([
    writeFile(join(folder, 'kills.jsonl'), lines(kills)),
    writeFile(join(folder, 'messages.jsonl'), lines(evidence.taken)),
    writeFile(join(folder, 'ticks.jsonl'), lines(evidence.ticks)),
    writeFile(join(folder, 'written.jsonl'), lines(evidence.writings.written)),
    writeFile(join(folder, 'alerts.jsonl'), lines(evidence.alerts)),
    writeFile(join(folder, 'notifications.jsonl'), lines(evidence.notifications)),
    writeFile(join(folder, 'faults.txt'), faultsOf(facts).join('\n')),
  ])
}

function fleetOptions({ options, database, platforms, market, ports }: World) {
  const { telegram, discord, twilio, amazon } = platforms
  const { lockLifetime, processes } = options
  const talkers = processes.flatMap((kind, index) => (kind === 'worker' ? [] : [`${kind}-${index + 1}`]))
  return {
    ...{ dist: options.dist, folder: options.folder },
    settingsOf: (life: string, name: string): Record<string, string> => {
      const port = ports[Math.max(0, talkers.indexOf(name))]!
      const isTalking = !name.startsWith('worker')
      return {
        ...{ MONGODB_URI: database.uriFor(life), SHARDS: '2', LOCK_LIFETIME: `${lockLifetime}ms`, BLIND_AFTER: '1d' },
        ...{ COINBASE_URL: market.about.url!, MARKET_CRYPTO: 'coinbase', FETCH_INTERVAL: '400ms', TIMEZONE: 'UTC' },
        ...{ YAHOO_URL: 'http://127.0.0.1:9', MARKET_STOCKS: 'yahoo', MARKET_FX: 'yahoo' },
        ...{ TELEGRAM_API_ROOT: telegram.about.url!, TELEGRAM_BOT_TOKEN: telegram.about.token! },
        ...{ DISCORD_API_URL: discord.about.url!, DISCORD_TOKEN: discord.about.token! },
        ...{ TWILIO_API_URL: twilio.about.url!, TWILIO_ACCOUNT_SID: twilio.about.sid! },
        ...{ TWILIO_AUTH_TOKEN: twilio.about.token!, TWILIO_FROM: twilio.about.number! },
        ...{ AWS_REGION: amazon.about.region!, AWS_ENDPOINT_URL_SNS: amazon.about.url! },
        ...{ AWS_ACCESS_KEY_ID: amazon.about.accessKeyId!, AWS_SECRET_ACCESS_KEY: amazon.about.secretAccessKey! },
        // Firings are counted one by one, and people are quicker than people are.
        ...{ FLOOD_PERSON: '1000000', FLOOD_ALERT: '1000000', COMMANDS_PER_MINUTE: '100000' },
        ...{ SMS_DAILY_LIMIT: '1000000/1000000', LOG_LEVEL: 'info' },
        ...(isTalking ? { PORT: String(port), PUBLIC_URL: 'https://bot.example.com' } : {}),
      }
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
