import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The way from a platform to whichever process of ours is there. */
export type Relay = {
  readonly url: string
  /** How often what was posted had to be posted again, and how often it was posted again although it had been answered. */
  counts(): { readonly again: number; readonly twice: number }
  /** From now on so large a share of what was answered is posted once more. */
  repeat(share: number): void
}

const WAIT = 150
const GIVEN_UP_AFTER = 20_000

/**
 * Takes what a platform posts to a webhook and hands it to one port of 127.0.0.1 after another until one answers with
 * 2xx, as platforms come again until they are answered.
 */
export async function startRelay(ports: readonly number[]): Promise<Relay> {
  let [again, twice, turn] = [0, 0, 0]
  let share = 0
  const post = async (path: string, headers: Record<string, string>, body: Buffer) => {
    const port = ports[turn++ % ports.length]
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(GIVEN_UP_AFTER),
    })
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const given = Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name))
      const headers = Object.fromEntries(given) as Record<string, string>
      const path = request.url ?? '/'
      const body = Buffer.concat(chunks)
      for (;;) {
        const answer = await post(path, headers, body).catch(() => undefined)
        if (answer && answer.status >= 200 && answer.status < 300) {
          response
            .writeHead(answer.status, answer.type === null ? {} : { 'content-type': answer.type })
            .end(answer.text)
          break
        }
        again++
        await sleep(WAIT)
      }
      if (Math.random() >= share) return
      twice++
      await post(path, headers, body).catch(() => {})
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => ({ again, twice }),
    repeat(given) {
      share = given
    },
  }
}

const HOP_BY_HOP = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding'])
