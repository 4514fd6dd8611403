import { classOf } from '../condition/name.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Days } from '../market/days.ts'
import type { AssetClass, Provider, Quote } from '../market/provider.ts'
import { accept, FRESHEN } from '../market/quotes.ts'

/** What a round of fetching works with. */
export type FetchPorts = {
  readonly provider: Provider
  /** The asset classes that this provider is to serve. */
  readonly classes: readonly AssetClass[]
  /** The distinct symbols of all watched alerts, and those of which a figure of the day is looked at. */
  symbols(): Promise<{ symbols: readonly string[]; daySymbols: readonly string[] }>
  readonly days: Pick<Days, 'soon'>
  kept(symbols: readonly string[]): Promise<Map<string, Quote>>
  write(quotes: readonly Quote[]): Promise<void>
  /** Called when a round is over. */
  done(): Promise<void>
  now(): number
  readonly log: Log
}

/**
 * One round: every distinct symbol is asked for once, what is a quote and is news is written.
 * A provider that fails is logged; its quotes then become stale by themselves.
 */
export function createFetch(ports: FetchPorts): () => Promise<void> {
  return async () => {
    const wanted = await ports.symbols()
    const symbols = wanted.symbols.filter((symbol) => ports.classes.includes(classOf(symbol)))
    if (symbols.length > 0) {
      // Others write too: the round before may have run in another process, and a person may have asked for a price.
      const last = await ports.kept(symbols)
      const ofTheDay = new Set(wanted.daySymbols)
      const answers = await ask(ports, symbols)
      // The prices of all do not wait for the candles of some.
      const completed = answers.map((quote) => (ofTheDay.has(quote.symbol) ? ports.days.soon(quote) : quote))
      const news = completed.filter(
        (quote) => isQuote(ports, last.get(quote.symbol), quote) && isNews(last.get(quote.symbol), quote),
      )
      await ports.write(news)
    }
    await ports.done()
  }
}

async function ask({ provider, log }: FetchPorts, symbols: readonly string[]): Promise<Quote[]> {
  try {
    const answers = [...(await provider.quotes(symbols)).values()]
    return answers.filter((answer): answer is Quote => {
      if (!('unknown' in answer)) return true
      log.debug({ provider: provider.name, symbol: answer.symbol, why: answer.unknown }, 'no quote')
      return false
    })
  } catch (error) {
    log.warn({ provider: provider.name, why: messageOf(error) }, 'the provider did not answer')
    return []
  }
}

function isQuote({ provider, now, log }: FetchPorts, before: Quote | undefined, quote: Quote): boolean {
  const verdict = accept(before, quote, now())
  if (!verdict.ok) log.debug({ provider: provider.name, symbol: quote.symbol, why: verdict.why }, 'not a quote')
  return verdict.ok
}

function isNews(before: Quote | undefined, { receivedAt, ...now }: Quote): boolean {
  if (!before || receivedAt - before.receivedAt >= FRESHEN) return true
  const { receivedAt: _, ...then } = before
  return JSON.stringify(Object.entries(now).sort()) !== JSON.stringify(Object.entries(then).sort())
}
