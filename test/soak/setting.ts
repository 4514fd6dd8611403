import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'
import { type Person, type Plan, placesOf, viaOf } from './people.ts'
import { ask, type Platforms } from './talk.ts'
import type { Mailbox } from './world.ts'

/** An alert that was set. `id`: in the database. */
export type Planned = {
  readonly person: Person
  readonly plan: Plan
  readonly number: number
  readonly id: string
  readonly user: string
  /** Where it is told. */
  readonly places: readonly string[]
}

/** What setting up works with. */
export type SettingPorts = { readonly platforms: Platforms; readonly mailbox: Mailbox; readonly database: Database }

const PATIENCE = 60_000

/** Has everybody set what they watch, and give what addresses they have, by writing. Nobody is killed meanwhile. */
export async function setUp(people: readonly Person[], ports: SettingPorts): Promise<Planned[]> {
  const all = await Promise.all(people.map((person) => settle(person, ports)))
  return all.flat()
}

async function settle(person: Person, ports: SettingPorts): Promise<Planned[]> {
  const talk = { ...ports, within: PATIENCE }
  if (person.link) await join(person, ports)
  if (person.email !== undefined) await takeMail(person, person.email, ports)
  if (person.phone !== undefined) await takePhone(person, person.phone, ports)
  const numbers: number[] = []
  for (const { line } of person.plans) {
    const [, number] = await ask(person.chat, `alert ${line}${viaOf(person)}`, /Alert (\d+) is on/, talk)
    numbers.push(Number(number))
  }
  const user = await ports.database.userAt(person.chat.place)
  if (user === undefined) throw new Error(`nobody is at ${person.chat.place}`)
  const kept = await ports.database.alerts({ user })
  return person.plans.map((plan, index) => {
    const number = numbers[index]!
    const { _id: id } = kept.find((alert) => alert.number === number)!
    return { person, plan, number, id, user, places: placesOf(person) }
  })
}

async function join({ chat, link }: Person, ports: SettingPorts): Promise<void> {
  const talk = { ...ports, within: PATIENCE }
  const [, code] = await ask(chat, 'link', /link ([A-Z0-9]{4}-[A-Z0-9]{4})/, talk)
  await ask(link!, `link ${code}`, /chats are joined/, talk)
}

async function takeMail({ chat }: Person, address: string, ports: SettingPorts): Promise<void> {
  const { platforms, mailbox } = ports
  const talk = { ...ports, within: PATIENCE }
  await ask(chat, `subscribe email ${address}`, /mails a link/, talk)
  const from = mailbox.at(`email:${address}`).length
  await platforms.amazon.ask('opensLink', address)
  await sleep(50)
  await ask(chat, `subscribe email ${address}`, /code/, talk)
  const code = await mailbox.waits(
    `email:${address}`,
    from,
    PATIENCE,
    (text) => /^(\d{6}) is your code/.exec(text)?.[1],
  )
  await ask(chat, `confirm ${code}`, /is confirmed/, talk)
}

async function takePhone({ chat }: Person, phone: string, ports: SettingPorts): Promise<void> {
  const talk = { ...ports, within: PATIENCE }
  await ask(chat, `subscribe sms ${phone}`, /texted a code/, talk)
  const code = await ports.mailbox.waits(`sms:${phone}`, 0, PATIENCE, (text) => /(\d{6}) is your code/.exec(text)?.[1])
  await ask(chat, `confirm ${code}`, /is confirmed/, talk)
}
