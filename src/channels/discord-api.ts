import {
  DiscordAPIError,
  HTTPError,
  type RateLimitData,
  RateLimitError,
  type RawFile,
  REST,
  type RequestMethod,
} from 'discord.js'

/** How long Discord may take to answer, with the wait for its rate limits in it, ms. */
const ANSWERS_WITHIN = 5_000
/** Up to here the client library waits for a rate limit by itself, ms; what takes longer is told whoever asked. */
const PATIENCE = 1_500
/** How long to leave Discord alone where it asks for that and does not say how long, ms. */
const PAUSE = 5_000
/** Over all of a bot's calls (Rate Limits, global rate limit). */
const PER_SECOND = 50
const VERSION = '10'

/** What goes along with a call. */
export type Ask = {
  readonly body?: unknown
  readonly files?: readonly RawFile[]
  /** False where an interaction's own token, which is in the route, is enough. */
  readonly auth?: false
  /** Other than `ANSWERS_WITHIN`, ms. */
  readonly within?: number
}

/** Calls Discord's HTTP API. */
export type DiscordApi = {
  /** Gives the answer, undefined where it is empty; throws a `Refusal`. */
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', route: `/${string}`, ask?: Ask): Promise<T>
  /** Discord refused the bot's token when it was last shown. */
  isTokenRefused(): boolean
}

/** What Discord says of a call it did not carry out. */
export type RefusalDetails = {
  /** As in HTTP; 0 where there was no answer of Discord's. */
  readonly status: number
  /** Discord's own number for the reason; 0 where it gives none. */
  readonly code?: number
  /** How long to leave it alone, ms. */
  readonly retryAfter?: number
}

/**
 * A call that was not carried out, or of which that is not known. It holds nothing of what was sent: a client's own
 * errors carry the address, which may hold an interaction's token, and the text of the message.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: number
  readonly retryAfter: number | undefined

  constructor(message: string, details: RefusalDetails) {
    super(message)
    this.status = details.status
    this.code = details.code ?? 0
    this.retryAfter = details.retryAfter
  }
}

/** Calls the API at an address such as `https://discord.com/api`, with a bot's token, at most so often in a second. */
export function createApi(token: string, apiUrl: string, perSecond = PER_SECOND): DiscordApi {
  const api = apiUrl.replace(/\/+$/, '')
  const limits = { globalRequestsPerSecond: perSecond, rejectOnRateLimit: isTooLong }
  const rest = new REST({ api, version: VERSION, retries: 0, timeout: ANSWERS_WITHIN, ...limits })
  let isRefused = false
  return {
    isTokenRefused: () => isRefused,
    async call(method, route, { body, files, auth, within = ANSWERS_WITHIN } = {}) {
      const limit = limited(within)
      // After a refusal the client forgets its token, and would not even ask again.
      rest.setToken(token)
      try {
        const asked = rest.request({
          method: method as RequestMethod,
          fullRoute: route,
          signal: limit.signal,
          ...(body === undefined ? {} : { body }),
          ...(files === undefined ? {} : { files: [...files] }),
          ...(auth === undefined ? {} : { auth }),
        })
        const answer = read(await Promise.race([asked, limit.over]))
        if (auth !== false) isRefused = false
        return answer as never
      } catch (error) {
        const refusal = refusalOf(error)
        if (auth !== false && refusal.status === 401) isRefused = true
        throw refusal
      } finally {
        limit.end()
      }
    },
  }
}

/** A pause without a length would be none: the client would ask again at once, and again. */
function isTooLong({ retryAfter, timeToReset }: RateLimitData): boolean {
  return !(retryAfter > 0) || Math.max(retryAfter, timeToReset) > PATIENCE
}

/** `over` rejects after `ms`; the client gives the call up then, also one that waits for its turn. */
function limited(ms: number) {
  const ender = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Refusal('it does not answer in time', { status: 0 }))
      ender.abort()
    }, ms)
  })
  return { signal: ender.signal, over, end: () => clearTimeout(timer) }
}

/** The client gives bytes where the answer was no JSON: there are none where there is nothing to say. */
function read(answer: unknown): unknown {
  if (!(answer instanceof ArrayBuffer)) return answer
  if (answer.byteLength > 0) throw new Refusal('what it answers is no answer of the API', { status: 0 })
  return undefined
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof RateLimitError) {
    const { retryAfter, timeToReset, sublimitTimeout } = error
    const wait = Math.max(...[retryAfter, timeToReset, sublimitTimeout].filter(Number.isFinite), 0)
    return new Refusal('it asks for a pause', { status: 429, retryAfter: wait > 100 ? Math.ceil(wait) : PAUSE })
  }
  if (error instanceof DiscordAPIError)
    return new Refusal(error.message, { status: error.status, code: Number(error.code) || 0 })
  if (error instanceof HTTPError) return new Refusal(`it answers ${error.status}`, { status: error.status })
  return new Refusal(connectionProblem(error), { status: 0 })
}

/** Only what kind of trouble it was. */
function connectionProblem(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: unknown }
  if (name === 'AbortError') return 'it does not answer in time'
  const known = cause?.code ?? code
  if (typeof known === 'string') return `it cannot be reached (${known})`
  return name === 'SyntaxError' ? 'what it answers is no answer of the API' : 'the connection broke'
}
