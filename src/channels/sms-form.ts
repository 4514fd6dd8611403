import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import type { WebRequest } from '../http/route.ts'
import type { TextStatus } from './sms-ports.ts'

/** What the webhook says of a text that came. */
export type Heard = {
  /** Twilio's id of it. */
  readonly id: string
  readonly from: string
  readonly text: string
  readonly hasMedia: boolean
  /** Words that Twilio acted on: `STOP`, `START`, `HELP`; other values are not looked at. */
  readonly optOutType?: string
}

/** What the status callback says of a text of ours. `status` is undefined where it is one nobody knows. */
export type Told = {
  readonly receipt: string
  readonly status: TextStatus | undefined
  readonly code: number | undefined
  readonly to: string
}

/** A person's phone, E.164. */
const PHONE = /^\+[1-9]\d{6,14}$/
/** Others who send texts: short codes, names, other platforms' addresses. Machines, mostly. */
const OTHER_SENDER = /^(\+?\d{3,15}|[a-z0-9 &._-]{1,15}|[a-z]+:[\w+@.:-]{1,80})$/i
const SID = /^(SM|MM)[0-9a-f]{32}$/i
const STATUSES: readonly TextStatus[] = ['queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'canceled']

/** Whether a number is one that texts go to. */
export function isPhone(address: string): boolean {
  return PHONE.test(address)
}

/**
 * The fields of what was posted, if Twilio posted it to this address: undefined otherwise. `url` is the public one, with
 * its query (www.twilio.com/docs/usage/webhooks/webhooks-security); the library compares in constant time.
 */
export function signedForm(request: WebRequest, url: string, authToken: string): URLSearchParams | undefined {
  const signature = request.headers['x-twilio-signature']
  if (typeof signature !== 'string') return undefined
  const form = new URLSearchParams(request.body.toString('utf8'))
  const fields = Object.fromEntries([...new Set(form.keys())].map((name) => [name, valuesOf(form, name)]))
  return validateRequest(authToken, signature, url + queryOf(request.url), fields) ? form : undefined
}

function valuesOf(form: URLSearchParams, name: string): string | string[] {
  const values = form.getAll(name)
  return values.length === 1 ? values[0]! : values
}

function queryOf(url: string): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start)
}

/** A text that came; `other` where it is from no phone, undefined where the form is none of Twilio's. */
export function heardIn(form: URLSearchParams): Heard | 'other' | undefined {
  const id = only(form, 'MessageSid')
  const from = only(form, 'From')
  const text = only(form, 'Body')
  if (id === undefined || !SID.test(id) || from === undefined || text === undefined) return undefined
  if (!isPhone(from)) return OTHER_SENDER.test(from) ? 'other' : undefined
  const optOutType = only(form, 'OptOutType')
  const hasMedia = Number(only(form, 'NumMedia')) > 0
  return { id, from, text, hasMedia, ...(optOutType === undefined ? {} : { optOutType }) }
}

/** How far a text of ours got; undefined where the form is none of Twilio's. */
export function toldIn(form: URLSearchParams): Told | undefined {
  const receipt = only(form, 'MessageSid')
  const status = only(form, 'MessageStatus')
  const code = only(form, 'ErrorCode')
  if (receipt === undefined || !SID.test(receipt) || status === undefined) return undefined
  return {
    receipt,
    status: STATUSES.find((known) => known === status),
    code: code !== undefined && /^\d{1,6}$/.test(code) ? Number(code) : undefined,
    to: only(form, 'To') ?? '',
  }
}

/** The value of a field that is there once. */
function only(form: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = form.getAll(name)
  return more.length === 0 ? value : undefined
}
