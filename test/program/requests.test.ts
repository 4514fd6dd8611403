import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { startProviders } from './providers.ts'
import { runProgram } from './run-program.ts'

const LETTERS = [...'ABCDEFGHJKLMNOPQRSTUVWXYZ']
const STOCKS = [...LETTERS.map((letter) => `XQ${letter}`), ...LETTERS.slice(0, 20).map((letter) => `YQ${letter}`)]
const COINS = ['BTC', 'ETH', 'SOL']

test(`a round asks for ${STOCKS.length} stocks in 3 requests and for ${COINS.length} coins in 1, whatever the number of alerts`, async () => {
  const database = freshDatabase()
  // The alerts are set where a symbol costs no request, then watched where it does.
  const setter = runProgram(['start'], { MARKET: 'simulated', MONGODB_URI: database })
  const lines = [...STOCKS, ...STOCKS.slice(0, 15), ...COINS, ...COINS].map(
    (symbol, index) => `alert ${symbol} > ${1e9 + index}`,
  )
  setter.type(...lines)
  await setter.sees(new RegExp(`^Alert ${lines.length} is on\\.$`, 'm'))
  setter.type('exit')
  await setter.ended()

  const { yahoo, coinbase, settings } = await startProviders({
    yahoo: Object.fromEntries(STOCKS.map((symbol) => [symbol, 100])),
    coinbase: Object.fromEntries(COINS.map((symbol) => [`${symbol}-USD`, '100'])),
  })
  runProgram(['start'], { ...settings, FETCH_INTERVAL: '1s', MONGODB_URI: database })
  const rounds = 5
  while (yahoo.requests.length < 3 * rounds || coinbase.requests.length < rounds) await wait(50)

  const asked = yahoo.requests.map((url) => url.searchParams.get('symbols') ?? url.pathname)
  const [first, second, third] = asked
  const whole = Math.floor(asked.length / 3) * 3
  expect(asked.slice(0, whole)).toEqual(Array.from({ length: whole / 3 }, () => [first, second, third]).flat())
  expect([first, second, third].map((batch) => batch?.split(',').length)).toEqual([20, 20, STOCKS.length - 40])
  expect([first, second, third].flatMap((batch) => batch?.split(',')).sort()).toEqual([...STOCKS].sort())

  const ids = coinbase.requests.map((url) => url.searchParams.getAll('product_ids').sort())
  expect(ids).toEqual(ids.map(() => ['BTC-USD', 'ETH-USD', 'SOL-USD']))
})
