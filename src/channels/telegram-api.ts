import { Agent } from 'node:http'
import { Telegram, TelegramError } from 'telegraf'
import type { Telegram as Methods, Opts } from 'telegraf/types'

/** How long Telegram may take to answer a call that waits for nothing, ms. */
const ANSWERS_WITHIN = 4_000

/** For a call that is to take longer, or may be given up. */
export type CallOptions = { readonly timeout?: number; readonly signal?: AbortSignal }

/** One method of the Bot API: gives its result, or throws a `Refusal`. */
export type TelegramApi = <M extends keyof Methods>(
  method: M,
  payload: Opts<M>,
  options?: CallOptions,
) => Promise<ReturnType<Methods[M]>>

/** What Telegram says of a call it did not carry out. */
export type RefusalDetails = {
  /** As in HTTP; 0 where there was no answer of Telegram's. */
  readonly code: number
  /** How long to leave it alone, ms. */
  readonly retryAfter?: number
  /** The supergroup that the group has become. */
  readonly movedTo?: number
}

/**
 * A call that was not carried out, or of which that is not known. It holds nothing of what was sent: a client's own
 * errors carry the address with the token and the text of the message, which belong in no log.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: number
  readonly retryAfter: number | undefined
  readonly movedTo: number | undefined

  constructor(message: string, details: RefusalDetails) {
    super(message)
    this.code = details.code
    this.retryAfter = details.retryAfter
    this.movedTo = details.movedTo
  }
}

/** Calls the Bot API at `root`, an address such as `https://api.telegram.org`, with a bot's token. */
export function createApi(token: string, root: string): TelegramApi {
  // Without one the client opens a connection for each call to a server that is reached by plain HTTP.
  const agent = root.startsWith('http:') ? { agent: new Agent({ keepAlive: true }) } : {}
  const telegram = new Telegram(token, { apiRoot: root.endsWith('/') ? root : `${root}/`, ...agent })
  return async (method, payload, { timeout = ANSWERS_WITHIN, signal } = {}) => {
    const limit = limited(timeout, signal)
    try {
      return await telegram.callApi(method, payload, { signal: limit.signal as never })
    } catch (error) {
      throw refusalOf(error, limit.isLate())
    } finally {
      limit.end()
    }
  }
}

/** A signal for one call. Made by hand, since one of `AbortSignal.any` leaves something behind with the signal it follows. */
function limited(timeout: number, signal: AbortSignal | undefined) {
  const ender = new AbortController()
  let isLate = false
  const abort = () => ender.abort()
  const timer = setTimeout(() => {
    isLate = true
    abort()
  }, timeout)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  const end = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
  return { signal: ender.signal, isLate: () => isLate, end }
}

function refusalOf(error: unknown, isLate: boolean): Refusal {
  if (error instanceof TelegramError) {
    const { code, description, parameters } = error
    const { retry_after: seconds, migrate_to_chat_id: movedTo } = parameters ?? {}
    return new Refusal(description ?? 'no reason given', {
      code,
      ...(seconds === undefined ? {} : { retryAfter: seconds * 1_000 }),
      ...(movedTo === undefined ? {} : { movedTo }),
    })
  }
  if (isLate) return new Refusal('it does not answer in time', { code: 0 })
  return new Refusal(connectionProblem(error), { code: 0 })
}

/** Only what kind of trouble it was: the message of a network error holds the address, and that the token. */
function connectionProblem(error: unknown): string {
  const { code, type } = error as { code?: unknown; type?: unknown }
  if (typeof code === 'string') return `it cannot be reached (${code})`
  return type === 'invalid-json' ? 'what it answers is no answer of the Bot API' : 'the connection broke'
}
