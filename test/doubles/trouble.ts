import type { ServerResponse } from 'node:http'

/** How a provider's double behaves: as it should, or as providers do on bad days. */
export type Mood =
  | 'normal'
  | 'web page'
  | 'too many'
  | 'truncated'
  | 'cut off'
  | 'silent'
  | 'trouble'
  | 'empty'
  | 'slow'
  | 'reset'
  | 'banned'
  | 'not here'
  | 'bad key'
  | 'forbidden'

export type MoodOptions = {
  /** For so many requests, then normal again; for ever when left out. */
  readonly times?: number
  /** The Retry-After header, word for word. */
  readonly retryAfter?: string
  /** How much later than it should a slow answer comes, ms; 250 unless told. */
  readonly latency?: number
}

/** What would have been the answer. */
export type Planned = { readonly status: number; readonly text: string }

const LATENCY = 250

/** Answers as a mood has it. */
export function misbehave(
  response: ServerResponse,
  mood: Mood,
  { status, text }: Planned,
  { retryAfter, latency = LATENCY }: MoodOptions = {},
) {
  const wait = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  const json = { 'content-type': 'application/json' }
  const html = { 'content-type': 'text/html' }
  const half = text.slice(0, Math.ceil(text.length / 2))
  switch (mood) {
    case 'normal':
      return response.writeHead(status, json).end(text)
    case 'web page':
      return response.writeHead(200, html).end('<!doctype html><p>Please verify you are human.')
    case 'forbidden':
      return response.writeHead(403, html).end('<!doctype html><p>Access denied.')
    case 'too many':
      return response.writeHead(429, { ...wait, 'content-type': 'text/plain' }).end('Too Many Requests')
    case 'banned':
      return response
        .writeHead(418, { ...wait, ...json })
        .end('{"code":-1003,"msg":"Way too much request weight used"}')
    case 'not here':
      return response.writeHead(451, json).end('{"code":0,"msg":"Service unavailable from a restricted location"}')
    case 'bad key':
      return response.writeHead(401, json).end('{"detail":"Invalid token."}')
    case 'truncated':
      return response.writeHead(200, json).end(half)
    case 'cut off':
      return response.writeHead(200, { ...json, 'content-length': text.length }).write(half, () => response.destroy())
    case 'reset':
      return response.socket?.resetAndDestroy()
    case 'slow':
      return setTimeout(() => response.destroyed || response.writeHead(status, json).end(text), latency)
    case 'trouble':
      return response.writeHead(retryAfter === undefined ? 500 : 503, wait).end('Internal Server Error')
    case 'empty':
      return response.writeHead(200, json).end()
    case 'silent':
      return
  }
}
