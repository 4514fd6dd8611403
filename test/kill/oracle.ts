type Prices = Readonly<Record<string, number>>

/** One trigger of one alert, as a plain function of the prices. `shows`: the symbols its message names, as it names them. */
type Rule = {
  readonly alert: number
  readonly trigger: string
  readonly shows: Readonly<Record<string, string>>
  readonly for?: number
  readonly cooldown?: number
  readonly once?: boolean
  met(price: Prices): boolean
}

const apple = { AAPL: 'AAPL' }
const bitcoin = { BTC: 'BTC/USD' }
const ether = { ETH: 'ETH/USD' }
const euro = { EURUSD: 'EUR/USD' }

/** What the typed alerts mean. */
const RULES: readonly Rule[] = [
  { alert: 1, trigger: 'AAPL price > 500', shows: apple, met: ({ AAPL }) => AAPL! > 500 },
  { alert: 1, trigger: 'AAPL price < 300', shows: apple, met: ({ AAPL }) => AAPL! < 300 },
  { alert: 2, trigger: 'BTC price > 100k', shows: bitcoin, met: ({ BTC }) => BTC! > 100_000 },
  { alert: 3, trigger: 'EURUSD price < 1.05', shows: euro, met: ({ EURUSD }) => EURUSD! < 1.05 },
  { alert: 4, trigger: 'ETH price > 4000', shows: ether, met: ({ ETH }) => ETH! > 4000, for: 25_000 },
  { alert: 5, trigger: 'BTC price < 90k', shows: bitcoin, met: ({ BTC }) => BTC! < 90_000, once: true },
  {
    alert: 6,
    trigger: 'AAPL price > 450 and BTC price > 95k',
    shows: { ...apple, ...bitcoin },
    met: ({ AAPL, BTC }) => AAPL! > 450 && BTC! > 95_000,
  },
  { alert: 7, trigger: 'ETH price < 3000', shows: ether, met: ({ ETH }) => ETH! < 3000, cooldown: 55_000 },
  { alert: 8, trigger: 'EURUSD price > 1.1', shows: euro, met: ({ EURUSD }) => EURUSD! > 1.1 },
  { alert: 8, trigger: 'EURUSD price < 1.02', shows: euro, met: ({ EURUSD }) => EURUSD! < 1.02 },
]

/** Every firing that a day (`time,symbol,price`) must give, in order: `alert | trigger | symbol price, symbol price`. */
export function firingsOf(csv: string): string[] {
  const rows = csv.trim().split('\n').slice(1)
  const times = new Set(rows.map((row) => row.split(',')[0]!))
  const price: Record<string, string> = {}
  const states = RULES.map(() => ({ met: true, edge: Number.NaN, rest: 0, over: false }))
  return [...times].flatMap((time) => {
    for (const row of rows.filter((one) => one.startsWith(time))) price[row.split(',')[1]!] = row.split(',')[2]!
    const prices = Object.fromEntries(Object.entries(price).map(([symbol, text]) => [symbol, Number(text)]))
    const now = Date.parse(time)
    return RULES.flatMap((rule, index) => {
      const state = states[index]!
      const met = rule.met(prices)
      // When it became true, as long as it stays so and that was not told yet.
      state.edge = !met ? Number.NaN : state.met ? state.edge : now
      state.met = met
      const isReady = now - state.edge >= (rule.for ?? 0) && now >= state.rest && !state.over
      if (!isReady) return []
      Object.assign(state, { edge: Number.NaN, rest: now + (rule.cooldown ?? 0), over: rule.once === true })
      const shown = Object.entries(rule.shows).map(([symbol, name]) => `${name} ${price[symbol]}`)
      return [`${rule.alert} | ${rule.trigger} | ${shown.join(', ')}`]
    })
  })
}
