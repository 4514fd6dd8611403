import type { EmailAddresses } from '../channels/sns-ports.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Reply, say } from '../reply.ts'
import type { Confirmation, Confirmations } from '../store/confirmations.ts'
import type { Users } from '../store/users.ts'
import { makeConfirmationCode, type Random } from '../users/codes.ts'
import { chatOf } from '../users/has-written.ts'
import type { Subscription, User } from '../users/types.ts'

/** What looking after e-mail addresses works with. `now`: ms, real clock. */
export type AddressPorts = {
  readonly confirmations: Pick<Confirmations, 'awaitingLinks' | 'awaitCode' | 'untold' | 'unfinished' | 'told' | 'drop'>
  readonly users: Pick<Users, 'byIds' | 'reachedBy' | 'switchOff' | 'toldOff'>
  readonly emails: EmailAddresses
  /** Sends now, to an address of a user; throws where it was not taken. */
  send(user: string, place: Subscription, reply: Reply, key: string): Promise<unknown>
  readonly random: Random
  now(): number
  readonly log: Log
}

/** How long (ms) a link of Amazon's is good (docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html: 48 h). */
const LINK_FOR = 48 * 3_600_000
/** How long (ms) an address may be unknown at Amazon after it was begun: what it says of new ones comes late. */
const SETTLES = 10 * 60_000
const MINUTE = 60_000
const MINUTES = 60

/**
 * One round, to be run each minute. E-mail addresses whose link was opened get their code, and their people hear of it in
 * the chat where they asked; of those whose link was not opened in time, too. Confirmed ones are looked at once an hour,
 * each in its own minute: one that was ended by the link in a mail is switched off, and its person told.
 */
export function createAddressRound(ports: AddressPorts): () => Promise<void> {
  const { confirmations, users, log } = ports
  const trying = async (what: string, work: Promise<void>) => {
    // The others are not to wait for one that cannot be looked at; it is looked at again.
    await work.catch((error: unknown) => log.warn({ why: messageOf(error) }, what))
  }
  return async () => {
    for (const one of await confirmations.awaitingLinks())
      await trying('a link could not be looked after', lookAt(one, ports))
    for (const one of await confirmations.untold())
      await trying('a person could not be told of a code', tellOf(one, ports))
    for (const one of await confirmations.unfinished(ports.now() - LINK_FOR))
      await trying('an address that nobody confirms could not be given up', giveUp(one, ports))
    const minute = Math.floor(ports.now() / MINUTE) % MINUTES
    for (const user of await users.reachedBy('email'))
      for (const one of user.subscriptions.filter(({ channel }) => channel === 'email')) {
        if (one.off?.isUntold) await trying('a person could not be told of an address', tellOff(user, one, ports))
        if (!one.off && minuteOf(one.address) === minute)
          await trying('an address could not be looked at', check(user, one, ports))
      }
  }
}

async function lookAt(one: Confirmation, ports: AddressPorts): Promise<void> {
  const { emails, confirmations, now } = ports
  const { address, user, mailedAs = user, askedAt } = one
  const age = now() - askedAt
  const state = await emails.state(mailedAs, address)
  if (state === 'confirmed') return await mailCode(one, ports)
  if (age < LINK_FOR && (state === 'pending' || age < SETTLES)) return
  const words = say(
    `The link that Amazon mailed to ${address} was not opened in time, so nothing is sent there. To try again: subscribe email ${address}`,
  )
  await tell(one, words, 'late', ports)
  await confirmations.drop(one.id)
  await emails.remove(mailedAs, address)
}

/** Its link was opened and its code never typed: nothing of it stays at Amazon, unless it is theirs by another way. */
async function giveUp(one: Confirmation, { confirmations, users, emails }: AddressPorts): Promise<void> {
  const { id, user: owner, address, mailedAs = owner } = one
  const user = (await users.byIds([owner])).get(owner)
  const isTheirs = user?.subscriptions.some(({ channel, address: its }) => channel === 'email' && its === address)
  if (!isTheirs) await emails.remove(mailedAs, address)
  await confirmations.drop(id)
}

/** Mailed before it is kept: who dies in between mails another one, and the newest is the one that is good. */
async function mailCode(one: Confirmation, { emails, confirmations, random, now }: AddressPorts): Promise<void> {
  const code = makeConfirmationCode(random)
  const { address, user, mailedAs = user } = one
  await emails.mailCode(mailedAs, address, code)
  await confirmations.awaitCode(one, code, now(), false)
}

async function tellOf(one: Confirmation, ports: AddressPorts): Promise<void> {
  const { address, until } = one
  const words = say([
    `The link that Amazon mailed to ${address} was opened. So that I know it was you and not a program that checks mail, I have mailed a code there.`,
    'Type it here within 10 minutes, like this: confirm 482915',
  ])
  if (ports.now() < until) await tell(one, words, 'code', ports)
  await ports.confirmations.told(one.id)
}

/** Throws where it was not taken; where there is nobody to tell any more, there is nothing to do. */
async function tell({ id, user: owner, from }: Confirmation, words: Reply, what: string, ports: AddressPorts) {
  const user = (await ports.users.byIds([owner])).get(owner)
  const place = user && chatOf(user, from)
  if (user && place) await ports.send(user.id, place, { ...words, isPrivate: true }, `${id} ${what}`)
}

/** Off first: what is due there goes elsewhere from now on, whether its person can be told or not. */
async function check(user: User, place: Subscription, ports: AddressPorts): Promise<void> {
  const { emails, users, now } = ports
  const { address, mailedAs = user.id } = place
  const state = await emails.state(mailedAs, address)
  if (state === 'confirmed') return
  const reason =
    state === 'gone' ? 'the link that ends the mail was opened' : 'Amazon had lost it, and mailed a new link there'
  const off = { at: now(), reason, isUntold: true as const }
  await users.switchOff(user.id, place, off)
  await tellOff(user, { ...place, off }, ports)
}

async function tellOff(user: User, place: Subscription, { send, users }: AddressPorts): Promise<void> {
  const { id, address, off } = place
  const words = say(
    `I send nothing to ${address} any more: ${off?.reason}. Your alerts are told at your other addresses. To have mail again: subscribe email ${address}`,
  )
  const chat = chatOf(user)
  if (chat) await send(user.id, chat, { ...words, isPrivate: true }, `${id} off ${off?.at}`)
  await users.toldOff(user.id, id)
}

/** The minute of the hour in which an address is looked at, the same each time. */
function minuteOf(address: string): number {
  let sum = 0
  for (const character of address) sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003
  return sum % MINUTES
}
