import { SendError } from '../errors.ts'

/** What Amazon says of a call it did not carry out. */
export type SnsRefusalDetails = {
  /** As its documentation has it (`InvalidParameter`), or the system's where there was no answer (`ECONNRESET`), or none. */
  readonly code: string
  /** As in HTTP; 0 where there was no answer. */
  readonly status: number
  /** How long to leave it alone, ms. */
  readonly retryAfter?: number
}

/**
 * A call that was not carried out, or of which that is not known. It holds nothing of what was sent: in what Amazon says,
 * addresses and numbers are left out.
 */
export class SnsRefusal extends Error {
  override readonly name = 'SnsRefusal'
  readonly code: string
  readonly status: number
  readonly retryAfter: number | undefined

  constructor(message: string, details: SnsRefusalDetails) {
    super(message)
    this.code = details.code
    this.status = details.status
    this.retryAfter = details.retryAfter
  }
}

/** The code of a call that took too long. */
export const LATE = 'Late'
/** How long Amazon is left alone when it asks for a pause: it does not say how long. Ms. */
const PAUSE = 5_000

const THROTTLED = /throttl|TooManyRequests|RequestLimitExceeded|SlowDown/i
/** What only the operator can put right; with 401 and 403 (docs.aws.amazon.com/sns/latest/api/CommonErrors.html). */
const CONFIGURATION =
  /^(Authorization|AccessDenied|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|Signature|IncompleteSignature|MissingAuthenticationToken|NotAuthorized|OptInRequired|RequestExpired|InvalidSecurity|KMS|TopicLimitExceeded|SubscriptionLimitExceeded)|Credentials|TokenProvider|Region is missing/i
const BAD_PARAMETER = /^(InvalidParameter|Validation|UserError)/i
/** Parameters that hold no address: one that is refused is a fault of ours. */
const OURS = /Subject|Message|TopicArn|Attributes|Token|too long/i
const SANDBOX = /sandbox|not (been )?verified/i
const SPENT = /spend|quota|budget/i

/** Makes a `SnsRefusal` of anything that the client throws. `isLate`: it was given up by us. */
export function refusalOf(error: unknown, isLate: boolean): SnsRefusal {
  if (error instanceof SnsRefusal) return error
  const { name = '', message = '', Code, code = name, $metadata, $response } = (error ?? {}) as Thrown
  const status = $response?.statusCode ?? $metadata?.httpStatusCode ?? 0
  // The client gives a connection that broke the name of one that took too long.
  if (isLate || (status === 0 && ['TimeoutError', 'AbortError', 'ETIMEDOUT'].includes(code)))
    return new SnsRefusal('it does not answer in time', { code: LATE, status: 0 })
  if (status === 0) return new SnsRefusal(masked(message), { code, status })
  // An answer that is none of the API's has the words of a parser for its message.
  const said = Code === undefined ? 'what it answers is no answer of Amazon SNS' : masked(message)
  const isThrottled = status === 429 || (Code !== undefined && THROTTLED.test(Code))
  return new SnsRefusal(said, { code: Code ?? '', status, ...(isThrottled ? { retryAfter: PAUSE } : {}) })
}

type Thrown = {
  readonly name?: string
  readonly message?: string
  /** Amazon's, and the system's. */
  readonly Code?: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly statusCode?: number }
}

function masked(message: string): string {
  return message.replace(/[^\s@"'<>:]+@[^\s@"'<>]+/g, '…').replace(/\+?\d{6,}/g, '…')
}

/** Only the operator can put it right: credentials, permissions, a limit of the account. */
export function isConfiguration(error: unknown): error is SnsRefusal {
  if (!(error instanceof SnsRefusal) || error.retryAfter !== undefined) return false
  return error.status === 401 || error.status === 403 || CONFIGURATION.test(error.code)
}

/** There is no such topic or subscription (any more). */
export function isNotFound(error: unknown): boolean {
  return error instanceof SnsRefusal && (error.code === 'NotFound' || error.code === 'ResourceNotFound')
}

/** The owner of the number wants no texts. */
export function isOptedOut(error: unknown): boolean {
  return error instanceof SnsRefusal && (error.code === 'OptedOut' || /opted out/i.test(error.message))
}

/** Why Amazon did not take a message, for whoever sends it: for good, or for now and how long. */
export function sendErrorOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  if (!(error instanceof SnsRefusal)) return new SendError('it could not be sent by Amazon', { permanent: false })
  const { code, status, message, retryAfter } = error
  if (retryAfter !== undefined) return new SendError('Amazon asks for a pause', { permanent: false, retryAfter })
  if (isOptedOut(error)) return new SendError(OPTED_OUT, { permanent: true })
  if (SANDBOX.test(message)) return new SendError(IN_SANDBOX, { permanent: false })
  if (SPENT.test(message))
    return new SendError('the Amazon account of this bot has spent what it may on texts this month', {
      permanent: false,
    })
  if (isConfiguration(error)) return new SendError(`Amazon does not let this bot do it (${code})`, { permanent: false })
  if (isNotFound(error)) return new SendError('Amazon does not know that address any more', { permanent: true })
  if (BAD_PARAMETER.test(code) && !OURS.test(message))
    return new SendError('Amazon does not take that address', { permanent: true })
  if (code === LATE) return new SendError('Amazon does not answer in time', { permanent: false })
  if (status === 0) return new SendError(`Amazon cannot be reached (${code})`, { permanent: false })
  return new SendError(`Amazon did not take it: ${code === '' ? status : code}`, { permanent: false })
}

/** Why a number that opted out is sent nothing. */
export const OPTED_OUT = 'that number told Amazon that it wants no texts; START, texted from there, ends that'
/** Why a number is sent nothing while the account is being tried out. */
export const IN_SANDBOX =
  'the Amazon account of this bot is in the SMS sandbox: it reaches only numbers that its operator has verified there'
