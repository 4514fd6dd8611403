import { classOf } from '../condition/name.ts'
import type { Days } from './days.ts'
import { inTime, PATIENCE } from './patience.ts'
import type { AssetClass, Provider, Quote, Unknown } from './provider.ts'
import { accept, askAll, freshFor } from './quotes.ts'

/** Where a person's question about prices is answered. */
export type Desk = {
  /** The quote of each symbol as of now: the one kept if it is young enough, else asked for. Every symbol has an entry. */
  look(symbols: readonly string[]): Promise<Map<string, Quote | Unknown>>
  /** The same for what an alert looks at, with the figures of the day where it looks at those. */
  lookFor(question: {
    symbols: readonly string[]
    daySymbols: readonly string[]
  }): Promise<Map<string, Quote | Unknown>>
  /** Takes a quote that was had on the way, so that it need not be asked for again. */
  take(quote: Quote): Promise<void>
}

/** What the desk is given: the providers, the quotes that are kept, a place to keep more, the clock of evaluation (ms). */
export type DeskPorts = {
  providersFor(kind: AssetClass): readonly Provider[]
  kept(symbols: readonly string[]): Promise<Map<string, Quote>>
  keep(quotes: readonly Quote[]): Promise<void>
  readonly days: Days
  now(): number
  /** The longest (ms) a person is kept waiting; 6 s unless told. */
  readonly patience?: number
}

/** A kept quote is shown without asking again while it is younger than this, ms: as young as those of watched symbols. */
const YOUNG = 10_000

/** A desk. What it had to ask for is kept, so that those who watch see the same quotes as the person. */
export function createDesk({ providersFor, kept, keep, days, now, patience = PATIENCE }: DeskPorts): Desk {
  const isYoung = ({ receivedAt }: Quote) => now() - receivedAt < YOUNG

  /** Each provider on its own: one that keeps silent costs no other's answer. */
  const ask = async (symbols: readonly string[]) => {
    const firstOf = (symbol: string) => providersFor(classOf(symbol))[0]
    const rounds = [...new Set(symbols.map(firstOf))].map(async (provider) => {
      const group = symbols.filter((symbol) => firstOf(symbol) === provider)
      const round = await inTime(askAll(providersFor, group), patience)
      return round ? [...round.quotes.values()] : unanswered(group, provider)
    })
    return (await Promise.all(rounds)).flat()
  }

  const look = async (symbols: readonly string[]) => {
    const before = await kept(symbols)
    const old = symbols.filter((symbol) => {
      const quote = before.get(symbol)
      return !quote || !isYoung(quote)
    })
    const judged = (await ask(old)).map((answer) => judge(before.get(answer.symbol), answer, now()))
    await keep(judged.filter((answer): answer is Quote => !('unknown' in answer)))
    return new Map<string, Quote | Unknown>([...before, ...judged.map((answer) => [answer.symbol, answer] as const)])
  }

  return {
    look,
    async lookFor({ symbols, daySymbols }) {
      const quotes = await look(symbols)
      for (const symbol of daySymbols) {
        const quote = quotes.get(symbol)
        if (quote && !('unknown' in quote)) quotes.set(symbol, await days.complete(quote))
      }
      return quotes
    },
    async take(quote) {
      const before = (await kept([quote.symbol])).get(quote.symbol)
      if (judge(before, quote, now()) === quote) await keep([quote])
    },
  }
}

function unanswered(symbols: readonly string[], provider: Provider | undefined): Unknown[] {
  const unknown = `${provider?.name ?? 'the market'} has not answered yet`
  return symbols.map((symbol) => ({ symbol, unknown, gone: false }))
}

/** A quote if it may be believed, else the one before it while that is fresh, else why there is none. */
function judge(before: Quote | undefined, answer: Quote | Unknown, now: number): Quote | Unknown {
  if ('unknown' in answer) return answer
  const verdict = accept(before, answer, now)
  if (verdict.ok) return answer
  const isFresh = before !== undefined && now - before.receivedAt < freshFor(before.symbol)
  return isFresh ? before : { symbol: answer.symbol, unknown: verdict.why, gone: false }
}
