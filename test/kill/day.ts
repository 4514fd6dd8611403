/** What is typed at the console, one line each, before the day begins. Its alerts get the numbers 1, 2, 3… */
export const TYPED = [
  'alert AAPL > 500 or AAPL < 300 repeat',
  'alert BTC > 100k repeat',
  'alert EURUSD < 1.05 repeat',
  'alert ETH > 4000 for 25s repeat',
  'alert BTC < 90k',
  'alert AAPL > 450 and BTC > 95k repeat',
  'alert ETH < 3000 repeat cooldown 55s',
  'alert EURUSD > 1.1 or EURUSD < 1.02 repeat',
]

/** A tick of the day every 10 s, from 10:00 New York on, when everything trades. */
const BEGIN = Date.UTC(2026, 2, 3, 15)
const SPACING = 10_000

// A firing is recognised by the prices it names, so every price of interest has its tick's number in its decimals,
// except where an alert may speak by its timer, on the price of the tick before: there two ticks have one price.
const AAPL = numbered(
  '400 505 400 290 400 460 505 290 505 400 290 290 400 505 505 400 460 400 460 400 ' +
    '290 400 505 400 400 505 290 505 290 400 400 460 400 460 400 505 400 290 400 505',
)
const BTC = numbered(
  '94000 94000 101000 94000 101000 96000 94000 101000 96000 101000 94000 94000 96000 96000 101000 94000 96000 94000 ' +
    '101000 89000 94000 89000 101000 94000 101000 94000 96000 101000 94000 89000 101000 94000 96000 96000 101000 ' +
    '94000 101000 94000 101000 94000',
)
const ETH = words(
  '3500 3500 4101.2 4101.3 4101.4 4101.4 3500 4102 4102 3500 2901 3500 2902 3500 2903.4 2903.5 2903.5 3500 4103.1 ' +
    '4103.2 4103.3 4103.3 4103.4 3500 2904 3500 3500 3500 3500 3500 2905 2905 3500 4104.1 4104.2 4104.3 4104.3 3500 ' +
    '3500 3500',
)
const EURUSD = numbered(
  '1.08 1.08 1.08 1.04 1.08 1.08 1.01 1.08 1.11 1.08 1.04 1.08 1.11 1.01 1.08 1.04 1.08 1.04 1.08 1.08 ' +
    '1.11 1.08 1.04 1.11 1.08 1.01 1.08 1.08 1.04 1.08 1.11 1.04 1.08 1.01 1.08 1.11 1.08 1.08 1.04 1.08',
)

/** The recorded day as the replay reads it: `time,symbol,price`, 40 ticks of four symbols. */
export const DAY = csv(AAPL.length)
/** Its first tick alone: nothing is true, so an alert set on it waits. */
export const FIRST_TICK = csv(1)
/** The time of the last tick, ms. */
export const DAY_ENDS = BEGIN + (AAPL.length - 1) * SPACING

function words(text: string): string[] {
  return text.split(' ')
}

/** `505 400` → `505.001 400.011`: no two ticks have the same price. */
function numbered(text: string): string[] {
  return words(text).map((price, tick) => `${price}${price.includes('.') ? '' : '.'}${String(tick).padStart(2, '0')}1`)
}

function csv(ticks: number): string {
  const rows = Array.from({ length: ticks }, (_, tick) => {
    const time = new Date(BEGIN + tick * SPACING).toISOString()
    return Object.entries({ AAPL, BTC, ETH, EURUSD }).map(([symbol, prices]) => `${time},${symbol},${prices[tick]}\n`)
  })
  return `time,symbol,price\n${rows.flat().join('')}`
}
