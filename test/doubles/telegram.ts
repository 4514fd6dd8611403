import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The Bot API of Telegram on 127.0.0.1, as far as a bot like ours may use it, with the shapes of
 * https://core.telegram.org/bots/api. The real one passes over fields it does not know; this one refuses them, and notes
 * it in `refused`, so that a misspelt field fails a test.
 */
export type TelegramDouble = {
  /** The address of the API, without the token. */
  readonly url: string
  readonly token: string
  readonly username: string
  /** Everything asked, in order, without the calls that ask for updates. */
  readonly calls: readonly Call[]
  /** What the documentation does not have. */
  readonly refused: readonly string[]
  /** How many questions for updates are open. */
  readonly polls: number
  /** How often updates were asked for. */
  readonly asked: number
  readonly webhook: { readonly url: string; readonly secret: string | undefined } | undefined
  /** What a webhook's owner answered, in order. */
  readonly answers: readonly number[]
  /** The menu of a scope. */
  menu(scope: string): readonly { command: string; description: string }[] | undefined
  /** Someone writes. Gives the id of the message. */
  says(text: string, from?: Writer): number
  /** Someone changes what they wrote. */
  edits(message: number, text: string, from?: Writer): void
  /** Someone presses the button with this label, under the newest message that has it, or under a given one. */
  presses(label: string, from?: Writer, message?: number): void
  /** Someone's client sends what it wants as a pressed button's data. */
  forges(data: string, message: number, from?: Writer): void
  /** Any update; gets the next id. Gives that. */
  push(update: Record<string, unknown>): number
  /** Sends an update again that was sent before. */
  repeat(update: number): void
  /** What can be read of ours in a chat, and in a topic of it, from the oldest to the newest. */
  shown(chat?: number, topic?: number): readonly Shown[]
  /** Resolves when it is so; looked at after each call and each press. */
  until(isSo: () => boolean): Promise<void>
  /** Answers calls of a method, `*` for all but questions for updates, otherwise than it should. */
  behave(method: string, mood: Mood, times?: number): void
  /** A group is a supergroup with another id from now on. */
  migrate(from: number, to: number): void
  /** Someone may write to the bot, and it to them. */
  opens(person: number): void
  readonly admins: Set<number>
  /** Where a webhook's updates really go. */
  deliverTo(base: string): void
  stop(): Promise<void>
}

/** Who writes where. `chat`: the person's own unless said; groups have ids below 0. */
export type Writer = {
  readonly id?: number
  readonly name?: string
  readonly chat?: number
  readonly topic?: number
  /** The message it answers. */
  readonly answers?: number
  /** Anything else a message may hold; `undefined` takes a field away. */
  readonly with?: Readonly<Record<string, unknown>>
}

/** The waits before an update is posted again that was not taken, ms: they grow, as the real ones do, which go on for a day. */
const FIRST_REPEAT = 20
const LAST_REPEAT = 1_000

export type Call = { readonly method: string; readonly params: Readonly<Record<string, unknown>>; readonly at: number }

export type Shown = {
  readonly id: number
  readonly chat: number
  readonly topic: number | undefined
  text: string
  entities: readonly Entity[]
  buttons: readonly (readonly Button[])[]
  readonly photo: Buffer | undefined
  readonly file?: Buffer
  readonly answers: number | undefined
  readonly asksForReply: boolean
  edits: number
}

type Entity = { readonly type: string; readonly offset: number; readonly length: number }
type Button = { readonly text: string; readonly callback_data: string }

/** An answer of the API, or no answer at all: a connection that breaks (before or after it was done), or says nothing. */
export type Mood =
  | { readonly code: number; readonly description: string; readonly parameters?: Readonly<Record<string, unknown>> }
  | 'reset'
  | 'done and reset'
  | 'hang'
  | 'web page'

type Params = Record<string, unknown>
type Check = (value: unknown) => boolean

const isInteger: Check = (value) => Number.isSafeInteger(value)
const isText: Check = (value) => typeof value === 'string'
const isTrue: Check = (value) => typeof value === 'boolean'
const listOf = (check: Check) => (value: unknown) => Array.isArray(value) && value.every(check)
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value)
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value))
const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' && value !== null && Object.entries(value).every(([name, each]) => fields[name]?.(each))

