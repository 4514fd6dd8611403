import { onTestFinished } from 'vitest'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
import { type NasdaqDouble, startNasdaq } from '../doubles/nasdaq.ts'
import { startYahoo, type YahooDouble } from '../doubles/yahoo.ts'
import type { Settings } from './run-program.ts'

/** A Tuesday on which New York trades, an hour and a half after it opened. */
export const TRADING = '2026-03-10T15:00:00Z'

/**
 * Doubles of a provider for each class, ended with the test, and the settings that point the program to them. Nasdaq is
 * asked for stocks where it is given.
 */
export async function startProviders(
  prices: {
    yahoo?: Parameters<typeof startYahoo>[0]
    coinbase?: Parameters<typeof startCoinbase>[0]
    nasdaq?: Parameters<typeof startNasdaq>[0]
  } = {},
): Promise<{ yahoo: YahooDouble; coinbase: CoinbaseDouble; nasdaq: NasdaqDouble; settings: Settings }> {
  const yahoo = await startYahoo(prices.yahoo)
  const coinbase = await startCoinbase(prices.coinbase)
  const nasdaq = await startNasdaq(prices.nasdaq)
  onTestFinished(async () => {
    await Promise.all([yahoo.stop(), coinbase.stop(), nasdaq.stop()])
  })
  const settings = {
    ...{ YAHOO_URL: yahoo.url, COINBASE_URL: coinbase.url, NASDAQ_URL: nasdaq.url },
    ...{ MARKET_STOCKS: prices.nasdaq ? 'yahoo,nasdaq' : 'yahoo', MARKET_CRYPTO: 'coinbase', MARKET_FX: 'yahoo' },
    FETCH_INTERVAL: '250ms',
  }
  return { yahoo, coinbase, nasdaq, settings }
}

/** AAPL at a price that was true at the moment `minutes` after `TRADING`, as the double of Yahoo takes it. */
export function apple(price: number, minutes = 0): { price: number; time: number } {
  return { price, time: Date.parse(TRADING) / 1000 + minutes * 60 }
}
