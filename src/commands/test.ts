import { messageOf, SendError, UserError } from '../errors.ts'
import { say } from '../reply.ts'
import type { Subscription } from '../users/types.ts'
import type { Command, Context } from './command.ts'
import { placeStart } from './places.ts'

/** So often a day: each text costs money. */
const A_DAY = { most: 5, per: 86_400_000 }

/** Sends a message to each address of a person and says what became of each. */
export const test: Command = {
  name: 'test',
  usage: 'test',
  summary: 'Send a message to each of your addresses, to see that it arrives',
  isPersonal: true,
  details: ['It is sent at once, not as alerts are: what was not taken is said here and not tried again.'],
  async run(context) {
    const { people, user, realNow } = context
    if ((await people.attempts.take('test', user.id, A_DAY, realNow())) < 0)
      throw new UserError(`You tested ${A_DAY.most} times today, which is as often as I do it. Go on tomorrow.`)
    const lines = await Promise.all(user.subscriptions.map((one) => tryOne(one, context)))
    const last = 'Taken means that the platform has it. If it does not arrive, look among the spam, or at its settings.'
    return { ...say([...lines, last]), isPrivate: true }
  },
}

/** What is off is left alone: its owner may have said stop. */
async function tryOne(place: Subscription, { people, user, message }: Context): Promise<string> {
  const name = placeStart(place, user.subscriptions)
  if (place.off) return `${name}: off, nothing sent: ${place.off.reason}.`
  const words = say('This is the test that you asked for. Alerts come like this.')
  try {
    await people.send(user.id, place, words, `test ${message.channel} ${message.id} ${place.id}`)
    return `${name}: taken.`
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    return `${name}: not taken: ${messageOf(error)}.`
  }
}
