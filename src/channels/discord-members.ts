import { type APIChannel, type APIGuild, type APIOverwrite, ChannelType, PermissionFlagsBits, Routes } from 'discord.js'
import type { Clock } from './channel.ts'
import type { DiscordApi } from './discord-api.ts'

/** How long an answer is believed, ms: so long someone may still act who is no administrator any more. */
const BELIEVED_FOR = 60_000
/** How long Discord may take to say it, ms; a command does not wait longer for it. */
const ANSWERS_WITHIN = 2_000
/** From so many answers on, what is not believed any more is forgotten. */
const MANY = 1_000

/** Who wrote in which channel of which server, with the ids of their roles there. */
export type Membership = {
  readonly guild: string
  readonly channel: string
  readonly person: string
  readonly roles: readonly string[]
}

/** Whether somebody may change what others made in a channel. Where Discord does not say, they may not. */
export type IsAdmin = (member: Membership) => Promise<boolean>

/** Permissions as a bit set may let somebody change what others made: they manage the server or its messages. */
export function managesMessages(permissions: bigint): boolean {
  const { Administrator, ManageGuild, ManageMessages } = PermissionFlagsBits
  return (permissions & (Administrator | ManageGuild | ManageMessages)) !== 0n
}

/** Asks Discord for the roles of servers and the rules of channels. */
export function createIsAdmin(api: DiscordApi, clock: Clock): IsAdmin {
  const known = new Map<string, { readonly answer: Promise<unknown>; readonly until: number }>()

  const ask = async <T>(route: `/${string}`): Promise<T> => {
    const now = clock.now()
    const before = known.get(route)
    if (before && now < before.until) return (await before.answer) as T
    const answer = api.call<T>('GET', route, { within: ANSWERS_WITHIN })
    if (known.size >= MANY) for (const [old, { until }] of known) if (until <= now) known.delete(old)
    known.set(route, { answer, until: now + BELIEVED_FOR })
    answer.catch(() => known.delete(route))
    return await answer
  }

  /** A thread has the rules of the channel it hangs on. */
  const overwritesOf = async (channel: string): Promise<readonly APIOverwrite[]> => {
    const found = await ask<APIChannel>(Routes.channel(channel))
    const isThread = THREADS.has(found.type) && 'parent_id' in found && found.parent_id
    const whole = isThread ? await ask<APIChannel>(Routes.channel(found.parent_id!)) : found
    return ('permission_overwrites' in whole && whole.permission_overwrites) || []
  }

  return async (member) => {
    try {
      const guild = await ask<APIGuild>(Routes.guild(member.guild))
      if (guild.owner_id === member.person) return true
      const base = basePermissions(guild, member)
      if ((base & PermissionFlagsBits.Administrator) !== 0n) return true
      return managesMessages(overwritten(base, await overwritesOf(member.channel), member))
    } catch {
      return false
    }
  }
}

const THREADS: ReadonlySet<ChannelType> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
])

/** The role of everybody has the id of the server (Permissions, permission hierarchy). */
function basePermissions({ id, roles }: APIGuild, member: Membership): bigint {
  const own = roles.filter((role) => role.id === id || member.roles.includes(role.id))
  return own.reduce((all, { permissions }) => all | BigInt(permissions), 0n)
}

/** First everybody's rules, then those of the roles together, then the person's own (Permissions, permission overwrites). */
function overwritten(base: bigint, rules: readonly APIOverwrite[], { guild, roles, person }: Membership): bigint {
  const levels = [[guild], roles, [person]]
  return levels.reduce((permissions, ids) => {
    const own = rules.filter(({ id }) => ids.includes(id) && (ids === roles ? id !== guild : true))
    const deny = own.reduce((all, rule) => all | BigInt(rule.deny), 0n)
    const allow = own.reduce((all, rule) => all | BigInt(rule.allow), 0n)
    return (permissions & ~deny) | allow
  }, base)
}
