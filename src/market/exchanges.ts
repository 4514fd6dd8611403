/** Where a foreign listing trades. Hours are local minutes of the day; `currency` is the main unit (ISO 4217). */
export type Exchange = {
  readonly zone: string
  readonly open: number
  readonly close: number
  readonly currency: string
}

const at = (zone: string, open: string, close: string, currency: string): Exchange => ({
  zone,
  open: minutes(open),
  close: minutes(close),
  currency,
})

function minutes(text: string): number {
  const [hour, minute] = text.split(':')
  return Number(hour) * 60 + Number(minute)
}

/** New York: what has no suffix. Its holidays and extended hours are in `sessions.ts`. */
export const NEW_YORK: Exchange = at('America/New_York', '9:30', '16:00', 'USD')

/** By the suffix that listings carry. Continuous trading without auctions; lunch breaks are left out. */
const EXCHANGES: Readonly<Record<string, Exchange>> = {
  L: at('Europe/London', '8:00', '16:30', 'GBP'),
  IL: at('Europe/London', '8:00', '16:30', 'USD'),
  IR: at('Europe/Dublin', '8:00', '16:30', 'EUR'),
  DE: at('Europe/Berlin', '9:00', '17:30', 'EUR'),
  F: at('Europe/Berlin', '8:00', '22:00', 'EUR'),
  PA: at('Europe/Paris', '9:00', '17:30', 'EUR'),
  AS: at('Europe/Amsterdam', '9:00', '17:30', 'EUR'),
  BR: at('Europe/Brussels', '9:00', '17:30', 'EUR'),
  LS: at('Europe/Lisbon', '8:00', '16:30', 'EUR'),
  MI: at('Europe/Rome', '9:00', '17:30', 'EUR'),
  MC: at('Europe/Madrid', '9:00', '17:30', 'EUR'),
  VI: at('Europe/Vienna', '9:00', '17:30', 'EUR'),
  SW: at('Europe/Zurich', '9:00', '17:30', 'CHF'),
  ST: at('Europe/Stockholm', '9:00', '17:30', 'SEK'),
  CO: at('Europe/Copenhagen', '9:00', '17:00', 'DKK'),
  OL: at('Europe/Oslo', '9:00', '16:20', 'NOK'),
  HE: at('Europe/Helsinki', '10:00', '18:30', 'EUR'),
  WA: at('Europe/Warsaw', '9:00', '17:00', 'PLN'),
  IS: at('Europe/Istanbul', '10:00', '18:00', 'TRY'),
  TO: at('America/Toronto', '9:30', '16:00', 'CAD'),
  V: at('America/Toronto', '9:30', '16:00', 'CAD'),
  SA: at('America/Sao_Paulo', '10:00', '17:00', 'BRL'),
  MX: at('America/Mexico_City', '8:30', '15:00', 'MXN'),
  T: at('Asia/Tokyo', '9:00', '15:30', 'JPY'),
  HK: at('Asia/Hong_Kong', '9:30', '16:00', 'HKD'),
  SS: at('Asia/Shanghai', '9:30', '15:00', 'CNY'),
  SZ: at('Asia/Shanghai', '9:30', '15:00', 'CNY'),
  TW: at('Asia/Taipei', '9:00', '13:30', 'TWD'),
  KS: at('Asia/Seoul', '9:00', '15:30', 'KRW'),
  KQ: at('Asia/Seoul', '9:00', '15:30', 'KRW'),
  SI: at('Asia/Singapore', '9:00', '17:00', 'SGD'),
  NS: at('Asia/Kolkata', '9:15', '15:30', 'INR'),
  BO: at('Asia/Kolkata', '9:15', '15:30', 'INR'),
  AX: at('Australia/Sydney', '10:00', '16:00', 'AUD'),
  NZ: at('Pacific/Auckland', '10:00', '16:45', 'NZD'),
  JO: at('Africa/Johannesburg', '9:00', '17:00', 'ZAR'),
}

/** Indices that do not belong to New York, by the suffix of their exchange. */
const INDICES: Readonly<Record<string, string>> = {
  '^FTSE': 'L',
  '^GDAXI': 'DE',
  '^STOXX50E': 'DE',
  '^FCHI': 'PA',
  '^AEX': 'AS',
  '^IBEX': 'MC',
  '^SSMI': 'SW',
  '^GSPTSE': 'TO',
  '^BVSP': 'SA',
  '^N225': 'T',
  '^HSI': 'HK',
  '^KS11': 'KS',
  '^NSEI': 'NS',
  '^BSESN': 'BO',
  '^AXJO': 'AX',
}

/** What tells the exchange of a stock ticker: its suffix (`L` of `OCDO.L`, also of `^FTSE`); empty for New York. */
export function suffixOf(ticker: string): string {
  const index = INDICES[ticker]
  if (index !== undefined) return index
  const suffix = ticker.includes('.') ? ticker.slice(ticker.lastIndexOf('.') + 1) : ''
  const isNewYork = !(suffix in EXCHANGES) && (suffix.length === 1 || ticker.startsWith('^'))
  return isNewYork ? '' : suffix
}

/**
 * Where a stock ticker trades: by its suffix (`OCDO.L`), or New York without one and for a class of shares (`BRK.B`).
 * Undefined where the suffix is not in the table.
 */
export function exchangeOf(ticker: string): Exchange | undefined {
  const suffix = suffixOf(ticker)
  return suffix === '' ? NEW_YORK : EXCHANGES[suffix]
}
