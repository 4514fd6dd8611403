import { afterEach, beforeEach, expect, it } from 'vitest'
import { createClient } from '../../src/market/client.ts'
import { ProviderError } from '../../src/market/provider.ts'
import { type HttpDouble, startHttpDouble } from './http-double.ts'

let double: HttpDouble
let now: number
let client: ReturnType<typeof createClient>

beforeEach(async () => {
  double = await startHttpDouble(() => ({ body: {} }))
  now = 1_000_000
  const sleep = async (ms: number) => {
    now += ms
  }
  client = createClient({ provider: 'Yahoo', baseUrl: double.url, pace: 200, now: () => now, sleep })
})
afterEach(() => double.stop())

it('keeps its pace', async () => {
  for (let count = 0; count < 4; count += 1) await client('/', [])
  expect(now).toBe(1_000_600)
})

it('a few may go at once after a rest, and over a longer time no more than the pace allows', async () => {
  const sleep = async (ms: number) => {
    now += ms
  }
  client = createClient({ provider: 'Yahoo', baseUrl: double.url, pace: 200, burst: 3, now: () => now, sleep })
  const ask = async (times: number) => {
    const begun = now
    for (let count = 0; count < times; count += 1) await client('/', [])
    return now - begun
  }
  expect(await ask(3)).toBe(0)
  expect(await ask(4)).toBe(800)
  now += 10_000
  expect(await ask(3)).toBe(0)
})

it('does not wait for hours when the clock is set back', async () => {
  await client('/', [])
  now -= 3_600_000
  await client('/', [])
  expect(now).toBe(1_000_000 - 3_600_000)
})

it('sends nothing before the time it was asked to wait is over, whatever it is asked for', async () => {
  double.behave('too many', { times: 1, retryAfter: '30' })
  await expect(client('/quotes', [])).rejects.toThrow('come back in 30 s')
  now += 10_000
  await expect(client('/search', [])).rejects.toThrow('Yahoo asked us to wait; 20 s to go')
  expect(double.requests).toHaveLength(1)
  now += 20_000
  expect((await client('/search', [])).status).toBe(200)
})

it('repeats a parameter that is given several times', async () => {
  await client('/p', [
    ['id', 'BTC-USD'],
    ['id', 'ETH-USD'],
  ])
  expect(double.requests[0]!.searchParams.getAll('id')).toEqual(['BTC-USD', 'ETH-USD'])
})

it('repeats why it is not served for as long as it asks nothing', async () => {
  double.behave('not here', { times: 1 })
  const message = 'Yahoo does not serve this region (status 451)'
  await expect(client('/', [])).rejects.toMatchObject({ message, retryAfter: 24 * 3_600_000 })
  now += 3_600_000
  await expect(client('/', [])).rejects.toMatchObject({ message, retryAfter: 23 * 3_600_000, permanent: true })
  expect(double.requests).toHaveLength(1)
  now += 23 * 3_600_000
  expect((await client('/', [])).status).toBe(200)
})

it('takes what the check of an answer throws for an answer of the provider', async () => {
  let tired = true
  const check = () => {
    if (tired) throw new ProviderError('Yahoo', 'is tired', 30_000)
  }
  client = createClient({ provider: 'Yahoo', baseUrl: double.url, pace: 0, now: () => now, check })
  await expect(client('/', [])).rejects.toThrow('Yahoo is tired')
  tired = false
  await expect(client('/', [])).rejects.toThrow('Yahoo asked us to wait; 30 s to go')
  now += 30_000
  expect((await client('/', [])).status).toBe(200)
})

it('sends its headers with every request', async () => {
  const headers = { authorization: 'Token good' }
  client = createClient({ provider: 'Yahoo', baseUrl: double.url, pace: 0, now: () => now, headers })
  await client('/', [])
  expect(double.headers[0]).toMatchObject(headers)
})
