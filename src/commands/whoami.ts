import { say } from '../reply.ts'
import type { Command } from './command.ts'
import { inBrief } from './in-brief.ts'
import { placeLines } from './places.ts'

/** Tells a person what the bot knows them by. */
export const whoami: Command = {
  name: 'whoami',
  usage: 'whoami',
  summary: 'What I know you by',
  isPersonal: true,
  async run({ user, subscription, alerts, zone }) {
    const live = await alerts.countLive(user.id)
    const count = user.subscriptions.length
    const known = `I know you by ${count === 1 ? 'one address' : `${count} addresses`}.`
    const facts = [
      user.zone === null ? `I take your time zone to be ${zone}.` : `Your time zone is ${zone}.`,
      `${live} of your alerts ${live === 1 ? 'is' : 'are'} on.`,
    ]
    const more = 'To join another chat to this one: link. To be told by SMS or e-mail: subscribe'
    return {
      ...say([known, ...placeLines(user, subscription), facts.join(' '), more]),
      brief: inBrief([known, ...facts, 'SUBSCRIPTIONS lists them.']),
      isPrivate: true,
    }
  },
}
