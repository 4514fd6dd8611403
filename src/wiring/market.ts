import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { Counters } from '../market/budget.ts'
import { createMarket, type LiveOptions, type Market } from '../market/index.ts'
import { SOURCES, type SourceName } from '../market/sources.ts'

/**
 * The market that the configuration asks for. `counters` count what providers are asked for. Throws `UserError` where a
 * replay file is not good.
 */
export function marketOf(config: Config, log: Log, counters?: Counters): Market {
  const { MARKET } = config
  return createMarket({
    market: MARKET.startsWith('replay:')
      ? { replay: MARKET.slice('replay:'.length) }
      : (MARKET as 'live' | 'simulated'),
    speed: config.MARKET_SPEED,
    seed: config.MARKET_SEED,
    live: liveOptionsOf(config),
    interval: config.FETCH_INTERVAL,
    now: Date.now,
    log,
    ...(counters ? { counters } : {}),
  })
}

function liveOptionsOf(config: Config): LiveOptions {
  const urlOf = (name: SourceName) => config[`${name.toUpperCase() as Uppercase<SourceName>}_URL`]
  const urls = Object.fromEntries((Object.keys(SOURCES) as SourceName[]).map((name) => [name, urlOf(name)]))
  const { TIINGO_KEY, ALPACA_KEY, ALPACA_SECRET, TWELVEDATA_KEY, COINDESK_KEY, COINGECKO_KEY } = config
  return {
    urls: urls as LiveOptions['urls'],
    keys: { TIINGO_KEY, ALPACA_KEY, ALPACA_SECRET, TWELVEDATA_KEY, COINDESK_KEY, COINGECKO_KEY },
    order: { stock: config.MARKET_STOCKS, crypto: config.MARKET_CRYPTO, fx: config.MARKET_FX },
  }
}
