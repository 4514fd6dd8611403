import { onTestFinished } from 'vitest'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
import { startYahoo, type YahooDouble } from '../doubles/yahoo.ts'
import type { Settings } from './run-program.ts'

/** A Tuesday on which New York trades, an hour and a half after it opened. */
export const TRADING = '2026-03-10T15:00:00Z'

/** Doubles of both providers, ended with the test, and the settings that point the program to them. */
export async function startProviders(
  prices: { yahoo?: Parameters<typeof startYahoo>[0]; coinbase?: Parameters<typeof startCoinbase>[0] } = {},
): Promise<{ yahoo: YahooDouble; coinbase: CoinbaseDouble; settings: Settings }> {
  const yahoo = await startYahoo(prices.yahoo)
  const coinbase = await startCoinbase(prices.coinbase)
  onTestFinished(async () => {
    await Promise.all([yahoo.stop(), coinbase.stop()])
  })
  return { yahoo, coinbase, settings: { YAHOO_URL: yahoo.url, COINBASE_URL: coinbase.url, FETCH_INTERVAL: '250ms' } }
}

/** AAPL at a price that was true at the moment `minutes` after `TRADING`, as the double of Yahoo takes it. */
export function apple(price: number, minutes = 0): { price: number; time: number } {
  return { price, time: Date.parse(TRADING) / 1000 + minutes * 60 }
}
