import type { Message as TelegramMessage, Update, User } from 'telegraf/types'
import type { MenuEntry } from './channel.ts'
import type { Entity } from './telegram-html.ts'

/** The kinds of update that are asked for; any other that comes all the same is passed over. */
export const KINDS = ['message', 'edited_message', 'callback_query'] as const

/** What the bot is called. */
export type Me = { readonly id: number; readonly username: string }

/** A chat, and the topic in it where it is a forum. `id` is Telegram's, as text. */
export type Place = {
  readonly chat: string
  readonly topic?: string
  readonly isGroup: boolean
  readonly title: string
}

/** Who acted. `isAnonymous`: an administrator who shows as the group itself. */
export type Person = { readonly id: string; readonly name: string; readonly isAnonymous: boolean }

/** A message of ours, as it was when a button under it was pressed. */
export type Shown = {
  readonly id: number
  /** When it was sent, or changed last, ms. */
  readonly at: number
  readonly text?: string
  readonly entities: readonly Entity[]
}

/** What an update says, as far as it is for us. */
export type News =
  | {
      readonly kind: 'words'
      readonly place: Place
      readonly from: Person
      readonly message: number
      readonly text: string
      readonly isEdit: boolean
    }
  | {
      readonly kind: 'press'
      readonly place: Place
      readonly from: Person
      readonly query: string
      readonly data: string
      readonly under: Shown
    }
  /** A button nothing can be done for: of a game, or under a message that was sent by way of an inline query. */
  | { readonly kind: 'empty press'; readonly query: string }
  /** A group became a supergroup. */
  | { readonly kind: 'moved'; readonly from: string; readonly to: string }

/** The address of a chat or a topic: `4711`, `-100123`, `-100123/45`. */
export function addressOf({ chat, topic }: Place): string {
  return topic === undefined ? chat : `${chat}/${topic}`
}

/**
 * Reads an update; undefined where it is not for us. In a group that is all but commands that are not another bot's,
 * what mentions us, and what answers us. `menu` tells which bare commands in a group may be meant for us.
 */
export function read(update: Update, me: Me, menu: readonly MenuEntry[]): News | undefined {
  if ('callback_query' in update) return readPress(update.callback_query)
  if ('message' in update) return readMessage(update.message, me, menu, false)
  if ('edited_message' in update) return readMessage(update.edited_message as TelegramMessage, me, menu, true)
  return undefined
}

/** Of who and where somebody is only a whole number tells: what is anything else was not sent by Telegram. */
function isKnown(one: unknown): boolean {
  return typeof one === 'object' && one !== null && 'id' in one && Number.isSafeInteger(one.id)
}

function readPress(query: Update.CallbackQueryUpdate['callback_query']): News | undefined {
  if (!isKnown(query?.from) || typeof query.id !== 'string') return undefined
  const { id, from, message } = query
  if (!('data' in query) || typeof query.data !== 'string' || !isKnown(message?.chat) || !message)
    return { kind: 'empty press', query: id }
  const text = 'text' in message ? message.text : undefined
  const entities = 'entities' in message && message.entities ? message.entities : []
  const at = 1_000 * (('edit_date' in message ? message.edit_date : undefined) ?? message.date)
  const under = { id: message.message_id, at, ...(text === undefined ? {} : { text }), entities }
  return { kind: 'press', place: placeOf(message), from: personOf(from), query: id, data: query.data, under }
}

function readMessage(message: TelegramMessage, me: Me, menu: readonly MenuEntry[], isEdit: boolean): News | undefined {
  if (!isKnown(message?.chat)) return undefined
  const chat = String(message.chat.id)
  const to = 'migrate_to_chat_id' in message ? message.migrate_to_chat_id : undefined
  const before = 'migrate_from_chat_id' in message ? message.migrate_from_chat_id : undefined
  if (Number.isSafeInteger(to)) return { kind: 'moved', from: chat, to: String(to) }
  if (Number.isSafeInteger(before)) return { kind: 'moved', from: String(before), to: chat }
  const from = writerOf(message)
  const place = placeOf(message)
  const text = from && wordsFor(message, place, me, menu)
  if (!from || text === undefined) return undefined
  return { kind: 'words', place, from, message: message.message_id, text, isEdit }
}

