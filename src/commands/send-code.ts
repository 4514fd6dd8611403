import { messageOf, SendError, UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Asked } from '../store/confirmations.ts'
import { makeConfirmationCode } from '../users/codes.ts'
import { ask } from './ask.ts'
import type { Context } from './command.ts'

const DAY = 86_400_000
/** So many codes, or links, get an address in a day, whoever asks for them. */
const FOR_ADDRESS = { most: 3, per: DAY }
/** And so many may one person ask for, wherever they go: each text costs money. */
const FOR_PERSON = { most: 6, per: DAY }

/** Counts one more that is to go to an address. Throws `UserError` where there were as many as there may be. */
export async function requireAttempt({ people, user, realNow }: Context, { channel, address }: Asked): Promise<void> {
  const own = await people.attempts.take('codes of', user.id, FOR_PERSON, realNow())
  if (own < 0)
    throw new UserError(`You asked for ${FOR_PERSON.most} codes today, which is as many as I send. Go on tomorrow.`)
  const its = await people.attempts.take('codes to', `${channel}\n${address}`, FOR_ADDRESS, realNow())
  if (its < 0)
    throw new UserError(
      `I send ${FOR_ADDRESS.most} codes a day to one address, and it had them today. Try again tomorrow.`,
    )
}

/**
 * Sends a code to an address, by which its owner proves that it is theirs, and asks for it. Throws `UserError` where it
 * cannot be sent.
 */
export async function sendCode(asked: Asked, context: Context): Promise<Reply> {
  const { people, user, realNow } = context
  const { channel, address, mailedAs = user.id } = asked
  const code = makeConfirmationCode(people.random)
  // Kept first: whoever reads it at once can type it at once.
  await people.confirmations.awaitCode(asked, code, realNow(), true)
  try {
    if (channel === 'email') await people.emails?.mailCode(mailedAs, address, code)
    else await people.send(user.id, asked, textOf(code), `code ${code} ${realNow()}`)
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    throw new UserError(`The code could not be sent: ${messageOf(error)}.`)
  }
  const where = channel === 'email' ? 'mailed' : 'texted'
  const fact = `I have ${where} a code of six digits to ${address}. Type it here within 10 minutes.`
  const question = `Type the six digits that I ${where} to ${address}.`
  const asks = { ...say([fact, 'Until then nothing else is sent there.']), isPrivate: true as const, brief: fact }
  return await ask(context, { command: 'confirm', step: 'code', typed: '', question }, asks)
}

function textOf(code: string): Reply {
  return say(
    `${code} is your code for Signal Generator. Type it in the chat where you asked for it: confirm ${code}. If you did not ask, do nothing.`,
  )
}
