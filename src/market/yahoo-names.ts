import { Decimal } from 'decimal.js'
import { classOf, tickerOf } from '../condition/name.ts'
import { dig, words } from './json.ts'
import type { Listing } from './provider.ts'
import { guess } from './symbols.ts'

/** How Yahoo is called in what people read. */
export const NAME = 'Yahoo'

/** Minor units that listings are quoted in, their main currency and how many make one. */
const MINOR: Readonly<Record<string, readonly [string, number]>> = {
  GBp: ['GBP', 100],
  GBX: ['GBP', 100],
  ZAc: ['ZAR', 100],
  ILA: ['ILS', 100],
  USX: ['USD', 100],
  KWF: ['KWD', 1000],
}

/** The main currency of a unit that Yahoo quotes in, and how many of it make one: `GBp` → GBP, 100. */
export function mainUnit(unit: string): readonly [string, number] {
  return MINOR[unit] ?? [unit, 1]
}

/** A figure in the main unit; 15 to 17 digits by 100 or 1000 are exact. */
export function scaled(figure: string | null, divisor: number): string | null {
  return figure === null || divisor === 1 ? figure : new Decimal(figure).div(divisor).toFixed()
}

/** `stock:BRK.B` → `BRK-B`, `fx:EUR/USD` → `EURUSD=X`. */
export function toYahoo(symbol: string): string {
  const ticker = tickerOf(symbol)
  if (classOf(symbol) === 'fx') return `${ticker.replace('/', '')}=X`
  // One letter after the point is a class of shares, except those that stand for an exchange: .L .F .T .V
  return ticker.replace(/^([A-Z]+)\.([A-EG-KM-SUW-Z])$/, '$1-$2')
}

/** `BRK-B` → `stock:BRK.B`, `EURUSD=X` → `fx:EUR/USD`; null for what is neither stock nor currency. */
export function fromYahoo(ticker: string): string | null {
  const name = ticker.toUpperCase()
  return guess(name.endsWith('=X') ? name : `stock:${name}`)
}

/** The error inside an answer, or null where there is none. */
export function errorOf(body: unknown, kind: 'spark' | 'chart'): { code: string; text: string } | null {
  const error = dig(body, kind, 'error') ?? dig(body, 'finance', 'error')
  if (error === undefined || error === null) return null
  const code = words(error, 'code') ?? ''
  return { code, text: words(error, 'description') ?? (code || 'with an error') }
}

/** The name, exchange and currency that a chart's or spark's `meta` tells of a symbol; undefined where it names none. */
export function listingFrom(meta: unknown, symbol: string): Listing | undefined {
  const name = words(meta, 'longName') ?? words(meta, 'shortName')
  if (name === null) return undefined
  const exchange = words(meta, 'fullExchangeName') ?? words(meta, 'exchangeName')
  const unit = words(meta, 'currency')
  const currency = unit === null ? {} : { currency: mainUnit(unit)[0] }
  return { symbol, name, ...(exchange === null ? {} : { exchange }), ...currency }
}