function placeOf(message: { chat: TelegramMessage['chat'] }): Place {
  const { chat } = message
  const topic =
    'is_topic_message' in message && message.is_topic_message === true && 'message_thread_id' in message
      ? { topic: String(message.message_thread_id) }
      : {}
  const title = 'title' in chat ? chat.title : ''
  return { chat: String(chat.id), ...topic, isGroup: chat.type !== 'private', title }
}

/** Nobody, where a bot wrote or a channel: bots do not answer each other. */
function writerOf(message: TelegramMessage): Person | undefined {
  const { from, sender_chat: as, chat } = message
  if (as) {
    const isAnonymous = as.id === chat.id
    return isAnonymous ? { id: String(as.id), name: 'title' in as ? as.title : 'an admin', isAnonymous } : undefined
  }
  return from && isKnown(from) && !from.is_bot ? personOf(from) : undefined
}

function personOf({ id, first_name: first, last_name: last, username }: User): Person {
  const name = [first, last].filter(Boolean).join(' ').trim()
  return { id: String(id), name: name || username || String(id), isAnonymous: false }
}

/** What people send that holds no words; a chat of one's own answers it with a hint. */
const WORDLESS = [
  'photo',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'animation',
  'video_note',
  'location',
  'contact',
  'poll',
  'venue',
  'dice',
  'story',
]

/** The words of a message that are for us, without our name; undefined where none are. */
function wordsFor(message: TelegramMessage, place: Place, me: Me, menu: readonly MenuEntry[]): string | undefined {
  if ('new_chat_members' in message)
    return message.new_chat_members.some(({ id }) => id === me.id) ? '/start' : undefined
  const text = 'text' in message ? message.text : 'caption' in message ? message.caption : undefined
  if (typeof text !== 'string') return !place.isGroup && WORDLESS.some((kind) => kind in message) ? '' : undefined
  const command = commandIn(text, me)
  if (!place.isGroup) return command?.text ?? text
  if (command) {
    const isMeant = command.isOurs ?? isInMenu(command.text, menu)
    return isMeant || (command.isOurs === undefined && isAnswer(message, me)) ? command.text : undefined
  }
  const name = new RegExp(String.raw`(?<![\w@])@${me.username}\b`, 'gi')
  if (name.test(text)) return text.replace(name, ' ').replace(/ {2,}/g, ' ').trim()
  return isAnswer(message, me) ? text : undefined
}

/** `isOurs`: our name or another's stands behind it; undefined where none does. */
type Called = { readonly text: string; readonly isOurs: boolean | undefined }

/** A command with the bot's name taken out, `/alert@bot AAPL` → `/alert AAPL`, and a deep link's payload as words. */
function commandIn(text: string, { username }: Me): Called | undefined {
  const match = /^\s*(\/[a-z0-9_]+)(?:@([a-z0-9_]+))?(?=\s|$)/i.exec(text)
  if (!match) return undefined
  const [whole, command, name] = match
  const rest = text.slice(whole.length)
  const isOurs = name === undefined ? undefined : name.toLowerCase() === username.toLowerCase()
  return { text: `${command}${command === '/start' ? payloadWords(rest) : rest}`, isOurs }
}

/** `/start link_K7QM-2XRA` is what a link to us brings: it has no spaces, so `_` stands for one. */
function payloadWords(rest: string): string {
  return /^\s[A-Za-z0-9_-]{1,64}$/.test(rest) ? rest.replaceAll('_', ' ') : rest
}

/** A link that opens a private chat with the bot, which then hears `/start` and the words; without them where they do not fit. */
export function deepLink(username: string, words: string): string {
  const payload = words.trim().replaceAll(' ', '_')
  const isFit = /^[A-Za-z0-9_-]{1,64}$/.test(payload) && !words.includes('_')
  return `https://t.me/${username}${isFit ? `?start=${payload}` : ''}`
}

function isInMenu(text: string, menu: readonly MenuEntry[]): boolean {
  const word = /^\/(\w+)/.exec(text)?.[1]?.toLowerCase()
  return (
    word === 'start' || menu.some(({ name, aliases = [] }) => word !== undefined && [name, ...aliases].includes(word))
  )
}

/** It answers a message of ours. Each message of a topic answers the one that opened it: that is no answer. */
function isAnswer(message: TelegramMessage, me: Me): boolean {
  if (!('reply_to_message' in message)) return false
  const { reply_to_message: to } = message
  return to !== undefined && to.from?.id === me.id && !('forum_topic_created' in to)
}
