import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { createMarket } from '../../src/market/index.ts'
import { INTERVALS, type Interval, type Provider } from '../../src/market/provider.ts'
import { SOURCES, type SourceName } from '../../src/market/sources.ts'

const NOW = Date.parse('2026-03-10T15:00:00Z')
const SAMPLES = { stock: 'stock:AAPL', crypto: 'crypto:BTC/USD', fx: 'fx:EUR/USD' } as const
const KEYS = { TIINGO_KEY: 'a', ALPACA_KEY: 'b', ALPACA_SECRET: 'c', TWELVEDATA_KEY: 'd', COINDESK_KEY: 'e' }

/** A provider of the list whose requests go nowhere, and how many it made. */
function made(name: SourceName): { provider: Provider; requests: () => number } {
  let requests = 0
  const nowhere = async () => {
    requests += 1
    return new Response('[]')
  }
  const urls = Object.fromEntries(Object.keys(SOURCES).map((one) => [one, 'http://nowhere.test'])) as never
  const order = { stock: [], crypto: [], fx: [], [SOURCES[name].classes[0]]: [name] }
  const market = createMarket({
    ...{ market: 'live', speed: 1, seed: 1, interval: 10_000, now: () => NOW, log: createLog('silent') },
    live: { urls, keys: KEYS, order },
    http: { fetch: nowhere, sleep: async () => {} },
  })
  return { provider: market.providers[0]!, requests: () => requests }
}

/** The lengths of candles that a provider has. One that it has not is refused before anything is asked. */
async function candlesOf(name: SourceName): Promise<string> {
  const all = Object.keys(INTERVALS) as Interval[]
  const has = async (interval: Interval) => {
    const { provider } = made(name)
    const from = NOW - 3 * INTERVALS[interval]
    const thrown = await provider.candles(SAMPLES[SOURCES[name].classes[0]], interval, from, NOW).catch(String)
    return !String(thrown).includes('has no candles of')
  }
  const found = await Promise.all(all.map(has))
  const names = all.filter((_, index) => found[index])
  return names.length === all.length ? 'all' : names.join(' ')
}

async function searches(name: SourceName): Promise<boolean> {
  const { provider, requests } = made(name)
  await provider.search('apple').catch(() => {})
  return requests() > 0
}

/** Every cell of a provider's row, as the code has it. */
async function rowOf(name: SourceName): Promise<string[]> {
  const { provider } = made(name)
  const trouble = readFileSync('test/market/trouble.test.ts', 'utf8')
  const yes = (is: boolean) => (is ? 'yes' : 'no')
  return [
    provider.name,
    provider.classes.join(', '),
    SOURCES[name].needs.map((key) => `\`${key}\``).join(' ') || 'none',
    yes(existsSync(`test/market/${name}.test.ts`)),
    String(provider.batch),
    await candlesOf(name),
    yes(await searches(name)),
    yes('stream' in provider),
    yes(trouble.includes(`make: (http) => ${name}(`) || new RegExp(`\\b${name}\\(`).test(trouble)),
    'no',
  ]
}

it('the README says of every provider what it can do', async () => {
  const table = readFileSync('README.md', 'utf8').split('| provider |')[1]?.split('\n\n')[0] ?? ''
  const rows = table.split('\n').slice(2)
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  expect(cells).toEqual(await Promise.all((Object.keys(SOURCES) as SourceName[]).map(rowOf)))
})
