import { messageOf, SendError, UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Asked } from '../store/confirmations.ts'
import { readEmail } from '../users/mail.ts'
import { readPhone } from '../users/phone.ts'
import type { Subscription, User } from '../users/types.ts'
import type { Command, Context } from './command.ts'
import { channelIn, channelName, placeStart } from './places.ts'
import { requireAttempt, sendCode } from './send-code.ts'

/** Adds a phone or an e-mail address, once its owner has proved that it is theirs. */
export const subscribe: Command = {
  name: 'subscribe',
  usage: 'subscribe sms +12025550123',
  summary: 'Be told by SMS or e-mail, too',
  arguments: [
    { name: 'channel', kind: 'text', summary: 'sms or email' },
    { name: 'address', kind: 'text', summary: 'The number with its country code, or the e-mail address' },
  ],
  isPersonal: true,
  details: [
    'subscribe email you@example.org',
    'I send a code there, and nothing else until you have typed it here.',
    'Text and data rates may apply. STOP, texted to me, ends it at once.',
  ],
  async run(context, args) {
    const { channel, typed } = wanted(args)
    if (channel === 'sms') return await subscribePhone(typed, context)
    if (channel === 'email') return await subscribeEmail(typed, context)
    if (channel === undefined) return whatThereIs(context)
    throw new UserError(
      `To be told by ${channelName(channel)}, write to me there: type link here, and in that chat what I answer.`,
      { suggestion: 'link' },
    )
  },
}

/** Which channel is meant: by its name, or by what an address looks like. */
function wanted(args: string): { readonly channel?: string; readonly typed: string } {
  const [first = '', ...rest] = args.split(/\s+/)
  const channel = channelIn(first)
  if (['sms', 'email', 'telegram', 'discord', 'console'].includes(channel)) return { channel, typed: rest.join(' ') }
  if (args.includes('@')) return { channel: 'email', typed: args }
  return /\d/.test(args) ? { channel: 'sms', typed: args } : { typed: args }
}

function whatThereIs({ people }: Context): Reply {
  const ways = [
    ...(people.channels.includes('sms') ? ['by SMS: subscribe sms +12025550123'] : []),
    ...(people.emails ? ['by e-mail: subscribe email you@example.org'] : []),
  ]
  const chats = 'In another chat: link'
  if (ways.length === 0) return { ...say([`${NONE} ${chats}`]), isPrivate: true }
  return { ...say(['I can tell you', ...ways, chats]), isPrivate: true }
}

const NONE = 'Neither SMS nor e-mail is set up here.'

async function subscribePhone(typed: string, context: Context): Promise<Reply> {
  const { people, user, message, subscription } = context
  if (message.channel === 'sms' && typed === '') return yours(`The number that you text from, ${message.address},`)
  if (!people.channels.includes('sms'))
    throw new UserError('SMS is not set up here: whoever runs me has given me no number to text from.')
  const address = readPhone(typed, people.countries)
  const known = ownAt(user, 'sms', address)
  if (known && !known.off) return yours(placeStart(known, [known]))
  if ((await people.consents.find(address))?.isOut)
    throw new UserError(
      'Somebody texted STOP from that number, so I send it nothing. If it is yours, text START from it.',
    )
  const asked = askedFrom({ channel: 'sms', address }, user, subscription)
  await requireAttempt(context, asked)
  return await sendCode(asked, context)
}

async function subscribeEmail(typed: string, context: Context): Promise<Reply> {
  const { people, user, subscription, realNow } = context
  const { emails } = people
  if (!emails) throw new UserError('E-mail is not set up here.')
  const address = readEmail(typed)
  const known = ownAt(user, 'email', address)
  if (known && !known.off) return yours(placeStart(known, [known]))
  const asked = { ...askedFrom({ channel: 'email', address }, user, subscription), mailedAs: user.id }
  if (await isOpened(asked, context)) return await sendCode(asked, context)
  await requireAttempt(context, asked)
  const state = await emails.begin(user.id, address).catch(asUserError)
  if (state === 'confirmed') return await sendCode(asked, context)
  await people.confirmations.awaitLink(asked, realNow())
  const fact = `Amazon, which sends mail for me, mails a link to ${address}. Open it within 48 hours: I see it a minute or two later, and mail a code.`
  const look =
    'The mail is from no-reply@sns.amazonaws.com, sometimes among the spam. Until you have typed the code here, nothing else is sent there.'
  const buttons = [{ label: 'I have opened it', command: `subscribe email ${address}` }]
  return { ...say([fact, look], buttons), brief: fact, isPrivate: true }
}

/** Whether a link that was mailed before has been opened: then nothing more is mailed for it than the code. */
async function isOpened({ channel, address, mailedAs, user }: Asked, { people }: Context): Promise<boolean> {
  const waiting = (await people.confirmations.ofUser(user)).find(
    (one) => one.state === 'link' && one.channel === channel && one.address === address && one.mailedAs === mailedAs,
  )
  if (!waiting) return false
  return (await people.emails?.state(mailedAs ?? user, address).catch(asUserError)) === 'confirmed'
}

function asUserError(error: unknown): never {
  if (error instanceof SendError) throw new UserError(`That did not work: ${messageOf(error)}.`)
  throw error
}

function ownAt(user: User, channel: string, address: string): Subscription | undefined {
  return user.subscriptions.find((one) => one.channel === channel && one.address === address)
}

function askedFrom(place: Pick<Asked, 'channel' | 'address'>, { id }: User, from: string): Asked {
  return { ...place, user: id, from }
}

function yours(what: string): Reply {
  return {
    ...say(`${what} is confirmed already. Alerts are told there that say so, or all of them: subscriptions`),
    isPrivate: true,
  }
}
