import { SendError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import { EDITED } from './channel.ts'
import type { News, Person } from './discord-news.ts'
import { type AnswerPorts, replyTo } from './discord-reply.ts'
import { type Destination, PATIENT, type Writer } from './discord-write.ts'
import { createNovelty, type Novelty } from './novelty.ts'

type Words = Extract<News, { kind: 'words' }>

const IN_PRIVATE = 'I answered you in a direct message.'
const PRIVATE_ONLY =
  'I can answer that only in private, and you take no direct messages from this server. Ask me with a slash command: then only you see the answer.'

/** Answers what was typed; of what was changed, only where a word of it was. */
export function createAnswerWords(ports: AnswerPorts): (news: Words) => Promise<void> {
  const noveltyOf = createNovelty()
  return (news) => {
    const { message: key, text, isEdit, place } = news
    return answerWords(news, noveltyOf({ key, text, isEdit, isHeardAlways: place.guild === undefined }), ports)
  }
}

/** What is on its way; boxed, so that the place's next message need not wait until it is there. */
type Sent = { readonly sent: Promise<unknown> }

async function answerWords(news: Words, novelty: Novelty, ports: AnswerPorts): Promise<void> {
  if (novelty === 'the same') return
  const { place } = news
  const { sent } = await ports.incoming.run(place.address, async (): Promise<Sent> => {
    const reply = await replyTo(news, news.text, ports)
    const said = novelty === 'changed' ? { ...reply, pieces: [`${EDITED}\n\n`, ...reply.pieces] } : reply
    return { sent: ports.outgoing.run(place.address, () => sendAnswer(said, news, ports)) }
  })
  await sent
}

/** An answer as a message of the bot: in a server under what it answers, unless it is for one person alone. */
async function sendAnswer(reply: Reply, news: Words, { writer }: AnswerPorts): Promise<void> {
  const { place, from, message, id } = news
  const key = `answer to ${id}`
  if (place.guild === undefined) return void (await writer.send({ person: from.id }, reply, key, PATIENT))
  const to: Destination = { channel: place.channel, answers: message }
  if (!reply.isPrivate) return void (await writer.send(to, reply, key, PATIENT))
  const isTold = await confide(reply, from, key, writer)
  await writer.send(to, say(isTold ? IN_PRIVATE : PRIVATE_ONLY), `${key}\nhint`, PATIENT)
}

/**
 * What one person of a server alone is to see goes to their direct messages, without its buttons: there they would act on
 * that person's alerts, not on the channel's. False where they take none.
 */
async function confide(reply: Reply, from: Person, key: string, writer: Writer): Promise<boolean> {
  const { isQuestion: _asked, ...rest } = reply
  const told = { ...rest, pieces: ['About the channel you asked in:\n', ...reply.pieces], buttons: [] }
  try {
    await writer.send({ person: from.id }, told, `${key}\nin private`, PATIENT)
    return true
  } catch (error) {
    if (error instanceof SendError && error.permanent) return false
    throw error
  }
}
