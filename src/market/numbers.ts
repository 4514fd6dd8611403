import { Decimal } from 'decimal.js'

/** Plain decimal text, as most providers send it: kept to the letter, trailing zeros too. */
const PLAIN = /^-?(0|[1-9]\d*)(\.\d+)?$/
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** No price, volume or rate has more digits; without the limit `1e9999999` would become ten megabytes of zeros. */
const MAX_CHARACTERS = 64
const MAX_EXPONENT = 40

/**
 * A figure as a provider sent it (text or number) as plain decimal text without exponent.
 * Text keeps its digits; a number becomes the shortest text that gives the same double. Null for what is missing,
 * empty, not finite or no number at all.
 */
export function decimal(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? written(new Decimal(value)) : null
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (text.length > MAX_CHARACTERS) return null
  if (PLAIN.test(text)) return text
  return NUMBER.test(text) ? written(new Decimal(text)) : null
}

/** Like `decimal`, and null for zero and below too: what a price or a volume that means something looks like. */
export function positive(value: unknown): string | null {
  const text = decimal(value)
  return text !== null && new Decimal(text).gt(0) ? text : null
}

/** A figure as it is written for people (`$1,234.50`, `+1.02%`) as plain decimal text; null for `N/A`, `--` and the like. */
export function plain(value: unknown): string | null {
  return typeof value === 'string' ? decimal(value.replace(/[$,%\s]/g, '').replace(/^\+/, '')) : decimal(value)
}

function written(value: Decimal): string | null {
  if (value.isZero()) return '0'
  return Math.abs(value.e) > MAX_EXPONENT ? null : value.toFixed()
}