const isChat = either(isInteger, isText)
const isEntity = shape({ type: isText, offset: isInteger, length: isInteger, url: isText, language: isText })
const isInline = shape({
  inline_keyboard: listOf(
    listOf(shape({ text: isText, callback_data: isText, url: isText, switch_inline_query: isText })),
  ),
})
const isForce = shape({ force_reply: oneOf(true), input_field_placeholder: isText, selective: isTrue })
const isReply = shape({
  message_id: isInteger,
  chat_id: isChat,
  allow_sending_without_reply: isTrue,
  quote: isText,
  quote_parse_mode: isText,
  quote_entities: listOf(isEntity),
  quote_position: isInteger,
})
const isPreview = shape({
  is_disabled: isTrue,
  url: isText,
  prefer_small_media: isTrue,
  prefer_large_media: isTrue,
  show_above_text: isTrue,
})
const isScope = shape({
  type: oneOf(
    'default',
    'all_private_chats',
    'all_group_chats',
    'all_chat_administrators',
    'chat',
    'chat_administrators',
    'chat_member',
  ),
  chat_id: isChat,
  user_id: isInteger,
})
const isCommand = shape({ command: isText, description: isText })
const isMode = oneOf('HTML', 'Markdown', 'MarkdownV2')
const KINDS = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'message_reaction',
  'message_reaction_count',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
]
const SENT = {
  chat_id: isChat,
  message_thread_id: isInteger,
  disable_notification: isTrue,
  protect_content: isTrue,
  reply_parameters: isReply,
  reply_markup: either(isInline, isForce),
}

/** The parameters of each method; those that must be there end with `!`. */
const METHODS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  getMe: {},
  getUpdates: {
    offset: isInteger,
    limit: isInteger,
    timeout: isInteger,
    allowed_updates: listOf(oneOf(...KINDS)),
  },
  setWebhook: {
    'url!': isText,
    ip_address: isText,
    max_connections: isInteger,
    allowed_updates: listOf(oneOf(...KINDS)),
    drop_pending_updates: isTrue,
    secret_token: isText,
  },
  deleteWebhook: { drop_pending_updates: isTrue },
  getWebhookInfo: {},
  sendMessage: {
    ...SENT,
    'chat_id!': isChat,
    'text!': isText,
    parse_mode: isMode,
    entities: listOf(isEntity),
    link_preview_options: isPreview,
  },
  sendPhoto: {
    ...SENT,
    'chat_id!': isChat,
    'photo!': Buffer.isBuffer,
    caption: isText,
    parse_mode: isMode,
    caption_entities: listOf(isEntity),
    has_spoiler: isTrue,
  },
  sendDocument: {
    ...SENT,
    'chat_id!': isChat,
    'document!': Buffer.isBuffer,
    caption: isText,
    parse_mode: isMode,
    caption_entities: listOf(isEntity),
    disable_content_type_detection: isTrue,
  },
  editMessageText: {
    chat_id: isChat,
    message_id: isInteger,
    inline_message_id: isText,
    'text!': isText,
    parse_mode: isMode,
    entities: listOf(isEntity),
    link_preview_options: isPreview,
    reply_markup: isInline,
  },
  editMessageReplyMarkup: {
    chat_id: isChat,
    message_id: isInteger,
    inline_message_id: isText,
    reply_markup: isInline,
  },
  answerCallbackQuery: {
    'callback_query_id!': isText,
    text: isText,
    show_alert: isTrue,
    url: isText,
    cache_time: isInteger,
  },
  setMyCommands: { 'commands!': listOf(isCommand), scope: isScope, language_code: isText },
  getChatMember: { 'chat_id!': isChat, 'user_id!': isInteger },
}

/** Thrown for a call that is refused. */
class Refused extends Error {
  readonly code: number
  readonly parameters: Readonly<Record<string, unknown>> | undefined

