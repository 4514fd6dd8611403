import { expect, test } from 'vitest'
import { gather } from '../../src/store/gather.ts'

/** Answers when told to; notes what was asked together. */
function slow() {
  const requests: string[][] = []
  const pending: { answer(): void; fail(error: Error): void }[] = []
  const ask = gather<string, string>((keys) => {
    requests.push([...keys])
    return new Promise((resolve, reject) => {
      pending.push({ answer: () => resolve((key) => `answer to ${key}`), fail: reject })
    })
  })
  const next = async () => {
    while (pending.length === 0) await new Promise(setImmediate)
    return pending.shift()!
  }
  return { ask, requests, next }
}

test('what is asked in one turn is asked together, and what comes while it is under way together after it', async () => {
  const { ask, requests, next } = slow()
  const first = ['a', 'b'].map(ask)
  const one = await next()
  const then = ['c', 'd'].map(ask)
  expect(requests).toEqual([['a', 'b']])
  one.answer()
  expect(await Promise.all(first)).toEqual(['answer to a', 'answer to b'])
  ;(await next()).answer()
  expect(await Promise.all(then)).toEqual(['answer to c', 'answer to d'])
  expect(requests).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('who asked with a request that failed hears of it, and the next ones are asked all the same', async () => {
  const { ask, next } = slow()
  const first = ask('a').catch((error: Error) => error.message)
  const failing = await next()
  const then = ['b', 'c'].map(ask)
  failing.fail(new Error('the database is away'))
  ;(await next()).answer()
  expect(await Promise.all([first, ...then])).toEqual(['the database is away', 'answer to b', 'answer to c'])
})

test('very many are asked for in requests of 200', async () => {
  const { ask, requests, next } = slow()
  const answers = Array.from({ length: 501 }, (_, index) => ask(String(index)))
  for (let left = 3; left > 0; left--) (await next()).answer()
  await Promise.all(answers)
  expect(requests.map(({ length }) => length)).toEqual([200, 200, 101])
})
