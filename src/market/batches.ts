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

/** A provider's failure as a value; anything else is a fault of ours and stays thrown. */
function providerError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error
  throw error
}
