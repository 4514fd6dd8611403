import { UserError } from '../errors.ts'
import type { Route } from '../http/route.ts'
import type { Log } from '../log.ts'
import { harmless } from '../reply.ts'
import { type Channel, type Clock, type Memory, within } from './channel.ts'
import { createOrder } from './order.ts'
import { createAnswer, knownOf } from './sms-answer.ts'
import { createApi } from './sms-api.ts'
import { isPhone } from './sms-form.ts'
import { createPatiently } from './sms-patiently.ts'
import type { Consents, DailyLimit, Offers, SegmentBudget, TextAnswers, TextReceipts } from './sms-ports.ts'
import { createPurse } from './sms-purse.ts'
import { createSender } from './sms-send.ts'
import { createStatusHook, createTextHook, PATHS } from './sms-webhook.ts'

/** The address under which Twilio reaches this program (https), and how to hear what is posted there. */
export type SmsWebhook = { readonly publicUrl: string; readonly route: Route }

/** What the channel is made from. */
export type SmsOptions = {
  readonly accountSid: string
  readonly authToken: string
  /** What texts come from: a number of the account, E.164, or the SID of a messaging service (`MG...`). */
  readonly from: string
  /** Where the REST API is: `https://api.twilio.com`. */
  readonly apiUrl: string
  /** Left out: nothing is heard, neither what people write nor what became of our texts. */
  readonly webhook?: SmsWebhook
  readonly offers: Offers
  readonly consents: Consents
  readonly answers: TextAnswers
  readonly budget: SegmentBudget
  readonly limit: DailyLimit
  /** How long Twilio may take to take a text, ms; 6 s unless said. */
  readonly patience?: number
  readonly clock: Clock
  /** Left out where the database cannot be away. */
  readonly memory?: Memory
  readonly log: Log
  /** Hears how far texts of ours got, by their receipts. */
  readonly receipts: TextReceipts
  /** Whether a number is in a country that is texted: others are not answered, which could cost a lot. All are where it is left out. */
  isTexted?(number: string): boolean
  /** A number wants no texts any more, or wants them again. May be told more than once. */
  switched(address: string, isOut: boolean): Promise<void>
  /** Whoever has a number has read what it was texted: their words show that, and are no message. */
  seen(address: string): Promise<void>
}

/** How long answers under way may take at the end, ms. */
const ENDS_WITHIN = 5_000

/** Texts by Twilio. An address is a phone number, E.164. Throws a `UserError` where the settings cannot be right. */
export function createSms(options: SmsOptions): Channel {
  const { webhook, consents, clock, log } = options
  const publicUrl = webhook?.publicUrl.replace(/\/+$/, '')
  requireSettings(options, publicUrl)
  const statusUrl = publicUrl === undefined ? {} : { statusCallback: publicUrl + PATHS.status }
  const optedOut = async (address: string, words: string) => {
    if (!isPhone(address)) return
    await consents.note(address, { isOut: true, how: 'refusal', words, at: clock.now() })
    await options.switched(address, true)
  }
  const purse = createPurse(options)
  const sender = createSender({ ...options, api: createApi({ ...options, ...statusUrl }), purse, optedOut })
  const order = createOrder()
  const following = new Set<Promise<unknown>>()
  const ends: (() => void)[] = []

  return {
    name: 'sms',
    async start(handle) {
      if (!webhook) return log.warn('PUBLIC_URL and PORT are not set: texts are sent, but none is heard')
      const hook = { ...options, url: publicUrl + PATHS.text }
      const answer = createAnswer({ ...options, handle, purse })
      const underWay = (work: Promise<unknown>) => {
        const settled = work
          .catch((err: unknown) => log.error({ err }, 'an answer could not be kept'))
          .finally(() => following.delete(settled))
        following.add(settled)
      }
      const { sendAnswer } = sender
      const patiently = createPatiently(options)
      const known = (address: string) => knownOf(address, options)
      const answering = { order, known, answer, patiently, sendAnswer, underWay }
      ends.push(webhook.route(PATHS.text, createTextHook({ ...hook, ...answering })))
      ends.push(webhook.route(PATHS.status, createStatusHook({ ...options, url: publicUrl + PATHS.status, optedOut })))
    },
    async stop() {
      for (const end of ends.splice(0)) end()
      await within(clock, ENDS_WITHIN, Promise.all([order.idle(), ...following]))
    },
    async send(address, reply) {
      return { id: await sender.send(address, harmless(reply)) }
    },
    health() {
      const problem = sender.problem()
      if (problem !== undefined) return { ok: false, says: problem }
      return { ok: true, says: webhook ? 'listens' : 'sends only' }
    },
  }
}

function requireSettings({ accountSid, from }: SmsOptions, publicUrl: string | undefined): void {
  if (!/^AC[0-9a-f]{32}$/i.test(accountSid))
    throw new UserError(
      'TWILIO_ACCOUNT_SID must be AC and 32 digits or letters from a to f, as the Twilio console shows it.',
    )
  if (!isPhone(from) && !/^MG[0-9a-f]{32}$/i.test(from))
    throw new UserError(
      'TWILIO_FROM must be a phone number such as +12025550123; TWILIO_MESSAGING_SERVICE_SID, MG and 32 digits or letters.',
    )
  if (publicUrl !== undefined && !/^https?:\/\/[^/]/.test(publicUrl))
    throw new UserError('PUBLIC_URL must be a web address that begins with https://.')
}
