import { InteractionResponseType, MessageFlags, Routes } from 'discord.js'
import type { Reply } from '../reply.ts'
import type { Clock, LongCommands } from './channel.ts'
import type { Ask, DiscordApi } from './discord-api.ts'
import { type Body, bodiesOf, lineOf } from './discord-body.ts'
import { rowsOf } from './discord-buttons.ts'
import { isAnswered, mayPass } from './discord-errors.ts'
import { fileMessage, UPLOADED_WITHIN } from './discord-file.ts'
import type { Handle } from './discord-news.ts'
import { attached } from './discord-picture.ts'
import type { Pictures } from './pictures.ts'

/** How long one try of the first answer may take, ms: after three seconds Discord takes none (Interaction Callback). */
const ANSWERED_WITHIN = 1_400
const SOON = 200
/** The waits between tries of what follows the first answer, ms; the token is good for 15 minutes. */
const WAITS = [500, 1_500, 4_000, 12_000]
const ONLY_YOU = 'I answered only you.'

/**
 * What was done about an interaction so far. `open`: nothing; `thinking`: people see that an answer will come, perhaps only
 * one person does; `held`: a press was taken, and the message under the button may be changed.
 */
export type State = 'open' | 'thinking' | 'thinking privately' | 'held'

/** What answering interactions works with. */
export type InteractionPorts = {
  readonly api: DiscordApi
  readonly long: LongCommands
  readonly pictures: Pictures
  readonly clock: Clock
}

/** Answers interactions. Throws a `Refusal` where Discord did not take the first answer. */
export type Responder = {
  /** Asks for time: up to 15 minutes. */
  defer(handle: Handle, state: Exclude<State, 'open'>): Promise<void>
  /** As a message of its own, or several; `isSecret`: only who asked sees it. */
  say(handle: Handle, state: State, reply: Reply, isSecret: boolean): Promise<void>
  /** Changes the message under the pressed button. */
  change(handle: Handle, state: State, body: Partial<Body>): Promise<void>
  /** What may be meant by what is typed. */
  suggest(handle: Handle, choices: readonly { readonly name: string; readonly value: string }[]): Promise<void>
}

/** Answers by the tokens that interactions bring along. */
export function createResponder({ api, long, pictures, clock }: InteractionPorts): Responder {
  const callback = async ({ id, token }: Handle, type: InteractionResponseType, data?: object) => {
    const ask = { body: { type, ...(data ? { data } : {}) }, auth: false, within: ANSWERED_WITHIN } as const
    const call = () => api.call('POST', Routes.interactionCallback(id, token), ask)
    try {
      await call()
    } catch (error) {
      if (isAnswered(error)) return
      if (!mayPass(error)) throw error
      await clock.sleep(SOON)
      await call().catch((again: unknown) => (isAnswered(again) ? undefined : Promise.reject(again)))
    }
  }

  const persist = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tried = 0; ; tried++) {
      try {
        return await work()
      } catch (error) {
        const wait = WAITS[tried]
        if (!mayPass(error) || wait === undefined) throw error
        const { retryAfter = 0 } = error as { retryAfter?: number }
        await clock.sleep(Math.max(wait, retryAfter))
      }
    }
  }

  const edit = ({ application, token }: Handle, message: string, body: object) =>
    persist(() => api.call('PATCH', Routes.webhookMessage(application, token, message), { body, auth: false }))

  const followUp = async ({ application, token }: Handle, body: object, rest: Ask = {}): Promise<string> => {
    const ask = { ...rest, body, auth: false } as const
    const post = () => api.call<{ id: string }>('POST', Routes.webhook(application, token), ask)
    return (await persist(post)).id
  }

  /** Gives the name under which the message can be changed. */
  const first = async (handle: Handle, state: State, body: Body, isSecret: boolean): Promise<string> => {
    if (state === 'held') return await followUp(handle, seen(body, isSecret))
    if (state === 'open') await callback(handle, InteractionResponseType.ChannelMessageWithSource, seen(body, isSecret))
    else if (isSecret && state === 'thinking') {
      // Whether others see it was decided when time was asked for.
      await edit(handle, ORIGINAL, lineOf(ONLY_YOU))
      return await followUp(handle, seen(body, true))
    } else await edit(handle, ORIGINAL, body)
    return ORIGINAL
  }

  return {
    async defer(handle, state) {
      if (state === 'held') return await callback(handle, InteractionResponseType.DeferredMessageUpdate)
      const flags = state === 'thinking privately' ? { flags: MessageFlags.Ephemeral } : undefined
      await callback(handle, InteractionResponseType.DeferredChannelMessageWithSource, flags)
    },
    async say(handle, state, reply, isSecret) {
      const drawing = pictures.draw(reply)
      const [body, ...rest] = bodiesOf(reply, await rowsOf(reply, long))
      const message = await first(handle, state, body!, isSecret)
      const isHidden = isSecret || state === 'thinking privately'
      for (const more of rest) await followUp(handle, seen(more, isHidden))
      if (reply.file) {
        const { body: carrier, files } = fileMessage(reply.file)
        await followUp(handle, seen(carrier, isHidden), { files, within: UPLOADED_WITHIN })
      }
      const { picture } = reply
      if (!picture || !drawing) return
      const route = Routes.webhookMessage(handle.application, handle.token, message)
      pictures.follow(drawing, (png, left) =>
        api.call('PATCH', route, { ...attached(picture, png, left), auth: false }),
      )
    },
    async change(handle, state, body) {
      if (state === 'open') await callback(handle, InteractionResponseType.UpdateMessage, body)
      else await edit(handle, ORIGINAL, body)
    },
    suggest: (handle, choices) =>
      callback(handle, InteractionResponseType.ApplicationCommandAutocompleteResult, { choices }),
  }
}

const ORIGINAL = '@original'

function seen(body: Body, isSecret: boolean): Body {
  return isSecret ? { ...body, flags: body.flags | MessageFlags.Ephemeral } : body
}
