import { SendError } from '../errors.ts'
import { harmless, type Reply } from '../reply.ts'
import type { Channel, Receipt } from './channel.ts'
import { codeMail, mailOf } from './sns-email-words.ts'
import { isNotFound, sendErrorOf } from './sns-errors.ts'
import { createMailing, type Mailing, type MailingPorts } from './sns-mailing.ts'
import type { EmailAddresses, EmailState } from './sns-ports.ts'
import { createTopics, type Topics } from './sns-topics.ts'

/** What the channel is made from. */
export type SnsEmailOptions = Omit<MailingPorts, 'topics'>

/** The channel. `user`: the id of the user whose address it is. */
export type EmailChannel = Omit<Channel, 'send'> & {
  send(address: string, reply: Reply, key: string, user: string): Promise<Receipt>
}

/**
 * Mail by Amazon SNS, which mails only to those who are on a topic: one topic for each address of a user. Nothing is mailed
 * to an address that is not confirmed there; Amazon would take it, and nobody get it.
 */
export function createSnsEmail(options: SnsEmailOptions): {
  readonly channel: EmailChannel
  readonly addresses: EmailAddresses
} {
  const topics = createTopics(options.sns)
  const mailing = createMailing({ ...options, topics })
  const { sns } = options
  const channel: EmailChannel = {
    name: 'email',
    async start() {
      // Says at once where credentials or permissions are wrong; nothing else waits for it.
      topics.find('', '').catch(() => {})
    },
    stop: async () => sns.stop(),
    send: (address, reply, _key, user) =>
      saying(async () => {
        checkEmail(address)
        return { id: await mailing.mail(user, address, mailOf(harmless(reply))) }
      }),
    health: () => sns.health(),
  }
  return { channel, addresses: addressesBy(topics, mailing) }
}

function addressesBy(topics: Topics, { mail, note }: Mailing): EmailAddresses {
  const end = async (topic: string) => {
    note(topic, 'gone')
    await topics.remove(topic)
  }
  return {
    begin: (user, address) =>
      saying(async () => {
        checkEmail(address)
        const topic = await topics.make(user, address)
        return note(topic, await topics.subscribe(topic, address))
      }),
    state: (user, address) =>
      saying(async () => {
        const topic = await topics.find(user, address)
        return topic === undefined ? 'gone' : note(topic, await topics.stateOn(topic).catch(goneIfNotFound))
      }),
    mailCode: (user, address, code) =>
      saying(async () => {
        await mail(user, address, codeMail(code))
      }),
    remove: (user, address) =>
      saying(async () => {
        const topic = await topics.find(user, address)
        if (topic !== undefined) await end(topic)
      }),
    removeAll: (user) =>
      saying(async () => {
        for (const topic of await topics.ofUser(user)) await end(topic)
      }),
  }
}

/** Whether there is such an address is for Amazon to say. */
function checkEmail(address: string): void {
  if (address.length > 254 || !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(address))
    throw new SendError('that is no e-mail address', { permanent: true })
}

function goneIfNotFound(error: unknown): EmailState {
  if (isNotFound(error)) return 'gone'
  throw error
}

async function saying<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw sendErrorOf(error)
  }
}
