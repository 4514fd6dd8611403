import type { Quote, Unknown } from '../market/provider.ts'

/** How much a price has changed since the close before: `+1.9 %`; empty where that is not known. */
export function changeWords(quote: Quote | Unknown | undefined): string {
  if (!quote || 'unknown' in quote || quote.previousClose === undefined) return ''
  return changeBetween(Number(quote.previousClose), Number(quote.price))
}

/** How much a price has changed from one to another: `+1.9 %`, `-0.3 %`, `0.0 %`; empty where that cannot be said. */
export function changeBetween(before: number, after: number): string {
  const change = (after / before - 1) * 100
  if (!Number.isFinite(change)) return ''
  const text = Math.abs(change).toFixed(1)
  return `${text === '0.0' ? '' : change > 0 ? '+' : '-'}${text} %`
}
