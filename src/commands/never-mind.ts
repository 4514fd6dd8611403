import { say } from '../reply.ts'
import { keyOf } from './ask.ts'
import type { Command } from './command.ts'

/** Leaves a question unanswered. It is not called cancel: carriers take that word for themselves. */
export const neverMind: Command = {
  name: 'nevermind',
  aliases: ['leave', 'back'],
  usage: 'never mind',
  summary: 'Leave a question unanswered',
  async run({ conversations, message, realNow }) {
    const key = keyOf(message)
    const open = await conversations.find(key, realNow())
    if (!open) return { ...say('All right. Nothing was open, and nothing is changed.'), place: 'instead' }
    await conversations.end(key)
    return { ...say('All right, I leave it. Nothing is changed.'), place: 'instead' }
  },
}
