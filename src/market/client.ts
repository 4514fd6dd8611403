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
}

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
  const { provider, baseUrl, pace, now = Date.now, sleep = wait } = options
  let free = 0
  let rest = { since: 0, until: 0 }

  async function takeTurn(): Promise<void> {
    const at = now()
    // A clock set back by hand must not make the queue wait for the hours it lost.
    const turn = free - at > 60_000 ? at : Math.max(free, at)
    free = turn + pace
    if (turn > at) await sleep(turn - at)
  }

  function refuseWhileResting(): void {
    const left = rest.until - now()
    if (left <= 0 || now() < rest.since) return
    throw new ProviderError(provider, `asked us to wait; ${Math.ceil(left / 1000)} s to go`, left)
  }

  return async (path, query, allow = []) => {
    refuseWhileResting()
    await takeTurn()
    refuseWhileResting()
    const url = new URL(baseUrl + path)
    for (const [name, value] of query) url.searchParams.append(name, value)
    try {
      return await getJson({ ...options, url, allow })
    } catch (error) {
      if (error instanceof ProviderError && error.retryAfter !== undefined)
        rest = { since: now(), until: now() + error.retryAfter }
      throw error
    }
  }
}
