import { setTimeout as wait } from 'node:timers/promises'
import { ProviderError } from './provider.ts'

/** The platform's own, or a test's. */
export type Fetch = typeof fetch

/** Everything a request needs from outside; what is left out is the platform's own. */
export type HttpPorts = {
  readonly fetch?: Fetch
  readonly now?: () => number
  readonly sleep?: (ms: number) => Promise<unknown>
  readonly random?: () => number
  /** The longest one try may take, ms, body included. */
  readonly timeout?: number
  /** Told of each try that is repeated, in words. */
  readonly onRetry?: (what: string) => void
}

/** One request for JSON and how patient it is. */
export type GetOptions = HttpPorts & {
  /** The provider's name; every message begins with it. */
  readonly provider: string
  readonly url: URL
  /** Beside the usual ones, or instead of them. A key belongs here: addresses end up in logs. */
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses other than 2xx whose JSON is an answer too, such as 404 for *no such symbol*. */
  readonly allow?: readonly number[]
  /** Tries after the first, for 5xx, a broken connection and a timeout. */
  readonly retries?: number
  /** The largest body taken, in bytes. */
  readonly maxBytes?: number
}

/** An HTTP status and the parsed JSON that came with it. */
export type Answer = { readonly status: number; readonly body: unknown }

/** Yahoo turns away what does not look like a browser, Coinbase what does not name itself. */
const USER_AGENT = 'Mozilla/5.0 (compatible; signal-generator)'
const TIMEOUT = 8_000
const RETRIES = 2
const MAX_BYTES = 4 * 1024 * 1024
const FIRST_PAUSE = 300
/** What a 429 without a Retry-After means. */
const REST = 60_000
/** No Retry-After is believed beyond this: one odd header must not blind every alert for a day. */
const LONGEST_REST = 3_600_000
/** A ban is believed: asking before it is over makes it longer. Binance bans for three days at the most. */
const LONGEST_BAN = 3 * 24 * 3_600_000
/** What will not change by itself is tried once a day all the same: a machine may move. */
const FOR_GOOD = 24 * 3_600_000

/** How Yahoo and Tiingo say it in plain text, whatever the status. */
const TOO_MANY = /^(edge: )?too many requests|run over your .* allocation/i

const BROKEN_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ABORT_ERR'])

/** A try that failed in a way that may pass by itself. */
class Transient extends Error {}

/**
 * One HTTP GET that answers with JSON.
 * 5xx, a broken connection and a timeout are tried again (`retries`, 2) after a pause with jitter. A 429, or a 503 that
 * says when to come back, is not: it throws a `ProviderError` with `retryAfter` in ms (1 min where a 429 names no time,
 * at most 1 h). So does a ban (418: 1 h where it names no time, at most 3 days); a region that is not served (451, 24 h)
 * and a key that is not taken (401, 1 h) are `permanent` beside that. A page of HTML, a body that breaks off, one above
 * `maxBytes` (4 MB) and any other status throw a `ProviderError` that says so in words for a person.
 */
export async function getJson(options: GetOptions): Promise<Answer> {
  const { provider, retries = RETRIES, sleep = wait, random = Math.random } = options
  for (let tried = 1; ; tried += 1) {
    try {
      return await once(options)
    } catch (error) {
      if (!(error instanceof Transient)) throw error
      if (tried > retries)
        throw new ProviderError(provider, tried > 1 ? `${error.message}; asked ${tried} times` : error.message)
      options.onRetry?.(`${provider} ${error.message}; asking again`)
      await sleep(FIRST_PAUSE * 2 ** (tried - 1) * (0.5 + random()))
    }
  }
}

async function once(options: GetOptions): Promise<Answer> {
  const { provider, timeout = TIMEOUT } = options
  const signal = AbortSignal.timeout(timeout)
  try {
    const response = await (options.fetch ?? fetch)(options.url, {
      signal,
      headers: { 'user-agent': USER_AGENT, accept: 'application/json', ...options.headers },
    })
    refuse(options, response)
    const text = await read(options, response)
    return { status: response.status, body: understand(options, response, text) }
  } catch (error) {
    if (error instanceof ProviderError || error instanceof Transient) throw error
    if (signal.aborted) throw new Transient(`did not answer within ${seconds(timeout)}`)
    throw unreachable(provider, options.url, error)
  }
}

