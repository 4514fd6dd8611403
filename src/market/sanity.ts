import { Decimal } from 'decimal.js'
import { classOf, tickerOf } from '../condition/name.ts'
import type { AssetClass, Quote } from './provider.ts'

/** What can be wrong with a quote. The last three may be right all the same, so such a quote only has to wait. */
export type Rule = 'price' | 'future' | 'older' | 'currency' | 'split' | 'jump' | 'disagreement'

/**
 * What is to be done with a quote: believe it, never believe it, or hold it back until something confirms it. `why` goes
 * on from `A price of 900 was not believed: …`.
 */
export type Judgement =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'refuse' | 'hold'; readonly rule: Rule; readonly why: string }

/** What a quote is judged by beside the one before it. */
export type Circumstances = {
  /** The clock of evaluation, ms. */
  readonly now: number
  /** Trading ended and began anew since the quote before it. */
  readonly isOvernight: boolean
  /** A made or recorded market: it has the jumps that somebody wanted, and no second source. */
  readonly isMade: boolean
}

/** Clocks differ; a quote from further ahead than this is an error, ms. */
const FUTURE = 60_000
/** How far a price may go from one round to the next, as a share of it. */
const JUMP = 0.25
/** How far two sources may be apart, as a share of the price. */
const APART: Readonly<Record<AssetClass, number>> = { stock: 0.02, crypto: 0.02, fx: 0.01 }
/** Two quotes that were received so close to each other are both fresh, ms. */
const TOGETHER = 60_000
/** What was last heard longer ago than this tells little about the price now, ms. */
const FORGOTTEN = 7 * 86_400_000
/** What is made of one share; all of them happen the other way round too. */
const SPLITS = [5 / 4, 4 / 3, 3 / 2, 2, 5 / 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100]
/** How far the price may have moved over the night beside the split, as a share of it. */
const SPLIT_NEAR = 0.05

const ACCEPT: Judgement = { verdict: 'accept' }

/**
 * Whether a quote may be believed, given the last one that was. Refused: a price that is no number above zero (`price`), a
 * time more than 60 s ahead (`future`), another currency or unit than before, because levels were typed in that one
 * (`currency`), a time before that of the last one, by `asOf` where both have it, else by `receivedAt` (`older`). Held
 * back: an overnight jump of a stock that a split would explain (`split`), a price more than 25 % away from the last one
 * (`jump`), another source that says something else at the same time: more than 2 %, with FX 1 % (`disagreement`).
 */
export function judge(previous: Quote | undefined, quote: Quote, circumstances: Circumstances): Judgement {
  return (
    unusable(quote, circumstances.now) ??
    (previous &&
      (misfit(previous, quote) ?? (circumstances.isMade ? undefined : doubt(previous, quote, circumstances)))) ??
    ACCEPT
  )
}

/** How far two prices are apart, as a share of the first; decimal text. */
export function shareBetween(one: Pick<Quote, 'price'>, other: Pick<Quote, 'price'>): Decimal {
  return new Decimal(other.price).div(one.price).minus(1).abs()
}

/** Whether two sources say the same of a symbol, as far as two sources ever do: within 2 %, with FX 1 %. */
export function isAgreed(one: Quote, other: Quote): boolean {
  return one.currency === other.currency && shareBetween(one, other).lte(APART[classOf(one.symbol)])
}

/** Whether a split would explain how far a price went, up or down: within 5 % of a usual ratio. */
export function isLikeSplit(before: Pick<Quote, 'price'>, after: Pick<Quote, 'price'>): boolean {
  const ratio = new Decimal(before.price).div(after.price)
  return SPLITS.some((split) => isNear(ratio, split) || isNear(ratio, 1 / split))
}

function isNear(ratio: Decimal, split: number): boolean {
  return ratio.div(split).minus(1).abs().lte(SPLIT_NEAR)
}

function unusable({ price, asOf = 0, receivedAt }: Quote, now: number): Judgement | undefined {
  if (!isPrice(price)) return no('refuse', 'price', 'it is no number above zero')
  return Math.max(asOf, receivedAt) > now + FUTURE ? no('refuse', 'future', 'its time is in the future') : undefined
}

function misfit(previous: Quote, quote: Quote): Judgement | undefined {
  const [unit, unitBefore] = [unitOf(quote), unitOf(previous)]
  if (unit !== unitBefore) return no('refuse', 'currency', `it is in ${unit}, the one before was in ${unitBefore}`)
  const both = quote.asOf !== undefined && previous.asOf !== undefined
  const isOlder = both ? quote.asOf < previous.asOf : quote.receivedAt < previous.receivedAt
  return isOlder ? no('refuse', 'older', 'it is older than the one before') : undefined
}

function doubt(previous: Quote, quote: Quote, { isOvernight }: Circumstances): Judgement | undefined {
  const between = quote.receivedAt - previous.receivedAt
  if (between > FORGOTTEN) return undefined
  const share = shareBetween(previous, quote)
  const way = new Decimal(quote.price).gt(previous.price) ? 'rose' : 'fell'
  const jumped = `it ${way} by ${share.times(100).toDecimalPlaces(1)} % at once`
  if (isOvernight && canSplit(quote.symbol) && isLikeSplit(previous, quote))
    return no('hold', 'split', `${jumped}, which looks like a split`)
  if (share.gt(JUMP)) return no('hold', 'jump', jumped)
  if (previous.source === quote.source || between > TOGETHER || isAgreed(previous, quote)) return undefined
  return no('hold', 'disagreement', `${previous.source} said ${previous.price} at the same time`)
}

/** Indices and futures have none. */
function canSplit(symbol: string): boolean {
  return classOf(symbol) === 'stock' && !/^\^|=/.test(tickerOf(symbol))
}

function unitOf({ currency, minor }: Quote): string {
  return minor ? `${currency} (${minor.name})` : currency
}

function no(verdict: 'refuse' | 'hold', rule: Rule, why: string): Judgement {
  return { verdict, rule, why }
}

function isPrice(text: string): boolean {
  try {
    const price = new Decimal(text)
    return price.isFinite() && price.gt(0)
  } catch {
    return false
  }
}
