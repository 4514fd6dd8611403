import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createDoubts } from '../../src/jobs/doubts.ts'
import type { HeldBack } from '../../src/market/held-back.ts'

const JUMP: HeldBack = {
  ...{ symbol: 'stock:AAPL', rule: 'jump', price: '900', source: 'test', why: 'it rose by 80 % at once' },
  isWaiting: true,
  at: 0,
}

test('a doubt is kept and told to the log with its rule, the same one no more than every half minute', async () => {
  const logged: { rule: string; level: number }[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const kept: string[] = []
  let now = 0
  const keep = async ([one]: readonly HeldBack[]) => void kept.push(`${one?.rule} ${one?.symbol}`)
  const doubted = createDoubts({ keep, now: () => now, log: pino({ level: 'info' }, stream) })
  doubted(JUMP)
  now = 29_999
  doubted(JUMP)
  doubted({ ...JUMP, symbol: 'stock:MSFT' })
  doubted({ ...JUMP, rule: 'older' })
  now = 60_000
  doubted(JUMP)
  expect(kept).toEqual(['jump stock:AAPL', 'jump stock:MSFT', 'older stock:AAPL', 'jump stock:AAPL'])
  expect(logged.map(({ rule, level }) => `${rule} ${level}`)).toEqual(['jump 40', 'jump 40', 'jump 40'])
})

test('one that cannot be kept stops nothing', async () => {
  const doubted = createDoubts({
    keep: () => Promise.reject(new Error('down')),
    now: () => 0,
    log: pino({ level: 'silent' }),
  })
  expect(() => doubted(JUMP)).not.toThrow()
  await new Promise((resolve) => setImmediate(resolve))
})
