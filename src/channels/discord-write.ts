import { createHash } from 'node:crypto'
import { Routes } from 'discord.js'
import { messageOf, SendError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Reply, TextFile } from '../reply.ts'
import type { Clock, LongCommands } from './channel.ts'
import type { DiscordApi } from './discord-api.ts'
import { type Body, bodiesOf } from './discord-body.ts'
import { rowsOf } from './discord-buttons.ts'
import { isBlind, isForbidden, isGone, sendErrorOf } from './discord-errors.ts'
import { fileMessage, UPLOADED_WITHIN } from './discord-file.ts'
import { attached } from './discord-picture.ts'
import type { Pictures } from './pictures.ts'
import { createRecent } from './recent.ts'

/**
 * Where a message goes: into a channel of a server, or to a person. `answers`: which message of that channel it answers;
 * `whom`: who is called by it.
 */
export type Destination = ({ readonly channel: string } | { readonly person: string }) & {
  readonly answers?: string
  readonly whom?: string
}

/** The waits between tries where Discord does not take a message, ms. */
export type Patience = readonly number[]

/** For what is tried again by whoever sends it. */
export const ONCE: Patience = []
/** For what is sent only here. */
export const PATIENT: Patience = [1_000, 3_000, 9_000, 27_000]

/** What writing works with. */
export type WritePorts = {
  readonly api: DiscordApi
  readonly long: LongCommands
  readonly pictures: Pictures
  readonly clock: Clock
  readonly log: Log
}

/** Writes replies as messages of the bot. Throws a `SendError` where Discord did not take one. */
export type Writer = {
  /** As one message, or as several where it is long; gives the id of the first. The same `key` is shown only once. */
  send(to: Destination, reply: Reply, key: string, patience: Patience): Promise<string>
  /** Discord's channel for the direct messages of a person. */
  learn(person: string, channel: string): void
}

/** How many channels of people are remembered. */
const REMEMBERED = 10_000

/** A writer that knows nobody yet. */
export function createWriter(ports: WritePorts): Writer {
  const { api, long, pictures, clock, log } = ports
  const channels = createRecent<string>(REMEMBERED)

  const channelOf = async (to: Destination): Promise<string> => {
    if ('channel' in to) return to.channel
    const known = channels.get(to.person)
    if (known !== undefined) return known
    const { id } = await api.call<{ id: string }>('POST', Routes.userChannels(), { body: { recipient_id: to.person } })
    channels.set(to.person, id)
    return id
  }

  const post = async (to: Destination, body: Body, nonce: string): Promise<Posted> => {
    const channel = await channelOf(to)
    const answer =
      to.answers === undefined ? {} : { message_reference: { message_id: to.answers, fail_if_not_exists: false } }
    const whole = { ...body, ...answer, nonce, enforce_nonce: true }
    try {
      const { id } = await api.call<{ id: string }>('POST', Routes.channelMessages(channel), { body: whole })
      return { channel, id }
    } catch (error) {
      // The channel of a person's direct messages may be another the next time it is asked for.
      if (isGone(error) && 'person' in to) channels.delete(to.person)
      const { answers, ...rest } = to
      if (isBlind(error) && answers !== undefined) return await post(rest, body, nonce)
      throw error
    }
  }

  const attempt = async <T>(work: () => Promise<T>, waits: Patience): Promise<T> => {
    for (let tried = 0; ; tried++) {
      try {
        return await work()
      } catch (error) {
        const problem = sendErrorOf(error)
        const wait = waits[tried]
        if (problem.permanent || wait === undefined) throw isForbidden(error) ? error : problem
        await clock.sleep(Math.max(wait, problem.retryAfter ?? 0))
      }
    }
  }

  /** What was begun is not taken back: tried again as a whole, its beginning would come twice. */
  const postRest = async (to: Destination, bodies: readonly Body[], key: string) => {
    try {
      for (const [index, body] of bodies.entries())
        await attempt(() => post(to, body, nonceOf(`${key}\n${index + 1}`)), PATIENT)
    } catch (error) {
      log.warn({ why: messageOf(error) }, 'the end of a long message was not sent')
    }
  }

  const postFile = async (channel: string, file: TextFile, key: string) => {
    const { body, files } = fileMessage(file)
    const whole = { ...body, nonce: nonceOf(`${key}\nfile`), enforce_nonce: true }
    const ask = { body: whole, files, within: UPLOADED_WITHIN }
    try {
      await attempt(() => api.call('POST', Routes.channelMessages(channel), ask), PATIENT)
    } catch (error) {
      log.warn({ why: messageOf(error) }, 'a file was not sent')
    }
  }

  const write = async (to: Destination, reply: Reply, key: string, patience: Patience): Promise<string> => {
    const drawing = pictures.draw(reply)
    const [first, ...rest] = bodiesOf(reply, await rowsOf(reply, long), to.whom)
    const { channel, id } = await attempt(() => post(to, first!, nonceOf(key)), patience)
    await postRest({ channel }, rest, key)
    if (reply.file) await postFile(channel, reply.file, key)
    const { picture } = reply
    if (picture && drawing)
      pictures.follow(drawing, (png, left) =>
        api.call('PATCH', Routes.channelMessage(channel, id), attached(picture, png, left)),
      )
    return id
  }

  return {
    learn: channels.set,
    async send(to, reply, key, patience) {
      try {
        return await write(to, reply, key, patience)
      } catch (error) {
        // Where the bot may write, it may still not be allowed to show cards.
        const { direction, ...rest } = reply
        if (!isForbidden(error) || direction === undefined) throw sendErrorOf(error)
        return await write(to, rest, key, patience).catch((again: unknown) => Promise.reject(sendErrorOf(again)))
      }
    },
  }
}

type Posted = { readonly channel: string; readonly id: string }

/** At most 25 characters; of a repeat within a few minutes Discord gives back the first message (Create Message). */
function nonceOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22)
}

/** Throws a `SendError` where it is no address: `user/<id>` or `channel/<id>`. */
export function destinationAt(address: string): Destination {
  const [, kind, id] = /^(user|channel)\/(\d{1,20})$/.exec(address) ?? []
  if (id === undefined) throw new SendError('that is no person or channel of Discord', { permanent: true })
  return kind === 'user' ? { person: id } : { channel: id }
}