/** Throws for the statuses that settle the matter before the body is read. */
function refuse({ provider, now = Date.now, allow = [] }: GetOptions, response: Response): void {
  const { status } = response
  if (response.ok || allow.includes(status)) return
  void response.body?.cancel().catch(() => undefined)
  const header = response.headers.get('retry-after')
  const rest = retryAfter(header, now())
  if (status === 429) throw tooMany(provider, rest)
  if (status === 418) throw banned(provider, retryAfter(header, now(), LONGEST_BAN) ?? LONGEST_REST)
  if (status === 451) throw new ProviderError(provider, 'does not serve this region (status 451)', FOR_GOOD, true)
  if (status === 401)
    throw new ProviderError(provider, 'asks for a key, or does not take ours (status 401)', LONGEST_REST, true)
  if (status === 503 && rest !== null)
    throw new ProviderError(provider, `asks to come back in ${seconds(rest)} (status 503)`, rest)
  if (status >= 500) throw new Transient(`is in trouble (status ${status})`)
  throw new ProviderError(provider, `turned the request down (status ${status})`)
}

/** We asked too often: `rest` is how long (ms) we are asked to wait, null where that is not said (1 min then). */
export function tooMany(provider: string, rest: number | null): ProviderError {
  if (rest !== null)
    return new ProviderError(provider, `says we ask too often and to come back in ${seconds(rest)}`, rest)
  return new ProviderError(provider, `says we ask too often; the next try is in ${seconds(REST)}`, REST)
}

function banned(provider: string, rest: number): ProviderError {
  return new ProviderError(provider, `has banned this address for ${seconds(rest)} (status 418)`, rest)
}

/** RFC 9110 §10.2.3: seconds, or a date. Gives ms from `now`, or null where there is none. */
function retryAfter(header: string | null, now: number, longest = LONGEST_REST): number | null {
  if (header === null || header.trim() === '') return null
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longest) : null
}

async function read({ provider, maxBytes = MAX_BYTES }: GetOptions, response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream, so the rest is never sent.
    if (size > maxBytes) throw new ProviderError(provider, `answered with more than ${Math.round(maxBytes / 1024)} KB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim()
}

function understand({ provider }: GetOptions, response: Response, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (TOO_MANY.test(text)) throw tooMany(provider, null)
    if (text === '') throw new ProviderError(provider, 'answered with nothing')
    if (text.startsWith('<') || /html/i.test(response.headers.get('content-type') ?? ''))
      throw new ProviderError(provider, 'answered with a web page instead of data')
    if (/^[[{]/.test(text)) throw new ProviderError(provider, 'answered with data that breaks off in the middle')
    throw new ProviderError(provider, 'answered with something that is not data')
  }
}

function unreachable(provider: string, url: URL, error: unknown): Error {
  const code = codeOf(error)
  if (code === undefined && !(error instanceof TypeError))
    return new ProviderError(provider, `could not be read: ${error}`)
  if (code === undefined || BROKEN_OFF.has(code)) return new Transient('broke off in the middle of its answer')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Transient(`cannot be reached: there is no address for ${url.hostname}; is this machine online?`)
  if (code === 'ECONNREFUSED') return new Transient(`cannot be reached: ${url.host} refused the connection`)
  if (/CERT|SSL|TLS/.test(code))
    return new ProviderError(provider, `cannot be trusted: its certificate is not good (${code})`)
  return new Transient(`cannot be reached (${code})`)
}

/** The system's code for a failed connection, however deep `fetch` has wrapped it. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code } = at as NodeJS.ErrnoException
    if (typeof code === 'string') return code
  }
  return undefined
}

function seconds(ms: number): string {
  if (ms > LONGEST_REST) return `${Math.ceil(ms / LONGEST_REST)} h`
  return ms >= 60_000 ? `${Math.ceil(ms / 60_000)} min` : `${Math.round(ms / 100) / 10} s`
}
