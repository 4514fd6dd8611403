import type { Update } from 'telegraf/types'
import { messageOf, SendError } from '../errors.ts'
import type { Log } from '../log.ts'
import { harmless, NOT_PRESSED, type Reply, say } from '../reply.ts'
import { EDITED, type Handler, type LongCommands, type MenuEntry, type Message } from './channel.ts'
import { createNovelty, type Novelty, type Written } from './novelty.ts'
import type { Order } from './order.ts'
import { changeBy, ownWords, signBelow } from './outcome.ts'
import { type Pressed, unmarked } from './pressed.ts'
import type { TelegramApi } from './telegram-api.ts'
import { commandOf } from './telegram-buttons.ts'
import { piecesOf } from './telegram-html.ts'
import type { IsAdmin } from './telegram-members.ts'
import { addressOf, deepLink, type Me, type News, type Place, read, type Shown } from './telegram-updates.ts'
import { type Destination, PATIENT, type Writer } from './telegram-write.ts'

/** What answering works with. */
export type AnswerPorts = {
  readonly handle: Handler
  readonly me: Me
  readonly menu: readonly MenuEntry[]
  readonly call: TelegramApi
  readonly writer: Writer
  /** Messages of one chat are handled in order, and answers to one chat leave in order. */
  readonly incoming: Order
  readonly outgoing: Order
  readonly isAdmin: IsAdmin
  readonly pressed: Pressed
  readonly long: LongCommands
  readonly log: Log
  moved(from: string, to: string): Promise<void>
}

type Words = Extract<News, { kind: 'words' }>
type Press = Extract<News, { kind: 'press' }>

const TOO_OLD = 'That button is too old for me. Type the command instead.'
const IN_PRIVATE = 'I answered you in our private chat.'
const PRIVATE_ONLY = 'I can answer that only in a private chat with you. Open it, press Start, and ask me there:'
/** What is said of a press that calls no command. */
const DONE = { toast: 'That is done already.' }
/** Long commands are in the database. */
const UNKNOWN = { toast: NOT_PRESSED }

/** Answers updates, one at a time for each chat; resolves when the answer is sent. Never throws. */
export function createAnswer(ports: AnswerPorts): (update: Update) => Promise<void> {
  const noveltyOf = createNovelty()
  return async (update) => {
    try {
      const news = read(update, ports.me, ports.menu)
      if (news?.kind === 'moved') await ports.moved(news.from, news.to)
      else if (news?.kind === 'empty press') await answerQuery(news.query, ports)
      else if (news?.kind === 'press') await answer(news, String(update.update_id), 'new', ports)
      else if (news) await answer(news, String(update.update_id), noveltyOf(writtenIn(news)), ports)
    } catch (error) {
      ports.log.error({ why: messageOf(error) }, 'an update could not be answered')
    }
  }
}

function writtenIn({ place, message, text, isEdit }: Words): Written {
  return { key: `${place.chat}/${message}`, text, isEdit, isHeardAlways: !place.isGroup }
}

/** What is on its way; boxed, so that the chat's next message need not wait until it is there. */
type Sent = { readonly sent: Promise<unknown> }

const NOTHING: Sent = { sent: Promise.resolve() }

async function answer(news: Words | Press, id: string, novelty: Novelty, ports: AnswerPorts): Promise<void> {
  const { sent } = await ports.incoming.run(addressOf(news.place), async () =>
    news.kind === 'press' ? await answerPress(news, id, ports) : await answerWords(news, id, novelty, ports),
  )
  await sent
}

async function answerWords(news: Words, id: string, novelty: Novelty, ports: AnswerPorts): Promise<Sent> {
  if (novelty === 'the same') return NOTHING
  const reply = await replyTo(news, news.text, id, ports)
  const said = novelty === 'changed' ? { ...reply, pieces: [`${EDITED}\n\n`, ...reply.pieces] } : reply
  return send(said, news, news.message, ports)
}

