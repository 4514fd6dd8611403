import { messageOf } from '../errors.ts'
import type { Reply } from '../reply.ts'
import type { News } from './discord-news.ts'
import { type AnswerPorts, replyTo, sendLate } from './discord-reply.ts'
import { waitFor } from './discord-wait.ts'

type Command = Extract<News, { kind: 'command' }>

const CANNOT_SPEAK =
  'I may not write in this channel by myself, so I cannot tell you here when it happens. Let me see the channel and send messages in it, or set the alert in a direct message to me.'
/** Commands that make the bot write into a channel later. */
const SPEAKING = new Set(['alert'])

/** Answers a slash command, within the time that Discord gives for it. */
export async function answerCommand(news: Command, ports: AnswerPorts): Promise<void> {
  const { place, handle, name, text } = news
  const isGroup = place.guild !== undefined
  const isPersonal = isGroup && ports.menu.some((entry) => entry.name === name && entry.isPersonal === true)
  const work = ports.incoming.run(place.address, () => replyTo(news, text, ports))
  const { reply: given, state } = await waitFor(work, handle, isPersonal ? 'thinking privately' : 'thinking', ports)
  const reply = warned(given, news)
  try {
    await ports.responder.say(handle, state, reply, isGroup && reply.isPrivate === true)
  } catch (error) {
    ports.log.info({ why: messageOf(error) }, 'an interaction took no answer')
    await sendLate(reply, news, ports)
  }
}

/** Says it in one line where the bot could not keep what it promises. */
export function warned(reply: Reply, { handle, text }: { handle: Command['handle']; text: string }): Reply {
  const word = /^\/?([a-z]+)/i.exec(text)?.[1]?.toLowerCase()
  if (!handle.cannotSpeak || word === undefined || !SPEAKING.has(word)) return reply
  return { ...reply, pieces: [...reply.pieces, `\n\n${CANNOT_SPEAK}`] }
}
