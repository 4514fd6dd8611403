import { configured } from './channels/index.ts'
import { type Config, readConfig } from './config.ts'
import { cacheDirOf, openDatabase } from './database.ts'
import { messageOf } from './errors.ts'
import { createLog } from './log.ts'
import { inTime } from './market/patience.ts'
import type { Provider, Quote } from './market/provider.ts'
import { marketOf } from './wiring/market.ts'

type Finding = { readonly part: string; readonly isWell: boolean; readonly says: string; readonly remedy?: string }

/** How long (ms) a provider may take: it may have to be asked for several things, one after the other. */
const PATIENCE = 30_000

/** What each class of instrument is tried with. */
const SAMPLES = { stock: 'stock:AAPL', crypto: 'crypto:BTC/USD', fx: 'fx:EUR/USD' } as const

/**
 * `doctor`: checks configuration, database, each provider and each channel; prints a line for each that says whether it
 * works, and what to do where it does not. Gives the exit code: 1 when the bot could not work at all.
 */
export async function doctor(print: (text: string) => void): Promise<number> {
  const tell = (finding: Finding) => {
    print(`${finding.isWell ? 'ok  ' : 'FAIL'} ${finding.part}: ${finding.says}`)
    if (!finding.isWell && finding.remedy) print(`     → ${finding.remedy}`)
    return finding.isWell
  }
  const { config, finding } = checkConfig()
  if (!tell(finding) || !config) return 1
  const isDatabaseWell = tell(await checkDatabase(config, print))
  const market = checkMarket(config)
  if ('finding' in market) return tell(market.finding) ? 0 : 1
  const providers = await Promise.all(market.providers.map(checkProvider))
  const areProvidersWell = providers.map(tell)
  for (const { name, needs } of configured(config))
    tell({ part: `channel ${name}`, isWell: true, says: `on (${needs})` })
  return isDatabaseWell && areProvidersWell.includes(true) ? 0 : 1
}

function checkConfig(): { config?: Config; finding: Finding } {
  try {
    return { config: readConfig(), finding: { part: 'configuration', isWell: true, says: 'every setting is good' } }
  } catch (error) {
    const remedy = 'correct it in the environment or in .env; .env.example explains each setting'
    return { finding: { part: 'configuration', isWell: false, says: messageOf(error), remedy } }
  }
}

async function checkDatabase(config: Config, print: (text: string) => void): Promise<Finding> {
  try {
    const database = await openDatabase({ config, say: (line) => print(`     ${line}`), lost: () => {} })
    await database.store.ping()
    await database.stop()
    return { part: 'database', isWell: true, says: `${database.describe} answers` }
  } catch (error) {
    const remedy = config.MONGODB_URI
      ? 'check MONGODB_URI, or leave it empty: a database of our own is then started in DATA_DIR'
      : `set MONGODB_URI to a MongoDB of yours, or put a mongod on the PATH (fetched ones are kept in ${cacheDirOf(config)})`
    return { part: 'database', isWell: false, says: messageOf(error), remedy }
  }
}

function checkMarket(config: Config): { providers: readonly Provider[] } | { finding: Finding } {
  try {
    return { providers: marketOf(config, createLog('silent')).providers }
  } catch (error) {
    return { finding: { part: 'market', isWell: false, says: messageOf(error), remedy: 'correct MARKET' } }
  }
}

async function checkProvider(provider: Provider): Promise<Finding> {
  const part = `provider ${provider.name}`
  const remedy =
    'check the network, and the address and key of this provider in .env; until it answers, the next one in order is asked in its place'
  try {
    const symbols = provider.classes.map((kind) => SAMPLES[kind])
    const round = await inTime(provider.quotes(symbols), PATIENCE)
    if (!round)
      return { part, isWell: false, says: `${provider.name} has not answered in ${PATIENCE / 1_000} s`, remedy }
    const answers = [...round.values()]
    const quotes = answers.filter((answer): answer is Quote => !('unknown' in answer))
    if (quotes.length > 0)
      return {
        part,
        isWell: true,
        says: quotes.map(({ symbol, price, currency }) => `${symbol} ${price} ${currency}`).join(', '),
      }
    const reasons = [...new Set(answers.map((answer) => ('unknown' in answer ? answer.unknown : '')))].join('; ')
    // A recorded day need not have the samples in it.
    return { part, isWell: provider.name === 'replay', says: reasons, remedy }
  } catch (error) {
    return { part, isWell: false, says: messageOf(error), remedy }
  }
}
