import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import { makeLinkCode, readLinkCode } from '../users/codes.ts'
import { mapping, type Renumbered } from '../users/join.ts'
import type { Command, Context } from './command.ts'
import { inBrief } from './in-brief.ts'
import { messageKey } from './message-key.ts'

/** So many codes may somebody try in so long. With 2^40 codes that are good for ten minutes none is guessed. */
const TRIES = { most: 5, per: 10 * 60_000 }

/** Makes two chats one person's: gives a code in one of them, and takes it in the other. */
export const link: Command = {
  name: 'link',
  usage: 'link K7QM-2XRA',
  summary: 'Join two chats of yours: link gives a code to type in the other one',
  arguments: [{ name: 'code', kind: 'text', summary: 'The code that link gave in your other chat' }],
  isPersonal: true,
  details: [
    'link: a code, good once and for 10 minutes. Type it only in a chat of your own.',
    'Both chats then have one list of alerts. The time zone and the numbers of the chat',
    'that made the code stay; alerts of the other one get new numbers.',
  ],
  run: (context, args) => (args === '' ? giveCode(context) : takeCode(context, args)),
}

async function giveCode({ people, user, realNow }: Context): Promise<Reply> {
  const code = makeLinkCode(people.random)
  await people.links.make(user.id, code, realNow())
  const lines = [
    `Type this in your other chat with me, within 10 minutes: link ${code}`,
    'Both chats then have one list of alerts. The time zone and the numbers of this one stay.',
    'Give the code to nobody: whoever types it reads and changes your alerts.',
  ]
  return {
    ...say(lines),
    brief: `Type this in your other chat with me, within 10 minutes: link ${code} - and give it to nobody.`,
    isPrivate: true,
  }
}

async function takeCode(context: Context, args: string): Promise<Reply> {
  const { people, user, realNow, message } = context
  const code = readLinkCode(args)
  const key = messageKey(message)
  const before = await people.links.usedBy(code, key)
  const left = before ? TRIES.most : await countTry(context)
  const open = before ?? (await people.links.find(code, realNow()))
  if (!open) throw unknownCode(left)
  if (open.user === user.id && !before)
    throw new UserError('That code is of this chat. Type it in your other chat with me; it is good there still.')
  const used = before ?? (await people.links.use(code, key, realNow()))
  if (!used) throw unknownCode(left)
  // A message that comes again finds itself joined already.
  if (used.user === user.id) return joined(used.numbers ?? [])
  const numbers = await people.joins.join(user.id, used.user)
  if (!numbers)
    throw new UserError(
      'One of the two chats is being joined to another one just now. Make a new code, and try again.',
      {
        suggestion: 'link',
      },
    )
  await people.links.done(code, numbers)
  return joined(numbers)
}

/**
 * Counted before the code is looked at: who has had their tries learns nothing more, were the next one right. Gives how
 * many are left. Throws `UserError` where there were none.
 */
async function countTry({ people, user, realNow }: Context): Promise<number> {
  const left = await people.attempts.take('link', user.id, TRIES, realNow())
  if (left < 0) throw new UserError('Those were too many codes. Try again in 10 minutes, with a new one.')
  return left
}

/** It says the same of all codes that are not good. */
function unknownCode(left: number): UserError {
  const rest =
    left === 0 ? 'That was the last try for 10 minutes.' : `You have ${left} more ${left === 1 ? 'try' : 'tries'}.`
  return new UserError(
    `I know no such code: it may be too old, or used. Type link in your other chat for a new one. ${rest}`,
  )
}

function joined(numbers: readonly Renumbered[]): Reply {
  const facts = [
    'The two chats are joined: both show one list of alerts.',
    ...(numbers.length === 0 ? [] : [`Your alerts here have new numbers: ${mapping(numbers)}.`]),
  ]
  const rest = ['They are told where they were before. Time zone and quiet hours are those of the other chat.']
  return {
    ...say([...facts, ...rest], [{ label: 'List', command: 'list' }]),
    brief: inBrief(facts),
    isPrivate: true,
  }
}
