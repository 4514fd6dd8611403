import { Decimal } from 'decimal.js'
import { inTime, PATIENCE } from './patience.ts'
import type { Quote, Split } from './provider.ts'
import { type Circumstances, isAgreed, type Judgement, judge, type Rule, shareBetween } from './sanity.ts'
import type { Calendar } from './sessions.ts'

/** A quote that was not believed, as it is kept with its symbol. `at` is ms on the clock of evaluation. */
export type HeldBack = {
  readonly symbol: string
  readonly rule: Rule
  readonly price: string
  readonly source: string
  /** Goes on from `A price of 900 was not believed: …`. */
  readonly why: string
  /** It is believed once something confirms it; else never. */
  readonly isWaiting: boolean
  readonly at: number
}

/** Quotes that were judged. */
export type Sifted = {
  /** What may be believed at once. */
  readonly sure: readonly Quote[]
  /** What may be believed after all: a second source or the splits were asked for it. Never rejects. */
  readonly confirmed: Promise<readonly Quote[]>
}

/** Judges quotes as they come, and remembers those that wait for something to confirm them. */
export type Sieve = {
  /** `previous`: the last quote of each symbol that was believed. `doubted` hears of those that are not, besides the port. */
  sift(previous: ReadonlyMap<string, Quote>, quotes: readonly Quote[], doubted?: (heldBack: HeldBack) => void): Sifted
}

/** What a sieve works with. */
export type SievePorts = {
  /** The clock of evaluation, ms. */
  now(): number
  readonly calendar: Pick<Calendar, 'sessionAt'>
  /** A made or recorded market: nothing has to wait in it. */
  readonly isMade: boolean
  /** A quote of a symbol from a source that is not `than`, where there is one that answers. */
  opinion?(symbol: string, than: string): Promise<Quote | undefined>
  /**
   * The splits of a symbol since a moment (ms), of which the owners of its alerts have been told by then; undefined where
   * nobody can say now. Left out where nobody ever can.
   */
  splits?(symbol: string, since: number): Promise<readonly Split[] | undefined>
  /** Hears of everything that is not believed. */
  doubted(heldBack: HeldBack): void
}

/** Quotes agree with the one that is held back within this share. */
const AGREED = new Decimal('0.01')
/** So many that agree, over so long (ms), confirm each other where no second source answers. */
const ENOUGH = 3
const LONG_ENOUGH = 60_000
/** A second source contradicts only with a price that is no older than this, ms: it may be told late. */
const FRESH_OPINION = 120_000
/** A second source is asked about a symbol no more often than this, ms, and the splits of it. */
const ASK_EVERY = 10_000
const ASK_SPLITS_EVERY = 60_000
/** Whoever tells splits may be late: what would be one of two for one or more is none when that was said for so long (ms). */
const DENIED_FOR = 10 * 60_000
/** As far as to half or to double: most falls over night are less than that, and are not to wait. */
const FAR = new Decimal('1.9')
/** A price that looks like a split waits no longer than this (ms) for somebody to know; then it is a jump like others. */
const SPLIT_PATIENCE = 30 * 60_000
/** So many second opinions are asked for at a time: where everything jumps, it is one source that is wrong. */
const MOST_OPINIONS = 20

type Doubt = Exclude<Judgement, { verdict: 'accept' }>

type Waiting = {
  /** The first of those that agree. */
  quote: Quote
  count: number
  /** Since when a split was suspected, ms. */
  splitSince?: number
  opinionAt: number
  splitsAt: number
  /** Since when it is said that there was none, ms. */
  deniedSince?: number
  isNoSplit: boolean
}