  constructor(code: number, description: string, parameters?: Readonly<Record<string, unknown>>) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

const bad = (what: string) => new Refused(400, `Bad Request: ${what}`)

/** Starts one. `now` stamps the calls, ms. */
export async function startTelegram(now: () => number = Date.now): Promise<TelegramDouble> {
  const token = '4711:AAH-double_of_a_token_0123456789abc'
  const bot = { id: 4711, is_bot: true, first_name: 'Signal', username: 'SignalBot' }
  const calls: Call[] = []
  const refused: string[] = []
  const moods: { method: string; mood: Mood; left: number }[] = []
  const messages: Shown[] = []
  const written = new Map<number, Params>()
  const updates: Params[] = []
  const history = new Map<number, Params>()
  const queries = new Set<string>()
  const open = new Set<number>()
  const groups = new Set<number>()
  const migrations = new Map<number, number>()
  const menus = new Map<string, readonly { command: string; description: string }[]>()
  const admins = new Set<number>()
  const answers: number[] = []
  const waiting = new Set<() => void>()
  const delivering = new Set<Promise<void>>()
  let polling: { end(updates: Params[] | Refused): void } | undefined
  let asked = 0
  let webhook: { url: string; secret: string | undefined } | undefined
  let base: string | undefined
  let isStopped = false
  let lastUpdate = 1_000
  let lastMessage = 100

  const look = () => {
    for (const check of waiting) check()
  }

  /* What the API does. */

  const chatOf = (id: number) =>
    id < 0
      ? { id, type: id < -1_000_000 ? 'supergroup' : 'group', title: 'Traders <b>' }
      : { id, type: 'private', first_name: 'Anna' }

  const reach = (params: Params): number => {
    const chat = Number(params.chat_id)
    const movedTo = migrations.get(chat)
    if (movedTo !== undefined)
      throw new Refused(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: movedTo,
      })
    if (chat > 0 && !open.has(chat)) throw new Refused(403, "Forbidden: bot can't initiate conversation with a user")
    if (chat < 0 && !groups.has(chat)) throw bad('chat not found')
    return chat
  }

  const read = (params: Params, field: string, limit: number) => {
    const given = String(params[field] ?? '')
    const { text, entities } = params.parse_mode === 'HTML' ? parseHtml(given) : { text: given, entities: [] }
    if (text.length > limit) throw bad(field === 'caption' ? 'message caption is too long' : 'message is too long')
    if (field === 'text' && text.trim() === '') throw bad('message text is empty')
    return trimmed(text, entities)
  }

  const buttonsIn = (markup: unknown): readonly (readonly Button[])[] => {
    const { inline_keyboard: rows = [] } = (markup ?? {}) as { inline_keyboard?: Button[][] }
    for (const { text, callback_data: data } of rows.flat()) {
      if (text.trim() === '') throw bad('text buttons are unallowed in the inline keyboard')
      const length = Buffer.byteLength(data ?? '')
      if (length < 1 || length > 64) throw bad('BUTTON_DATA_INVALID')
    }
    if (rows.some((row) => row.length > 8) || rows.flat().length > 100) throw bad('reply markup is too long')
    return rows
  }

  const show = (params: Params, said: { text: string; entities: Entity[] }, photo?: Buffer): Shown => {
    const { message_id: answered } = (params.reply_parameters ?? {}) as { message_id?: number }
    const markup = params.reply_markup as { force_reply?: boolean } | undefined
    const message = {
      id: ++lastMessage,
      chat: reach(params),
      topic: params.message_thread_id as number | undefined,
      ...said,
      buttons: buttonsIn(markup),
      photo,
      answers: answered,
      asksForReply: markup?.force_reply === true,
      edits: 0,
    }
    messages.push(message)
    return message
  }

  const asMessage = ({ id, chat, topic, text, entities, buttons, photo }: Shown) => ({
    message_id: id,
    from: bot,
    chat: chatOf(chat),
    date: 1_800_000_000,
    ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
    ...(photo ? { photo: [{ file_id: 'f', file_unique_id: 'u', width: 600, height: 300 }], caption: text } : { text }),
    ...(entities.length === 0 ? {} : { [photo ? 'caption_entities' : 'entities']: entities }),
    ...(buttons.length === 0 ? {} : { reply_markup: { inline_keyboard: buttons } }),
  })

  const edited = (params: Params): Shown => {
    const chat = reach(params)
    const message = messages.find((each) => each.chat === chat && each.id === params.message_id)
    if (!message) throw bad('message to edit not found')
    return message
  }

  const change = (message: Shown, to: Partial<Pick<Shown, 'text' | 'entities' | 'buttons'>>) => {
    const isSame = Object.entries(to).every(
      ([field, value]) => JSON.stringify(message[field as keyof Shown]) === JSON.stringify(value),
    )
    if (isSame)
      throw bad(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      )
    Object.assign(message, to)
    message.edits++
    return asMessage(message)
  }

