import type { Handler, Message } from '../channels/channel.ts'
import { nearest } from '../condition/nearest.ts'
import { parse } from '../condition/parse.ts'
import { UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import { harmless, type Reply, say } from '../reply.ts'
import type { Messages } from '../store/messages.ts'
import type { Command, Context, Services } from './command.ts'
import { shorten } from './readers.ts'
import { readingOf, refusal } from './refusal.ts'

/** Longer than anything a person types, in UTF-16 units. */
const LONGEST_MESSAGE = 4_000

/** What answering needs beside the services. `reference` makes a short code that a person can quote and a log can be searched for. */
export type DispatchPorts = {
  readonly services: Services
  readonly messages: Messages
  readonly commands: readonly Command[]
  readonly realNow: () => number
  readonly reference: () => string
  readonly log: Log
}

/**
 * The one way in for every channel: finds the user, the command and its arguments, and answers. A message that comes
 * again gets the answer it had and changes nothing. Never throws.
 */
export function createDispatch(ports: DispatchPorts): Handler {
  const underWay = new Map<string, Promise<Reply>>()

  const answerOnce = async (message: Message, key: string) => {
    const before = await ports.messages.answered(key)
    if (before) return before
    const reply = harmless(await answer(message, ports))
    await ports.messages.remember(key, reply, ports.realNow())
    return reply
  }

  return async (message) => {
    const key = `${message.channel}:${message.id}`
    const reply = underWay.get(key) ?? answerOnce(message, key).finally(() => underWay.delete(key))
    underWay.set(key, reply)
    try {
      return await reply
    } catch (error) {
      const ref = ports.reference()
      ports.log.error({ err: error, ref, channel: message.channel }, 'a message could not be answered')
      return say(`Something broke on my side (ref ${ref}). Your alerts are safe.`)
    }
  }
}

async function answer(message: Message, { services, commands, realNow }: DispatchPorts): Promise<Reply> {
  const text = message.text.trim()
  const { command, args } = split(text, commands)
  try {
    if (text.length > LONGEST_MESSAGE)
      throw new UserError(`That is too long for me: at most ${LONGEST_MESSAGE} characters.`)
    const context = await contextOf(message, services, realNow())
    return command ? await command.run(context, args) : unknown(text, context, commands)
  } catch (error) {
    if (error instanceof UserError) return refusal(error, readingOf(command, args))
    throw error
  }
}

async function contextOf(message: Message, services: Services, now: number): Promise<Context> {
  const user = await services.users.ofAddress(message.channel, message.address, now)
  const subscription = user.subscriptions.find(
    ({ channel, address }) => channel === message.channel && address === message.address,
  )
  if (!subscription) throw new Error(`user ${user.id} was found by an address that is not theirs`)
  return { ...services, message, user, subscription: subscription.id, zone: user.zone ?? services.zone }
}

/** `P > 50` is about a share, whatever `p` is short for; `alert > 50` is an alert that lacks its symbol. */
const COMPARED = /^(?!alert\b)\w+\s*[<>=≥≤]+\s*[$€£]?\d/i

/** The command a message calls, with or without a slash, in any case; none when its first word is no command. */
function split(text: string, commands: readonly Command[]): { command?: Command; args: string } {
  if (COMPARED.test(text)) return { args: text }
  const match = /^\/?([a-z]+)(?:\s+|$)/i.exec(text)
  const word = match?.[1]?.toLowerCase()
  const command = commands.find(({ name, aliases }) => name === word || (word !== undefined && aliases?.includes(word)))
  return command && match ? { command, args: text.slice(match[0].length).trim() } : { args: text }
}

/** A comparison, or a ticker with a number behind it: such a line is told what is wrong with it. */
const MEANT_AS_CONDITION =
  /[<>=≥≤]|\b(above|below|over|under|between|crosses|hits|reaches)\b|^\$?[a-z.:/]{1,12}\s+[$€£]?\d/i

/** Text that calls no command: an alert without the word, a slip of the finger, or something else. */
function unknown(text: string, { now, zone }: Context, commands: readonly Command[]): Reply {
  if (text === '') return say('Type help to see what I understand.')
  try {
    parse(text, { now: now(), zone })
    return say(`Shall I watch that? ${text}`, [{ label: 'Yes', command: `alert ${text}` }])
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const word = text.split(/\s+/)[0]!.replace(/^\//, '').toLowerCase()
    const near = nearest(
      word,
      commands.map(({ name }) => name),
    )
    if (near !== undefined && near !== word)
      return say(`I know no command "${shorten(word)}". Did you mean ${near}?`, [
        { label: near, command: text.replace(/^\S+/, near) },
      ])
    if (MEANT_AS_CONDITION.test(text)) return refusal(error, { prefix: 'alert ' })
    return say('I did not understand that. Set an alert like: alert AAPL > 500. Type help for more.')
  }
}
