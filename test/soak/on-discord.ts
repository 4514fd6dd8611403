import { CHANNEL, type DiscordDouble, directOf, startDiscord, type Writer } from '../doubles/discord.ts'
import type { Doings, Take } from './protocol.ts'

/** Discord in a process of its own, as `people` (their ids) and the channel of a server see it. */
export async function onDiscord(take: Take, people: readonly string[]): Promise<Doings> {
  const discord = await startDiscord()
  const places = new Map([
    [CHANNEL, `discord:channel/${CHANNEL}`],
    ...people.map((person) => [directOf(person), `discord:user/${person}`] as const),
  ])
  const known = new Map<string, number>()
  void discord.until(() => {
    for (const [channel, place] of places) {
      const shown = discord.shown(channel)
      const from = known.get(channel) ?? 0
      // What is still being thought of is looked at again.
      const ready = shown.slice(from).findIndex(({ isThinking }) => isThinking)
      const until = ready < 0 ? shown.length : from + ready
      for (const message of shown.slice(from, until)) take(place, wordsOf(message))
      known.set(channel, until)
    }
    return false
  })
  return {
    about: () => ({ url: discord.url, token: discord.token, me: discord.me }),
    isReady: () => discord.connected > 0,
    says: (text: string, from: Writer) => discord.says(text, from),
    slash: (name: string, options: Record<string, string>, from: Writer) => discord.slash(name, options, from),
    refused: () => discord.refused,
  }
}

type Shown = ReturnType<DiscordDouble['shown']>[number]

function wordsOf({ content, embeds }: Shown): string {
  const parts = [content, ...embeds.flatMap(({ title, description }) => [title, description])]
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join('\n')
    .replace(/^```\n?|\n?```$/gm, '')
    .replaceAll('**', '')
    .replace(/\\(.)/g, '$1')
    .replaceAll('\u2060', '')
}
