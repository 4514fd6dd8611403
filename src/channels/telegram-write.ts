import { messageOf, SendError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Picture, Piece, Reply, TextFile } from '../reply.ts'
import type { Clock, LongCommands } from './channel.ts'
import type { Pictures } from './pictures.ts'
import { wordsOf } from './split.ts'
import { Refusal, type TelegramApi } from './telegram-api.ts'
import { keyboardOf } from './telegram-buttons.ts'
import { isMarkupRefused, isUnchanged, isUneditable, sendErrorOf } from './telegram-errors.ts'
import { htmlOf, inHtml, LONGEST_CAPTION, LONGEST_TEXT, split, unmentioned } from './telegram-html.ts'
import type { Pace } from './telegram-pace.ts'

/** Where a message goes, and which message of that chat it answers. */
export type Destination = { readonly chat: string; readonly topic?: string; readonly answers?: number }

/**
 * How long a message may wait for its turn, ms, and the waits between tries where Telegram does not take it. `isAnswer`:
 * somebody waits for it, so it goes before what nobody asked for.
 */
export type Patience = { readonly turn: number; readonly waits: readonly number[]; readonly isAnswer?: true }

/** For what is tried again by whoever sends it. */
export const ONCE: Patience = { turn: 1_500, waits: [] }
/** For what is sent only here. */
export const PATIENT: Patience = { turn: 120_000, waits: [1_000, 3_000, 9_000, 27_000], isAnswer: true }

/** What writing works with. `moved` hears that a group has another address from now on. */
export type WritePorts = {
  readonly call: TelegramApi
  readonly pace: Pace
  readonly long: LongCommands
  readonly pictures: Pictures
  readonly clock: Clock
  readonly log: Log
  moved(from: string, to: string): Promise<void>
}

/** Writes replies into chats. Throws a `SendError` where Telegram did not take one. */
export type Writer = {
  /** As a message of its own, or as several where it is long; gives the id of the first. */
  send(to: Destination, reply: Reply, patience: Patience): Promise<number>
  /** In place of what a message of ours says; false where that message cannot be changed, or it does not fit. */
  change(to: Destination, message: number, reply: Reply, patience: Patience): Promise<boolean>
  /** Takes the buttons from a message of ours; where that fails they stay. */
  strip(to: Destination, message: number): Promise<void>
}

/** How long a file may take to be uploaded, ms. */
const UPLOADED_WITHIN = 30_000
const ANSWER_HERE = '\n\nReply to this message with your answer.'

/** A writer that keeps to a pace. */
export function createWriter(ports: WritePorts): Writer {
  const { call, pace, long, pictures, log } = ports
  const attempt = createAttempt(ports)

  const sendPart = async (to: Destination, pieces: readonly Piece[], markup: object, patience: Patience) =>
    await attempt(to.chat, patience, async (chat) => {
      const rest = { ...placed(chat, to), link_preview_options: { is_disabled: true }, ...markup }
      try {
        return await call('sendMessage', { ...rest, text: htmlOf(pieces), parse_mode: 'HTML' })
      } catch (error) {
        if (!isMarkupRefused(error)) throw error
        log.error({ why: messageOf(error) }, 'a message was marked up so that Telegram does not understand it')
        return await call('sendMessage', { ...rest, text: pieces.map(wordsOf).join('') })
      }
    })

  /** What was begun is not taken back: tried again as a whole, its beginning would come twice. */
  const sendRest = async (to: Destination, parts: readonly (readonly Piece[])[], markup: object) => {
    try {
      for (const [index, part] of parts.entries())
        await sendPart(to, part, index === parts.length - 1 ? markup : {}, PATIENT)
    } catch (error) {
      log.warn({ why: messageOf(error) }, 'the end of a long message was not sent')
    }
  }

  const sendFile = async ({ chat: whose, topic }: Destination, { name, text }: TextFile) => {
    const document = { source: Buffer.from(text), filename: name }
    const to = { chat: whose, ...(topic === undefined ? {} : { topic }) }
    try {
      await attempt(whose, PATIENT, (chat) =>
        call('sendDocument', { ...placed(chat, to), document }, { timeout: UPLOADED_WITHIN }),
      )
    } catch (error) {
      log.warn({ why: messageOf(error) }, 'a file was not sent')
    }
  }

  const follow = (
    to: Destination,
    message: number,
    { picture }: Reply,
    drawing: Promise<Uint8Array | undefined> | undefined,
  ) => {
    if (picture && drawing)
      pictures.follow(drawing, (png, left) => sendPicture(ports, { ...to, answers: message }, picture, png, left))
  }

  return {
    async send(to, reply, patience) {
      const drawing = pictures.draw(reply)
      const markup = await markupOf(to, reply, long)
      const [part, ...rest] = partsOf(worded(to, reply))
      const { message_id: first } = await sendPart(to, part!, rest.length === 0 ? markup : {}, patience)
      await sendRest(to, rest, markup)
      if (reply.file) await sendFile(to, reply.file)
      follow(to, first, reply, drawing)
      return first
    },
    async change(to, message, reply, patience) {
      const [part, ...more] = partsOf(worded(to, reply))
      if (!part || more.length > 0) return false
      const drawing = pictures.draw(reply)
      const keyboard = await keyboardOf(reply, long)
      const isChanged = await attempt(to.chat, patience, async (chat) => {
        const ids = { chat_id: Number(chat), message_id: message, link_preview_options: { is_disabled: true } }
        const words = { text: htmlOf(part), parse_mode: 'HTML', reply_markup: keyboard } as const
        return await call('editMessageText', { ...ids, ...words }).then(() => true, unlessUneditable)
      })
      if (isChanged) follow(to, message, reply, drawing)
      return isChanged
    },
    async strip({ chat }, message) {
      const ids = { chat_id: Number(chat), message_id: message }
      try {
        await pace.turn(chat, PATIENT.turn, true)
        await call('editMessageReplyMarkup', { ...ids, reply_markup: { inline_keyboard: [] } })
      } catch (error) {
        if (!isUnchanged(error)) log.info({ why: messageOf(error) }, 'buttons could not be taken away')
      }
    },
  }
}

