import type { Reply } from '../reply.ts'

/** What a person sent. */
export type Message = {
  /** The channel's name. */
  readonly channel: string
  /** Where the answer goes, as the channel writes it. */
  readonly address: string
  /** The platform's id for this message, unique on its channel: handled again, it changes nothing. */
  readonly id: string
  readonly text: string
}

/** Answers one message. Never throws: what went wrong is in the reply. */
export type Handler = (message: Message) => Promise<Reply>

/** What a platform gave us for a message it took; kept with the notification. */
export type Receipt = { readonly id: string }

/**
 * A platform that carries text to or from people.
 * `send` throws a `SendError` (transient or permanent) when the platform did not take the message; `key` is the same for
 * each try of one notification, so that a platform that can recognise a repeat does.
 */
export type Channel = {
  readonly name: string
  start(handle: Handler): Promise<void>
  stop(): Promise<void>
  send(address: string, reply: Reply, key: string): Promise<Receipt>
}
