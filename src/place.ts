import { UserError } from './errors.ts'

/** An address as whoever runs the bot writes it, `telegram:123`. Throws `UserError` where it is none. */
export function placeIn(written: string): { readonly channel: string; readonly address: string } {
  const [, channel, address] = /^([a-z]+):(\S+)$/.exec(written) ?? []
  if (channel === undefined || address === undefined)
    throw new UserError(`"${written}" is no address.`, { suggestion: '--address telegram:123' })
  return { channel, address }
}
