import type { Picture, Reply } from '../reply.ts'

/** Who wrote a message, in words that the platform gives; there may be several behind one address. */
export type Sender = {
  /** The platform's id of them, unique on the channel and the same in every chat. */
  readonly id: string
  /** How others see them. */
  readonly name: string
  /** May change what others made there: always in a chat of their own, in a group by the group's own rules. */
  readonly isAdmin: boolean
}

/** What a person sent. */
export type Message = {
  /** The channel's name. */
  readonly channel: string
  /** Where the answer goes, as the channel writes it. */
  readonly address: string
  /** The platform's id for this message, unique on its channel: handled again, it changes nothing. */
  readonly id: string
  /** A command as typed, or the one that a pressed button stands for. */
  readonly text: string
  /** Left out where nobody but the owner of the address can write from it. */
  readonly sender?: Sender
  /** Several people read what is answered there. */
  readonly isGroup?: true
  /** A button was pressed, nothing was typed. */
  readonly isPress?: true
  /** Of a press, where the platform tells it: when what stands above the button was said, ms. */
  readonly shownAt?: number
}

/** Answers one message. Never throws: what went wrong is in the reply. */
export type Handler = (message: Message) => Promise<Reply>

/** What a platform gave us for a message it took; kept with the notification. */
export type Receipt = { readonly id: string }

/** How a channel is, for `/health`: `says` is a few words for the operator, without secrets. */
export type ChannelHealth = { readonly ok: boolean; readonly says: string }

/**
 * A platform that carries text to or from people.
 * `send` throws a `SendError` (transient or permanent) when the platform did not take the message; `key` is the same for
 * each try of one notification, so that a platform that can recognise a repeat does; `user` is the id of the user for whom
 * the address is kept, which matters to a platform that keeps addresses itself. It works without `start`: a process
 * that only delivers never listens.
 */
export type Channel = {
  readonly name: string
  /** It shows the picture of a reply; others are given none where one has to be made for it. */
  readonly pictures?: true
  start(handle: Handler): Promise<void>
  stop(): Promise<void>
  send(address: string, reply: Reply, key: string, user?: string): Promise<Receipt>
  /** Left out by a channel that cannot be unwell by itself. */
  health?(): ChannelHealth
}

/** Draws a picture as a PNG; undefined where there is nothing to be drawn. */
export type Draw = (picture: Picture) => Promise<Uint8Array | undefined>

/**
 * Remembers commands that are longer than a platform lets a button carry. A key is made from its command, so that the
 * same one may be kept again at any time. What is not found any more belongs to a button that is too old.
 */
export type LongCommands = {
  keep(key: string, command: string): Promise<void>
  find(key: string): Promise<string | null>
}

/** How long one call of `acquire` makes a process the owner, ms. Renewed well before; another takes over soon after. */
export const OWNED_FOR = 10_000

/** The right to be the one process that listens on a channel which bears only one. */
export type Ownership = {
  /** Takes it or renews it, for `OWNED_FOR` from the moment of asking; false while another process has it. */
  acquire(): Promise<boolean>
  /** Gives it up, where this process has it, so that another need not wait. */
  release(): Promise<void>
}

/** What kind of thing is typed for an argument: a platform that completes what is typed asks for suggestions of it. */
export type ArgumentKind = 'condition' | 'alert' | 'symbol' | 'function' | 'text'

/** Something that is typed after a command's name. Arguments follow each other in this order, with spaces between them. */
export type Argument = {
  /** A word of `a-z`, unique within the command. */
  readonly name: string
  readonly kind: ArgumentKind
  /** What is expected, at most 100 characters. */
  readonly summary: string
  readonly isRequired?: true
}

/** What may be meant: `value` is what is taken for the argument, `name` how it is shown. */
export type Suggestion = { readonly name: string; readonly value: string }

/** What may be meant by what is typed so far, the likeliest first; nothing where nobody knows. Never throws. */
export type Suggest = (
  who: { readonly channel: string; readonly address: string },
  kind: ArgumentKind,
  typed: string,
) => Promise<readonly Suggestion[]>

/** A command in a platform's own menu. */
export type MenuEntry = {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly arguments?: readonly Argument[]
  /** Of no use in a group. */
  readonly isPersonal?: true
  /** For those who run the bot: no menu and no help shows it to others. */
  readonly isHidden?: true
}

/** What is said first when someone changed a message that was answered already. */
export const EDITED = 'You changed that message, so I read it anew. What I did about it before stays.'

/** The clock a channel waits by, given so that tests own it. */
export type Clock = {
  /** Ms. */
  now(): number
  /** Shorter where the signal says so. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The clock of this machine. */
export const realClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const wake = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      signal?.addEventListener('abort', wake)
    }),
}

/** What a channel has to know of the database, without which nothing can be answered. */
export type Memory = {
  /** Whether it answers just now; tells within a few seconds. */
  isThere(): Promise<boolean>
  /** Whether something was thrown because it could not be reached. */
  isAway(error: unknown): boolean
}

/** What the work gives if it is done within `ms`, else undefined; the work goes on. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController()
  try {
    return await Promise.race([work, clock.sleep(ms, over.signal).then(() => undefined)])
  } finally {
    // Without a reason the signal makes an error of its own, with its stack, for nobody.
    over.abort(null)
  }
}
