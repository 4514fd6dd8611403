import {
  type APIInteraction,
  type APIMessage,
  type APIUser,
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  InteractionContextType,
  InteractionType,
  MessageType,
  PermissionFlagsBits,
} from 'discord.js'
import type { MenuEntry } from './channel.ts'
import type { Shown } from './discord-body.ts'
import { optionsText, typedIn } from './discord-commands.ts'
import { managesMessages } from './discord-members.ts'

/** Where something was said. `channel`: where an answer can be posted; `guild`: the server it belongs to, if to one. */
export type Place = { readonly address: string; readonly channel: string; readonly guild?: string }

/** Who acted. `isAdmin` is left out where it has to be asked for, by the ids of their roles. */
export type Person = {
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly isAdmin?: boolean
}

/** What an interaction is answered by. `cannotSpeak`: the bot may not post in that channel by itself. */
export type Handle = {
  readonly id: string
  readonly token: string
  readonly application: string
  readonly cannotSpeak: boolean
}

type By = { readonly place: Place; readonly from: Person }

/** What Discord tells, as far as it is for us. `id`: unique, the same when it is told again. */
export type News = { readonly id: string } & (
  | (By & { readonly kind: 'words'; readonly message: string; readonly text: string; readonly isEdit: boolean })
  | (By & { readonly kind: 'command'; readonly handle: Handle; readonly name: string; readonly text: string })
  | (By & { readonly kind: 'press'; readonly handle: Handle; readonly data: string; readonly under: Shown })
  | (By & { readonly kind: 'typing'; readonly handle: Handle; readonly typed: Typed })
  /** An interaction that we never offered. */
  | { readonly kind: 'stranger'; readonly handle: Handle }
)

/** What is typed so far for an argument of a command. */
export type Typed = { readonly command: string; readonly argument: string; readonly text: string }

/** An event of the gateway. */
export type Dispatch = { readonly t: string; readonly d: unknown }

/** What reading needs to know. `me`: the bot's own id; `meant`: what a person means by the text of an option. */
export type Known = {
  readonly me: string
  readonly menu: readonly MenuEntry[]
  meant(person: string, text: string): string
}

/** Reads an event; undefined where it is not for us. Throws where it is not as Discord's documentation has it. */
export function read({ t, d }: Dispatch, known: Known): News | undefined {
  if (t === 'INTERACTION_CREATE') return readInteraction(d as APIInteraction, known)
  if (t === 'MESSAGE_CREATE') return readMessage(d as GuildMessage, known.me, false)
  if (t === 'MESSAGE_UPDATE') return readMessage(d as GuildMessage, known.me, true)
  return undefined
}

/** A message as the gateway tells it. */
type GuildMessage = APIMessage & {
  readonly guild_id?: string
  readonly member?: { readonly nick?: string | null; readonly roles: readonly string[] }
}

/** Any other type is Discord's own words: that somebody came, that something was pinned. */
const TYPED = new Set([MessageType.Default, MessageType.Reply])

function readMessage(message: GuildMessage, me: string, isEdit: boolean): News | undefined {
  const { id, channel_id: channel, guild_id: guild, author, edited_timestamp: edited } = message
  // Discord also tells of messages to which it has added a preview; those nobody edited.
  if (author.bot || message.webhook_id !== undefined || !TYPED.has(message.type) || (isEdit && !edited))
    return undefined
  const text = guild === undefined ? message.content : wordsFor(message, me)
  if (typeof text !== 'string') return undefined
  const place = placeOf(channel, guild, author.id)
  const { nick = null, roles = [] } = message.member ?? {}
  return {
    id: isEdit ? `${id}/${edited}` : id,
    kind: 'words',
    place,
    from: { id: author.id, name: nameOf(author, nick), roles, ...(guild === undefined ? { isAdmin: true } : {}) },
    message: id,
    text,
    isEdit,
  }
}

