import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { messageOf, UserError } from '../errors.ts'
import type { Route, WebHandler } from './route.ts'

/** Whether the program is well, and what it says of itself. */
export type Health = { readonly ok: boolean; readonly parts: Readonly<Record<string, string>> }

/** A running web server; `stop` lets requests under way finish. */
export type Server = {
  readonly route: Route
  stop(): Promise<void>
}

/** What a server may be given. `broken` hears of an answer that could not be made. */
export type ServerOptions = { readonly broken?: (error: unknown) => void }

/** The largest body taken, bytes. */
const BODY_LIMIT = 1024 * 1024

/**
 * The one HTTP server: `GET /health` answers 200 when all is well, else 503, with the state of each part. What is posted
 * to a path goes, as it came, to whoever has taken that path; a body over 1 MiB gets 413, a path nobody has 404.
 * Throws `UserError` when the port cannot be had.
 */
export async function startServer(
  port: number,
  health: () => Promise<Health>,
  { broken = () => {} }: ServerOptions = {},
): Promise<Server> {
  const app: FastifyInstance = fastify({ bodyLimit: BODY_LIMIT, logger: false })
  const handlers = new Map<string, WebHandler>()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.get('/health', async (_request, reply) => {
    const state = await health()
    return reply.code(state.ok ? 200 : 503).send(state)
  })
  app.post('/*', async (request, reply) => {
    const handle = handlers.get(pathOf(request.url))
    return handle ? await answer(handle, request, reply) : reply.callNotFound()
  })
  app.setErrorHandler(async (error: unknown, _request, reply) => {
    const status = statusOf(error)
    if (status < 500) return reply.code(status).send()
    broken(error)
    return reply.code(500).send()
  })
  let isClosing = false
  // Who is answered after the end began would keep the connection, and the end would wait until they give it up.
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
  await listen(app, port)
  const stop = () => {
    isClosing = true
    return app.close()
  }
  return { route: (path, handle) => take(handlers, path, handle), stop }
}

function take(handlers: Map<string, WebHandler>, path: string, handle: WebHandler): () => void {
  if (handlers.has(path)) throw new Error(`two parts want what is posted to ${path}`)
  handlers.set(path, handle)
  return () => handlers.delete(path)
}

async function answer(handle: WebHandler, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { url, headers, ip } = request
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const given = await handle({ url, headers, body, ip })
  if (given.type !== undefined) reply.type(given.type)
  return reply.code(given.status).send(given.body)
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!
}

/** What the request itself is to blame for has a status of its own. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 600 ? status : 500
}

async function listen(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ port, host: '0.0.0.0' })
  } catch (error) {
    await app.close()
    throw new UserError(`Port ${port} cannot be used: ${reasonOf(error)}.`, {
      suggestion: 'Set PORT to another one, or leave it empty: no web server is started then.',
    })
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'another program uses it'
  if (code === 'EACCES') return 'this user may not open it'
  return messageOf(error)
}
