import type { Chat } from './people.ts'
import type { Mailbox, Remote } from './world.ts'

/** The platforms that people use. */
export type Platforms = Readonly<Record<'telegram' | 'discord' | 'twilio' | 'amazon', Remote>>

/** Writes words in a chat, as its people do there. */
export async function write(chat: Chat, words: string, { telegram, discord, twilio }: Platforms): Promise<void> {
  if (chat.on === 'sms') return await twilio.ask('texts', words, chat.phone)
  if (chat.on === 'telegram') {
    const from = { id: chat.id, name: 'Somebody', chat: chat.chat }
    return await telegram.ask('says', chat.chat < 0 ? `/${words}` : words, from)
  }
  const from = { id: chat.id, name: 'Somebody', ...(chat.channel === undefined ? {} : { channel: chat.channel }) }
  return await discord.ask('says', chat.channel === undefined ? words : `<@${discord.about.me}> ${words}`, from)
}

/** Writes, and waits for an answer that is as it is looked for. Throws an error with what came, where none does. */
export async function ask(
  chat: Chat,
  words: string,
  pattern: RegExp,
  { platforms, mailbox, within }: { platforms: Platforms; mailbox: Mailbox; within: number },
): Promise<RegExpExecArray> {
  const from = mailbox.at(chat.place).length
  await write(chat, words, platforms)
  const found = await mailbox.waits(chat.place, from, within, (text) => pattern.exec(text))
  if (found) return found
  const came = mailbox.at(chat.place).slice(from)
  throw new Error(`"${words}" at ${chat.place} had no answer like ${pattern}, but: ${JSON.stringify(came)}`)
}
