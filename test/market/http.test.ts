import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getJson } from '../../src/market/http.ts'
import { ProviderError } from '../../src/market/provider.ts'
import { type HttpDouble, type Mood, type MoodOptions, startHttpDouble } from './http-double.ts'

let double: HttpDouble
let pauses: number[]

beforeEach(async () => {
  double = await startHttpDouble((url) =>
    url.pathname === '/missing'
      ? { status: 404, body: { error: 'Not Found' } }
      : { body: { price: 1, big: 'x'.repeat(5000) } },
  )
  pauses = []
})
afterEach(() => double.stop())

const HOUR = 3_600_000
const NOON = Date.parse('2026-11-23T12:00:00Z')

function get(path = '/', more: Partial<Parameters<typeof getJson>[0]> = {}) {
  return getJson({
    provider: 'Yahoo',
    url: new URL(double.url + path),
    now: () => NOON,
    sleep: async (ms) => pauses.push(ms),
    random: () => 0.5,
    timeout: 5_000,
    ...more,
  })
}

async function failure(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(ProviderError)
  return error
}

describe('getJson', () => {
  it('gives status and body', async () => {
    expect(await get()).toMatchObject({ status: 200, body: { price: 1 } })
  })

  const table: [Mood, MoodOptions, string, number][] = [
    ['web page', {}, 'Yahoo answered with a web page instead of data', 1],
    ['truncated', {}, 'Yahoo answered with data that breaks off in the middle', 1],
    ['empty', {}, 'Yahoo answered with nothing', 1],
    ['cut off', {}, 'Yahoo broke off in the middle of its answer; asked 3 times', 3],
    ['silent', {}, 'Yahoo did not answer within 0.1 s; asked 3 times', 3],
    ['trouble', {}, 'Yahoo is in trouble (status 500); asked 3 times', 3],
    ['trouble', { retryAfter: '120' }, 'Yahoo asks to come back in 2 min (status 503)', 1],
    ['too many', {}, 'Yahoo says we ask too often; the next try is in 1 min', 1],
    ['too many', { retryAfter: '30' }, 'Yahoo says we ask too often and to come back in 30 s', 1],
  ]
  it.each<[Mood, MoodOptions, string, number, boolean]>([
    ['banned', {}, 'Yahoo has banned this address for 60 min (status 418)', HOUR, false],
    ['banned', { retryAfter: '120' }, 'Yahoo has banned this address for 2 min (status 418)', 120_000, false],
    ['banned', { retryAfter: '31536000' }, 'Yahoo has banned this address for 72 h (status 418)', 72 * HOUR, false],
    ['not here', {}, 'Yahoo does not serve this region (status 451)', 24 * HOUR, true],
    ['bad key', {}, 'Yahoo asks for a key, or does not take ours (status 401)', HOUR, true],
  ])('when it is "%s" %j it says: %s', async (mood, options, message, retryAfter, permanent) => {
    double.behave(mood, options)
    expect(await failure(get())).toMatchObject({ message, retryAfter, permanent })
    expect(double.requests).toHaveLength(1)
  })

  it('sends headers beside its own and instead of them', async () => {
    await get('/', { headers: { authorization: 'Token good', accept: '*/*' } })
    expect(double.headers[0]).toMatchObject({ authorization: 'Token good', accept: '*/*' })
    expect(double.headers[0]!['user-agent']).toContain('signal-generator')
  })

  it.each(table)('when the answer is "%s" %j it says: %s', async (mood, options, message, requests) => {
    double.behave(mood, options)
    expect((await failure(get('/', mood === 'silent' ? { timeout: 100 } : {}))).message).toBe(message)
    expect(double.requests).toHaveLength(requests)
  })

  it.each([
    [undefined, 60_000],
    ['30', 30_000],
    ['Mon, 23 Nov 2026 12:00:45 GMT', 45_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['31536000', 3_600_000],
    ['soon', 60_000],
  ])('a 429 with Retry-After %j asks for a rest of %d ms', async (retryAfter, rest) => {
    double.behave('too many', retryAfter === undefined ? {} : { retryAfter })
    expect((await failure(get())).retryAfter).toBe(rest)
  })

  it('tries again after a failure that passes, with growing pauses', async () => {
    double.behave('trouble', { times: 2 })
    expect((await get()).status).toBe(200)
    expect(pauses).toEqual([300, 600])
  })

  it('takes a 404 for an answer only where the caller does', async () => {
    expect(await get('/missing', { allow: [404] })).toEqual({ status: 404, body: { error: 'Not Found' } })
    expect((await failure(get('/missing'))).message).toBe('Yahoo turned the request down (status 404)')
  })

  it('stops reading a body that is too large', async () => {
    expect((await failure(get('/', { maxBytes: 2048 }))).message).toBe('Yahoo answered with more than 2 KB')
  })

  it('says when nobody listens there', async () => {
    const address = double.url.replace('http://', '')
    await double.stop()
    const message = `Yahoo cannot be reached: ${address} refused the connection; asked 3 times`
    expect((await failure(get())).message).toBe(message)
    double = await startHttpDouble(() => ({ body: {} }))
  })
})