async function answerPress(news: Press, id: string, ports: AnswerPorts): Promise<Sent> {
  const { place, query, under } = news
  const { data, stays } = unmarked(news.data)
  const key = `${place.chat}/${under.id}`
  const command = ports.pressed.isOver(key, data) ? DONE : await commandOf(data, ports.long).catch(() => UNKNOWN)
  if (typeof command !== 'string') {
    await answerQuery(query, ports, command?.toast ?? TOO_OLD)
    return NOTHING
  }
  void answerQuery(query, ports)
  const reply = await replyTo(news, command, id, ports)
  const changed = changeBy(reply, stays)
  if (changed === 'own' || (reply.isPrivate && place.isGroup)) return send(reply, news, under.id, ports)
  ports.pressed.changed(key, reply.buttons)
  const shown = changed === 'below' ? below(under, reply) : reply
  return { sent: ports.outgoing.run(place.chat, () => change(shown, reply, news, key, ports)) }
}

/** Each press is answered, or the button keeps turning; that it was answered too late troubles nobody. */
async function answerQuery(query: string, { call, log }: AnswerPorts, text?: string): Promise<void> {
  const payload = { callback_query_id: query, ...(text === undefined ? {} : { text }) }
  await call('answerCallbackQuery', payload).catch((error: unknown) =>
    log.info({ why: messageOf(error) }, 'a press was not answered'),
  )
}

async function replyTo(news: Words | Press, text: string, id: string, ports: AnswerPorts): Promise<Reply> {
  const { place, from, kind } = news
  const message: Message = {
    channel: 'telegram',
    address: addressOf(place),
    id,
    text,
    sender: { id: from.id, name: from.name, isAdmin: await ports.isAdmin(place, from) },
    ...(place.isGroup ? { isGroup: true as const } : {}),
    ...(kind === 'press' ? { isPress: true as const, shownAt: news.under.at } : {}),
  }
  return harmless(await ports.handle(message))
}

/** A message of its own; in a group under the message it answers, unless it is for one person alone. */
function send(reply: Reply, news: Words | Press, answers: number, ports: AnswerPorts): Sent {
  const { place } = news
  const to = { ...destinationOf(place), ...(place.isGroup ? { answers } : {}) }
  const isSecret = reply.isPrivate === true && place.isGroup
  const work = async () => await (isSecret ? confide(reply, news, to, ports) : ports.writer.send(to, reply, PATIENT))
  return { sent: ports.outgoing.run(place.chat, work) }
}

/**
 * What one person of a group alone is to see goes to their own chat, and the group hears only that. Without its buttons:
 * there they would act on that person's alerts, not on the group's.
 */
async function confide(reply: Reply, news: Words | Press, to: Destination, ports: AnswerPorts): Promise<void> {
  const { writer, me } = ports
  const { place, from } = news
  const { isQuestion: _asked, ...rest } = reply
  const told = { ...rest, pieces: [`About ${place.title || 'the group'}:\n`, ...reply.pieces], buttons: [] }
  const isTold = !from.isAnonymous && (await writer.send({ chat: from.id }, harmless(told), PATIENT).then(yes, isLost))
  const link = deepLink(me.username, news.kind === 'words' ? news.text.replace(/^\//, '') : '')
  await writer.send(to, say(isTold ? IN_PRIVATE : `${PRIVATE_ONLY} ${link}`), PATIENT)
}

function yes(): boolean {
  return true
}

/** Nobody is written to who has not opened a chat with the bot; anything else is no reason to ask them for it. */
function isLost(error: unknown): boolean {
  if (error instanceof SendError && error.permanent) return false
  throw error
}

/** Buttons act, and then the message they stood under shows what came of it: `shown`, or where that does not fit, `reply` alone. */
async function change(shown: Reply, reply: Reply, news: Press, key: string, ports: AnswerPorts): Promise<void> {
  const { writer, pressed } = ports
  const { place, under } = news
  const to = destinationOf(place)
  try {
    if (await writer.change(to, under.id, shown, PATIENT)) return
    pressed.changed(key, [])
    await writer.strip(to, under.id)
    await writer.send({ ...to, ...(place.isGroup ? { answers: under.id } : {}) }, reply, PATIENT)
  } catch (error) {
    pressed.forget(key)
    throw error
  }
}

/** The words of a message that stay, with a reply below them. */
function below({ text = '', entities }: Shown, reply: Reply): Reply {
  const own = ownWords(text)
  const kept = entities.filter(({ offset, length }) => offset + length <= own.length)
  return { ...reply, pieces: [...piecesOf(own, kept), signBelow(own), ...reply.pieces], stays: true }
}

function destinationOf({ chat, topic }: Place): Destination {
  return { chat, ...(topic === undefined ? {} : { topic }) }
}
