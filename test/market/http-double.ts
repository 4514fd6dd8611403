import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a provider's double behaves: as it should, or as providers do on bad days. */
export type Mood = 'normal' | 'web page' | 'too many' | 'truncated' | 'cut off' | 'silent' | 'trouble' | 'empty'

export type MoodOptions = {
  /** For so many requests, then normal again; for ever when left out. */
  readonly times?: number
  /** The Retry-After header, word for word. */
  readonly retryAfter?: string
}

export type HttpDouble = {
  readonly url: string
  /** Every request heard, in order. */
  readonly requests: readonly URL[]
  behave(mood: Mood, options?: MoodOptions): void
  stop(): Promise<void>
}

export type Reaction = { readonly status?: number; readonly body: unknown }

/** A real HTTP server on 127.0.0.1 that answers what `react` gives, or misbehaves on demand. */
export async function startHttpDouble(react: (url: URL) => Reaction): Promise<HttpDouble> {
  const requests: URL[] = []
  let state: { mood: Mood; left: number; retryAfter?: string } = { mood: 'normal', left: 0 }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    requests.push(url)
    const { mood, retryAfter } = state
    if (mood !== 'normal') state.left -= 1
    if (state.left <= 0) state = { mood: 'normal', left: 0 }
    const reaction = react(url)
    answer(response, mood, { status: reaction.status ?? 200, text: JSON.stringify(reaction.body) }, retryAfter)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave(mood, { times = Number.POSITIVE_INFINITY, retryAfter } = {}) {
      state = { mood, left: times, ...(retryAfter === undefined ? {} : { retryAfter }) }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function answer(
  response: ServerResponse,
  mood: Mood,
  { status, text }: { status: number; text: string },
  retryAfter?: string,
) {
  const wait = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  const json = { 'content-type': 'application/json' }
  const half = text.slice(0, Math.ceil(text.length / 2))
  switch (mood) {
    case 'normal':
      return response.writeHead(status, json).end(text)
    case 'web page':
      return response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><p>Please verify you are human.')
    case 'too many':
      return response.writeHead(429, { ...wait, 'content-type': 'text/plain' }).end('Too Many Requests')
    case 'truncated':
      return response.writeHead(200, json).end(half)
    case 'cut off':
      return response.writeHead(200, { ...json, 'content-length': text.length }).write(half, () => response.destroy())
    case 'trouble':
      return response.writeHead(retryAfter === undefined ? 500 : 503, wait).end('Internal Server Error')
    case 'empty':
      return response.writeHead(200, json).end()
    case 'silent':
      return
  }
}
