import type { Message } from '../channels/channel.ts'

/** What a message is known by among those of all channels: the same when a platform sends it again. */
export function messageKey({ channel, id }: Message): string {
  return `${channel}:${id}`
}
