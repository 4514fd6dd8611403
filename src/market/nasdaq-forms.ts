import { tickerOf } from '../condition/name.ts'

/** How Nasdaq is called in what people read. */
export const NAME = 'Nasdaq'
/** Why nothing else is asked for. */
export const FOREIGN = 'has US stocks and funds alone, not'

/** What Nasdaq calls a share and a fund. */
export type NasdaqClass = 'stocks' | 'etf'

/**
 * How each symbol is asked for: Nasdaq answers with nothing where the class after the bar is wrong (`spy|stocks`), and
 * of classes of shares some with a slash alone (`bf/b`), some with a point (`brk.b`). What worked is remembered.
 */
export type Forms = {
  /** The likely form at the first attempt (0), the other one at the second (1). */
  of(symbol: string, attempt: Attempt): string
  /** Whether a second attempt is worth a request: not where the form is known, nor soon after both gave nothing. */
  isOpen(symbol: string): boolean
  /** Notes which attempt gave a price, or that none did. */
  note(symbol: string, worked: Attempt | null): void
  /** The class of a symbol as a search told it. */
  settle(symbol: string, kind: NasdaqClass): void
}

/** The first or the second. */
export type Attempt = 0 | 1

/** After this long both forms of a symbol that had no price in either are tried again, ms. */
const AGAIN_AFTER = 3_600_000

/** Forms of which none is known yet. `now`: the clock, ms. */
export function createForms(now: () => number): Forms {
  const settled = new Map<string, { readonly form: number; readonly until: number }>()
  const isOpen = (symbol: string) => (settled.get(symbol)?.until ?? 0) <= now()
  const formAt = (symbol: string, attempt: Attempt) => ((settled.get(symbol)?.form ?? 0) + attempt) % 2
  const settle = (symbol: string, form: number, until = Number.POSITIVE_INFINITY) => {
    settled.set(symbol, { form, until })
  }
  return {
    of: (symbol, attempt) => formsOf(symbol)[formAt(symbol, attempt)]!,
    isOpen,
    note(symbol, worked) {
      if (worked !== null) settle(symbol, formAt(symbol, worked))
      else if (isOpen(symbol)) settle(symbol, 0, now() + AGAIN_AFTER)
    },
    settle(symbol, kind) {
      if (!tickerOf(symbol).includes('.')) settle(symbol, kind === 'etf' ? 1 : 0)
    },
  }
}

function formsOf(symbol: string): readonly string[] {
  const ticker = tickerOf(symbol).toLowerCase()
  if (ticker.includes('.')) return [`${ticker.replace('.', '/')}|stocks`, `${ticker}|stocks`]
  return [`${ticker}|stocks`, `${ticker}|etf`]
}
