/** Words the grammar knows. A test holds this list against `grammar/condition.ne`. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  `and or not is isn't
   above over exceeds more greater higher than below under less lower at least most equals equal to between outside
   price open high low previous prev volume change bid ask
   once repeat every cooldown for until today tomorrow expires in close`.split(/\s+/),
)

/** Words that stand for a figure of a symbol, alone or before `close`. */
export const METRIC_WORDS: ReadonlySet<string> = new Set([
  'price',
  'open',
  'high',
  'low',
  'previous',
  'prev',
  'volume',
  'change',
  'bid',
  'ask',
])

/** Words an option begins with. */
export const OPTION_WORDS: ReadonlySet<string> = new Set([
  'once',
  'repeat',
  'every',
  'cooldown',
  'for',
  'until',
  'expires',
])

/** Functions of the language. */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  'sma ema rsi macd signal atr vwap stdev bbupper bbmiddle bblower avg sum abs min max round'.split(' '),
)

/** Other words that the language will have, reserved from the first day. */
export const RESERVED: ReadonlySet<string> = new Set(
  'crosses rises falls drops hits reaches moves up down from during via urgent note'.split(' '),
)

/** All of them. */
export const WORDS: readonly string[] = [...KEYWORDS, ...RESERVED, ...FUNCTIONS]

/** Whether a word belongs to the language, so that a symbol of that name needs `$` or `stock:` in front. */
export function isReserved(word: string): boolean {
  const lower = word.toLowerCase()
  return KEYWORDS.has(lower) || FUNCTIONS.has(lower) || RESERVED.has(lower)
}

/** Other ways to write a word. */
export const SYNONYMS: ReadonlyMap<string, string> = table({
  '&&': 'and',
  '&': 'and',
  '||': 'or',
  '|': 'or',
  '!': 'not',
  '==': '=',
  '<>': '!=',
  '=>': '>=',
  '=<': '<=',
  '...': '..',
  cross: 'crosses',
  crossing: 'crosses',
})

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What letters after a number make of it: a multiple (`scale`), a length of time (`ms`), or, for `m`, either. */
export const UNITS: ReadonlyMap<string, { readonly scale?: 'k' | 'm' | 'bn'; readonly ms?: number }> = table({
  ...all('k thousand', { scale: 'k' }),
  ...all('m', { scale: 'm', ms: MINUTE }),
  ...all('mn mio million', { scale: 'm' }),
  ...all('b bn billion', { scale: 'bn' }),
  ...all('s sec secs second seconds', { ms: SECOND }),
  ...all('min mins minute minutes', { ms: MINUTE }),
  ...all('h hr hrs hour hours', { ms: HOUR }),
  ...all('d day days', { ms: DAY }),
  ...all('w wk wks week weeks', { ms: 7 * DAY }),
})

/** Codes of currencies that have a sign. */
export const CURRENCIES: ReadonlyMap<string, string> = table({ usd: '$', eur: '€', gbp: '£', jpy: '¥' })

/** Codes a person may put after a number although there is no sign for them here. */
export const OTHER_CURRENCIES: ReadonlySet<string> = new Set(
  'chf cad aud nzd sek nok dkk hkd sgd cny cnh inr krw brl mxn pln try zar czk huf ils usdt usdc gbx'.split(' '),
)

/** Days of the week by their names and their usual short forms, Monday 1 to Sunday 7. */
export const WEEKDAYS = calendar('monday tuesday wednesday thursday friday saturday sunday', {
  tues: 2,
  weds: 3,
  thur: 4,
  thurs: 4,
})

/** Months by their names and their usual short forms, 1 to 12. */
export const MONTHS = calendar(
  'january february march april may june july august september october november december',
  { sept: 9 },
)

function table<T>(entries: Record<string, T>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries))
}

function all<T>(words: string, value: T): Record<string, T> {
  return Object.fromEntries(words.split(' ').map((word) => [word, value]))
}

function calendar(names: string, more: Record<string, number>): ReadonlyMap<string, number> {
  const full = names.split(' ').map((name, i) => [name, i + 1] as const)
  const short = full.map(([name, number]) => [name.slice(0, 3), number] as const)
  return new Map([...full, ...short, ...Object.entries(more)])
}
