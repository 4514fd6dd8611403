import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'
import type { Fleet, Member } from './fleet.ts'
import type { Random } from './random.ts'
import { describe, type Stage, stageAt } from './stage.ts'

/** A kill. `stage`: by the last operation the database has done for it; `operations`: those, the last one first. */
export type Kill = {
  readonly at: number
  readonly who: string
  readonly kind: string
  /** How long it had run, ms. */
  readonly age: number
  readonly stage: Stage
  readonly operations: readonly string[]
}

/**
 * `count`: how many; `gap`: ms between two on the average; `again`: the share of kills that another one of the same process
 * follows at once; `mongodEvery`: one out of so many is of the database.
 */
export type KillingPorts = {
  readonly fleet: Fleet
  readonly database: Database
  readonly random: Random
  readonly count: number
  readonly gap: number
  readonly again: number
  readonly mongodEvery: number
  killed(kill: Kill): void
}

/** The program gives a `mongod` up that dies often; one that dies as seldom as this it does not, ms. */
const MONGOD_RESTS = 15_000
/**
 * The share of kills that wait for nobody. The others wait until all processes but one are ready, so that they meet work
 * under way also on a slow machine.
 */
const UNREADY = 0.2
const READY_WITHIN = 60_000
const LOOK_EVERY = 50
/** The share of kills of two processes at once. */
const TOGETHER = 0.15
/** A process that is killed again lives for so long at most, ms: it is starting. */
const STARTS_FOR = 800

/**
 * Kills at random moments, one process in turn with others going on, some while they start, some together with a second one.
 * Gives the kills when all are done.
 */
export async function killAll({
  fleet,
  database,
  random,
  count,
  gap,
  again,
  mongodEvery,
  killed,
}: KillingPorts): Promise<Kill[]> {
  const kills: Kill[] = []
  const looks: Promise<void>[] = []
  let mongodAt = Date.now()
  const note = (kill: Kill) => {
    kills.push(kill)
    killed(kill)
  }
  const kill = async (member: Member) => {
    const [who, at, isReady] = [member.life(), Date.now(), member.isReady()]
    const age = at - member.startedAt()
    await member.kill()
    const look = database.lastOf(who, new Date(at + 50)).then(
      (operations) =>
        note({
          ...{ at, who, kind: member.kind, age },
          stage: isReady ? stageAt(at, operations) : 'start',
          operations: operations.map(describe),
        }),
      () => note({ at, who, kind: member.kind, age, stage: 'not known', operations: [] }),
    )
    looks.push(look)
  }
  const killMongod = async () => {
    const at = Date.now()
    await database.kill()
    note({ at, who: 'mongod', kind: 'mongod', age: at - mongodAt, stage: 'not known', operations: [] })
    mongodAt = Date.now()
  }
  for (let done = 0; done < count; ) {
    const next = Date.now() + gap * random.between(0.2, 1.8)
    const isMongods = random.next() < 1 / mongodEvery && Date.now() - mongodAt > MONGOD_RESTS
    const chance = random.next()
    if (random.next() > UNREADY) await mostReady(fleet.members)
    const ready = fleet.members.filter((member) => member.isReady())
    const victim = random.of(ready.length > 0 ? ready : fleet.members)
    if (isMongods) await killMongod()
    else await kill(victim)
    done++
    if (!isMongods && chance < again && done < count) {
      await sleep(random.between(50, STARTS_FOR))
      await kill(victim)
      done++
    } else if (!isMongods && chance < again + TOGETHER && done < count) {
      await kill(random.of(fleet.members.filter((other) => other !== victim)))
      done++
    }
    await sleep(Math.max(0, next - Date.now()))
  }
  await Promise.all(looks)
  return kills
}

async function mostReady(members: readonly Member[]): Promise<void> {
  const until = Date.now() + READY_WITHIN
  while (members.filter((member) => !member.isReady()).length > 1 && Date.now() < until) await sleep(LOOK_EVERY)
}
