import { messageOf } from '../errors.ts'
import { say } from '../reply.ts'
import type { News } from './discord-news.ts'
import { answerPress } from './discord-press.ts'
import type { AnswerPorts } from './discord-reply.ts'
import { answerCommand } from './discord-slash.ts'
import type { Suggesting } from './discord-suggest.ts'
import { createAnswerWords } from './discord-words.ts'

const STRANGE = say('I do not know what that is for. Type /help to see what I understand.')

/** Answers news, one at a time for each place; resolves when the answer is sent. Never throws. */
export function createAnswer(ports: AnswerPorts & { readonly suggesting: Suggesting }): (news: News) => Promise<void> {
  const answerWords = createAnswerWords(ports)
  return async (news) => {
    try {
      if (news.kind === 'typing') await ports.suggesting(news)
      else if (news.kind === 'stranger') await ports.responder.say(news.handle, 'open', STRANGE, true)
      else if (news.kind === 'command') await answerCommand(news, ports)
      else if (news.kind === 'press') await answerPress(news, ports)
      else await answerWords(news)
    } catch (error) {
      ports.log.error({ why: messageOf(error) }, 'a message of Discord could not be answered')
    }
  }
}
