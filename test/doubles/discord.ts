import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * Discord on 127.0.0.1, as far as a bot like ours may use it: the HTTP API and the gateway, with the shapes of
 * https://docs.discord.com/developers. The real one passes over fields it does not know; this one refuses them, and notes
 * it in `refused`, so that a misspelt field fails a test.
 */
export type DiscordDouble = {
  /** The address of the API, without its version. */
  readonly url: string
  readonly token: string
  /** The bot's own id, and its application's. */
  readonly me: string
  readonly application: string
  /** Everything asked over HTTP, in order. */
  readonly calls: readonly Call[]
  /** What the documentation does not have. */
  readonly refused: readonly string[]
  /** The connections to the gateway that were let in and are open. */
  readonly connected: number
  /** All that are open, also those that were not let in yet. */
  readonly open: number
  /** How often somebody was let in anew, and how often a lost connection went on. */
  readonly identified: number
  readonly resumed: number
  /** Messages that were posted although the limit said to wait. */
  readonly overruns: number
  /** The slash commands: of all places, or of one server. */
  commands(guild?: string): readonly Params[] | undefined
  /** Someone writes. Gives the id of the message. */
  says(text: string, from?: Writer): string
  /** Someone changes what they wrote. */
  edits(message: string, text: string, from?: Writer): void
  /** Discord adds a preview to a message; nobody changed it. */
  previews(message: string, text: string, from?: Writer): void
  /** Someone presses the button with this label, under the newest message that has it. Gives the interaction's id. */
  presses(label: string, from?: Writer, message?: string): string
  /** Someone's client sends what it wants as a pressed button's data. */
  forges(data: string, message: string, from?: Writer): string
  /** Someone uses a slash command; the options in the order in which they filled them in. */
  slash(name: string, options?: Readonly<Record<string, string>>, from?: Writer): string
  /** Someone is typing in an option. */
  types(name: string, option: string, text: string, from?: Writer): string
  /** An interaction of any shape; it gets an id and a token. */
  interacts(interaction: Params): string
  /** Any event. */
  push(t: string, d: unknown): void
  /** Anything at all on every open connection of the gateway. */
  frame(text: string): void
  /** Tells an event again that was told before, by the id of what it tells. */
  repeat(id: string): void
  /** What can be read of ours in a channel, from the oldest to the newest; of a person's direct messages by default. */
  shown(channel?: string): readonly Shown[]
  /** What an interaction was answered, in order: types of callbacks, and their data. */
  answered(interaction: string): readonly { readonly type: number; readonly data: Params }[]
  /** Resolves when it is so; looked at after each call and each event of the gateway. */
  until(isSo: () => boolean): Promise<void>
  /** Answers calls of a route (`POST /channels/:id/messages`, `*` for all) otherwise than it should. */
  behave(route: string, mood: Mood, times?: number): void
  /** At most so many messages within `per` ms in a channel, with the headers that say so. */
  limit(count: number, per: number): void
  /** Closes every connection of the gateway; without a code the connection just breaks. */
  drop(code?: number): void
  /** While it is deaf, the gateway takes no connection. */
  deaf(isDeaf: boolean): void
  /** Forgets the sessions: nobody can go on. */
  forget(): void
  /** People who take no direct messages. */
  readonly closed: Set<string>
  /** Channels there are no more. */
  readonly gone: Set<string>
  /** Channels in which the bot may not write, and in which it may show no cards. */
  readonly mute: Set<string>
  readonly cardless: Set<string>
  /** Roles of people in the server; permissions of roles; rules of channels. */
  readonly roles: Map<string, string[]>
  readonly permissions: Map<string, bigint>
  readonly rules: Map<string, { id: string; type: number; allow: string; deny: string }[]>
  stop(): Promise<void>
}

/** A server, its channel, a thread on it, and the one who owns the server. */
export const GUILD = '600000000000000001'
export const CHANNEL = '500000000000000001'
export const THREAD = '500000000000000099'
export const OWNER = '700000000000000001'
export const ANNA = '700000000000000007'
export const BEN = '700000000000000008'

/** The channel of somebody's direct messages. */
export const directOf = (person: string) => `8${person.slice(1)}`

/** Who acts where. `channel`: the person's own unless said. */
export type Writer = {
  readonly id?: string
  readonly name?: string
  readonly channel?: string
  /** The message it answers; with the sound of it, unless it says not. */
  readonly answers?: string
  readonly pings?: boolean
  /** Permissions in that place, of the person and of the bot. */
  readonly may?: bigint
  readonly botMay?: bigint
  /** Anything else; `undefined` takes a field away. */
  readonly with?: Params
}

