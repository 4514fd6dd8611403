import { tickerOf } from '../condition/name.ts'
import { type Chain, isDaily } from './chain.ts'
import type { Days } from './days.ts'
import type { HeldBack, Sieve } from './held-back.ts'
import { inTime, PATIENCE } from './patience.ts'
import type { Quote, Unknown } from './provider.ts'
import { freshFor } from './quotes.ts'

/** Where a person's question about prices is answered. */
export type Desk = {
  /**
   * The quote of each symbol as of now: the one kept if it is young enough, else asked for; where nothing else is to be
   * had, the rate of the day. Every symbol has an entry.
   */
  look(symbols: readonly string[]): Promise<Map<string, Quote | Unknown>>
  /** What an alert looks at, never a rate of the day, with the figures of the day where it looks at those. */
  lookFor(question: {
    symbols: readonly string[]
    daySymbols: readonly string[]
  }): Promise<Map<string, Quote | Unknown>>
  /** Takes a quote that was had on the way, so that it need not be asked for again. */
  take(quote: Quote): Promise<void>
}

/** What the desk is given: who is asked, the quotes that are kept, a place to keep more, the clock of evaluation (ms). */
export type DeskPorts = {
  readonly chain: Pick<Chain, 'quotes'>
  /** Tells which quotes may be believed. */
  readonly sift: Sieve['sift']
  kept(symbols: readonly string[]): Promise<Map<string, Quote>>
  keep(quotes: readonly Quote[]): Promise<void>
  readonly days: Days
  now(): number
  /** The longest (ms) a person is kept waiting; 6 s unless told. */
  readonly patience?: number
}

/** A kept quote is shown without asking again while it is younger than this, ms: as young as those of watched symbols. */
const YOUNG = 10_000
/** The share of a person's time that is for the providers; what is left is for telling what came of it. */
const SHARE = 0.95

/** A desk. What it had to ask for is kept, so that those who watch see the same quotes as the person. */
export function createDesk({ chain, sift, kept, keep, days, now, patience = PATIENCE }: DeskPorts): Desk {
  const isYoung = ({ receivedAt }: Quote) => now() - receivedAt < YOUNG

  /** One provider that keeps silent costs no other's answer. */
  const ask = async (symbols: readonly string[], daily: boolean): Promise<(Quote | Unknown)[]> => {
    const arrived = new Map<string, Quote | Unknown>()
    const work = chain.quotes(symbols, {
      for: 'person',
      daily,
      patience: patience * SHARE,
      arrived: (quotes) => quotes.forEach((quote) => void arrived.set(quote.symbol, quote)),
    })
    const answers = (await inTime(work, patience))?.quotes ?? arrived
    return symbols.map((symbol) => answers.get(symbol) ?? unanswered(symbol))
  }

  /**
   * Each quote if it may be believed, else the one before it while that is fresh, else why there is none. For what is
   * confirmed by others a person waits as long as for the market.
   */
  const believed = async (before: ReadonlyMap<string, Quote>, answers: readonly (Quote | Unknown)[]) => {
    const quotes = answers.filter((answer): answer is Quote => !('unknown' in answer))
    // A rate of the day is older than what was heard by day, and is told as what it is.
    const previous = new Map(
      [...before].filter(([symbol]) => !quotes.some((one) => one.symbol === symbol && isDaily(one))),
    )
    const doubts = new Map<string, HeldBack>()
    const { sure, confirmed } = sift(previous, quotes, (doubt) => void doubts.set(doubt.symbol, doubt))
    const late = (await inTime(confirmed, patience)) ?? []
    const found = new Map([...sure, ...late].map((quote) => [quote.symbol, quote]))
    return answers.map((answer) => {
      if ('unknown' in answer) return answer
      return found.get(answer.symbol) ?? instead(before.get(answer.symbol), answer, doubts.get(answer.symbol), now())
    })
  }

  const lookAt = async (symbols: readonly string[], daily: boolean) => {
    const before = await kept(symbols)
    const old = symbols.filter((symbol) => {
      const quote = before.get(symbol)
      return !quote || !isYoung(quote)
    })
    const judged = await believed(before, await ask(old, daily))
    // The quote before, in place of one that is not believed, is no news: kept again it would wipe out the doubt.
    const isNews = (answer: Quote | Unknown): answer is Quote =>
      !('unknown' in answer) && !isDaily(answer) && answer !== before.get(answer.symbol)
    await keep(judged.filter(isNews))
    return new Map<string, Quote | Unknown>([...before, ...judged.map((answer) => [answer.symbol, answer] as const)])
  }

  return {
    look: (symbols) => lookAt(symbols, true),
    async lookFor({ symbols, daySymbols }) {
      const quotes = await lookAt(symbols, false)
      for (const symbol of daySymbols) {
        const quote = quotes.get(symbol)
        if (quote && !('unknown' in quote)) quotes.set(symbol, await days.complete(quote))
      }
      return quotes
    },
    async take(quote) {
      if (isDaily(quote)) return
      const before = (await kept([quote.symbol])).get(quote.symbol)
      if (before && before.receivedAt >= quote.receivedAt) return
      await keep(sift(new Map(before ? [[quote.symbol, before]] : []), [quote]).sure)
    },
  }
}

function unanswered(symbol: string): Unknown {
  return { symbol, unknown: 'the market has not answered yet', gone: false }
}

function instead(before: Quote | undefined, quote: Quote, doubt: HeldBack | undefined, now: number): Quote | Unknown {
  if (before !== undefined && now - before.receivedAt < freshFor(before.symbol)) return before
  const said = `${quote.source} said ${quote.price} for ${tickerOf(quote.symbol)}`
  return {
    symbol: quote.symbol,
    unknown: `${said}, which is not believed${doubt ? `: ${doubt.why}` : ''}`,
    gone: false,
  }
}
