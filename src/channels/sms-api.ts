import RequestClient from 'twilio/lib/base/RequestClient.js'
import Twilio from 'twilio/lib/rest/Twilio.js'

/** How long Twilio may take to take a text, ms, unless said; well under what delivery gives one send. */
const PATIENCE = 6_000
/** Seconds for which a text that cannot be delivered is kept trying: later it is of no use, and misleads. */
const VALID_FOR = 900
const MOST_CONNECTIONS = 20

/** Whose account texts are sent from, and where to. `from`: a number, or the SID of a messaging service. */
export type Account = {
  readonly accountSid: string
  readonly authToken: string
  readonly from: string
  /** Where the REST API is: `https://api.twilio.com`. */
  readonly apiUrl: string
  /** Where Twilio tells how far a text got. */
  readonly statusCallback?: string
  /** How long Twilio may take to take a text, ms; 6 s unless said. */
  readonly patience?: number
}

/** Sends a text, and gives its SID; throws a `Refusal` where Twilio did not take it. */
export type SmsApi = (to: string, body: string) => Promise<string>

/** What Twilio says of a text it did not take. */
export type RefusalDetails = {
  /** As in HTTP; 0 where there was no answer of Twilio's. */
  readonly status: number
  /** Twilio's own (www.twilio.com/docs/api/errors). */
  readonly code?: number
  /** How long to leave it alone, ms. */
  readonly retryAfter?: number
}

/** A text that was not taken, or of which that is not known. It holds nothing of the text, and no credentials. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: number | undefined
  readonly retryAfter: number | undefined

  constructor(message: string, { status, code, retryAfter }: RefusalDetails) {
    super(message)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** Sends texts from an account. */
export function createApi(account: Account): SmsApi {
  const { accountSid, authToken, from, apiUrl, statusCallback, patience = PATIENCE } = account
  const twilio = new Twilio(accountSid, authToken, { httpClient: clientAt(apiUrl, patience), autoRetry: false })
  const sender = from.startsWith('MG') ? { messagingServiceSid: from } : { from }
  const rest = { ...sender, validityPeriod: VALID_FOR, ...(statusCallback === undefined ? {} : { statusCallback }) }
  return async (to, body) => {
    const { sid } = await limited(twilio.messages.create({ to, body, ...rest }), patience)
    return sid
  }
}

/** The library's own HTTP client, led to another address. What it was answered is looked at here: its errors lose the headers. */
function clientAt(apiUrl: string, patience: number): RequestClient {
  const client = new RequestClient({ timeout: patience, maxSockets: MOST_CONNECTIONS, autoRetry: false })
  const request: RequestClient['request'] = async <T>(options: RequestClient.RequestOptions<T>) => {
    const { pathname, search } = new URL(options.uri)
    const uri = `${apiUrl.replace(/\/+$/, '')}${pathname}${search}`
    const response = await client.request<T>({ ...options, uri }).catch((error: unknown) => {
      throw new Refusal(connectionProblem(error), { status: 0 })
    })
    if (response.statusCode < 200 || response.statusCode >= 300) throw refusalOf(response)
    if (typeof response.body === 'string') throw new Refusal('its answer is not to be understood', { status: 0 })
    return response
  }
  return { request } as RequestClient
}

/** The client's own limit is one of silence: an answer that comes drop by drop would pass it by. */
async function limited<T>(work: Promise<T>, patience: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal('it does not answer in time', { status: 0 })), patience + 500)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function refusalOf({ statusCode, body, headers }: Awaited<ReturnType<RequestClient['request']>>): Refusal {
  const said: { code?: unknown; message?: unknown } = typeof body === 'object' && body !== null ? body : {}
  const seconds = Number(headers?.['retry-after'])
  return new Refusal(typeof said.message === 'string' ? said.message : `HTTP ${statusCode}`, {
    status: statusCode,
    ...(typeof said.code === 'number' ? { code: said.code } : {}),
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds * 1_000 } : {}),
  })
}

/** Only what kind of trouble it was: the errors of the client carry the whole request with the credentials. */
function connectionProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return 'it does not answer in time'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its address cannot be found'
  return code === '' ? 'the connection failed' : `the connection failed (${code})`
}
