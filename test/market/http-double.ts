import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Mood, type MoodOptions, misbehave } from '../doubles/trouble.ts'

export type { Mood, MoodOptions }

export type HttpDouble = {
  readonly url: string
  /** Every request heard, in order. */
  readonly requests: readonly URL[]
  /** The headers of each. */
  readonly headers: readonly IncomingHttpHeaders[]
  behave(mood: Mood, options?: MoodOptions): void
  stop(): Promise<void>
}

export type Reaction = { readonly status?: number; readonly body: unknown }

/** A real HTTP server on 127.0.0.1 that answers what `react` gives, or misbehaves on demand. */
export async function startHttpDouble(
  react: (url: URL, headers: IncomingHttpHeaders) => Reaction,
): Promise<HttpDouble> {
  const requests: URL[] = []
  const headers: IncomingHttpHeaders[] = []
  let state: { mood: Mood; left: number; options?: MoodOptions } = { mood: 'normal', left: 0 }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    requests.push(url)
    headers.push(request.headers)
    const { mood, options } = state
    if (mood !== 'normal') state.left -= 1
    if (state.left <= 0) state = { mood: 'normal', left: 0 }
    const { status = 200, body } = react(url, request.headers)
    misbehave(response, mood, { status, text: JSON.stringify(body) }, options)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    headers,
    behave(mood, options = {}) {
      state = { mood, left: options.times ?? Number.POSITIVE_INFINITY, options }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
