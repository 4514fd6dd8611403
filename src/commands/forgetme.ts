import { UserError } from '../errors.ts'
import { say } from '../reply.ts'
import type { Command, Context } from './command.ts'
import { messageKey } from './message-key.ts'
import { shorten } from './readers.ts'
import { countOf } from './room.ts'

/** Erases all that is kept of whoever asks; in a group, of the group. Asks once. */
export const forgetme: Command = {
  name: 'forgetme',
  usage: 'forgetme',
  summary: 'Erase all I keep of you',
  arguments: [{ name: 'yes', kind: 'text', summary: 'yes, to erase it at once' }],
  details: ['forgetme yes does it at once. It cannot be undone; mydata gives you a copy before.'],
  async run(context, args) {
    requireRight(context)
    const { message, person, user, realNow } = context
    if (args === '') return await askFirst(context)
    if (args.toLowerCase() !== 'yes')
      throw new UserError(`I do not know what "${shorten(args)}" means here.`, { suggestion: 'forgetme yes' })
    const isWhole = await person.erase(user, messageKey(message), realNow())
    const whose = message.isGroup ? 'this group' : 'you'
    const said = isWhole
      ? `All I kept of ${whose} is erased.`
      : `All I kept of ${whose} is erased here. Your e-mail address at Amazon follows as soon as it answers.`
    return say(`${said} Nothing will be sent any more. Write to me again at any time: we begin anew.`)
  },
}

/** Throws `UserError` where whoever wrote cannot speak for the group. */
function requireRight({ message: { isGroup, sender } }: Context): void {
  if (isGroup && sender && !sender.isAdmin)
    throw new UserError('Only an admin of this group can have all erased that I keep of it.')
}

async function askFirst({ alerts, user, message }: Context) {
  const count = (await alerts.everyOf(user.id)).filter(({ phase }) => phase !== 'deleted').length
  const whose = message.isGroup ? "this group's" : 'your'
  const others = user.subscriptions.length > 1 ? ` on all ${user.subscriptions.length} addresses` : ''
  const text = [
    `Shall I erase all I keep${others}: ${whose} ${countOf(count)}, the history, addresses and settings? It cannot be undone.`,
    'Type forgetme yes.',
  ]
  const copy = message.isGroup ? [] : [{ label: 'A copy first', command: 'mydata' }]
  return {
    ...say(text, [
      { label: 'Erase everything', command: 'forgetme yes' },
      ...copy,
      { label: 'Never mind', command: 'never mind' },
    ]),
    place: 'instead' as const,
  }
}
