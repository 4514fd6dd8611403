import { Decimal } from 'decimal.js'
import type { Span } from '../errors.ts'
import { Problem, replaced } from './errors.ts'

/** Enough digits that no sum or product of two figures is ever rounded: a line has at most 500 characters. */
export const Exact = Decimal.clone({ precision: 1200, toExpNeg: -9e15, toExpPos: 9e15 })
/** A number of that precision. */
export type Exact = Decimal

const POWERS: Readonly<Record<string, string>> = { k: 'e3', m: 'e6', bn: 'e9' }

/** The text of a number as the language has it (`1.5k`, `-5`, `2bn`) as plain decimal text (`1.5e3`, `-5`, `2e9`). */
export function decimalText(text: string): string {
  return text.replace(/(?:k|m|bn)$/, (power) => POWERS[power] ?? '')
}

/** The double nearest to a number of the language. */
export function numberOf(text: string): number {
  return Number(decimalText(text))
}

/** A number of the language, exactly. */
export function exactOf(text: string): Exact {
  return new Exact(decimalText(text))
}

/**
 * Whether decimal text has more than 15 significant digits. Up to 15, two different decimals never have the same
 * nearest double (DBL_DIG of IEEE 754 binary64), so equal doubles mean equal decimals.
 */
export function isLong(text: string | undefined): boolean {
  if (text === undefined || text.length <= 15) return false
  const [mantissa = ''] = text.split(/[ekmb]/i, 1)
  return mantissa.replace(/[^0-9]/g, '').replace(/^0+/, '').length > 15
}

const PLAIN = /^(?:\d+(?:\.\d+)?|\.\d+)$/
const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/
/** Three decimals that end in an idle zero: far more often a thousand written the continental way. */
const DOTTED_THOUSAND = /^[1-9]\d{0,2}\.\d{2}0$/

/**
 * Digits as typed, group commas taken out: `1,250.75` → `1250.75`, `.5` → `0.5`.
 * Throws a `Problem` that asks where two readings are possible: `1,05`, `100.000`.
 */
export function readDigits(digits: string, at: Span, text: string): string {
  if (PLAIN.test(digits) && !DOTTED_THOUSAND.test(digits)) return digits.startsWith('.') ? `0${digits}` : digits
  if (GROUPED.test(digits)) return digits.replaceAll(',', '')
  const readings = readingsOf(digits)
  const question =
    readings.length > 1 ? `do you mean ${readings.join(' or ')}?` : `I cannot tell the thousands from the decimals.`
  const tries = readings.map((reading) => replaced(text, at, text.slice(at.start, at.end).replace(digits, reading)))
  throw new Problem(`By "${digits.slice(0, 30)}", ${question}`, at, tries)
}

function readingsOf(digits: string): string[] {
  const last = Math.max(digits.lastIndexOf(','), digits.lastIndexOf('.'))
  const head = digits.slice(0, last).replace(/[.,]/g, '')
  const tail = digits.slice(last + 1)
  const whole = (head + tail).replace(/^0+(?=\d)/, '')
  const fraction = tail.replace(/0+$/, '')
  const decimal = fraction === '' ? head : `${head}.${fraction}`
  const kinds = new Set(digits.replace(/\d/g, ''))
  if (kinds.size > 1) return [decimal]
  if (digits.replace(/\d/g, '').length > 1) return [whole]
  return DOTTED_THOUSAND.test(digits) ? [whole, decimal] : [decimal, whole]
}

/** Beyond these a number is a slip of the thumb, and a double would lose it. */
const LARGEST = 1e30
const SMALLEST = 1e-30

/** Refuses, with a `Problem`, a number of the language that is absurdly large or small. */
export function checkSize(text: string, at: Span): void {
  const size = Math.abs(numberOf(text))
  if (size > LARGEST || (size < SMALLEST && !exactOf(text).isZero())) {
    throw new Problem(`That number is too ${size > 1 ? 'large' : 'small'} for me.`, at)
  }
}
