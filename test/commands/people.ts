import type { EmailAddresses, EmailState } from '../../src/channels/sns-ports.ts'
import type { Reach } from '../../src/commands/people.ts'
import { SendError } from '../../src/errors.ts'
import { plain } from '../../src/reply.ts'

/** What people find on their phones, in their mail and in their other chats. */
export type Outside = Pick<Reach, 'channels'> & {
  readonly emails: EmailAddresses
  /** Everything sent, in order: `sms +12025550123: words`. */
  readonly sent: string[]
  /** How each e-mail address stands at Amazon; it is begun when it is first asked for. */
  readonly states: Map<string, EmailState>
  /** Channels that take nothing, and why. */
  readonly broken: Map<string, string>
}

/** A world outside in which nothing was sent yet. */
export function anOutside(): Outside {
  const sent: string[] = []
  const states = new Map<string, EmailState>()
  const broken = new Map<string, string>()
  const take = (channel: string, address: string, words: string) => {
    const why = broken.get(channel)
    if (why !== undefined) throw new SendError(why, { permanent: false })
    sent.push(`${channel} ${address}: ${words}`)
    return { id: String(sent.length) }
  }
  const channels = ['sms', 'email', 'double'].map((name) => ({
    name,
    send: async (address: string, reply: Parameters<typeof plain>[0]) => take(name, address, plain(reply)),
  }))
  const emails: EmailAddresses = {
    async begin(_user, address) {
      const state = states.get(address) ?? 'pending'
      states.set(address, state)
      if (state === 'pending') take('email', address, 'LINK')
      return state
    },
    state: async (_user, address) => states.get(address) ?? 'gone',
    mailCode: async (_user, address, code) => void take('email', address, `CODE ${code}`),
    remove: async (_user, address) => void states.delete(address),
    removeAll: async () => {},
  }
  return { channels, emails, sent, states, broken }
}