/** A sieve that holds nothing back yet. Its state is that of this process: after a restart waiting begins anew. */
export function createSieve(ports: SievePorts): Sieve {
  const waiting = new Map<string, Waiting>()
  let asking = 0

  const circumstances = (previous: Quote | undefined, quote: Quote): Circumstances => ({
    now: ports.now(),
    isOvernight: previous !== undefined && isOvernight(previous, quote, ports.calendar),
    isMade: ports.isMade,
  })

  const heldBackOf = ({ symbol, price, source }: Quote, { rule, why, verdict }: Doubt): HeldBack => ({
    ...{ symbol, rule, price, source, why },
    isWaiting: verdict === 'hold',
    at: ports.now(),
  })

  /** What is left of a doubt about a price that looks like a split, once it is known whether there was one. */
  const judgeSplit = async (previous: Quote, quote: Quote, held: Waiting, first: Doubt): Promise<Judgement> => {
    const now = ports.now()
    const again = (before: Quote) => judge(before, quote, { ...circumstances(before, quote), isOvernight: false })
    held.splitSince ??= now
    if (held.isNoSplit || !ports.splits || now - held.splitSince > SPLIT_PATIENCE) return again(previous)
    if (now - held.splitsAt < ASK_SPLITS_EVERY) return first
    held.splitsAt = now
    const splits = await inTime(ports.splits(quote.symbol, timeOf(previous)), PATIENCE).catch(() => undefined)
    if (splits === undefined) return first
    if (splits.length === 0) held.deniedSince ??= now
    if (splits.length === 0 && isFar(previous, quote) && now - (held.deniedSince ?? now) < DENIED_FOR) return first
    held.isNoSplit = splits.length === 0
    return again(splits.reduce(afterSplit, previous))
  }

  const askOpinion = async ({ symbol, source }: Quote, held: Waiting): Promise<Quote | undefined> => {
    const now = ports.now()
    if (!ports.opinion || asking >= MOST_OPINIONS || now - held.opinionAt < ASK_EVERY) return undefined
    held.opinionAt = now
    asking += 1
    try {
      const other = await inTime(ports.opinion(symbol, source), PATIENCE)
      const isUsable =
        other && other.source !== source && judge(undefined, other, { ...CALM, now }).verdict === 'accept'
      return isUsable ? other : undefined
    } catch {
      return undefined
    } finally {
      asking -= 1
    }
  }

  /** The quote to be believed: this one, what the second source says in place of it, or none. */
  const confirm = async (
    previous: Quote,
    quote: Quote,
    first: Doubt,
    doubt: (quote: Quote, judgement: Doubt) => void,
  ): Promise<Quote | undefined> => {
    const held = waiting.get(quote.symbol) ?? { ...UNASKED, quote, count: 0 }
    waiting.set(quote.symbol, held)
    const judgement = first.rule === 'split' ? await judgeSplit(previous, quote, held, first) : first
    if (judgement.verdict === 'accept') return believe(quote)
    // Whoever has the price says nothing of a split.
    if (judgement.rule === 'split') return void doubt(quote, judgement)
    const isSame = shareBetween(held.quote, quote).lte(AGREED)
    Object.assign(held, isSame ? { count: held.count + 1 } : { quote, count: 1 })
    const other = await askOpinion(quote, held)
    if (other && isAgreed(quote, other)) return believe(quote)
    if (other && isFresh(other)) {
      Object.assign(held, { quote, count: 0 })
      doubt(quote, judgement)
      return judge(previous, other, circumstances(previous, other)).verdict === 'accept' ? other : undefined
    }
    if (held.count >= ENOUGH && quote.receivedAt - held.quote.receivedAt >= LONG_ENOUGH) return believe(quote)
    return void doubt(quote, judgement)
  }

  const isFresh = (quote: Quote) => Math.max(quote.delay ?? 0, ports.now() - timeOf(quote)) <= FRESH_OPINION

  const believe = (quote: Quote): Quote => {
    waiting.delete(quote.symbol)
    return quote
  }

  return {
    sift(previous, quotes, doubted) {
      const doubt = (quote: Quote, judgement: Doubt) => {
        const heldBack = heldBackOf(quote, judgement)
        ports.doubted(heldBack)
        doubted?.(heldBack)
      }
      const sure: Quote[] = []
      const work: Promise<Quote | undefined>[] = []
      for (const quote of quotes) {
        const before = previous.get(quote.symbol)
        const judgement = judge(before, quote, circumstances(before, quote))
        if (judgement.verdict === 'accept') sure.push(believe(quote))
        else if (judgement.verdict === 'hold' && before) work.push(confirm(before, quote, judgement, doubt))
        else doubt(quote, judgement)
      }
      return { sure, confirmed: Promise.all(work).then((found) => found.filter((one) => one !== undefined)) }
    },
  }
}

const UNASKED = {
  opinionAt: Number.NEGATIVE_INFINITY,
  splitsAt: Number.NEGATIVE_INFINITY,
  isNoSplit: false,
} as const
const CALM = { isOvernight: false, isMade: false } as const

/** The last quote as it would be after a split. */
function afterSplit(quote: Quote, { numerator, denominator }: Split): Quote {
  return { ...quote, price: new Decimal(quote.price).times(denominator).div(numerator).toString() }
}

function isFar({ price: before }: Quote, { price: after }: Quote): boolean {
  return Decimal.max(before, after).div(Decimal.min(before, after)).gte(FAR)
}

function isOvernight(previous: Quote, quote: Quote, { sessionAt }: SievePorts['calendar']): boolean {
  let { session, until } = sessionAt(quote.symbol, timeOf(previous))
  const then = timeOf(quote)
  while (until <= then && session !== 'closed') ({ session, until } = sessionAt(quote.symbol, until))
  return session === 'closed'
}

function timeOf({ asOf, receivedAt }: Quote): number {
  return asOf ?? receivedAt
}