  const does: Readonly<Record<string, (params: Params) => unknown>> = {
    getMe: () => ({
      ...bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    setWebhook(params) {
      const url = String(params.url)
      if (url !== '' && !url.startsWith('https://')) throw bad('bad webhook: An HTTPS URL must be provided for webhook')
      if (params.secret_token !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(String(params.secret_token)))
        throw bad('secret token contains unallowed characters')
      webhook = url === '' ? undefined : { url, secret: params.secret_token as string | undefined }
      return true
    },
    deleteWebhook() {
      webhook = undefined
      return true
    },
    getWebhookInfo: () => ({ url: webhook?.url ?? '', has_custom_certificate: false, pending_update_count: 0 }),
    sendMessage: (params) => asMessage(show(params, read(params, 'text', 4_096))),
    sendPhoto(params) {
      const photo = params.photo as Buffer
      if (photo.subarray(0, 8).toString('hex') !== '89504e470d0a1a0a') throw bad('IMAGE_PROCESS_FAILED')
      return asMessage(show(params, read(params, 'caption', 1_024), photo))
    },
    sendDocument(params) {
      const file = params.document as Buffer
      if (file.length === 0) throw bad('file must be non-empty')
      return asMessage(Object.assign(show(params, read(params, 'caption', 1_024)), { file }))
    },
    editMessageText(params) {
      const message = edited(params)
      if (message.photo) throw bad('there is no text in the message to edit')
      return change(message, { ...read(params, 'text', 4_096), buttons: buttonsIn(params.reply_markup) })
    },
    editMessageReplyMarkup: (params) => change(edited(params), { buttons: buttonsIn(params.reply_markup) }),
    answerCallbackQuery(params) {
      if (String(params.text ?? '').length > 200) throw bad('MESSAGE_TOO_LONG')
      if (!queries.delete(String(params.callback_query_id)))
        throw bad('query is too old and response timeout expired or query ID is invalid')
      return true
    },
    setMyCommands(params) {
      const commands = params.commands as { command: string; description: string }[]
      const isWrong = ({ command, description }: { command: string; description: string }) =>
        !/^[a-z0-9_]{1,32}$/.test(command) || description.length < 1 || description.length > 256
      if (commands.length > 100 || commands.some(isWrong)) throw bad('BOT_COMMAND_INVALID')
      menus.set((params.scope as { type: string } | undefined)?.type ?? 'default', commands)
      return true
    },
    getChatMember(params) {
      reach(params)
      const id = Number(params.user_id)
      return { status: admins.has(id) ? 'administrator' : 'member', user: { id, is_bot: false, first_name: 'Anna' } }
    },
  }

  const poll = (params: Params, response: ServerResponse): Promise<Params[] | Refused> | Params[] => {
    asked++
    if (webhook)
      throw new Refused(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      )
    polling?.end(
      new Refused(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      ),
    )
    const offset = Number(params.offset ?? 0)
    while (updates.length > 0 && Number(updates[0]!.update_id) < offset) updates.shift()
    const ready = updates.slice(0, Number(params.limit ?? 100))
    if (ready.length > 0 || !params.timeout) return ready
    return new Promise((resolve) => {
      const mine = {
        end(given: Params[] | Refused) {
          if (polling === mine) polling = undefined
          clearTimeout(timer)
          resolve(given)
        },
      }
      const timer = setTimeout(() => mine.end([]), Number(params.timeout) * 1_000)
      polling = mine
      response.on('close', () => mine.end([]))
      look()
    })
  }

  /* How it is asked. */

  const checked = (method: string, params: Params): void => {
    const fields = METHODS[method]
    if (!fields) throw new Refused(404, 'Not Found')
    for (const [name, value] of Object.entries(params)) {
      const check = fields[name] ?? fields[`${name}!`]
      if (check?.(value)) continue
      refused.push(`${method} ${name}: ${JSON.stringify(value)}`)
      throw bad(`the documentation of ${method} has no ${name} like that`)
    }
    for (const name of Object.keys(fields).filter((each) => each.endsWith('!')))
      if (!(name.slice(0, -1) in params)) throw bad(`${name.slice(0, -1)} is missing`)
  }

  const moodOf = (method: string): Mood | undefined => {
    const found = moods.find((each) => each.method === method || (each.method === '*' && method !== 'getUpdates'))
    if (!found) return undefined
    if (--found.left <= 0) moods.splice(moods.indexOf(found), 1)
    return found.mood
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, asWho, method = ''] = (request.url ?? '').split('/')
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    try {
      const params = await paramsOf(request)
      if (method !== 'getUpdates') calls.push({ method, params, at: now() })
      if (asWho !== `bot${token}`) throw new Refused(401, 'Unauthorized')
      checked(method, params)
      const mood = moodOf(method)
      if (mood === 'hang') return
      if (mood === 'reset') return void request.socket.destroy()
      if (mood === 'web page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello')
      if (mood !== undefined && mood !== 'done and reset')
        throw new Refused(mood.code, mood.description, mood.parameters)
      const result = method === 'getUpdates' ? await poll(params, response) : does[method]!(params)
      if (mood === 'done and reset') return void request.socket.destroy()
      if (result instanceof Refused) throw result
      json(200, { ok: true, result })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { code, message: description, parameters } = error
      json(code, { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) })
    } finally {
      look()
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      refused.push(String(error))
      response.destroy()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  /* What people do. */

  const deliver = async (update: Params): Promise<void> => {
    if (!webhook || base === undefined) return
    const { url, secret } = webhook
    const headers = {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
    }
    for (let wait = FIRST_REPEAT; !isStopped; wait = Math.min(2 * wait, LAST_REPEAT)) {
      const body = JSON.stringify(update)
      const asked = { method: 'POST', headers, body }
      const response = await fetch(base + new URL(url).pathname, asked).catch(() => undefined)
      if (response) answers.push(response.status)
      look()
      if (response?.ok) return
      await new Promise((again) => setTimeout(again, wait))
    }
  }

  const hand = (update: Params) => {
    if (webhook) {
      const work: Promise<void> = deliver(update).finally(() => delivering.delete(work))
      delivering.add(work)
    } else {
      updates.push(update)
      polling?.end(updates.slice(0, 100))
    }
  }

  const push = (update: Record<string, unknown>): number => {
    const whole = { update_id: ++lastUpdate, ...update }
    history.set(lastUpdate, whole)
    hand(whole)
    return lastUpdate
  }

  const personOf = ({ id = 7, name = 'Anna' }: Writer) => ({ id, is_bot: false, first_name: name })
  const messageFrom = (text: string, message: number, from: Writer) => {
    const { id = 7, chat = id, topic, answers: answered } = from
    const to = messages.find((each) => each.id === answered)
    const command = /^\/[a-z0-9_]+(@\w+)?/i.exec(text)
    const whole = {
      message_id: message,
      from: personOf(from),
      chat: chatOf(chat),
      date: 1_800_000_000,
      text,
      ...(command ? { entities: [{ type: 'bot_command', offset: 0, length: command[0].length }] } : {}),
      ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
      ...(to ? { reply_to_message: asMessage(to) } : {}),
      ...from.with,
    }
    return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined))
  }
  const press = (data: string, message: Shown, from: Writer) => {
    const id = `query-${queries.size}-${lastUpdate}`
    queries.add(id)
    push({
      callback_query: { id, from: personOf(from), message: asMessage(message), chat_instance: '1', data },
    })
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    username: bot.username,
    calls,
    refused,
    get polls() {
      return polling ? 1 : 0
    },
    get asked() {
      return asked
    },
    get webhook() {
      return webhook
    },
    answers,
    menu: (scope) => menus.get(scope),
    says(text, from = {}) {
      const { id = 7, chat = id } = from
      if (chat < 0) groups.add(chat)
      else open.add(chat)
      const message = messageFrom(text, ++lastMessage, from)
      written.set(lastMessage, message)
      push({ message })
      return lastMessage
    },
    edits(message, text, from = {}) {
      push({ edited_message: { ...messageFrom(text, message, from), edit_date: 1_800_000_060 } })
    },
    presses(label, from = {}, under) {
      const { id = 7, chat = id } = from
      const has = ({ buttons }: Shown) => buttons.flat().some(({ text }) => text === label)
      const message = messages.findLast((each) =>
        under === undefined ? each.chat === chat && has(each) : each.id === under,
      )
      const button = message?.buttons.flat().find(({ text }) => text === label)
      if (!message || !button) throw new Error(`nothing shown has a button ${label}`)
      press(button.callback_data, message, from)
    },
    forges(data, under, from = {}) {
      const message = messages.find((each) => each.id === under)
      if (!message) throw new Error(`there is no message ${under}`)
      press(data, message, from)
    },
    push,
    repeat: (update) => hand(history.get(update)!),
    shown: (chat = 7, topic) => messages.filter((each) => each.chat === chat && each.topic === topic),
    until: (isSo) =>
      new Promise((resolve) => {
        const check = () => {
          if (!isSo()) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    behave(method, mood, times = Number.POSITIVE_INFINITY) {
      moods.push({ method, mood, left: times })
    },
    migrate(from, to) {
      groups.delete(from)
      groups.add(to)
      migrations.set(from, to)
    },
    opens(person) {
      open.add(person)
    },
    admins,
    deliverTo(given) {
      base = given
    },
    async stop() {
      isStopped = true
      polling?.end([])
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await Promise.allSettled(delivering)
    },
  }
}

async function paramsOf(request: IncomingMessage): Promise<Params> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/json')) return JSON.parse(body.toString('utf8')) as Params
  const form = await new Response(body, { headers: { 'content-type': type } }).formData()
  const params: Params = {}
  for (const [name, value] of form) {
    // What a client may say in a form beside the parameters (core.telegram.org/bots/api, making requests).
    if (name === 'method') continue
    params[name] = typeof value === 'string' ? fromForm(value) : Buffer.from(await value.arrayBuffer())
  }
  return params
}

/** In a form everything is text; numbers and objects are JSON. */
function fromForm(value: string): unknown {
  if (!/^(-?\d+|true|false|[{[].*)$/s.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const TAGS: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'text_link',
  'tg-spoiler': 'spoiler',
}
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** The HTML that Telegram reads: a few tags, nested in order, and four named entities. */
function parseHtml(html: string): { text: string; entities: Entity[] } {
  const entities: Entity[] = []
  const open: { tag: string; offset: number }[] = []
  let text = ''
  const fail = (what: string, at: number) => bad(`can't parse entities: ${what} at byte offset ${at}`)
  for (const match of html.matchAll(/<\/?([a-z0-9-]*)([^<>]*)>|&(#?\w+);|[\s\S]/giu)) {
    const [whole, tag, , entity] = match
    if (entity !== undefined) {
      const number = /^#(x[\da-f]+|\d+)$/i.exec(entity)?.[1]
      const character =
        number === undefined ? NAMED[entity] : String.fromCodePoint(Number(`0${number}`.replace(/^0(?=\d)/, '')))
      text += character ?? whole
    } else if (tag === undefined) {
      if (whole === '<') throw fail('Unsupported start tag ""', match.index)
      text += whole
    } else if (whole.startsWith('</')) {
      const last = open.pop()
      if (last?.tag !== tag.toLowerCase()) throw fail(`Unmatched end tag "${tag}"`, match.index)
      const length = text.length - last.offset
      if (length > 0) entities.push({ type: TAGS[last.tag]!, offset: last.offset, length })
    } else {
      if (!TAGS[tag.toLowerCase()]) throw fail(`Unsupported start tag "${tag}"`, match.index)
      open.push({ tag: tag.toLowerCase(), offset: text.length })
    }
  }
  if (open.length > 0) throw fail(`Can't find end tag corresponding to start tag "${open.at(-1)!.tag}"`, html.length)
  return { text, entities: entities.sort((a, b) => a.offset - b.offset) }
}

/**
 * A message begins and ends with something that is seen; spaces that an entity begins with stay, as they do where
 * github.com/tdlib/td, which the Bot API runs on, fixes a text (`fix_formatted_text`).
 */
function trimmed(text: string, entities: readonly Entity[]): { text: string; entities: Entity[] } {
  const before = Math.min(text.length - text.trimStart().length, entities[0]?.offset ?? text.length)
  const kept = text.slice(before).trimEnd()
  const moved = entities.map(({ type, offset, length }) => {
    const start = Math.max(offset - before, 0)
    return { type, offset: start, length: Math.min(offset - before + length, kept.length) - start }
  })
  return { text: kept, entities: moved.filter(({ length }) => length > 0) }
}
