import { SendError } from '../errors.ts'
import { Refusal } from './sms-api.ts'

/** The recipient has opted out, at the carrier. */
export const OPTED_OUT = 21610

/** The words for a number that wants no texts. */
export const WANTS_NONE = 'that number has opted out of texts'

/**
 * Twilio's codes after which a number will take nothing any more, and what its owner may read of them
 * (www.twilio.com/docs/api/errors).
 */
const FOR_GOOD: Readonly<Record<number, string>> = {
  21211: 'that is no phone number',
  21214: 'that number cannot be reached by text',
  21217: 'that is no phone number',
  21265: 'that is a short code, not a phone number',
  21408: 'texts to that country are not enabled',
  [OPTED_OUT]: WANTS_NONE,
  21612: 'that number cannot be reached from ours',
  21614: 'that is no mobile number',
  21635: 'that is a landline',
  30004: 'that number has blocked us',
  30005: 'that number is unknown',
  30006: 'that is a landline, or its carrier takes no texts',
  30007: 'the carrier filtered it as unwanted',
}

/** Codes after which it is our settings that are wrong: nobody is reached until the operator has put that right. */
const SETTINGS: Readonly<Record<number, string>> = {
  20003: 'it does not accept TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN',
  20404: 'it does not know TWILIO_ACCOUNT_SID',
  21212: 'TWILIO_FROM is no number of that account',
  21603: 'there is no number to send from: set TWILIO_FROM',
  21606: 'TWILIO_FROM is no number of that account that can send texts',
  21659: 'TWILIO_FROM is no number of that account',
  21660: 'TWILIO_FROM belongs to another account',
  21701: 'it does not know TWILIO_MESSAGING_SERVICE_SID',
  21703: 'the messaging service has no number',
  30002: 'the account is suspended',
  30034: 'the number is not registered for texts (A2P 10DLC)',
  30032: 'the toll-free number is not verified',
}

/** How long to leave Twilio alone where it asks for a pause and does not say for how long, ms. */
const PAUSE = 1_000

/** Why Twilio did not take a text, for whoever sends it: for good, or for now and how long. */
export function sendErrorOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  if (!(error instanceof Refusal)) return new SendError('it could not be sent by Twilio', { permanent: false })
  const { status, code, message, retryAfter } = error
  if (code !== undefined && FOR_GOOD[code] !== undefined) return new SendError(FOR_GOOD[code], { permanent: true })
  if (settingsProblem(error) !== undefined)
    return new SendError("Twilio does not accept the bot's settings", { permanent: false })
  if (status === 429 || code === 20429)
    return new SendError('Twilio asks for a pause', { permanent: false, retryAfter: retryAfter ?? PAUSE })
  return new SendError(`Twilio did not take it: ${message}`, {
    permanent: false,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}

/** What is wrong with our settings, where that is what Twilio says. */
export function settingsProblem(error: unknown): string | undefined {
  if (!(error instanceof Refusal)) return undefined
  const { status, code } = error
  return (code === undefined ? undefined : SETTINGS[code]) ?? (status === 401 ? SETTINGS[20003] : undefined)
}

/** Why a text that Twilio took did not arrive: Twilio's code, undefined where it gave none. 30003 may pass: the phone was off. */
export function undelivered(code: number | undefined): SendError {
  const reason = code === undefined ? undefined : FOR_GOOD[code]
  if (reason !== undefined) return new SendError(reason, { permanent: true })
  const why = code === undefined ? '' : ` (${REASONS[code] ?? `Twilio's error ${code}`})`
  return new SendError(`it was not delivered${why}`, { permanent: false })
}

const REASONS: Readonly<Record<number, string>> = {
  30001: 'too many texts waited',
  30003: 'the phone is off or out of reach',
  30008: 'the carrier gives no reason',
  30036: 'it could not be delivered in time',
}
