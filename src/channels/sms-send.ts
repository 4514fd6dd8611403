import { messageOf, SendError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Reply } from '../reply.ts'
import type { Clock } from './channel.ts'
import { Refusal, type SmsApi } from './sms-api.ts'
import { offerAfter } from './sms-choice.ts'
import { sendErrorOf, settingsProblem, WANTS_NONE } from './sms-errors.ts'
import { isPhone } from './sms-form.ts'
import { pageOf } from './sms-pages.ts'
import type { Consents, Offer, Offers } from './sms-ports.ts'
import type { Purse } from './sms-purse.ts'
import { WELCOME } from './sms-words.ts'

/** What sending works with. */
export type SendPorts = {
  readonly api: SmsApi
  readonly purse: Purse
  readonly consents: Consents
  readonly offers: Offers
  readonly clock: Clock
  readonly log: Log
  /** A number wants no texts any more: `words` is how that is known. */
  optedOut(address: string, words: string): Promise<void>
}

/** Sends texts. */
export type Sender = {
  /** A message that nobody asked for. Gives its SID; throws a `SendError`. */
  send(address: string, reply: Reply): Promise<string>
  /** An answer that is paid for already, tried again for some time. Never throws: what cannot be sent is logged. */
  sendAnswer(address: string, text: string): Promise<void>
  /** What the matter with our settings is; undefined where nothing is known to be. */
  problem(): string | undefined
}

/** The waits between tries of an answer, ms: nobody else tries it again. */
const WAITS = [1_000, 3_000, 9_000, 27_000]

/** Sends texts from an account, as long as their numbers want them and the limit bears it. */
export function createSender(ports: SendPorts): Sender {
  const { purse, consents, clock, log } = ports
  let problem: string | undefined

  /** What was not taken costs nothing; nor does it, where it is tried again, before it is given up. */
  const post = async (address: string, text: string, isLastTry = true) => {
    try {
      const sid = await ports.api(address, text)
      problem = undefined
      return sid
    } catch (error) {
      const before = problem
      problem = settingsProblem(error) ?? problem
      if (problem !== undefined && problem !== before) log.error({ why: problem }, 'Twilio refuses our settings')
      const reason = sendErrorOf(error)
      if (reason.message === WANTS_NONE) await ports.optedOut(address, messageOf(error))
      // Where nobody knows whether it was sent, it may cost money.
      const isRefused = error instanceof Refusal && error.status > 0
      if (isRefused && (isLastTry || reason.permanent)) await purse.refund(address, text)
      throw reason
    }
  }

  return {
    problem: () => problem,
    async send(address, reply) {
      if (!isPhone(address)) throw new SendError('that is no phone number', { permanent: true })
      const consent = await consents.find(address)
      if (consent?.isOut) throw new SendError(WANTS_NONE, { permanent: true })
      const page = pageOf(reply, consent?.isWelcomed ? '' : WELCOME)
      const payment = await purse.pay(address, page.text)
      if (!payment.isPaid) {
        if (payment.text !== '') await post(address, payment.text).catch(warn(log, 'the last text of the day'))
        throw overLimit(purse)
      }
      const sid = await post(address, page.text)
      // It is sent: what fails from here on must not make it be sent again.
      await noteSent(address, page.offer, consent?.isWelcomed === true, ports).catch(warn(log, 'what was offered'))
      return sid
    },
    async sendAnswer(address, text) {
      for (const wait of [...WAITS, undefined]) {
        try {
          await post(address, text, wait === undefined)
          return
        } catch (error) {
          const { permanent, retryAfter = 0, message } = sendErrorOf(error)
          if (permanent || wait === undefined) return log.warn({ why: message }, 'an answer could not be sent')
          await clock.sleep(Math.max(wait, retryAfter))
        }
      }
    },
  }
}

/** For good, as to this message: it is to go elsewhere. `retryAfter`: the number itself is well, and takes texts again then. */
function overLimit(purse: Purse): SendError {
  return new SendError('the daily limit of texts is reached', { permanent: true, retryAfter: purse.refilledIn() })
}

async function noteSent(
  address: string,
  offer: Offer,
  isWelcomed: boolean,
  { consents, offers }: SendPorts,
): Promise<void> {
  if (!isWelcomed) await consents.welcomed(address)
  if (offer.commands.length === 0 && offer.rest === undefined && offer.next === undefined) return
  const after = offerAfter(await offers.find(address), offer)
  if (after) await offers.keep(address, after)
}

function warn(log: Log, what: string): (error: unknown) => void {
  return (error) => log.warn({ why: messageOf(error) }, `${what} could not be kept or sent`)
}
