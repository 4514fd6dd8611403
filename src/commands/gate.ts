import type { Message } from '../channels/channel.ts'
import { type Reply, say } from '../reply.ts'
import { type Access, isAllowed, isOperator } from './access.ts'
import { keyOf } from './ask.ts'
import { createLimit } from './limits.ts'

const MINUTE = 60_000
const PRIVATE = 'I am sorry: I answer only people whom my owner has named to me.'

/**
 * What is answered to a message that goes no further: of a stranger, or of somebody who sends too many a minute, buttons
 * counted. Undefined for all others, and for those who run the bot. `now` is ms on the real clock. Nothing of it is stored.
 */
export function createGate(access: Access, perMinute: number): (message: Message, now: number) => Reply | undefined {
  const pace = createLimit(perMinute, MINUTE)
  return (message, now) => {
    if (isOperator(message, access)) return undefined
    if (!isAllowed(message, access)) return say(PRIVATE)
    const wait = pace(keyOf(message), now)
    if (wait === undefined) return undefined
    return say(`Slowly, please: I take ${perMinute} messages a minute. Try again in ${Math.ceil(wait / 1_000)} s.`)
  }
}
