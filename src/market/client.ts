import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, getJson, type HttpPorts } from './http.ts'
import { ProviderError } from './provider.ts'

/** Which provider is asked, where it is, and how fast. */
export type ClientOptions = HttpPorts & {
  readonly provider: string
  /** Where the provider is, without a slash at the end. */
  readonly baseUrl: string
  /** The least time between the starts of two requests, ms. */
  readonly pace: number
  /**
   * So many requests may go without the pace between them after a rest, one unless told: a person's question takes a few.
   * Over any longer time there are no more than the pace allows.
   */
  readonly burst?: number
  /** Sent with every request; a key is among them, never in an address. */
  readonly headers?: Readonly<Record<string, string>>
  /** Tries after the first; none where each counts in a small budget, which counts one for each request. */
  readonly retries?: number
  /** Looks at each answer and throws a `ProviderError` where its body says what its status should have said. */
  readonly check?: (answer: Answer) => void
}

/** Where a provider is asked, and the clock. */
export type AdapterOptions = HttpPorts & {
  /** The provider's address or a double's, without a slash at the end. */
  readonly baseUrl: string
  /** The clock of evaluation: stamps `receivedAt`. */
  readonly now: () => number
}

/** The same for a provider that wants a key. */
export type KeyedOptions = AdapterOptions & { readonly key: string }

/** Asks for a path with its query; statuses in `allow` are answers too. Throws `ProviderError`. */
export type Client = (
  path: string,
  query: readonly (readonly [string, string])[],
  allow?: readonly number[],
) => Promise<Answer>

/**
 * A provider's one door: keeps its pace, and once it asked us to wait sends nothing before that time is over, whoever
 * asks. Times are on the ports' `now`, by default the machine's.
 */
export function createClient(options: ClientOptions): Client {
  const { provider, baseUrl, pace, burst = 1, now = Date.now, sleep = wait } = options
  let free = 0
  let rest: { readonly since: number; readonly until: number; readonly error?: ProviderError } = { since: 0, until: 0 }

  async function takeTurn(): Promise<void> {
    const at = now()
    // A clock set back by hand must not make the queue wait for the hours it lost.
    const owed = free - at > 60_000 ? at : Math.max(free, at)
    free = owed + pace
    const turn = Math.max(at, owed - (burst - 1) * pace)
    if (turn > at) await sleep(turn - at)
  }

  function refuseWhileResting(): void {
    const left = rest.until - now()
    if (left <= 0 || now() < rest.since) return
    if (rest.error?.permanent) throw new ProviderError(provider, rest.error.what, left, true)
    throw new ProviderError(provider, `asked us to wait; ${toGo(left)} to go`, left)
  }

  return async (path, query, allow = []) => {
    refuseWhileResting()
    await takeTurn()
    refuseWhileResting()
    const url = new URL(baseUrl + path)
    for (const [name, value] of query) url.searchParams.append(name, value)
    try {
      const answer = await getJson({ ...options, url, allow })
      options.check?.(answer)
      return answer
    } catch (error) {
      if (error instanceof ProviderError && error.retryAfter !== undefined)
        rest = { since: now(), until: now() + error.retryAfter, error }
      throw error
    }
  }
}

/** A wait (ms) in words: `43 s`, `24 h`. */
export function toGo(ms: number): string {
  return ms > 2 * 3_600_000 ? `${Math.ceil(ms / 3_600_000)} h` : `${Math.ceil(ms / 1000)} s`
}