/** In a server: what mentions us, without the mention, and what answers a message of ours. */
function wordsFor({ content, referenced_message: answered }: GuildMessage, me: string): string | undefined {
  const mention = new RegExp(`<@!?${me}>`, 'g')
  if (mention.test(content)) return content.replace(mention, ' ').replace(/ {2,}/g, ' ').trim()
  return answered?.author.id === me && content !== '' ? content : undefined
}

function placeOf(channel: string, guild: string | undefined, person: string): Place {
  return guild === undefined
    ? { address: `user/${person}`, channel }
    : { address: `channel/${channel}`, channel, guild }
}

function nameOf({ id, username, global_name: name }: APIUser, nick: string | null | undefined): string {
  return nick || name || username || id
}

function readInteraction(interaction: APIInteraction, known: Known): News | undefined {
  const { id, token, application_id: application, guild_id: guild, member } = interaction
  if (interaction.type === InteractionType.Ping || !isText(id) || !isText(token) || !isText(application))
    return undefined
  const handle = { id, token, application, cannotSpeak: cannotSpeak(interaction) }
  const user = member?.user ?? interaction.user
  const channel = interaction.channel_id ?? interaction.channel?.id
  if (!user || channel === undefined) return { id, kind: 'stranger', handle }
  const isAdmin = member ? managesMessages(BigInt(member.permissions)) : true
  const from = { id: user.id, name: nameOf(user, member?.nick), roles: [], isAdmin }
  const by = { id, place: placeOf(channel, guild, user.id), from, handle }
  return readKind(interaction, known, by) ?? { id, kind: 'stranger', handle }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function readKind(
  interaction: APIInteraction,
  { menu, ...known }: Known,
  by: By & { readonly id: string; readonly handle: Handle },
): News | undefined {
  const meant = (text: string) => known.meant(by.from.id, text)
  switch (interaction.type) {
    case InteractionType.ApplicationCommand: {
      const { data } = interaction
      if (data.type !== ApplicationCommandType.ChatInput) return undefined
      const { name, options = [] } = data
      return { ...by, kind: 'command', name, text: optionsText(name, options, menu, meant) }
    }
    case InteractionType.ApplicationCommandAutocomplete: {
      const typed = typedIn(interaction.data.name, interaction.data.options ?? [], meant)
      return typed && { ...by, kind: 'typing', typed }
    }
    case InteractionType.MessageComponent: {
      const { data, message } = interaction
      if (data.component_type !== ComponentType.Button || !isText(data.custom_id)) return undefined
      return { ...by, kind: 'press', data: data.custom_id, under: shownOf(message) }
    }
    default:
      return undefined
  }
}

function shownOf({ id, content, embeds, timestamp, edited_timestamp: edited }: APIMessage): Shown {
  const at = Date.parse(edited ?? timestamp)
  const [first] = embeds
  if (!first) return { id, at, content }
  const { title, description, color } = first
  const embed = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(color === undefined ? {} : { color }),
  }
  return { id, at, content, embed }
}

const THREADS: ReadonlySet<ChannelType | undefined> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
])

/** A slash command is answered also where the bot may not write by itself; what fires later is not told there. */
function cannotSpeak({ guild_id: guild, app_permissions: given, channel }: APIInteraction): boolean {
  if (guild === undefined || given === undefined) return false
  const { Administrator, ViewChannel, SendMessages, SendMessagesInThreads } = PermissionFlagsBits
  const permissions = BigInt(given)
  const needed = ViewChannel | (THREADS.has(channel?.type) ? SendMessagesInThreads : SendMessages)
  return (permissions & Administrator) === 0n && (permissions & needed) !== needed
}

/** The channel of the direct messages with a person, where an event tells it. */
export function directChannelOf({ t, d }: Dispatch, news: News): string | undefined {
  if (!('place' in news) || news.place.guild !== undefined) return undefined
  const isOurs = t !== 'INTERACTION_CREATE' || (d as APIInteraction).context === InteractionContextType.BotDM
  return isOurs ? news.place.channel : undefined
}
