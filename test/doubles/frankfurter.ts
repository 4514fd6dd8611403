import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'

/** A rate against the euro on a date. */
export type Fix = { readonly date: string; readonly quote: string; readonly rate: number }

export type FrankfurterDouble = HttpDouble & {
  /** Change it at will; the latest date is today's. */
  readonly fixes: Fix[]
}

const NAMES: Readonly<Record<string, string>> = {
  USD: 'United States Dollar',
  GBP: 'British Pound',
  CHF: 'Swiss Franc',
}

/** Frankfurter's rates (v2) on 127.0.0.1, worked out from what the euro is worth. */
export async function startFrankfurter(fixes: Fix[] = []): Promise<FrankfurterDouble> {
  const double = await startHttpDouble((url) => {
    if (url.pathname === '/currencies') return { body: currencies(fixes) }
    const base = url.searchParams.get('base') ?? 'EUR'
    if (base !== 'EUR' && !fixes.some(({ quote }) => quote === base))
      return { status: 422, body: { status: 422, message: 'invalid currency' } }
    const latest =
      fixes
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? ''
    const [from, to] = [url.searchParams.get('from') ?? latest, url.searchParams.get('to') ?? latest]
    const dates = [...new Set(fixes.map(({ date }) => date))].filter((date) => date >= from && date <= to)
    const wanted = url.searchParams.get('quotes')?.split(',')
    const rows = dates.flatMap((date) => ratesOn(fixes, date, base))
    return { body: rows.filter(({ quote }) => wanted?.includes(quote) ?? true) }
  })
  return { ...double, fixes }
}

function ratesOn(fixes: readonly Fix[], date: string, base: string) {
  const euro = [{ date, quote: 'EUR', rate: 1 }, ...fixes.filter((fix) => fix.date === date)]
  const unit = euro.find(({ quote }) => quote === base)
  return unit ? euro.map(({ quote, rate }) => ({ date, base, quote, rate: Number((rate / unit.rate).toFixed(5)) })) : []
}

function currencies(fixes: readonly Fix[]) {
  const codes = ['EUR', ...new Set(fixes.map(({ quote }) => quote))]
  return codes.map((iso_code) => ({ iso_code, name: NAMES[iso_code] ?? iso_code, start_date: '1999-01-04' }))
}
