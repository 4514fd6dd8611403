import { UserError } from '../errors.ts'
import { say } from '../reply.ts'
import type { Command } from './command.ts'
import { leavePlace } from './leave-place.ts'
import { placeIn, placeLines } from './places.ts'

/** Makes one of a person's chats one by itself again. */
export const unlink: Command = {
  name: 'unlink',
  usage: 'unlink 2',
  summary: 'Make a chat of yours one by itself again; its alerts stay yours',
  arguments: [{ name: 'address', kind: 'text', summary: 'Its number in subscriptions, or its channel' }],
  isPersonal: true,
  async run(context, args) {
    const { user, subscription } = context
    if (user.subscriptions.length === 1) throw new UserError('Nothing is joined to this chat.', { suggestion: 'link' })
    if (args !== '') return await leavePlace(placeIn(args, user, unlink.name), context)
    const buttons = user.subscriptions.map((_, index) => ({ label: `${index + 1}`, command: `unlink ${index + 1}` }))
    return { ...say(['Which one?', ...placeLines(user, subscription)], buttons), isPrivate: true }
  },
}
