import { PublishCommand } from '@aws-sdk/client-sns'
import { SendError } from '../errors.ts'
import type { Clock } from './channel.ts'
import type { Sns } from './sns.ts'
import type { Mail } from './sns-email-words.ts'
import { isNotFound } from './sns-errors.ts'
import type { EmailState } from './sns-ports.ts'
import type { Topics } from './sns-topics.ts'

/** What mailing works with. */
export type MailingPorts = {
  readonly sns: Sns
  readonly topics: Topics
  readonly clock: Clock
  /**
   * Whether the user wants mail there still. Asked before a topic that Amazon has lost is made anew, which mails a link:
   * it may have been taken away by another process just now.
   */
  isWanted(user: string, address: string): Promise<boolean>
}

/** Mail to addresses that are confirmed. */
export type Mailing = {
  /**
   * Mails to an address of a user; gives Amazon's id of it. Throws a permanent `SendError` where the address is not
   * confirmed, or not any more, and a `SnsRefusal` where Amazon does not do it.
   */
  mail(user: string, address: string, mail: Mail): Promise<string>
  /** An address of a topic stands like this now, as Amazon has just said. Gives the same. */
  note(topic: string, state: EmailState): EmailState
}

/** How long it is believed that an address is confirmed, ms: so long mail may go to one that was ended by its link. */
const BELIEVED_FOR = 3_600_000
/** From so many addresses on, what is not believed any more is forgotten. */
const MANY = 10_000

/** Mailing that asks Amazon once an hour whether an address is confirmed still. */
export function createMailing({ sns, topics, clock, isWanted }: MailingPorts): Mailing {
  /** Until when an address is believed to be confirmed, by its topic. */
  const believed = new Map<string, number>()

  const note = (topic: string, state: EmailState): EmailState => {
    const now = clock.now()
    if (believed.size >= MANY) for (const [old, until] of believed) if (until <= now) believed.delete(old)
    if (state === 'confirmed') believed.set(topic, now + BELIEVED_FOR)
    else believed.delete(topic)
    return state
  }

  const publish = async (topic: string, { subject, text }: Mail, until: AbortSignal): Promise<string> => {
    if ((believed.get(topic) ?? 0) <= clock.now()) {
      const state = note(topic, await topics.stateOn(topic, { until }))
      if (state !== 'confirmed') throw unsendable(state)
    }
    const command = new PublishCommand({ TopicArn: topic, Subject: subject, Message: text })
    const { MessageId = '' } = await sns.call(command, { until })
    return MessageId
  }

  /** Makes a lost topic anew; gives what tells why nothing was mailed. */
  const renew = async (user: string, address: string, until: AbortSignal): Promise<SendError> => {
    if (!(await isWanted(user, address))) return unsendable('gone')
    const topic = await topics.make(user, address, { until })
    note(topic, await topics.subscribe(topic, address, { until }))
    return new SendError(LOST, { permanent: true })
  }

  return {
    async mail(user, address, mail) {
      const until = sns.deadline()
      const topic = await topics.find(user, address, { until })
      if (topic === undefined) throw unsendable('gone')
      try {
        return await publish(topic, mail, until)
      } catch (error) {
        if (!isNotFound(error)) throw error
        note(topic, 'gone')
        throw await renew(user, address, until)
      }
    },
    note,
  }
}

const LOST =
  'Amazon had lost that address and has mailed a new link there: until it is opened and the address confirmed again, nothing is sent'

const UNSENDABLE: Readonly<Record<Exclude<EmailState, 'confirmed'>, string>> = {
  pending: 'that address is not confirmed: the link that Amazon mailed there was not opened yet',
  gone: 'nobody gets mail there: the address was never confirmed, or the link that ends the mail was opened',
}

function unsendable(state: Exclude<EmailState, 'confirmed'>): SendError {
  return new SendError(UNSENDABLE[state], { permanent: true })
}
