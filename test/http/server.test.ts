import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
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
