import { expect, test } from 'vitest'
import { createPatiently, type Headway, NOBODY_KNOWS, WAITS_FOR } from '../../src/commands/away.ts'
import { NOTHING_DONE, plain, say } from '../../src/reply.ts'

const AWAY = new Error('the database is away')

/** Answers, by a clock that goes on only while something waits; what each attempt does is given by its number. */
function answering(attempts: (number: number, headway: Headway) => void, takes = 0) {
  let now = 0
  const tried: number[] = []
  const patiently = createPatiently({
    isAway: (error) => error === AWAY,
    async sleep(ms) {
      now += ms
    },
    now: () => now,
  })
  const says = async () => {
    const reply = await patiently(async (headway) => {
      tried.push(now)
      now += takes
      attempts(tried.length, headway)
      return say('Done.')
    })
    return plain(reply)
  }
  return { says, tried, at: () => now }
}

test('a message that finds the database away is answered when it is back', async () => {
  const { says, tried } = answering((number) => {
    if (number < 5) throw AWAY
  })
  expect(await says()).toBe('Done.')
  expect(tried).toHaveLength(5)
})

test('one that was not begun when the time is over hears that nothing was changed, and those after it are tried once', async () => {
  const { says, tried, at } = answering(() => {
    throw AWAY
  }, 8_000)
  expect(await says()).toBe(NOTHING_DONE)
  expect(at()).toBeGreaterThanOrEqual(WAITS_FOR)
  const before = tried.length
  expect(await says()).toBe(NOTHING_DONE)
  expect(tried).toHaveLength(before + 1)
})

test('when it was back in between, the time begins anew', async () => {
  let isAway = true
  const { says, tried } = answering(() => {
    if (isAway) throw AWAY
  })
  expect(await says()).toBe(NOTHING_DONE)
  isAway = false
  expect(await says()).toBe('Done.')
  isAway = true
  const before = tried.length
  expect(await says()).toBe(NOTHING_DONE)
  expect(tried.length).toBeGreaterThan(before + 1)
})

test('one that may have been carried out is not tried again, and nobody says that nothing was changed', async () => {
  const { says, tried } = answering((_, headway) => {
    headway.isBegun = true
    throw AWAY
  })
  expect(await says()).toBe(NOBODY_KNOWS)
  expect(tried).toHaveLength(1)
})

test('one that may be carried out twice is tried again; where that comes to nothing nobody says that nothing was changed', async () => {
  const { says, tried } = answering((number, headway) => {
    // At first it gets far, then the database is away from the beginning.
    Object.assign(headway, { isBegun: number === 1, mayRepeat: true })
    throw AWAY
  })
  expect(await says()).toBe(NOBODY_KNOWS)
  expect(tried.length).toBeGreaterThan(2)
})

test('what else is thrown comes out', async () => {
  const { says } = answering(() => {
    throw new Error('a fault of ours')
  })
  await expect(says()).rejects.toThrow('a fault of ours')
})
