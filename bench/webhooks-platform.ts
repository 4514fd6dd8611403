import { type Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The address that the platforms know the program by. */
export const PUBLIC_URL = 'https://bench.example.com'

/** A stand-in for a platform: it posts what people write, and takes what they are answered. */
export type StandIn = {
  /** The settings that lead the program to it, and let it take as many messages as are posted. */
  readonly settings: Readonly<Record<string, string>>
  /** Resolves when the program, whose web server is at `origin`, takes what is posted. */
  ready(origin: string): Promise<void>
  /** A person (1, 2 ...) writes; `id` is never the same. Gives the HTTP status of the program's answer. */
  post(origin: string, agent: Agent, message: { id: number; person: number; text: string }): Promise<number>
  stop(): void
}

/** Starts a stand-in. `answered` hears of the person for whom a reply is handed over, the moment it is. */
export type Platform = (answered: (person: number) => void) => Promise<StandIn>

/** Answers a request, of which the body is given whole. */
export type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void

/** Starts a web server on a free port of 127.0.0.1. */
export async function startServer(answer: Answer): Promise<{ url: string; stop(): void }> {
  const server = createServer(async (asked, response) => answer(asked, await textOf(asked), response))
  const port = await listen(server)
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}

/** A port of 127.0.0.1 that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((done) => server.close(done))
  return port
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

/** Posts a body; gives what was answered. */
export function post(
  address: string,
  { agent, headers, body }: { agent: Agent; headers: Readonly<Record<string, string>>; body: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(address, { method: 'POST', agent, headers }, (answer) => {
      textOf(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject)
    })
    asking.once('error', reject)
    asking.end(body)
  })
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
