import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pause } from './alert/change.ts'
import { alert } from './commands/alert.ts'
import { alertLine } from './commands/alert-line.ts'
import type { Context, Services } from './commands/command.ts'
import { understand } from './commands/understand.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { fileProblem, UserError } from './errors.ts'
import { type Imported, importedFrom, type WantedAlert } from './imported.ts'
import { createLog } from './log.ts'
import { placeIn } from './place.ts'
import type { Place } from './store/erased.ts'
import type { User } from './users/types.ts'
import { marketOf } from './wiring/market.ts'
import { partsOf } from './wiring/parts.ts'
import { peopleOf } from './wiring/people.ts'
import { servicesOf } from './wiring/services.ts'

/** What to import, and where it is told: `print` takes what became of each alert, `say` what is to be told beside it. */
export type ImportOptions = {
  readonly file: string
  /** Whose it becomes, as in the settings: `telegram:123`. Left out: of those who have the addresses in the file. */
  readonly address: string | undefined
  print(text: string): void
  say(line: string): void
}

/**
 * `import`: sets the alerts of a file that `export` or `mydata` made, or of a text with a line `/alert …` each, for people
 * who are there. What they have already is left alone, so it may be done again. Gives the exit code: 1 where something was
 * not taken. Throws `UserError` where the file is none.
 */
export async function importCommand({ file, address, print, say }: ImportOptions): Promise<number> {
  const place = address === undefined ? undefined : placeIn(address)
  const imported = importedFrom(read(file))
  if (!place && imported.some(({ places }) => places.length === 0))
    throw new UserError('The file does not say whose alerts these are.', {
      suggestion: `signal-generator import ${file} --address telegram:123`,
    })
  if (place && imported.length > 1)
    throw new UserError(`The file is of ${imported.length} people: they cannot all be at ${address}.`)
  const config = readConfig()
  const log = createLog('silent')
  const database = await openDatabase({ config, say, lost: ({ message }) => say(message) })
  try {
    const given = { config, log, market: marketOf(config, log), store: database.store }
    const parts = partsOf(given, { isStopping: false })
    // Nobody listens, and nothing is sent.
    const services = { ...servicesOf(parts), people: peopleOf(parts, []), channels: () => [] }
    const taken = { set: 0, there: 0, refused: 0 }
    for (const one of imported) {
      const owner = await ownerOf(one, place, { ...services, erased: database.store.erased.among })
      if (typeof owner === 'string') {
        print(owner)
        taken.refused += one.alerts.length
      } else
        await takeOne(one, owner, services, (what, line) => {
          taken[what]++
          print(`${owner.place.channel}:${owner.place.address} ${line}`)
        })
    }
    say(`${taken.set} set, ${taken.there} there already, ${taken.refused} not taken.`)
    return taken.refused > 0 ? 1 : 0
  } finally {
    await database.stop()
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError(`The file ${file} cannot be read: ${fileProblem(error)}.`)
  }
}

type Owner = { readonly user: User; readonly place: Place }
type Finding = Pick<Services, 'users'> & { erased(ids: readonly string[]): Promise<ReadonlySet<string>> }

/** Who gets it, or why nobody does. Nobody is made: an address is somebody's once they have written from it. */
async function ownerOf(
  { id, places }: Imported,
  place: Place | undefined,
  { users, erased }: Finding,
): Promise<Owner | string> {
  const looked = place ? [place] : places
  const names = looked.map(({ channel, address }) => `${channel}:${address}`).join(', ')
  if (!place && id !== undefined && (await erased([id])).size > 0)
    return `${names}: had everything erased after this was exported; nothing is taken.`
  const found = await Promise.all(
    looked.map(async (one) => ({ place: one, user: await users.find(one.channel, one.address) })),
  )
  const owners = found.flatMap((one) => (one.user ? [{ place: one.place, user: one.user }] : []))
  const [owner] = owners
  if (!owner) return `${names}: nobody has written to the bot from there yet; they have to, first.`
  if (new Set(owners.map(({ user }) => user.id)).size > 1)
    return `${names}: these are of several people now; name one with --address.`
  return owner
}

type Told = (what: 'set' | 'there' | 'refused', line: string) => void

async function takeOne(one: Imported, owner: Owner, services: Services, tell: Told): Promise<void> {
  const { users, alerts } = services
  const { user } = owner
  if (one.zone !== undefined && user.zone === null) await users.setZone(user.id, one.zone)
  if (one.quiet && !user.quiet) await users.setQuiet(user.id, one.quiet)
  const zone = user.zone ?? one.zone ?? services.zone
  const there = (await alerts.ofUser(user.id)).map(alertLine)
  for (const wanted of one.alerts) {
    try {
      const context = contextOf(owner, zone, services)
      const line = `alert ${(await understand(wanted.line, 'alert', context)).content.text}`
      const index = there.indexOf(line)
      if (index >= 0) {
        // Each that is there stands for one of the file: two alike stay two.
        there.splice(index, 1)
        tell('there', `has it already: ${line}`)
      } else tell('set', `${await set(wanted, context)}: ${line}`)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      tell('refused', `not taken: ${wanted.line} (${error.message})`)
    }
  }
}

/** Sets it as if its owner had typed it; gives which it is. */
async function set({ line, isPaused }: WantedAlert, context: Context): Promise<string> {
  const { alerts, user } = context
  const before = new Set((await alerts.ofUser(user.id)).map(({ id }) => id))
  await alert.run(context, line)
  const made = (await alerts.ofUser(user.id)).find(({ id }) => !before.has(id))
  if (!made) throw new Error(`the alert of "${line}" was made and is not there`)
  if (isPaused) await alerts.change(user.id, made.number, (current) => ({ alert: pause(current), occurrences: [] }))
  return `alert ${made.number} is ${isPaused ? 'paused' : 'on'}`
}

function contextOf({ user, place }: Owner, zone: string, services: Services): Context {
  const subscription = user.subscriptions.find(
    ({ channel, address }) => channel === place.channel && address === place.address,
  )
  if (!subscription) throw new Error(`user ${user.id} was found by an address that is not theirs`)
  return {
    ...services,
    message: { ...place, id: `import ${randomUUID()}`, text: '' },
    ...{ user, zone, subscription: subscription.id, isOperator: true },
    realNow: Date.now,
  }
}
