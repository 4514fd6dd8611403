import { FUNCTIONS } from './functions.ts'

/** Words the grammar knows wherever they stand. A test holds this list against `grammar/condition.ne`. */
export const KEYWORDS: ReadonlySet<string> = set(
  `and or not is isn't
   above more below less at least most equal to than between outside
   crosses rises falls drops hits up down moves in from
   price open high low previous volume change bid ask
   once repeat every cooldown for until today tomorrow expires close during via urgent note`,
)

/**
 * What may follow some keywords: `words` belong to the language there and nowhere else, so that `NOW` stays a symbol;
 * those of `skip` change nothing.
 */
export type Context = { readonly words: ReadonlyMap<string, string>; readonly skip: ReadonlySet<string> }

/** The keywords after which other words are understood than elsewhere. */
export const CONTEXTS: ReadonlyMap<string, Context> = table({
  from: context('now peak bottom', 'its the'),
  in: context('', 'the last past a an'),
  for: context('', 'a an'),
  every: context('', ''),
  cooldown: context('', 'a an'),
  at: context('', 'the'),
  during: context('regular extended hours always', 'the trading', { market: 'regular' }),
  via: context('sms email telegram discord digest', '', {
    text: 'sms',
    mail: 'email',
    'e-mail': 'email',
    tg: 'telegram',
  }),
  crosses: context('', 'through past'),
  outside: context('', 'of'),
  ...all('up down rises falls drops moves', context('', 'by')),
})

/** Every word that belongs to the language only after another. */
export const CONTEXT_WORDS: ReadonlySet<string> = new Set(
  [...CONTEXTS.values()].flatMap(({ words }) => [...words.values()]),
)

/** Words that stand for a figure of a symbol, alone or before `close`. */
export const METRIC_WORDS: ReadonlySet<string> = set('price open high low previous prev volume change bid ask')

/** Words an option begins with. */
export const OPTION_WORDS: ReadonlySet<string> = set(
  'once repeat every cooldown for until expires during via urgent note',
)

/** Whether it is the name of a function, in lower case. */
export function isFunction(word: string): boolean {
  return Object.hasOwn(FUNCTIONS, word)
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
  ';': ',',
  over: 'above',
  under: 'below',
  exceeds: '>',
  equals: '=',
  ...all('greater higher', 'more'),
  lower: 'less',
  prev: 'previous',
  ...all('stays trades', 'is'),
  within: 'in',
  ...all('cross crossing crossed breaks goes', 'crosses'),
  ...all('gains climbs jumps', 'rises'),
  loses: 'drops',
  ...all('reaches touches', 'hits'),
})

/**
 * Words understood only right after a value, where no symbol can stand: `AAPL hit 500`. Elsewhere they stay symbols. The
 * forms in -ing are understood after `is` too.
 */
export const AFTER_VALUE: ReadonlyMap<string, string> = table({
  ...all('rose risen climbed gained jumped soars soared surges surged rallies rallied', 'rises'),
  ...all('fell fallen slips slipped', 'falls'),
  ...all('dropped lost dips dipped sinks plunges plunged crashes crashed tanks tanked', 'drops'),
  ...all('hit reached touched touch', 'hits'),
  ...all('passes passed gets got went gone comes', 'crosses'),
  ...all('moved changes changed swings', 'moves'),
  beneath: 'below',
  exceeded: '>',
  vol: 'volume',
})

/** The same, after `is` too. */
export const AFTER_IS: ReadonlyMap<string, string> = table({
  ...all('rising climbing gaining', 'rises'),
  ...all('falling sinking', 'falls'),
  ...all('dropping losing', 'drops'),
  ...all('hitting reaching touching', 'hits'),
  ...all('passing going', 'crosses'),
  moving: 'moves',
})

/** Words that change nothing between a value and what is said of it: `AAPL has just crossed 500`. */
export const FILLERS: ReadonlySet<string> = set('has have had just now still back already trading')

/** Words that change nothing before `up` and `down`. */
export const GOING: ReadonlySet<string> = set('goes going went gone moves moved moving')

/** Words that change nothing before a figure: `above its open`, `below the previous close`. */
export const ARTICLES: ReadonlySet<string> = set("its the today's todays")

/** Names of what the language says otherwise; no symbols, since they would be compared with a coin of that name. */
const SAID_OTHERWISE: ReadonlySet<string> = set('ath atl')

/** All words of the language. */
export const WORDS: readonly string[] = [
  ...new Set([
    ...KEYWORDS,
    ...[...SYNONYMS.keys()].filter((word) => /^[a-z]/.test(word)),
    ...CONTEXT_WORDS,
    ...Object.keys(FUNCTIONS),
  ]),
]

/** Whether a word belongs to the language wherever it stands, so that a symbol of that name needs `$` or `stock:`. */
export function isReserved(word: string): boolean {
  const lower = word.toLowerCase()
  return KEYWORDS.has(lower) || SYNONYMS.has(lower) || isFunction(lower) || SAID_OTHERWISE.has(lower)
}

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

/** Codes and names of currencies that have a sign. */
export const CURRENCIES: ReadonlyMap<string, string> = table({
  ...all('usd dollar dollars bucks', '$'),
  ...all('eur euro euros', '€'),
  ...all('gbp pounds', '£'),
  ...all('jpy yen', '¥'),
})

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

function set(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}

function context(words: string, skip: string, said: Record<string, string> = {}): Context {
  const own = words.split(' ').filter(Boolean)
  return { words: table({ ...Object.fromEntries(own.map((word) => [word, word])), ...said }), skip: set(skip) }
}

function all<T>(words: string, value: T): Record<string, T> {
  return Object.fromEntries(words.split(' ').map((word) => [word, value]))
}

function calendar(names: string, more: Record<string, number>): ReadonlyMap<string, number> {
  const full = names.split(' ').map((name, i) => [name, i + 1] as const)
  const short = full.map(([name, number]) => [name.slice(0, 3), number] as const)
  return new Map([...full, ...short, ...Object.entries(more)])
}
