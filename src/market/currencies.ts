/**
 * Currencies people trade against each other (ISO 4217), and the four metals that are quoted like one.
 * Not the whole standard: codes that nobody quotes only take tickers away from stocks.
 */
export const CURRENCIES: ReadonlySet<string> = new Set(
  (
    'USD EUR GBP JPY CHF AUD CAD NZD SEK NOK DKK ISK CZK HUF PLN RON BGN RSD TRY ILS ZAR ' +
    'CNY CNH HKD SGD TWD KRW INR IDR MYR PHP THB VND PKR BDT LKR KZT UAH RUB GEL ' +
    'BRL MXN CLP COP PEN ARS UYU AED SAR QAR KWD BHD OMR JOD EGP MAD TND NGN KES GHS ' +
    'XAU XAG XPT XPD'
  ).split(' '),
)

/** What else crypto is quoted in: stable coins, and the two coins others are priced in. */
export const CRYPTO_QUOTES: ReadonlySet<string> = new Set(['USDT', 'USDC', 'DAI', 'BTC', 'ETH'])
