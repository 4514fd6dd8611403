import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * How a gate lets through: `open`: everything. `refuses`: nobody gets in, and who was in is thrown out. `silent`: who is in or comes
 * gets no word, and what they say goes nowhere. `slow`: everything takes a while. `503`: the answer that a front of a platform gives in the place of a dead one.
 */
export type GateState = 'open' | 'refuses' | 'silent' | 'slow' | '503'

/** A gate before a server on 127.0.0.1, that stays at its port whatever becomes of it. */
export type Gate = {
  readonly host: string
  /** How many connections came to it. */
  readonly came: number
  set(state: GateState): Promise<void>
  stop(): Promise<void>
}

/** How long a slow gate keeps what goes through it, each way, ms. */
const SLOW = 200
const UNAVAILABLE = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'

/** Starts one before `target`, an address with a port. It is open. */
export async function startGate(target: string): Promise<Gate> {
  const { hostname, port: behind } = new URL(target)
  const sockets = new Set<Socket>()
  let state: GateState = 'open'
  let came = 0

  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const take = (client: Socket) => {
    came++
    keep(client)
    if (state === 'silent') return void client.on('data', () => {})
    if (state === '503') return void client.once('data', () => client.end(UNAVAILABLE))
    const server = connect(Number(behind), hostname)
    keep(server)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => {
        if (state === 'open') to.write(bytes)
        if (state === 'slow') setTimeout(() => to.write(bytes), SLOW)
      })
      from.on('close', () => {
        if (state !== 'silent') to.destroy()
      })
    }
  }
  const throwOut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const listen = async (port: number): Promise<Server> => {
    const server = createServer(take).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  let server: Server | undefined = await listen(0)
  const { port } = server.address() as AddressInfo
  const close = async () => {
    const closing = server
    server = undefined
    if (!closing) return
    const closed = once(closing, 'close')
    closing.close()
    throwOut()
    await closed
  }

  return {
    host: `127.0.0.1:${port}`,
    get came() {
      return came
    },
    async set(next) {
      state = next
      if (next === 'refuses') return await close()
      // What was said into the silence is lost, as it is with a host that comes back without its connections.
      if (next !== 'silent' && next !== 'slow') throwOut()
      server ??= await listen(port)
    },
    stop: close,
  }
}
