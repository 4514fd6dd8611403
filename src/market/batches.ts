import { ProviderError, type Quote, type Unknown } from './provider.ts'

/** The quote of each symbol that was asked for, or why there is none. */
export type Answers = Map<string, Quote | Unknown>

/** After so many failed batches in a row the rest of the round is not asked for: the provider is down. */
const GIVE_UP_AFTER = 2

/**
 * Asks for symbols in batches of `size`, one after the other, and puts the answers together.
 * A batch that fails gives `Unknown` with the reason for its symbols. After a request to wait, or two failures in a row,
 * what is left is not asked for and gets the same reason. Throws the `ProviderError` where no batch was answered.
 */
export async function askInBatches(
  symbols: readonly string[],
  size: number,
  ask: (batch: readonly string[]) => Promise<Answers>,
): Promise<Answers> {
  const answers: Answers = new Map()
  let answered = 0
  let failures = 0
  let last: ProviderError | undefined
  for (let start = 0; start < symbols.length; start += size) {
    const batch = symbols.slice(start, start + size)
    const over = last !== undefined && (last.retryAfter !== undefined || failures >= GIVE_UP_AFTER)
    const outcome = over ? last! : await ask(batch).catch(providerError)
    if (outcome instanceof ProviderError) {
      last = outcome
      failures += 1
      for (const symbol of batch) answers.set(symbol, { symbol, unknown: outcome.message, gone: false })
    } else {
      answered += 1
      failures = 0
      for (const [symbol, answer] of outcome) answers.set(symbol, answer)
    }
  }
  if (last !== undefined && answered === 0) throw last
  return answers
}

/**
 * For a provider that knows one kind of symbols only: `ask` gets those that `isOurs` tells, each once, and is not called
 * where there are none; the others get `refusal`.
 */
export async function askOurs(
  symbols: readonly string[],
  isOurs: (symbol: string) => boolean,
  refusal: (symbol: string) => Unknown,
  ask: (ours: readonly string[]) => Promise<Answers>,
): Promise<Answers> {
  const distinct = [...new Set(symbols)]
  const ours = distinct.filter(isOurs)
  const answers: Answers = ours.length > 0 ? await ask(ours) : new Map()
  for (const symbol of distinct) if (!isOurs(symbol)) answers.set(symbol, refusal(symbol))
  return answers
}

/** How long a symbol that spoiled a batch is left out, ms: else every round would have to find it again. */
const LEFT_OUT_FOR = 3_600_000

/**
 * For a provider that refuses a whole batch because of one symbol: `ask` gives undefined then, and always answers for one
 * symbol alone. Halves are asked until the culprit stands alone, so that it spoils no other symbol's quote; what it got
 * then is its answer for an hour.
 */
export function createHalving(
  now: () => number,
  ask: (batch: readonly string[]) => Promise<Answers | undefined>,
): (batch: readonly string[]) => Promise<Answers> {
  const leftOut = new Map<string, { readonly until: number; readonly answer: Unknown }>()

  async function half(batch: readonly string[], isPart: boolean): Promise<Answers> {
    const answers = await ask(batch)
    const alone = batch.length === 1 ? answers?.get(batch[0]!) : undefined
    if (isPart && alone && 'unknown' in alone) leftOut.set(alone.symbol, { until: now() + LEFT_OUT_FOR, answer: alone })
    if (answers !== undefined || batch.length === 1) return answers ?? new Map()
    const middle = Math.ceil(batch.length / 2)
    const first = await half(batch.slice(0, middle), true)
    return new Map([...first, ...(await half(batch.slice(middle), true))])
  }

  return async (batch) => {
    const isOut = (symbol: string) => (leftOut.get(symbol)?.until ?? 0) > now()
    const out = batch.filter(isOut).map((symbol) => [symbol, leftOut.get(symbol)!.answer] as const)
    const rest = batch.filter((symbol) => !isOut(symbol))
    return new Map<string, Quote | Unknown>([...out, ...(rest.length > 0 ? await half(rest, false) : [])])
  }
}

/** A provider's failure as a value; anything else is a fault of ours and stays thrown. */
export function providerError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error
  throw error
}
