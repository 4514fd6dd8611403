import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Confirmation } from '../store/confirmations.ts'
import type { Command, Context } from './command.ts'
import { channelIn, placeIn, placeLines, placeNames, placeStart } from './places.ts'
import { shorten } from './readers.ts'

const DEFAULT = /^(?:default|defaults|always|everything|all)\b:?\s*/i
const NOWHERE = /^(?:none|off|no|here|nothing)$/i

/** Shows where a person is told, and sets where they are told of what does not say it. */
export const subscriptions: Command = {
  name: 'subscriptions',
  aliases: ['addresses'],
  usage: 'subscriptions',
  summary: 'Where I can tell you, and where I do',
  arguments: [
    { name: 'what', kind: 'text', summary: 'default, and the addresses that hear of every alert: default sms email' },
  ],
  isPersonal: true,
  details: [
    'subscriptions default telegram email: every alert without via is told there',
    'subscriptions default none: each alert is told where you set it',
    'An alert with via sms is told by SMS, whatever the default is.',
  ],
  async run(context, args) {
    if (args === '') return await shown(context)
    const match = DEFAULT.exec(args)
    if (!match)
      throw new UserError(`I cannot do that with your addresses: "${shorten(args)}".`, {
        suggestion: 'subscriptions default telegram email',
      })
    return await setDefaults(context, args.slice(match[0].length))
  },
}

async function shown({ user, subscription, people, realNow }: Context): Promise<Reply> {
  const waiting = await people.confirmations.ofUser(user.id)
  const set = user.subscriptions.filter(({ isDefault }) => isDefault)
  const lines = [
    ...placeLines(user, subscription),
    ...waiting.flatMap((one) => waitingLine(one, realNow())),
    set.length === 0
      ? 'Each alert is told where you set it, unless it says via.'
      : `Every alert is told by ${placeNames(set, user.subscriptions)}, unless it says via.`,
    'More of them: subscribe. Fewer: unsubscribe and the number. Whether they work: test',
  ]
  return { ...say(lines), isPrivate: true }
}

function waitingLine({ state, until, ...place }: Confirmation, now: number): string[] {
  const name = placeStart(place, [])
  if (state === 'link') return [`–  ${name}, waits for the link that Amazon mailed to be opened`]
  return now < until ? [`–  ${name}, waits for its code: confirm 482915`] : []
}

async function setDefaults({ user, users }: Context, args: string): Promise<Reply> {
  const words = args.split(/[\s,]+|\band\b/i).filter((word) => word !== '')
  if (words.length === 0)
    throw new UserError('Say which addresses, or none.', { suggestion: 'subscriptions default telegram email' })
  if (words.length === 1 && NOWHERE.test(words[0]!)) {
    await users.setDefaults(user.id, [])
    return { ...say('Each alert is told where you set it, unless it says via.'), isPrivate: true }
  }
  const meant = words.flatMap((word) => {
    const onChannel = user.subscriptions.filter(({ channel }) => channel === channelIn(word))
    return onChannel.length > 0 ? onChannel : [placeIn(word, user, 'subscriptions default')]
  })
  const set = user.subscriptions.filter((one) => meant.includes(one))
  await users.setDefaults(
    user.id,
    set.map(({ id }) => id),
  )
  const off = set.filter((one) => one.off)
  const lines = [
    `Every alert is told by ${placeNames(set, user.subscriptions)} from now on, unless it says via.`,
    ...off.map((one) => `${placeStart(one, user.subscriptions)} is off, though: ${one.off?.reason}.`),
  ]
  return { ...say(lines), isPrivate: true }
}
