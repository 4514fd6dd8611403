/** Something to read up on that is no command. Its rows say what is typed, and what that means. */
export type Topic = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly rows: readonly (readonly [typed: string, meaning: string])[]
}

/** What a condition can be made of, in the order in which help names it. */
export const TOPICS: readonly Topic[] = [
  {
    name: 'conditions',
    aliases: ['condition', 'language'],
    summary: 'What can be watched',
    rows: [
      ['AAPL > 500 or < 300', 'also: at least, at most, is not'],
      ['EURUSD between 1.05 and 1.10', 'or: outside'],
      ['BTC crosses above 100k', 'or: falls below, hits, reaches'],
      ['AAPL up 5% in 1h', 'or: down, moves; in a price: up 20 in 1h'],
      ['AAPL down 5% today', 'or: from now, from 180'],
      ['TSLA drops 8% from peak', 'or: rises 8% from bottom, from its 30d high'],
      ['NVDA > sma(NVDA, 50)', 'see help functions'],
      ['ETH / BTC > 0.05', 'also: + - * and brackets'],
      ['not AAPL > 500 and MSFT > 300', 'not binds before and, and before or'],
    ],
  },
  {
    name: 'options',
    aliases: ['option'],
    summary: 'What can follow a condition',
    rows: [
      ['once', 'told the first time; so it is if nothing is said'],
      ['repeat', 'told each time it becomes true'],
      ['every 1h', 'told again and again while it is true'],
      ['cooldown 1h', 'repeat, but not within an hour'],
      ['for 10m', 'it must be true that long'],
      ['until Friday', 'or: until 31 dec, expires in 3d'],
      ['during extended hours', 'or: regular hours, always'],
      ['at close', 'only finished days are looked at'],
      ['via sms, email', 'where it is told'],
      ['urgent', 'cannot wait; told elsewhere too if not acknowledged'],
      ['note "buy?"', 'told along with it'],
    ],
  },
  {
    name: 'symbols',
    aliases: ['symbol', 'metrics', 'figures'],
    summary: 'What can be named, and what of it',
    rows: [
      ['AAPL', 'stocks, funds, indices: BRK.B, OCDO.L, ^GSPC'],
      ['BTC', 'crypto: ETH/BTC, BTCUSDT'],
      ['EURUSD', 'currencies: EUR/USD'],
      ['stock:ON', 'where a name has two meanings: crypto:ON, fx:EURUSD'],
      ['$ALL', 'where a name is also a word that I know'],
      ['AAPL volume', 'also: open, high, low, previous close, change, bid, ask'],
    ],
  },
  {
    name: 'time',
    aliases: ['times', 'durations', 'dates'],
    summary: 'How times are written',
    rows: [
      ['10m', 'a length: 30s, 2h, 3d, 1w, 1h30m, 10 minutes'],
      ['2m', 'two minutes; as a value it is two million'],
      ['until 17:00', 'the next time it is that late where you are'],
      ['until Friday', 'the end of that day; also today, tomorrow'],
      ['until 31 dec', 'also: until 2026-12-31 17:00'],
      ['expires in 3d', 'counted from now'],
      ['timezone Europe/Berlin', 'tells me where you are'],
    ],
  },
]
