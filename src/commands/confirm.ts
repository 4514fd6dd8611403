import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Confirmation, Tried } from '../store/confirmations.ts'
import { readConfirmationCode } from '../users/codes.ts'
import { mapping, type Renumbered } from '../users/join.ts'
import type { Subscription } from '../users/types.ts'
import type { Command, Context } from './command.ts'
import { inBrief } from './in-brief.ts'
import { channelName, placeStart } from './places.ts'

/** Takes the code that was sent to an address, which proves that it is the person's. */
export const confirm: Command = {
  name: 'confirm',
  usage: 'confirm 482915',
  summary: 'Type the code that I sent to your phone or e-mail address',
  arguments: [{ name: 'code', kind: 'text', summary: 'Six digits', isRequired: true }],
  isPersonal: true,
  async run(context, args) {
    const { people, user, realNow } = context
    const tried = await people.confirmations.tryCode(user.id, readConfirmationCode(args), realNow())
    if (tried.state !== 'right') return notRight(tried, realNow())
    return await take(tried.confirmation, context)
  },
}

/** May be done again: a message that comes again, or after a death in between, is answered alike. */
async function take(confirmation: Confirmation, context: Context): Promise<Reply> {
  const { people, user, users, realNow } = context
  const { id, channel, address, mailedAs } = confirmation
  if (channel === 'sms' && (await people.consents.find(address))?.isOut)
    throw new UserError(
      'Somebody texted STOP from that number, so I send it nothing. If it is yours, text START from it.',
    )
  const proved = { channel, address, ...(mailedAs === undefined ? {} : { mailedAs }) }
  const numbers = await people.claim(user.id, proved, realNow())
  if (!numbers) throw new UserError('That did not work just now. Type the code once more.')
  if (channel === 'sms' && confirmation.state !== 'done') await noteConsent(address, context)
  await people.confirmations.done(id)
  const now = (await users.byIds([user.id])).get(user.id) ?? user
  return confirmed(confirmation, numbers, now.subscriptions)
}

/** When, how, and by which words somebody agreed to be texted. */
async function noteConsent(address: string, { people, message, realNow }: Context): Promise<void> {
  const words = `subscribe sms, and the code that was texted there, typed on ${channelName(message.channel)}`
  await people.consents.note(address, { isOut: false, how: 'code', words, at: realNow() })
}

function confirmed(place: Confirmation, numbers: readonly Renumbered[], all: readonly Subscription[]): Reply {
  const facts = [
    `${placeStart(place, all)} is confirmed. Alerts that say "via ${place.channel}" are told there.`,
    ...(numbers.length === 0 ? [] : [`The alerts set there are in your list, under new numbers: ${mapping(numbers)}.`]),
  ]
  const channels = [...new Set(all.filter(({ off }) => !off).map(({ channel }) => channel))]
  const everything = `subscriptions default ${channels.join(' ')}`
  return {
    ...say(facts, [
      { label: 'Tell me all there, too', command: everything },
      { label: 'Try it', command: 'test' },
    ]),
    brief: inBrief(facts),
    isPrivate: true,
  }
}

/** A code that may be typed again is asked for again; of any other it is said how to get a new one. Throws the first as `UserError`. */
function notRight(tried: Exclude<Tried, { state: 'right' }>, now: number): Reply {
  if (tried.state === 'wrong' && tried.left > 0)
    throw new UserError(
      `That is not the code I sent. You have ${tried.left} more ${tried.left === 1 ? 'try' : 'tries'}.`,
    )
  if (tried.state === 'wrong')
    return say('That is not the code I sent, and it was the last try. Ask for a new one with subscribe.')
  if (tried.state === 'none')
    return say('I wait for no code of yours. To get one, say where it is to go: subscribe sms +12025550123')
  const { channel, address, until } = tried.confirmation
  const why = now < until ? 'was typed wrong too often' : 'is too old: codes are good for 10 minutes'
  const anew = `subscribe ${channel} ${address}`
  return { ...say(`That code ${why}. For a new one: ${anew}`, [{ label: 'New code', command: anew }]), isPrivate: true }
}
