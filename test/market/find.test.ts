import { describe, expect, test } from 'vitest'
import { createFind } from '../../src/market/find.ts'
import type { AssetClass, Listing, Provider } from '../../src/market/provider.ts'

function provider(listings: readonly Listing[] | Error | 'silent', limits?: Provider['limits']) {
  const asked: string[] = []
  const made = {
    async search(text: string) {
      asked.push(text)
      if (listings === 'silent') return await new Promise<never>(() => {})
      if (listings instanceof Error) throw listings
      return [...listings]
    },
    ...(limits ? { limits } : {}),
  } as unknown as Provider
  return { made, asked }
}

function finder(table: Partial<Record<AssetClass, readonly Provider[]>>) {
  const clock = { now: 0 }
  return { clock, find: createFind({ providersFor: (kind) => table[kind] ?? [], now: () => clock.now }) }
}

const symbols = (found: readonly Listing[]) => found.map(({ symbol }) => symbol)
const apple = { symbol: 'stock:AAPL', name: 'Apple Inc.' }

describe('what somebody may mean who is still typing', () => {
  test('is what searches find, whose ticker is just that before whose ticker or name begins so', async () => {
    const stocks = provider([
      { symbol: 'stock:X', name: 'Holds aap' },
      { symbol: 'stock:Y', name: 'Aap Implants' },
      apple,
      { symbol: 'stock:AAP', name: 'Advance' },
    ])
    const { find } = finder({ stock: [stocks.made] })
    expect(symbols(await find(' AAP '))).toEqual(['stock:AAP', 'stock:AAPL', 'stock:Y', 'stock:X'])
  })

  test('knows the well-known coins by itself, each once', async () => {
    const coins = provider([{ symbol: 'crypto:BTC/USD', name: 'Bitcoin' }])
    const { find } = finder({ crypto: [coins.made] })
    expect(symbols(await find('btc'))).toEqual(['crypto:BTC/USD'])
    expect(symbols(await find('bitcoin'))).toEqual(['crypto:BTC/USD', 'crypto:BCH/USD'])
  })

  test('is not searched for twice within ten minutes', async () => {
    const stocks = provider([apple])
    const { find, clock } = finder({ stock: [stocks.made] })
    await Promise.all([find('apple'), find('Apple')])
    clock.now = 599_999
    await find('apple')
    expect(stocks.asked).toHaveLength(1)
    clock.now = 600_000
    await find('apple')
    expect(stocks.asked).toHaveLength(2)
  })

  test('one letter says too little to ask for, nothing says nothing', async () => {
    const stocks = provider([apple])
    const { find } = finder({ stock: [stocks.made] })
    expect(await find('')).toEqual([])
    expect(symbols(await find('z'))).toEqual(['crypto:ZEC/USD'])
    expect(stocks.asked).toEqual([])
  })

  test('a provider that counts by the day or the month is not asked, another one is', async () => {
    const [daily, monthly, free] = [provider([], { perDay: 800 }), provider([], { perMonth: 9 }), provider([apple])]
    const { find } = finder({ stock: [daily.made, monthly.made, free.made] })
    expect(symbols(await find('apple'))).toEqual(['stock:AAPL'])
    expect([daily.asked, monthly.asked]).toEqual([[], []])
  })

  test('one that fails, or does not answer, keeps nothing of the others back', async () => {
    const [broken, silent, stocks] = [provider(new Error('down')), provider('silent'), provider([apple])]
    const { find } = finder({ crypto: [broken.made], fx: [silent.made], stock: [stocks.made] })
    expect(symbols(await find('apple'))).toEqual(['stock:AAPL'])
  })
})
