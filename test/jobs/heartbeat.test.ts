import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createHeartbeat } from '../../src/jobs/heartbeat.ts'

async function answering(status: number) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(status).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/beat`
  return { url, asked, close: () => server.close() }
}

test('a beat is one GET of the address', async () => {
  const { url, asked, close } = await answering(200)
  const failures: unknown[] = []
  await createHeartbeat(url, (error) => failures.push(error))()
  expect(asked).toEqual(['GET /beat'])
  expect(failures).toEqual([])
  close()
})

test('without an address nothing is asked', async () => {
  const never = () => expect.unreachable()
  await createHeartbeat(undefined, never, never)()
})

test.each([404, 500])('an answer of %d is told, and not thrown', async (status) => {
  const { url, close } = await answering(status)
  const failures: unknown[] = []
  await createHeartbeat(url, (error) => failures.push(error))()
  expect(failures).toEqual([new Error(`it answered ${status}`)])
  close()
})

test('an address that nobody answers at is told, and not thrown', async () => {
  const { url, close } = await answering(200)
  close()
  const failures: unknown[] = []
  await createHeartbeat(url, (error) => failures.push(error))()
  expect(failures).toHaveLength(1)
})
