import { connect, createServer, type Socket } from 'node:net'
import { BSON } from 'mongodb'

/** When to spring: at the `nth` request of this name, before the server has it or when the client is about to hear the answer. */
export type Trap = {
  readonly operation: string
  readonly nth: number
  readonly when: 'before' | 'after'
  /** Only requests in which this text stands count. */
  readonly holding?: string
}

/** A proxy that understands what is asked of MongoDB. */
export type WireProxy = {
  /** Where to connect instead. */
  readonly uri: string
  /** The names of the requests so far, the last one last. */
  operations(): readonly string[]
  /** From now on not a byte passes in either direction, on any connection. */
  freeze(): void
  close(): Promise<void>
}

type Message = { readonly bytes: Buffer; readonly id: number; readonly answers: number }
type Body = Readonly<Record<string, unknown>>

const OP_MSG = 2013
const HEADER = 16
const CHECKSUM_PRESENT = 1

/**
 * Stands between the program and the MongoDB at `uri`. When the trap is due, `spring` is called at once and the proxy
 * freezes.
 */
export async function startWireProxy(uri: string, trap: Trap | undefined, spring: () => void): Promise<WireProxy> {
  const target = new URL(uri)
  const operations: string[] = []
  const sockets = new Set<Socket>()
  let left = trap?.nth ?? 0
  let isFrozen = false

  const freeze = () => {
    isFrozen = true
    for (const socket of sockets) socket.destroy()
  }
  const springNow = () => {
    spring()
    freeze()
  }

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let awaited: number | undefined
    follow(client, upstream, (message) => {
      if (isFrozen) return
      const name = nameOf(message.bytes)
      if (name !== undefined) operations.push(name)
      const counts = trap && name === trap.operation && message.bytes.includes(trap.holding ?? '')
      if (counts && --left === 0) {
        if (trap.when === 'before') return springNow()
        awaited = message.id
      }
      upstream.write(message.bytes)
    })
    follow(upstream, client, (message) => {
      if (isFrozen) return
      if (awaited !== undefined && message.answers === awaited) return springNow()
      client.write(message.bytes)
    })
  })

  function follow(from: Socket, to: Socket, take: (message: Message) => void) {
    sockets.add(from)
    const split = createSplitter(take)
    from.setNoDelay(true).on('data', split)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = new URL(uri)
  address.host = `127.0.0.1:${(server.address() as { port: number }).port}`
  return {
    uri: address.href,
    operations: () => operations,
    freeze,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Cuts a stream into messages: each begins with its length, its id and the id of what it answers (int32, little-endian). */
function createSplitter(take: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    while (rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
      const bytes = rest.subarray(0, rest.readInt32LE(0))
      rest = rest.subarray(bytes.length)
      take({ bytes, id: bytes.readInt32LE(4), answers: bytes.readInt32LE(8) })
    }
  }
}

/** What a request is, in words; undefined for one that is no command, and for the driver's own housekeeping. */
function nameOf(bytes: Buffer): string | undefined {
  if (bytes.readInt32LE(12) !== OP_MSG) return undefined
  const body = bodyOf(bytes)
  const [command, collection] = Object.entries(body)[0] ?? []
  if (command === undefined || typeof collection !== 'string') return undefined
  const detail = detailOf(command, collection, body)
  return `${command} ${collection}${detail === undefined ? '' : ` (${detail})`}`
}

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/#op_msg: flags, then sections of kind 0 or 1. */
function bodyOf(bytes: Buffer): Body {
  const end = bytes.length - (bytes.readUInt32LE(HEADER) & CHECKSUM_PRESENT ? 4 : 0)
  const body: Record<string, unknown> = {}
  for (let at = HEADER + 4; at < end; ) {
    const isSequence = bytes[at] === 1
    const size = bytes.readInt32LE(at + 1)
    const section = bytes.subarray(at + 1, at + 1 + size)
    if (isSequence) Object.assign(body, sequenceOf(section))
    else Object.assign(body, BSON.deserialize(section))
    at += 1 + size
  }
  return body
}

/** A document sequence: its size, its name, a zero, then documents one after another. */
function sequenceOf(section: Buffer): Body {
  const nameEnd = section.indexOf(0, 4)
  const documents: unknown[] = []
  for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at))
    documents.push(BSON.deserialize(section.subarray(at, at + section.readInt32LE(at))))
  return { [section.toString('utf8', 4, nameEnd)]: documents }
}

type Update = { q: Body; u: Body | unknown[] }

/** What tells two requests of one command and collection apart. */
function detailOf(command: string, collection: string, body: Body): string | undefined {
  if (command === 'find') {
    const filter = body.filter as Body
    if ('unsent.0' in filter) return 'with unsent firings'
    return 'token' in filter ? 'leased' : undefined
  }
  const { q, u } = (body.updates as Update[] | undefined)?.[0] ?? {}
  if (command !== 'update' || !u) return undefined
  if (collection === 'progress') return String(q?._id).replace(/:.*/, '')
  if (Array.isArray(u)) return collection === 'notifications' ? 'lease' : undefined
  if (collection === 'notifications') return String((u.$set as Body | undefined)?.state)
  if (collection !== 'alerts') return undefined
  const pushes = (body.updates as Update[]).some(({ u: one }) => '$push' in one)
  return pushes ? 'with firings' : '$pull' in u ? 'firings taken off' : undefined
}
