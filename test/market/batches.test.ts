import { describe, expect, it } from 'vitest'
import { type Answers, askInBatches, askOurs, createHalving } from '../../src/market/batches.ts'
import { ProviderError, type Unknown } from '../../src/market/provider.ts'

const quote = (symbol: string) => ({ symbol, price: '1', currency: 'USD', source: 'test', receivedAt: 0 })
const nothing = (symbol: string): Unknown => ({ symbol, unknown: `no ${symbol}`, gone: true })
const letters = (text: string) => text.split('').map((letter) => `stock:${letter}`)
const priced = (answers: Answers) => [...answers.values()].flatMap((one) => ('price' in one ? one.symbol.slice(6) : []))

describe('halves', () => {
  /** Refuses every batch with one of these letters in it. */
  const setUp = (bad: string) => {
    const asked: string[] = []
    let now = 0
    const refuses = new Set(letters(bad))
    const ask = createHalving(
      () => now,
      async (batch) => {
        asked.push(batch.map((symbol) => symbol.slice(6)).join(''))
        if (!batch.some((symbol) => refuses.has(symbol))) return new Map(batch.map((symbol) => [symbol, quote(symbol)]))
        return batch.length === 1 ? new Map([[batch[0]!, nothing(batch[0]!)]]) : undefined
      },
    )
    const pass = (ms: number) => {
      now += ms
    }
    return { ask, asked, refuses, pass }
  }

  it.each([
    ['ABCDEFGH', '', 'ABCDEFGH'],
    ['ABCDEFGH', 'C', 'ABDEFGH'],
    ['ABCDEFGH', 'AH', 'BCDEFG'],
    ['ABC', 'ABC', ''],
    ['A', 'A', ''],
  ])('of %s find all but %j: %j', async (all, bad, good) => {
    const answers = await setUp(bad).ask(letters(all))
    expect(priced(answers).join('')).toBe(good)
    expect(answers.size).toBe(all.length)
  })

  it('leave out who spoiled a batch, for an hour', async () => {
    const { ask, asked, refuses, pass } = setUp('C')
    await ask(letters('ABCD'))
    expect(asked).toEqual(['ABCD', 'AB', 'CD', 'C', 'D'])
    expect((await ask(letters('ABCD'))).get('stock:C')).toEqual(nothing('stock:C'))
    expect(asked.slice(5)).toEqual(['ABD'])
    refuses.clear()
    pass(3_600_000)
    expect(priced(await ask(letters('ABCD'))).join('')).toBe('ABCD')
  })

  it('do not leave out a symbol that was asked for by itself', async () => {
    const { ask, asked } = setUp('C')
    await ask(letters('C'))
    await ask(letters('C'))
    expect(asked).toEqual(['C', 'C'])
  })
})

describe('a provider of one kind of symbols', () => {
  const isOurs = (symbol: string) => symbol < 'stock:C'

  it('is asked for those alone, each once', async () => {
    const asked: string[] = []
    const answers = await askOurs(letters('ACBA'), isOurs, nothing, async (ours) => {
      asked.push(...ours)
      return new Map(ours.map((symbol) => [symbol, quote(symbol)]))
    })
    expect(asked).toEqual(letters('AB'))
    expect([...answers.keys()]).toEqual(letters('ABC'))
    expect(answers.get('stock:C')).toEqual(nothing('stock:C'))
  })

  it('is not asked where there are none', async () => {
    const fail = () => Promise.reject(new Error('asked'))
    expect(await askOurs(letters('CD'), isOurs, nothing, fail)).toEqual(
      new Map(letters('CD').map((symbol) => [symbol, nothing(symbol)])),
    )
  })
})

it('does not take a fault of ours for one of the provider’s', async () => {
  await expect(askInBatches(letters('A'), 1, () => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError)
  const error = new ProviderError('Yahoo', 'is down')
  await expect(askInBatches(letters('A'), 1, () => Promise.reject(error))).rejects.toBe(error)
})
