import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import type { WebRequest } from '../../src/http/route.ts'
import { type Health, type Server, startServer } from '../../src/http/server.ts'

const stops: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Opens a port of this machine's and keeps it, or gives its number back when `isKept` is false. */
async function port({ isKept }: { isKept: boolean }): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const address = server.address()
  const close = () => new Promise((resolve) => server.close(resolve))
  if (isKept) stops.push(close)
  else await close()
  if (address === null || typeof address === 'string') throw new Error('a server without a port')
  return address.port
}

async function serve(health: () => Promise<Health>): Promise<{ url: string; server: Server }> {
  const number = await port({ isKept: false })
  const server = await startServer(number, health)
  stops.push(server.stop)
  return { url: `http://127.0.0.1:${number}`, server }
}

const well: Health = { ok: true, parts: { database: 'answers' } }
const ill: Health = { ok: false, parts: { database: 'does not answer: gone' } }

test.each([
  ['200 when all is well', well, 200],
  ['503 when something is not', ill, 503],
])('/health answers %s, and says which part is how', async (_title, state, status) => {
  const { url } = await serve(async () => state)
  const response = await fetch(`${url}/health`)
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual(state)
})

test('the state is that of the moment, not that of the start', async () => {
  const states = [well, ill, well]
  const { url } = await serve(async () => states.shift() ?? ill)
  const codes = []
  for (let i = 0; i < 3; i++) codes.push((await fetch(`${url}/health`)).status)
  expect(codes).toEqual([200, 503, 200])
})

test('there is nothing else to be had', async () => {
  const { url } = await serve(async () => well)
  expect((await fetch(url)).status).toBe(404)
  expect((await fetch(`${url}/health`, { method: 'POST' })).status).toBe(404)
})

test('the end waits for who is being answered, and not for the connection they would keep', async () => {
  const { url, server } = await serve(async () => well)
  let hear = () => {}
  let free = () => {}
  const heard = new Promise<void>((resolve) => {
    hear = resolve
  })
  const freed = new Promise<void>((resolve) => {
    free = resolve
  })
  server.route('/slow', async () => {
    hear()
    await freed
    return { status: 200 }
  })
  const answer = fetch(`${url}/slow`, { method: 'POST' })
  await heard
  const stopped = server.stop()
  free()
  expect((await answer).headers.get('connection')).toBe('close')
  await stopped
})

test('after stop the port is free again', async () => {
  const { url, server } = await serve(async () => well)
  await server.stop()
  await expect(fetch(`${url}/health`)).rejects.toThrow()
})

test('a port in use is named, with what to do about it', async () => {
  const taken = await port({ isKept: true })
  const start = startServer(taken, async () => well)
  await expect(start).rejects.toThrow(UserError)
  await expect(start).rejects.toMatchObject({
    message: `Port ${taken} cannot be used: another program uses it.`,
    suggestion: 'Set PORT to another one, or leave it empty: no web server is started then.',
  })
})

test('what is posted to a path goes as it came to whoever took it, and their answer back', async () => {
  const { url, server } = await serve(async () => well)
  const seen: WebRequest[] = []
  server.route('/sms', async (request) => {
    seen.push(request)
    return { status: 201, body: '<Response/>', type: 'text/xml' }
  })
  const body = 'Body=alert+AAPL+%3E+500&From=%2B12025550123'
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': 'abc' }
  const response = await fetch(`${url}/sms?to=1`, { method: 'POST', headers, body })
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    201,
    'text/xml',
    '<Response/>',
  ])
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ url: '/sms?to=1', ip: '127.0.0.1', headers: { 'x-twilio-signature': 'abc' } })
  expect(seen[0]!.body.toString()).toBe(body)
})

test.each<[string, RequestInit]>([
  ['JSON that is none', { body: '{', headers: { 'content-type': 'application/json' } }],
  ['a kind nobody knows', { body: 'x', headers: { 'content-type': 'nonsense/*' } }],
  ['no kind', { body: new Uint8Array([0, 255]) }],
  ['nothing', {}],
])('whatever is posted is for the taker to judge: %s', async (_title, request) => {
  const { url, server } = await serve(async () => well)
  server.route('/hook', async ({ body }) => ({ status: 200, body: String(body.length) }))
  const response = await fetch(`${url}/hook`, { method: 'POST', ...request })
  expect([response.status, await response.text()]).toEqual([
    200,
    String(request.body ? new Blob([request.body as string]).size : 0),
  ])
})

test.each([
  [1024 * 1024, 200],
  [1024 * 1024 + 1, 413],
])('a body of %d bytes gets %d', async (length, status) => {
  const { url, server } = await serve(async () => well)
  let calls = 0
  server.route('/hook', async () => {
    calls++
    return { status: 200 }
  })
  expect((await fetch(`${url}/hook`, { method: 'POST', body: 'x'.repeat(length) })).status).toBe(status)
  expect(calls).toBe(status === 200 ? 1 : 0)
})

test('a path that was given up is nobody’s', async () => {
  const { url, server } = await serve(async () => well)
  const end = server.route('/hook', async () => ({ status: 200 }))
  end()
  expect((await fetch(`${url}/hook`, { method: 'POST' })).status).toBe(404)
  server.route('/hook', async () => ({ status: 202 }))
  expect((await fetch(`${url}/hook`, { method: 'POST' })).status).toBe(202)
})

test('two parts cannot have one path', async () => {
  const { server } = await serve(async () => well)
  server.route('/hook', async () => ({ status: 200 }))
  expect(() => server.route('/hook', async () => ({ status: 200 }))).toThrow('/hook')
})

test('an answer that cannot be made is a 500 that tells nothing, and is reported', async () => {
  const broken: unknown[] = []
  const number = await port({ isKept: false })
  const server = await startServer(number, async () => well, { broken: (error) => broken.push(error) })
  stops.push(server.stop)
  const trouble = new Error('the password is hunter2')
  server.route('/hook', () => Promise.reject(trouble))
  const response = await fetch(`http://127.0.0.1:${number}/hook`, { method: 'POST' })
  expect([response.status, await response.text(), broken]).toEqual([500, '', [trouble]])
})
