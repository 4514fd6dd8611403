import { buttonsOfFiring } from '../delivery/render.ts'
import { type Reply, say } from '../reply.ts'
import type { Unacknowledged } from '../store/notifications.ts'
import { acknowledge, acknowledgedWords, isHere, isTold, openOf } from './acknowledge.ts'
import { findAlert } from './change-alert.ts'
import type { Command, Context } from './command.ts'
import { readWhich, type Which } from './readers.ts'
import { moment } from './words.ts'

/** Where it was acknowledged is looked for among so many of the last messages of an alert. */
const LAST = 5

/** Says that a person has seen what is urgent, so that it is not repeated elsewhere. */
export const ack: Command = {
  name: 'ack',
  aliases: ['acknowledge'],
  usage: 'ack 7',
  summary: 'You have seen an urgent firing: it is not repeated elsewhere',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert; all of them if left out' }],
  details: ['ack: of all your alerts', 'Anything you write where you were told of it says the same.'],
  async run(context, args) {
    const which = args === '' ? 'all' : readWhich(args, ack.usage).value
    const open = await openOf(context)
    const isMeant = ({ alert }: Unacknowledged) => which === 'all' || [which].flat().includes(alert.number)
    const meant = open.filter((one) => isMeant(one) && (isTold(one) || isOnItsWay(one)))
    await acknowledge([...meant, ...open.filter((one) => isTold(one) && isHere(one, context))], context)
    const [last] = meant
    if (!last) return await nothingOpen(which, context)
    const numbers = [...new Set(meant.map(({ alert }) => alert.number))]
    const buttons = numbers.length === 1 ? buttonsOfFiring(last.alert, last.occurrence.last === true, false) : []
    return { ...say(acknowledgedWords(numbers, context), buttons), place: 'below' }
  },
}

/** The platform may have it: who presses the button below it does so before that is known here. */
function isOnItsWay({ state, tries }: Unacknowledged): boolean {
  return state === 'sending' || tries > 0
}

async function nothingOpen(which: Which, context: Context): Promise<Reply> {
  if (typeof which !== 'number') return say('Nothing waits to be acknowledged.')
  const alert = await findAlert(context, which)
  const told = await context.notifications.ofAlert(context.user.id, alert.id, LAST)
  const since = told.find(({ acknowledgedAt }) => acknowledgedAt !== undefined)?.acknowledgedAt
  if (since !== undefined)
    return say(`Alert ${which} is acknowledged already, since ${moment(since, context.zone, context.realNow())}.`)
  if (!alert.options.urgent) return say(`Alert ${which} is not urgent, so nothing of it has to be acknowledged.`)
  return say(`Alert ${which} has told nothing that waits to be acknowledged.`)
}
