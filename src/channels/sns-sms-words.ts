import { septets, shortenedTo, toGsm } from '../gsm.ts'
import { plain, type Reply } from '../reply.ts'

/** The septets of one segment (3GPP TS 23.038): what is longer costs twice. */
const ONE_SEGMENT = 160
/** Said as far as there is room, where something can be done about it: nobody reads an answer to such a text. */
const ELSEWHERE = ['To change it, write in the chat where you set it.', 'Change it in the chat.'] as const
/** A sentence that asks for an answer. */
const ASKS = /^(reply|answer|text|respond)\b/i

/** A reply as one segment of a text that cannot be answered. */
export function textOf(reply: Reply): string {
  const sentences = (reply.brief ?? plain(reply)).split(/\n+|(?<=[.!?]) +/).map((sentence) => sentence.trim())
  const said = sentences.filter((sentence) => sentence !== '' && !ASKS.test(sentence))
  const text = shortenedTo(toGsm(said.map(ended).join(' ')), ONE_SEGMENT)
  if (reply.buttons.length === 0) return text
  const whole = ELSEWHERE.map((words) => `${text} ${words}`)
  return whole.find((each) => septets(each) <= ONE_SEGMENT) ?? text
}

/** What was a line of its own ends like a sentence, where another follows it. */
function ended(sentence: string, index: number, all: readonly string[]): string {
  return index === all.length - 1 || /[.!?:;,]$/.test(sentence) ? sentence : `${sentence}.`
}
