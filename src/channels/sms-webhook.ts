import MessagingResponse from 'twilio/lib/twiml/MessagingResponse.js'
import type { WebAnswer, WebHandler } from '../http/route.ts'
import { type Clock, within } from './channel.ts'
import type { Order } from './order.ts'
import type { Known } from './sms-answer.ts'
import { OPTED_OUT, undelivered } from './sms-errors.ts'
import { type Heard, heardIn, signedForm, toldIn } from './sms-form.ts'
import type { Patiently } from './sms-patiently.ts'
import type { TextAnswers, TextReceipts } from './sms-ports.ts'

/** The paths that Twilio posts to, under the public address. */
export const PATHS = { text: '/sms', status: '/sms/status' } as const

/** What the webhook for texts works with. */
export type TextHookPorts = {
  readonly authToken: string
  /** The public address of the hook, without a query. */
  readonly url: string
  readonly clock: Clock
  readonly answers: TextAnswers
  /** Texts of one number are answered in order. */
  readonly order: Order
  /** Reads what has to be known of a number. */
  known(address: string): Promise<Known>
  /** The words to send back, empty for none. Throws nothing but that the database is away: then it may be asked again. */
  answer(heard: Heard, known: Promise<Known>): Promise<string>
  readonly patiently: Patiently
  /** For an answer that took too long. Never throws. */
  sendAnswer(address: string, text: string): Promise<void>
  /** Keeps the end of the program waiting for it. */
  underWay(work: Promise<unknown>): void
}

/** How long Twilio may be kept waiting, ms; it gives up after 15 s. */
const ANSWERS_WITHIN = 2_000
/** For so long a text waits for the database to come back, ms: Twilio posts it once. */
const WAITS_FOR = 600_000

/**
 * Takes what Twilio posts when a text comes: 403 where it was not Twilio, 400 where it is no text, else 200 with the
 * answer as TwiML; one that takes longer than 2 s is sent by itself, and
 * so is one that has to wait for the database. A text that comes again is answered as before.
 */
export function createTextHook(ports: TextHookPorts): WebHandler {
  const { authToken, url, clock, order } = ports
  const atWork = new Map<string, Promise<string>>()

  const hear = async (heard: Heard): Promise<string> => {
    const until = clock.now() + WAITS_FOR
    let isLate = false
    let said: string | undefined
    const once = async () => {
      if (said === undefined) {
        // Asked for together both are read in one request. Where the answer is there already, or fails, this is not looked at.
        const known = ports.known(heard.from)
        known.catch(() => {})
        const before = await ports.answers.find(heard.id)
        if (before) return before.isSent ? '' : before.text
        said = await ports.answer(heard, known)
      }
      await ports.answers.keep(heard.id, { text: said, isSent: isLate }, heard.from)
      return said
    }
    // Without the database nobody knows who wants no texts: then there is none, also not to say so.
    const work = order.run(heard.from, async () => (await ports.patiently(once, until)) ?? said ?? '')
    const inTime = await within(clock, ANSWERS_WITHIN, work)
    if (inTime !== undefined) return inTime
    isLate = true
    ports.underWay(work.then((text) => follow(heard, text, ports)))
    return ''
  }

  return async (request) => {
    const form = signedForm(request, url, authToken)
    if (!form) return { status: 403 }
    const heard = heardIn(form)
    if (!heard) return { status: 400 }
    if (heard === 'other') return twiml('')
    const work = atWork.get(heard.id) ?? hear(heard).finally(() => atWork.delete(heard.id))
    atWork.set(heard.id, work)
    return twiml(await work)
  }
}

async function follow({ id, from }: Heard, text: string, { answers, sendAnswer }: TextHookPorts): Promise<void> {
  // That it cannot be kept is no reason to say nothing.
  await answers.keep(id, { text, isSent: true }, from).catch(() => {})
  if (text !== '') await sendAnswer(from, text)
}

function twiml(text: string): WebAnswer {
  const response = new MessagingResponse()
  if (text !== '') response.message(text)
  return { status: 200, type: 'text/xml', body: response.toString() }
}

/** What the hook for the ways of our own texts works with. */
export type StatusHookPorts = {
  readonly authToken: string
  /** The public address of the hook, without a query. */
  readonly url: string
  readonly receipts: TextReceipts
  /** A number wants no texts any more: `words` is how that is known. */
  optedOut(address: string, words: string): Promise<void>
}

/** Takes what Twilio posts of the texts we sent: 403 where it was not Twilio, 400 where it is no such thing, else 204. */
export function createStatusHook({ authToken, url, receipts, optedOut }: StatusHookPorts): WebHandler {
  return async (request) => {
    const form = signedForm(request, url, authToken)
    if (!form) return { status: 403 }
    const told = toldIn(form)
    if (!told) return { status: 400 }
    const { receipt, status, code, to } = told
    if (code === OPTED_OUT) await optedOut(to, `error ${code}`)
    const isLost = status === 'undelivered' || status === 'failed' || status === 'canceled'
    if (status) await receipts(receipt, status, isLost ? undelivered(code) : undefined)
    return { status: 204 }
  }
}
