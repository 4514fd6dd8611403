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
    while (pending.length === 0) await Promise.resolve()
    return pending.shift()!
  }
  return { ask, requests, next }
}

test('one question is asked at once; those that come while it is under way are asked together after it', async () => {
  const { ask, requests, next } = slow()
  const answers = ['a', 'b', 'c'].map(ask)
  expect(requests).toEqual([['a']])
  for (let left = 2; left > 0; left--) (await next()).answer()
  expect(await Promise.all(answers)).toEqual(['answer to a', 'answer to b', 'answer to c'])
  expect(requests).toEqual([['a'], ['b', 'c']])
})

test('who asked with a request that failed hears of it, and the next ones are asked all the same', async () => {
  const { ask, next } = slow()
  const answers = ['a', 'b', 'c'].map((key) => ask(key).catch((error: Error) => error.message))
  ;(await next()).fail(new Error('the database is away'))
  ;(await next()).answer()
  expect(await Promise.all(answers)).toEqual(['the database is away', 'answer to b', 'answer to c'])
})

test('very many are asked for in requests of 200', async () => {
  const { ask, requests, next } = slow()
  const answers = Array.from({ length: 501 }, (_, index) => ask(String(index)))
  for (let left = 4; left > 0; left--) (await next()).answer()
  await Promise.all(answers)
  expect(requests.map(({ length }) => length)).toEqual([1, 200, 200, 100])
})