/** Tries in the chat's turn, again after each of the waits, and in the supergroup that a group has become. */
function createAttempt({ pace, clock, log, moved }: WritePorts) {
  return async <T>(to: string, { turn, waits, isAnswer }: Patience, work: (chat: string) => Promise<T>): Promise<T> => {
    let chat = to
    for (let tried = 0; ; ) {
      await pace.turn(chat, turn, isAnswer)
      try {
        return await work(chat)
      } catch (error) {
        const next = error instanceof Refusal && error.movedTo !== undefined ? String(error.movedTo) : chat
        if (next !== chat) {
          await moved(chat, next).catch((err: unknown) => log.error({ err }, 'a new address could not be kept'))
          chat = next
          continue
        }
        const problem = sendErrorOf(error)
        if (problem.retryAfter !== undefined) pace.hold(chat, problem.retryAfter)
        const wait = waits[tried++]
        if (problem.permanent || wait === undefined) throw problem
        await clock.sleep(Math.max(wait, problem.retryAfter ?? 0))
      }
    }
  }
}

async function sendPicture(
  { call, pace, clock }: WritePorts,
  to: Destination,
  picture: Picture,
  png: Uint8Array,
  within: number,
): Promise<void> {
  const until = clock.now() + within
  await pace.turn(to.chat, within)
  const left = until - clock.now()
  if (left <= 0) throw new SendError('there was no time left for it', { permanent: false })
  // Where a file is sent, the client leaves out an object that is not text already.
  const { reply_parameters: answers, ...place } = placed(to.chat, to)
  const payload = {
    ...place,
    ...(answers === undefined ? {} : { reply_parameters: JSON.stringify(answers) as never }),
    photo: { source: Buffer.from(png), filename: 'chart.png' },
    caption: inHtml(picture.title.slice(0, LONGEST_CAPTION)),
    parse_mode: 'HTML' as const,
  }
  await call('sendPhoto', payload, { timeout: left })
}

function placed(chat: string, { topic, answers }: Destination) {
  return {
    chat_id: Number(chat),
    ...(topic === undefined ? {} : { message_thread_id: Number(topic) }),
    ...(answers === undefined
      ? {}
      : { reply_parameters: { message_id: answers, allow_sending_without_reply: true as const } }),
  }
}

/**
 * The words as a group may read them: who is named is not called, and a question that the client does not make people
 * answer says how, since in a group a bot hears only what answers it.
 */
function worded(to: Destination, reply: Reply): readonly Piece[] {
  if (!isGroup(to)) return reply.pieces
  const pieces = unmentioned(reply.pieces)
  return reply.isQuestion === true && !isForced(to, reply) ? [...pieces, ANSWER_HERE] : pieces
}

async function markupOf(to: Destination, reply: Reply, long: LongCommands): Promise<object> {
  if (reply.buttons.length > 0) return { reply_markup: await keyboardOf(reply, long) }
  return isForced(to, reply) ? { reply_markup: { force_reply: true, selective: true } } : {}
}

/** The client of who asked opens the answer by itself; it cannot where there are buttons. */
function isForced(to: Destination, { isQuestion, buttons }: Reply): boolean {
  return isQuestion === true && isGroup(to) && to.answers !== undefined && buttons.length === 0
}

function isGroup({ chat }: Destination): boolean {
  return chat.startsWith('-')
}

/** Telegram takes no message without words. */
function partsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const parts = split(pieces, LONGEST_TEXT)
  return parts.length > 0 ? parts : [['Done.']]
}

function unlessUneditable(error: unknown): boolean {
  if (isUnchanged(error)) return true
  if (isUneditable(error)) return false
  throw error
}