export type Call = { readonly route: string; readonly path: string; readonly body: Params; readonly at: number }

export type Shown = {
  readonly id: string
  readonly channel: string
  content: string
  embeds: readonly Embed[]
  buttons: readonly (readonly Button[])[]
  files: readonly Buffer[]
  /** The file's description. */
  alt: string | undefined
  readonly answers: string | undefined
  /** Who is called by it. */
  readonly calls: readonly string[]
  /** Only this person sees it. */
  readonly onlyFor: string | undefined
  /** People see that an answer will come. */
  isThinking: boolean
  flags: number
  edits: number
}

type Embed = { readonly title?: string; readonly description?: string; readonly color?: number }
type Button = { readonly label: string; readonly custom_id: string }
type Params = Readonly<Record<string, unknown>>

/** An answer of the API, or no answer at all: a connection that breaks (before or after it was done), or says nothing. */
export type Mood =
  | { readonly status: number; readonly code?: number; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'done and reset'
  | 'hang'
  | 'done and hang'
  | 'web page'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => Number.isSafeInteger(value)
const isYes: Check = (value) => typeof value === 'boolean'
const isId: Check = (value) => typeof value === 'string' && /^\d{17,20}$/.test(value)
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

const isEmbed = shape({ title: isText, description: isText, url: isText, color: isNumber, timestamp: isText })
const isButton = shape({
  type: oneOf(2),
  style: oneOf(1, 2, 3, 4, 5),
  label: isText,
  custom_id: isText,
  disabled: isYes,
})
const isRow = shape({ type: oneOf(1), components: listOf(isButton) })
const isMentions = shape({
  parse: listOf(oneOf('roles', 'users', 'everyone')),
  users: listOf(isId),
  roles: listOf(isId),
  replied_user: isYes,
})
const isAttachment = shape({ id: either(isNumber, isId), filename: isText, description: isText, title: isText })
const isReference = shape({
  message_id: isId,
  channel_id: isId,
  guild_id: isId,
  fail_if_not_exists: isYes,
  type: isNumber,
})
/** What creating, editing and answering have in common. */
const SAID = {
  content: isText,
  embeds: listOf(isEmbed),
  allowed_mentions: isMentions,
  components: listOf(isRow),
  attachments: listOf(isAttachment),
  flags: isNumber,
}
const isChoice = shape({ name: isText, value: isText })
const isOption = shape({
  type: oneOf(3),
  name: isText,
  description: isText,
  required: isYes,
  autocomplete: isYes,
  min_length: isNumber,
  max_length: isNumber,
  choices: listOf(isChoice),
})

/** The fields of each route; those that must be there end with `!`. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  'GET /gateway/bot': {},
  'GET /users/@me': {},
  'POST /users/@me/channels': { 'recipient_id!': isId },
  'GET /channels/:id': {},
  'GET /guilds/:id': {},
  'POST /channels/:id/messages': {
    ...SAID,
    nonce: either(isText, isNumber),
    enforce_nonce: isYes,
    tts: isYes,
    message_reference: isReference,
  },
  'PATCH /channels/:id/messages/:id': SAID,
  'POST /interactions/:id/:token/callback': {
    'type!': oneOf(4, 5, 6, 7, 8),
    data: shape({ ...SAID, tts: isYes, choices: listOf(isChoice) }),
  },
  'PATCH /webhooks/:id/:token/messages/:id': SAID,
  'POST /webhooks/:id/:token': { ...SAID, tts: isYes },
  'PUT /applications/:id/commands': {},
  'PUT /applications/:id/guilds/:id/commands': {},
}
const isCommand = shape({
  name: isText,
  description: isText,
  type: oneOf(1),
  options: listOf(isOption),
  contexts: listOf(oneOf(0, 1, 2)),
  integration_types: listOf(oneOf(0, 1)),
  default_member_permissions: either(isText, oneOf(null)),
  nsfw: isYes,
})

/** Thrown for a call that is refused. */
class Refused extends Error {
  readonly status: number
  readonly code: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

const bad = (what: string) => new Refused(400, 50_035, `Invalid Form Body: ${what}`)

type Interaction = {
  readonly id: string
  readonly channel: string
  readonly person: string
  readonly at: number
  readonly under: string | undefined
  answers: { type: number; data: Params }[]
  original: Shown | undefined
}
type Session = { seq: number; socket: WebSocket | undefined; readonly intents: number; readonly events: string[] }

/** A part of the gateway's protocol. */
const OP = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalid: 9, hello: 10, ack: 11 } as const
const INTENT = { guilds: 1, guildMessages: 1 << 9, directMessages: 1 << 12, content: 1 << 15 } as const
const MENTIONS_ONLY = { everyone: /@(everyone|here)/, person: /<@!?(\d+)>/g }

/** Starts one. `now`: the clock of its deadlines and of what stamps the calls, ms. */
export async function startDiscord(now: () => number = Date.now): Promise<DiscordDouble> {
  const token = 'double.of-a-token.0123456789abcdefghijklmnop'
  const me = '900000000000000001'
  const application = '900000000000000002'
  const bot = { id: me, username: 'signal', global_name: 'Signal', discriminator: '0', bot: true, avatar: null }
  const calls: Call[] = []
  const refused: string[] = []
  const moods: { route: string; mood: Mood; left: number }[] = []
  const messages: Shown[] = []
  const nonces = new Map<string, Shown>()
  const interactions = new Map<string, Interaction>()
  const sessions = new Map<string, Session>()
  const told = new Map<string, { t: string; d: unknown }>()
  const registered = new Map<string, readonly Params[]>()
  const opened = new Set<string>()
  const posted = new Map<string, number[]>()
  const closed = new Set<string>()
  const gone = new Set<string>()
  const mute = new Set<string>()
  const cardless = new Set<string>()
  const roles = new Map<string, string[]>()
  const permissions = new Map<string, bigint>([[GUILD, 1024n | 2048n]])
  const rules = new Map<string, { id: string; type: number; allow: string; deny: string }[]>()
  const waiting = new Set<() => void>()
  let limit: { count: number; per: number } | undefined
  let [identified, resumed, overruns, last] = [0, 0, 0, 1_000]
  let isDeaf = false

  const look = () => {
    for (const check of [...waiting]) check()
  }
  const nextId = () => `1${String(++last).padStart(17, '0')}`
  const personOf = (channel: string) => (channel.startsWith('8') ? `7${channel.slice(1)}` : undefined)

  /* What the API does. */

  const reach = (channel: string) => {
    const person = personOf(channel)
    const isKnown = person === undefined ? [CHANNEL, THREAD].includes(channel) : opened.has(channel)
    if (!isKnown || gone.has(channel)) throw new Refused(404, 10_003, 'Unknown Channel')
    if (person !== undefined && closed.has(person)) throw new Refused(403, 50_007, 'Cannot send messages to this user')
    if (mute.has(channel)) throw new Refused(403, 50_013, 'Missing Permissions')
  }

  const checkSaid = (body: Params, files: readonly Buffer[]) => {
    const {
      content = '',
      embeds = [],
      components = [],
    } = body as { content?: string; embeds?: Embed[]; components?: Row[] }
    if (content.length > 2_000) throw bad('content: Must be 2000 or fewer in length.')
    let size = 0
    for (const { title = '', description = '' } of embeds) {
      if (title.length > 256 || description.length > 4_096) throw bad('embeds: too long')
      if (title === '' && description === '') throw bad('embeds: empty')
      size += title.length + description.length
    }
    if (size > 6_000 || embeds.length > 10) throw bad('embeds: too large')
    checkRows(components)
    const { attachments = [] } = body as { attachments?: { filename?: string }[] }
    for (const [index, file] of files.entries()) {
      const isText = attachments[index]?.filename?.endsWith('.json') === true
      if (!isText && file.subarray(0, 8).toString('hex') !== '89504e470d0a1a0a') throw bad('attachments: no picture')
    }
  }

  const checkRows = (rows: readonly Row[]) => {
    if (rows.length > 5 || rows.some(({ components }) => components.length < 1 || components.length > 5))
      throw bad('components: too many, or none')
    const buttons = rows.flatMap(({ components }) => components)
    if (buttons.some(({ label, custom_id: id }) => !label || label.length > 80 || !id || id.length > 100))
      throw bad('components: label or custom_id')
    if (new Set(buttons.map(({ custom_id }) => custom_id)).size < buttons.length)
      throw bad('components: Component custom id cannot be duplicated')
  }

  const calledBy = (content: string, mentions: unknown): string[] => {
    const { parse = ['users', 'roles', 'everyone'], users = [] } = (mentions ?? {}) as {
      parse?: string[]
      users?: string[]
    }
    const named = [...content.matchAll(MENTIONS_ONLY.person)].map(([, id]) => id!)
    const everyone = parse.includes('everyone') && MENTIONS_ONLY.everyone.test(content) ? ['everyone'] : []
    return [...named.filter((id) => parse.includes('users') || users.includes(id)), ...everyone]
  }

  const show = (channel: string, body: Params, files: readonly Buffer[], onlyFor?: string): Shown => {
    checkSaid(body, files)
    const { content = '', embeds = [], components = [], flags = 0 } = body as Said
    if (content.trim() === '' && embeds.length === 0 && files.length === 0)
      throw new Refused(400, 50_006, 'Cannot send an empty message')
    if (cardless.has(channel) && embeds.length > 0) throw new Refused(403, 50_013, 'Missing Permissions')
    const reference = body.message_reference as { message_id: string } | undefined
    const message: Shown = {
      id: nextId(),
      channel,
      content: content.trim(),
      embeds,
      buttons: components.map((row) => row.components),
      files,
      alt: undefined,
      answers: reference?.message_id,
      calls: calledBy(content, body.allowed_mentions),
      onlyFor,
      isThinking: false,
      flags,
      edits: 0,
    }
    messages.push(message)
    return message
  }

  const change = (message: Shown, body: Params, files: readonly Buffer[]): Shown => {
    checkSaid(body, files)
    const { content, embeds, components, attachments, flags } = body as Partial<Said>
    if (content !== undefined) message.content = content.trim()
    if (embeds) message.embeds = embeds
    if (components) message.buttons = components.map((row) => row.components)
    if (attachments) message.files = files
    if (attachments?.[0]?.description !== undefined) message.alt = attachments[0].description
    if (flags !== undefined) message.flags = flags
    if (message.content === '' && message.embeds.length === 0 && message.files.length === 0)
      throw new Refused(400, 50_006, 'Cannot send an empty message')
    message.isThinking = false
    message.edits++
    return message
  }

  const asMessage = (message: Shown) => ({
    id: message.id,
    type: message.answers === undefined ? 0 : 19,
    channel_id: message.channel,
    author: bot,
    content: message.content,
    embeds: message.embeds.map((embed) => ({ type: 'rich', ...embed })),
    attachments: message.files.map((_file, index) => ({ id: String(index), filename: 'chart.png', size: 1, url: '' })),
    components: message.buttons.map((row) => ({ type: 1, components: row.map((each) => ({ type: 2, ...each })) })),
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    flags: message.flags,
    timestamp: '2027-01-15T08:00:00.000000+00:00',
    edited_timestamp: null,
  })

  const messageIn = (channel: string, id: string): Shown => {
    const message = messages.find((each) => each.channel === channel && each.id === id)
    if (!message) throw new Refused(404, 10_008, 'Unknown Message')
    return message
  }

  const headersOfPace = (channel: string): Readonly<Record<string, string>> => {
    if (!limit) return {}
    const recent = (posted.get(channel) ?? []).filter((at) => at > Date.now() - limit!.per)
    const isOver = recent.length >= limit.count
    const resetAfter = ((recent[0] ?? Date.now()) + limit.per - Date.now()) / 1_000
    const headers = {
      'x-ratelimit-limit': String(limit.count),
      'x-ratelimit-remaining': String(Math.max(0, limit.count - recent.length - 1)),
      'x-ratelimit-reset-after': resetAfter.toFixed(3),
      'x-ratelimit-bucket': 'b0cce7',
    }
    if (isOver) {
      overruns++
      throw new Refused(429, 0, 'You are being rate limited.', { ...headers, 'retry-after': resetAfter.toFixed(3) })
    }
    posted.set(channel, [...recent, Date.now()])
    return headers
  }

  const interactionBy = (key: string): Interaction => {
    const interaction = interactions.get(key)
    if (!interaction || now() - interaction.at > 15 * 60_000) throw new Refused(404, 10_015, 'Unknown Webhook')
    return interaction
  }

  const callBack = (interaction: Interaction, body: Params, files: readonly Buffer[]) => {
    if (interaction.answers.length > 0) throw new Refused(400, 40_060, 'Interaction has already been acknowledged.')
    if (now() - interaction.at > 3_000) throw new Refused(404, 10_062, 'Unknown interaction')
    const { type, data = {} } = body as { type: number; data?: Params }
    const { channel, person, under } = interaction
    const flags = Number(data.flags ?? 0)
    const onlyFor = (flags & 64) !== 0 ? person : undefined
    if ((type === 6 || type === 7) && under === undefined) throw bad('type: only for components')
    if (type === 4) interaction.original = show(channel, data, files, onlyFor)
    if (type === 5) {
      if (flags !== 0 && flags !== 64) throw bad('flags: only EPHEMERAL')
      interaction.original = { ...show(channel, { content: '…' }, [], onlyFor), content: '' }
      messages[messages.length - 1] = interaction.original
      interaction.original.isThinking = true
    }
    if (type === 6 || type === 7) interaction.original = messages.find(({ id }) => id === under)
    if (type === 7) change(interaction.original!, data, files)
    if (type === 8) checkChoices(data.choices as { name: string; value: string }[])
    interaction.answers.push({ type, data })
  }

  const checkChoices = (choices: readonly { name: string; value: string }[]) => {
    const isWrong = (text: string) => text.length < 1 || text.length > 100
    if (choices.length > 25 || choices.some(({ name, value }) => isWrong(name) || isWrong(value)))
      throw bad('choices: too many or too long')
  }

  const register = (where: string, commands: unknown) => {
    if (!Array.isArray(commands) || !commands.every(isCommand)) throw noted(`PUT commands: ${JSON.stringify(commands)}`)
    const isWrong = ({ name, description, options = [], contexts }: Params & { options?: Params[] }): boolean =>
      !/^[-_\p{Ll}\p{N}]{1,32}$/u.test(String(name)) ||
      String(description).length < 1 ||
      String(description).length > 100 ||
      options.length > 25 ||
      options.some(
        (option, index) => isWrong(option) || (option.required === true && options[index - 1]?.required === false),
      ) ||
      (contexts !== undefined && where !== 'global')
    const names = commands.map(({ name }) => name)
    if (commands.length > 100 || commands.some(isWrong) || new Set(names).size < names.length) throw bad('commands')
    registered.set(where, commands)
    return commands
  }

  const noted = (what: string) => {
    refused.push(what)
    return bad(`the documentation has no ${what}`)
  }

  type Found = { readonly ids: readonly string[]; readonly body: Params; readonly files: readonly Buffer[] }
  const does: Readonly<
    Record<string, (found: Found) => { result?: unknown; headers?: Readonly<Record<string, string>> }>
  > = {
    'GET /gateway/bot': () => ({
      result: {
        url: gatewayUrl(),
        shards: 1,
        session_start_limit: { total: 1_000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
      },
    }),
    'GET /users/@me': () => ({ result: bot }),
    'POST /users/@me/channels': ({ body }) => {
      const id = directOf(String(body.recipient_id))
      opened.add(id)
      return { result: { id, type: 1, recipients: [{ id: body.recipient_id }] } }
    },
    'GET /channels/:id': ({ ids: [id = ''] }) => {
      reach(id)
      const thread = { id, type: 11, guild_id: GUILD, parent_id: CHANNEL, name: 'thread' }
      const whole = { id, type: 0, guild_id: GUILD, name: 'traders', permission_overwrites: rules.get(id) ?? [] }
      return { result: id === THREAD ? thread : whole }
    },
    'GET /guilds/:id': () => ({
      result: {
        id: GUILD,
        name: 'Traders',
        owner_id: OWNER,
        roles: [...permissions].map(([id, bits]) => ({ id, name: id, permissions: String(bits) })),
      },
    }),
    'POST /channels/:id/messages': ({ ids: [channel = ''], body, files }) => {
      const { nonce, enforce_nonce: isOnce } = body as { nonce?: string; enforce_nonce?: boolean }
      if (nonce !== undefined && String(nonce).length > 25) throw bad('nonce: Must be 25 or fewer in length.')
      reach(channel)
      const headers = headersOfPace(channel)
      const before = isOnce ? nonces.get(String(nonce)) : undefined
      const message = before ?? show(channel, body, files)
      if (nonce !== undefined) nonces.set(String(nonce), message)
      return { result: asMessage(message), headers }
    },
    'PATCH /channels/:id/messages/:id': ({ ids: [channel = '', id = ''], body, files }) => {
      reach(channel)
      return { result: asMessage(change(messageIn(channel, id), body, files)) }
    },
    'POST /interactions/:id/:token/callback': ({ ids: [id = '', key = ''], body, files }) => {
      const interaction = interactions.get(key)
      if (interaction?.id !== id) throw new Refused(404, 10_062, 'Unknown interaction')
      callBack(interaction, body, files)
      return {}
    },
    'PATCH /webhooks/:id/:token/messages/:id': ({ ids: [app, key = '', id = ''], body, files }) => {
      const interaction = interactionBy(key)
      const message = id === '@original' ? interaction.original : messageIn(interaction.channel, id)
      if (app !== application || !message) throw new Refused(404, 10_008, 'Unknown Message')
      return { result: asMessage(change(message, body, files)) }
    },
    'POST /webhooks/:id/:token': ({ ids: [app, key = ''], body, files }) => {
      const interaction = interactionBy(key)
      if (app !== application || interaction.answers.length === 0) throw new Refused(404, 10_015, 'Unknown Webhook')
      if (interaction.original?.isThinking) return { result: asMessage(change(interaction.original, body, files)) }
      const onlyFor = (Number(body.flags ?? 0) & 64) !== 0 ? interaction.person : undefined
      return { result: asMessage(show(interaction.channel, body, files, onlyFor)) }
    },
    'PUT /applications/:id/commands': ({ body }) => ({ result: register('global', body) }),
    'PUT /applications/:id/guilds/:id/commands': ({ ids, body }) => ({ result: register(ids[1]!, body) }),
  }

  /* How it is asked. */

  const checked = (route: string, body: Params) => {
    const fields = ROUTES[route]
    if (!fields) {
      refused.push(route)
      throw new Refused(404, 0, '404: Not Found')
    }
    if (Array.isArray(body)) return
    for (const [name, value] of Object.entries(body)) {
      const check = fields[name] ?? fields[`${name}!`]
      if (!check?.(value)) throw noted(`${route} ${name}: ${JSON.stringify(value)}`)
    }
    for (const name of Object.keys(fields).filter((each) => each.endsWith('!')))
      if (!(name.slice(0, -1) in body)) throw bad(`${name.slice(0, -1)}: This field is required`)
  }

  const moodOf = (route: string): Mood | undefined => {
    const found = moods.find((each) => each.route === '*' || each.route === route)
    if (!found) return undefined
    if (--found.left <= 0) moods.splice(moods.indexOf(found), 1)
    return found.mood
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { path, route, ids } = routeOf(request)
    const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    try {
      const { body, files } = await bodyOf(request)
      calls.push({ route, path, body, at: now() })
      const needsToken = !/^\/(interactions|webhooks)\//.test(path)
      if (needsToken && request.headers.authorization !== `Bot ${token}`) throw new Refused(401, 0, '401: Unauthorized')
      checked(route, body)
      const mood = moodOf(route)
      if (mood === 'hang') return
      if (mood === 'reset') return void request.socket.destroy()
      if (mood === 'web page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello')
      if (typeof mood === 'object') throw new Refused(mood.status, mood.code ?? 0, 'as told', mood.headers)
      const { result, headers } = does[route]!({ ids, body, files })
      if (mood === 'done and reset') return void request.socket.destroy()
      if (mood === 'done and hang') return
      if (result === undefined) response.writeHead(204).end()
      else json(200, result, headers)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { status, code, message, headers } = error
      json(status, status === 429 ? { message, retry_after: 1, global: false } : { message, code }, headers)
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
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (isDeaf) return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, (connection) => welcome(connection, request.url ?? ''))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const gatewayUrl = () => `ws://127.0.0.1:${port}/gateway`

  /* The gateway. */

  const welcome = (socket: WebSocket, url: string) => {
    const { searchParams } = new URL(url, 'ws://double')
    if (searchParams.get('v') !== '10' || searchParams.get('encoding') !== 'json') return socket.close(4_012)
    const send = (op: number, d: unknown) => socket.send(JSON.stringify({ op, d, s: null, t: null }))
    send(OP.hello, { heartbeat_interval: 41_250 })
    socket.on('message', (data) => {
      const { op, d } = JSON.parse(String(data)) as { op: number; d: Params }
      if (op === OP.heartbeat) send(OP.ack, null)
      else if (op === OP.identify) identify(socket, d)
      else if (op === OP.resume) resume(socket, d, send)
      else refused.push(`gateway op ${op}`)
      look()
    })
    socket.on('close', (code) => {
      for (const [id, session] of sessions) {
        if (session.socket !== socket) continue
        session.socket = undefined
        if (code === 1_000 || code === 1_001) sessions.delete(id)
      }
      look()
    })
  }

  const identify = (socket: WebSocket, d: Params) => {
    const known = ['token', 'properties', 'compress', 'large_threshold', 'shard', 'presence', 'intents']
    for (const name of Object.keys(d)) if (!known.includes(name)) refused.push(`identify ${name}`)
    if (d.token !== token) return socket.close(4_004)
    const session: Session = { seq: 0, socket, intents: Number(d.intents), events: [] }
    const id = `session-${++identified}`
    sessions.set(id, session)
    tell(session, 'READY', {
      v: 10,
      user: bot,
      guilds: [{ id: GUILD, unavailable: true }],
      session_id: id,
      resume_gateway_url: gatewayUrl(),
      shard: d.shard,
      application: { id: application, flags: 0 },
    })
    if ((session.intents & INTENT.guilds) !== 0) tell(session, 'GUILD_CREATE', { id: GUILD, name: 'Traders' })
  }

  const resume = (socket: WebSocket, d: Params, send: (op: number, d: unknown) => void) => {
    const session = sessions.get(String(d.session_id))
    if (d.token !== token) return socket.close(4_004)
    if (!session) return send(OP.invalid, false)
    session.socket = socket
    for (const event of session.events.slice(Number(d.seq))) socket.send(event)
    resumed++
    tell(session, 'RESUMED', {})
  }

  const tell = (session: Session, t: string, d: unknown) => {
    const event = JSON.stringify({ op: OP.dispatch, t, s: ++session.seq, d })
    session.events.push(event)
    session.socket?.send(event)
  }

  const push = (t: string, d: unknown) => {
    const {
      id,
      guild_id: guild,
      mentions,
    } = (d ?? {}) as { id?: string; guild_id?: string; mentions?: { id: string }[] }
    if (typeof id === 'string') told.set(id, { t, d })
    for (const session of sessions.values()) {
      const wanted = guild === undefined ? INTENT.directMessages : INTENT.guildMessages
      if (t.startsWith('MESSAGE_') && (session.intents & wanted) === 0) continue
      const isMute =
        t.startsWith('MESSAGE_') &&
        guild !== undefined &&
        (session.intents & INTENT.content) === 0 &&
        !mentions?.some((each) => each.id === me)
      tell(session, t, isMute ? { ...(d as Params), content: '' } : d)
    }
    look()
  }

  /* What people do. */

  const userOf = ({ id = ANNA, name = 'Anna' }: Writer) => ({
    id,
    username: name.toLowerCase(),
    global_name: name,
    avatar: null,
  })
  const isGuild = (channel: string) => channel === CHANNEL || channel === THREAD
  const placeOf = (from: Writer) => {
    const { id = ANNA, channel = directOf(id) } = from
    if (!isGuild(channel)) opened.add(channel)
    return channel
  }
  const whole = (fields: Params, from: Writer) =>
    Object.fromEntries(Object.entries({ ...fields, ...from.with }).filter(([, value]) => value !== undefined))

  const messageFrom = (text: string, id: string, from: Writer): Params => {
    const channel = placeOf(from)
    const { answers, pings = true } = from
    const answered = answers === undefined ? undefined : messages.find((each) => each.id === answers)
    const named = [...text.matchAll(MENTIONS_ONLY.person)].map(([, person]) => ({ id: person! }))
    const fields = {
      id,
      type: answered ? 19 : 0,
      channel_id: channel,
      author: userOf(from),
      content: text,
      embeds: [],
      attachments: [],
      components: [],
      mentions: [...named, ...(answered && pings ? [{ id: me }] : [])],
      timestamp: '2027-01-15T08:00:00.000000+00:00',
      edited_timestamp: null,
      ...(answered ? { message_reference: { message_id: answers }, referenced_message: asMessage(answered) } : {}),
      ...(isGuild(channel) ? { guild_id: GUILD, member: { nick: null, roles: roles.get(from.id ?? ANNA) ?? [] } } : {}),
    }
    return whole(fields, from)
  }

  const interact = (fields: Params, from: Writer, under?: string): string => {
    const channel = placeOf(from)
    const { id: person = ANNA, may = 0n, botMay } = from
    const id = nextId()
    const key = `token-of-${id}`
    interactions.set(key, { id, channel, person, at: now(), under, answers: [], original: undefined })
    const user = userOf(from)
    const where = isGuild(channel)
      ? {
          guild_id: GUILD,
          member: { user, nick: null, roles: roles.get(person) ?? [], permissions: String(may) },
          app_permissions: String(botMay ?? 1024n | 2048n | (1n << 38n)),
          context: 0,
        }
      : { user, context: 1, app_permissions: '0' }
    const given = {
      id,
      application_id: application,
      token: key,
      version: 1,
      channel_id: channel,
      channel: { id: channel, type: channel === THREAD ? 11 : isGuild(channel) ? 0 : 1 },
      locale: 'en-US',
      entitlements: [],
      ...where,
      ...fields,
    }
    push('INTERACTION_CREATE', whole(given, from))
    return id
  }

  const press = (data: string, message: Shown, from: Writer) =>
    interact(
      { type: 3, data: { component_type: 2, custom_id: data }, message: asMessage(message) },
      { channel: message.channel, ...from },
      message.id,
    )

  return {
    url: `http://127.0.0.1:${port}/api`,
    token,
    me,
    application,
    calls,
    refused,
    get connected() {
      return [...sessions.values()].filter(({ socket }) => socket !== undefined).length
    },
    get open() {
      return sockets.clients.size
    },
    get identified() {
      return identified
    },
    get resumed() {
      return resumed
    },
    get overruns() {
      return overruns
    },
    commands: (guild) => registered.get(guild ?? 'global'),
    says(text, from = {}) {
      const id = nextId()
      push('MESSAGE_CREATE', messageFrom(text, id, from))
      return id
    },
    edits(message, text, from = {}) {
      const edited = { edited_timestamp: `2027-01-15T08:01:${String(++last % 60).padStart(2, '0')}.000000+00:00` }
      push('MESSAGE_UPDATE', { ...messageFrom(text, message, from), ...edited })
    },
    previews(message, text, from = {}) {
      push('MESSAGE_UPDATE', { ...messageFrom(text, message, from), embeds: [{ type: 'link', url: 'https://x' }] })
    },
    presses(label, from = {}, under) {
      const { id = ANNA, channel = directOf(id) } = from
      const has = ({ buttons }: Shown) => buttons.flat().some((button) => button.label === label)
      const message = messages.findLast((each) =>
        under === undefined ? each.channel === channel && has(each) : each.id === under,
      )
      const button = message?.buttons.flat().find((each) => each.label === label)
      if (!message || !button) throw new Error(`nothing shown has a button ${label}`)
      return press(button.custom_id, message, from)
    },
    forges(data, under, from = {}) {
      const message = messages.find((each) => each.id === under)
      if (!message) throw new Error(`there is no message ${under}`)
      return press(data, message, from)
    },
    slash(name, options = {}, from = {}) {
      const given = Object.entries(options).map(([option, value]) => ({ type: 3, name: option, value }))
      return interact({ type: 2, data: { id: nextId(), type: 1, name, options: given } }, from)
    },
    types(name, option, text, from = {}) {
      const options = [{ type: 3, name: option, value: text, focused: true }]
      return interact({ type: 4, data: { id: nextId(), type: 1, name, options } }, from)
    },
    interacts: (interaction) => interact(interaction, {}),
    push,
    frame(text) {
      for (const { socket } of sessions.values()) socket?.send(text)
    },
    repeat(id) {
      const { t, d } = told.get(id)!
      push(t, d)
    },
    shown: (channel = directOf(ANNA)) => messages.filter((each) => each.channel === channel),
    answered: (id) => [...interactions.values()].find((each) => each.id === id)?.answers ?? [],
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
    behave(route, mood, times = Number.POSITIVE_INFINITY) {
      moods.push({ route, mood, left: times })
    },
    limit(count, per) {
      limit = { count, per }
    },
    drop(code) {
      for (const { socket } of sessions.values()) code === undefined ? socket?.terminate() : socket?.close(code)
    },
    deaf(given) {
      isDeaf = given
    },
    forget() {
      sessions.clear()
    },
    closed,
    gone,
    mute,
    cardless,
    roles,
    permissions,
    rules,
    async stop() {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

type Row = { readonly components: readonly Button[] }
type Said = {
  readonly content: string
  readonly embeds: readonly Embed[]
  readonly components: readonly Row[]
  readonly attachments: readonly { readonly description?: string }[]
  readonly flags: number
}

/** `POST /channels/123/messages` as `POST /channels/:id/messages`, and the ids in it. */
function routeOf({ method = 'GET', url = '/' }: IncomingMessage) {
  const path = decodeURIComponent(url.replace(/^\/api\/v10/, '').replace(/\?.*$/, ''))
  const ids: string[] = []
  const parts = path.split('/').map((part, index, all) => {
    const isToken = index === 3 && (all[1] === 'interactions' || all[1] === 'webhooks')
    if (!isToken && !/^\d{5,}$/.test(part) && part !== '@original') return part
    ids.push(part)
    return isToken ? ':token' : ':id'
  })
  return { path, route: `${method} ${parts.join('/')}`, ids }
}

async function bodyOf(request: IncomingMessage): Promise<{ body: Params; files: Buffer[] }> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const data = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (data.length === 0) return { body: {}, files: [] }
  if (type.startsWith('application/json')) return { body: JSON.parse(data.toString('utf8')) as Params, files: [] }
  const form = await new Response(data, { headers: { 'content-type': type } }).formData()
  const files: Buffer[] = []
  let body: Params = {}
  for (const [name, value] of form) {
    if (typeof value !== 'string') files.push(Buffer.from(await value.arrayBuffer()))
    else if (name === 'payload_json') body = JSON.parse(value) as Params
  }
  return { body, files }
}
