import { beforeEach, expect, it } from 'vitest'
import { createRemembered } from '../../src/market/remembered.ts'

let now: number
let asked: number
let answer: () => Promise<number>
let remembered: () => Promise<number>

beforeEach(() => {
  now = 1_000_000
  asked = 0
  answer = async () => asked
  remembered = createRemembered(
    () => now,
    1_000,
    () => {
      asked += 1
      return answer()
    },
  )
})

it('asks once for all who wait, and anew when it is old', async () => {
  expect(await Promise.all([remembered(), remembered()])).toEqual([1, 1])
  now += 999
  expect(await remembered()).toBe(1)
  now += 1
  expect(await remembered()).toBe(2)
})

it('does not keep a failure', async () => {
  answer = () => Promise.reject(new Error('down'))
  await expect(remembered()).rejects.toThrow('down')
  answer = async () => asked
  expect(await remembered()).toBe(2)
})

it('asks anew when the clock is set back', async () => {
  await remembered()
  now -= 3_600_000
  expect(await remembered()).toBe(2)
})
