import { type FastifyInstance, fastify } from 'fastify'
import { messageOf, UserError } from '../errors.ts'

/** Whether the program is well, and what it says of itself. */
export type Health = { readonly ok: boolean; readonly parts: Readonly<Record<string, string>> }

/** A running web server; `stop` lets requests under way finish. */
export type Server = { stop(): Promise<void> }

/** The largest body taken, bytes. */
const BODY_LIMIT = 1024 * 1024

/**
 * The one HTTP server: `GET /health` answers 200 when all is well, else 503, with the state of each part.
 * Throws `UserError` when the port cannot be had.
 */
export async function startServer(port: number, health: () => Promise<Health>): Promise<Server> {
  const app: FastifyInstance = fastify({ bodyLimit: BODY_LIMIT, logger: false })
  app.get('/health', async (_request, reply) => {
    const state = await health()
    return reply.code(state.ok ? 200 : 503).send(state)
  })
  try {
    await app.listen({ port, host: '0.0.0.0' })
  } catch (error) {
    await app.close()
    throw new UserError(`Port ${port} cannot be used: ${reasonOf(error)}.`, {
      suggestion: 'Set PORT to another one, or leave it empty: no web server is started then.',
    })
  }
  return { stop: () => app.close() }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'another program uses it'
  if (code === 'EACCES') return 'this user may not open it'
  return messageOf(error)
}
