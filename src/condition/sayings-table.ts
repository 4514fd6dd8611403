/** Where something is said: the line before it, and the symbol spoken of last, as it was typed. */
export type Where = { readonly before: string; readonly symbol: string | undefined }

/**
 * Something people say that the language says otherwise, and how it is written; undefined where it is not meant after
 * all. `isHere`: only where the line could not be read on. `misread`: it would be taken for symbols.
 */
export type Saying = {
  readonly said: RegExp
  readonly written: (found: RegExpMatchArray, where: Where) => string | undefined
  readonly isHere?: true
  readonly misread?: true
}

const ARTICLES = '(?:(?:its|the|an?|their) +)*'
const COUNT = '(?<count>\\d{1,3})'
const UNIT = '(?<unit>hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mo|years?|yrs?|y|periods?|candles?)'
const EXTREME = `(?:${COUNT}[ -]?${UNIT}|(?<all>all[ -]?time|record|yearly))[ -]+(?<side>high|low)s?`
/** Not after `from` or `5% below`, where the language says it so itself. */
const NO_MOVE =
  '(?<!\\bfrom +(?:its +|the +)?|(?:[%$€£\\d]|\\b(?:usd|eur)) +(?:below|above|under|over) +(?:its +|the +)?)'
const VERBS = '(?:(?:is|at|near|hits?|hitting|makes?|making|sets?|setting|reaches|touches|new|fresh) +)*'
const AVERAGE = '(?:moving +(?:average|avg)|average|avg|d?ma|sma|ema)'
const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const AMOUNT = '(?<amount>[$€£]?\\d[\\d.,]*(?: ?(?:%|percent|pct))?)'
const DAY = '(?:mon|tues?|wed|weds|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?|today|tomorrow'
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
const NAMED = '(?<symbol>\\$?[A-Za-z][\\w.:/-]*)'
const DATE = `(?:${DAY}|${MONTH}\\b|\\d{1,2}(?:st|nd|rd|th)? +${MONTH}|\\d{1,2}:\\d\\d|\\d{1,2} ?[ap]m|\\d{4}-\\d\\d)`

/** AAPL and MSFT > 500 */
const SYMBOL = '[$^]?[A-Z][A-Z0-9.:/-]*'
const LISTED = new RegExp(
  `(?<!(?:[-+*/<>=,(]|\\b(?:above|below|over|under|than|to|from|and|or|by|between|outside))\\s*)(?:\\b[Ee]ither\\s+|\\b[Bb]oth\\s+)?(?<![\\w$^])(?<list>${SYMBOL}(?:(?:\\s+(?:and|or|&)\\s+|\\s*,\\s*(?:and\\s+|or\\s+)?)${SYMBOL})+)\\s+(?<claim>(?!and\\b|or\\b)[^",;]+?)(?=\\s*$|,|\\s+(?:repeat|once|every|until|expires|via|for|cooldown|during|urgent|and|or|then|please|pls|plz|thanks|thx|thank|by|before|tomorrow|text|notify|tell|alert)\\b)`,
  'gu',
)

/** What is said otherwise than it is written; where two are found in one place the first counts. */
export const SAYINGS: readonly Saying[] = [
  // 5% below its all time high, from ATH
  say(
    `(?<=\\bfrom +|% +(?:below|under|above|over|off) +)${ARTICLES}(?:(?:all[ -]?time|record) +(?<side>high|low)|at(?<end>[hl]))\\b`,
    ({ side, end }) => `52w ${side ?? (end?.toLowerCase() === 'h' ? 'high' : 'low')}`,
    'misread',
  ),
  // AAPL > 52 week high, AAPL at a new all time high
  say(
    `(?<!\\b(?:from|below|above|under|over) +(?:its +|the +)?|[%>=<] *)\\b${VERBS}${ARTICLES}(?:new +)?${EXTREME}\\b`,
    extreme('verb'),
  ),
  say(`${NO_MOVE}${ARTICLES}(?:new +)?\\b${EXTREME}\\b`, extreme('level'), 'misread'),
  say(`\\b${VERBS}${ARTICLES}(?:new +)?at(?<end>[hl])s?\\b`, ({ end }, where) =>
    extreme(/[<>=]\s*$|\b(?:above|below|over|under)\s*$/i.test(where.before) ? 'level' : 'verb')(
      { side: end?.toLowerCase() === 'h' ? 'high' : 'low' },
      where,
    ),
  ),
  say(`(?<=\\S +)\\b${VERBS}${ARTICLES}(?:new|fresh) +(?<side>high|low)s?\\b`, extreme('verb'), 'misread'),
  // yesterday's high, the previous day low
  say(
    `${ARTICLES}\\b(?:yesterday(?:['’]?s)?|(?:previous|prev|prior|last) +day(?:['’]s)?) +(?<figure>high|low|close)\\b`,
    ({ figure }, { symbol }) =>
      figure?.toLowerCase() === 'close' ? 'previous close' : symbol && `${figure?.toLowerCase()}(${symbol}, 1)`,
    'misread',
  ),
  say(
    '\\b(?:previous|prev|last|prior) +(?<figure>high|low)\\b',
    ({ figure }, { symbol }) => symbol && `${figure?.toLowerCase()}(${symbol}, 1)`,
  ),
  // golden cross
  say(
    '(?<symbol>\\$?[A-Za-z][\\w.:/-]*) +(?:has +)?(?:an? +)?(?<name>golden|death) +cross',
    ({ symbol, name }) =>
      `sma(${symbol}, 50) crosses ${name?.toLowerCase() === 'golden' ? 'above' : 'below'} sma(${symbol}, 200)`,
  ),
  // AAPL rsi 14 < 30, AAPL sma50 > sma200
  say(
    `(?<symbol>\\$?[A-Za-z][\\w.:/-]*) +(?<name>rsi|atr|[es]?ma)[ -]?${COUNT}(?= *[<>]| +(?:is|above|below|over|under|crosses|rises|falls)\\b)`,
    ({ symbol, name, count }) => `${functionOf(name)}(${symbol}, ${count})`,
  ),
  say(
    `${NAMED}(?:'s)? +${COUNT}[ -]?(?:${UNIT} +)?(?<name>rsi|atr)(?= *[<>]| +(?:is|above|below|over|under|crosses|rises|falls)\\b)`,
    ({ symbol, name, count }) => `${name?.toLowerCase()}(${symbol}, ${count})`,
  ),
  say(`(?<name>rsi|atr) +(?:of|for) +${NAMED}`, ({ symbol, name }) => `${name?.toLowerCase()}(${symbol}, 14)`),
  say(
    '(?<=\\([^()]*, *)(?<every>hourly|daily|weekly)(?= *\\))',
    ({ every }) => `1${every?.charAt(0).toLowerCase()}`,
    'misread',
  ),
  say(
    '(?<symbol>\\$?[A-Za-z][\\w.:/-]*) +(?:is +)?(?:rsi +)?(?<name>oversold|overbought)\\b',
    ({ symbol, name }) => `rsi(${symbol}, 14) ${name?.toLowerCase() === 'oversold' ? '< 30' : '> 70'}`,
  ),
  // volume > 2x its 20 day average
  say(
    `(?:(?<times>\\d[\\d.]*) ?(?:x|times) +|(?<twice>twice|double) +)?${ARTICLES}(?:${COUNT}[ -]?${UNIT} +)?(?:average|avg|normal|usual)(?: +volume)?\\b(?! *\\()`,
    ({ times, twice, count }, { symbol, before }) =>
      symbol && /\bvol(?:ume)?\b/i.test(before)
        ? `${/\bvol(?:ume)?\s*$/i.test(before) ? '> ' : ''}${twice ? '2 * ' : times ? `${times} * ` : ''}sma(${symbol} volume, ${count ?? '20'})`
        : undefined,
    'misread',
  ),
  // AAPL > 200 day moving average, 50d sma, 200dma
  say(
    `(?:\\bat +)?${ARTICLES}\\b${COUNT}[ -]?(?:${UNIT}[ -]*)?(?<kind>simple +|exponential +|exp +)?(?<name>${AVERAGE})(?![\\w(])`,
    average,
    'misread',
  ),
  say(`(?:\\bat +)?${ARTICLES}\\b(?<name>[es]?ma)[ -]?${COUNT}(?![\\w(.])`, average, 'misread'),
  say(
    `${NAMED} +(?:has +)?(?:an? +)?(?:volume +spikes?|unusual(?:ly +high)? +volume|high +volume)\\b`,
    ({ symbol }) => `${symbol} volume > 2 * sma(${symbol} volume, 20)`,
  ),
  // up or down 5% today
  say('\\bup *(?:or|/) *down\\b|\\bdown *(?:or|/) *up\\b|\\+ ?/ ?[-−–]|±', () => 'moves'),
  // 5% trailing stop
  say(
    `\\b(?:with +)?(?:an? +)?(?:trailing +stop(?:[ -]loss)?|trailing|trail)(?: +(?:of|at|by))? +${AMOUNT}|${AMOUNT.replace('amount', 'first')} +trailing +stop(?:[ -]loss)?\\b`,
    ({ amount, first }) => `drops ${amount ?? first} from peak`,
  ),
  say(
    `\\b(?:stop +loss|stop)(?: +(?:of|at))? +(?<amount>\\d[\\d.,]* ?%)(?= *$| +(?:repeat|once|every|until|via|for)\\b)`,
    ({ amount }) => `down ${amount} from now`,
  ),
  // up > 5% today
  say(
    '(?<=\\b(?:up|down|rises|falls|drops|gains|loses|moves) +)(?:by +)?(?:>=?|over|above)(?= *[$€£]?\\d[\\d.,]* *(?:%|percent|pct)? *(?:today|in|from|$)\\b)',
    () => 'at least',
  ),
  // AAPL +5% today; 5% off its high
  say(
    `(?<=^ *\\S+ +)(?<sign>[-+−–]) ?${AMOUNT}(?= +(?:today|in|from|within)\\b)`,
    ({ sign, amount }) => `${sign === '+' ? 'up' : 'down'} ${amount}`,
  ),
  say('(?<=^ *\\S+ +)(?<sign>[-+−–]) ?(?<amount>\\d[\\d.,]* ?%)$', ({ sign, amount }) =>
    sign === '+' ? `change > ${amount}` : `change < -${amount}`,
  ),
  say(
    `${AMOUNT} +(?<way>lower|higher)(?= +(?:today|in|from)\\b| *$)`,
    ({ amount, way }) => `${way?.toLowerCase() === 'lower' ? 'down' : 'up'} ${amount}`,
  ),
  say(`${AMOUNT} +(?:off|away +from|lower +than|from)(?= +)`, ({ amount }, { before }) =>
    /\b(?:up|down|rises|falls|drops|gains|loses|moves|by|least)\s*$/i.test(before) ? undefined : `down ${amount} from`,
  ),
  // up 5% since open, over the last hour, this week
  say('\\bsince +(?:the +)?open\\b', () => 'from open'),
  say("\\bsince +(?:the +)?(?:yesterday|last +close|close|yesterday[’']s +close)(?: +close)?\\b", () => 'today'),
  say('\\b(?:from|since) +(?:here|(?:the +)?current +(?:price|level|value))\\b', () => 'from now', 'misread'),
  say("\\bfrom +(?:yesterday(?:[’']s +close)?|last +close)\\b", () => 'today', 'misread'),
  say('\\bsince +(?:the +)?(?<what>peak|bottom|now)\\b', ({ what }) => `from ${what}`),
  say(
    '\\b(?:over|during|for|inside|after)(?= +(?:the +|a +|an +)?(?:last +|past +|next +)?(?:\\d+ ?)?(?:m|min|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\\b)',
    (_, { before }) => (isAfterMove(before) ? 'in' : undefined),
  ),
  say(
    '\\b(?:this|per|each|a|on +the|in +a|intra) ?(?<unit>hour|day|week)\\b|\\b(?:daily|intraday|hourly|weekly)\\b',
    (found, { before }) => (isAfterMove(before) ? sinceOf(found[0]) : undefined),
  ),
  say('\\b(?:this|in +(?:an?|the +last|the +past)) +(?<unit>month|year)\\b', ({ unit }, { before }) =>
    isAfterMove(before) ? (unit?.toLowerCase() === 'month' ? 'in 30d' : 'in 365d') : undefined,
  ),
  // > 500 by Friday, tomorrow, this week, within 2 days
  say(
    `\\buntil +(?<time>\\d{1,2}:\\d\\d|\\d{1,2} ?[ap]m) +(?:on +)?(?<day>${DAY})\\b`,
    ({ time, day }) => `until ${day} ${time}`,
  ),
  say(`\\b(?:by|before|till?|thru|through|on|up +to) +(?=(?:the +)?(?:${DATE})\\b)`, () => 'until'),
  say(
    '(?<!\\b(?:until|till?|before) +)(?:\\bby +)?\\b(?:today|tomorrow|tonight)\\b',
    (found) => `until ${/tomorrow/i.test(found[0]) ? 'tomorrow' : 'today'}`,
    'here',
  ),
  say('\\b(?:until|till?|by|before)? *(?:this +week|(?:the +)?end +of +(?:the +)?week|eow)\\b', () => 'until Friday'),
  say('\\b(?:until|till?|by|before)? *(?:(?:the +)?end +of +(?:the +)?day|eod)\\b', () => 'until today'),
  say(
    '\\b(?:within|in|over|during)(?: +the)?(?: +next)?(?= +(?:\\d+|an?|one|two|three) ?(?:m|min|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\\b)',
    () => 'expires in',
    'here',
  ),
  say('\\b(?:until|till?|by|before) +(?:noon|midday|12 ?noon)\\b', () => 'until 12:00'),
  say('\\b(?:until|till?|by|before) +(?:tonight|midnight|(?:the +)?(?:market +)?close)\\b', () => 'until today'),
  say(
    '(?<=\\buntil +)(?<one>\\d{1,2})[/.](?<other>\\d{1,2})(?:/(?<year>\\d{4}))?\\.?(?![\\w/])',
    ({ one, other, year }) => dateOf(Number(one), Number(other), year),
  ),
  // how long
  say('\\bhalf +an? +hour\\b|\\bhalf +hour\\b', () => '30m'),
  say(
    '(?<long>\\d+ ?(?:hours?|hrs?|h|days?|d)) +and +(?<short>\\d+ ?(?:minutes?|mins?|min|m|hours?|hrs?|h))\\b',
    ({ long, short }) => `${long} ${short}`,
  ),
  // how often
  say(
    '\\b(?:at +most|max|no +more +than) +once +(?:an?|per|every) +(?<unit>minute|hour|day|week)\\b',
    ({ unit }) => `cooldown 1${unit?.charAt(0).toLowerCase()}`,
  ),
  say(
    '\\bonce +(?:an?|per|every) +(?<unit>minute|hour|day|week)\\b',
    ({ unit }) => `every 1${unit?.charAt(0).toLowerCase()}`,
  ),
  say(
    '\\b(?:each|every) +time(?: +it +happens)?\\b|\\b(?:repeatedly|repeating|recurring|repeats|always)\\b',
    () => 'repeat',
    'here',
  ),
  say('\\bevery +time(?: +it +happens)?\\b', () => 'repeat'),
  say('\\b(?:only|just) +once\\b|\\bonce +only\\b|\\bone +time(?: +only)?\\b', () => 'once'),
  say('\\bdaily\\b', () => 'every 1d', 'here'),
  say('\\bhourly\\b', () => 'every 1h', 'here'),
  // hours
  say(
    '(?<!\\bduring +(?:the +)?)\\b(?:in +)?(?:the +)?(?:pre[ -]?market|after[ -]?hours|post[ -]?market|after[ -]?market)(?: +(?:hours|trading))?\\b',
    () => 'during extended hours',
  ),
  say(
    '\\bclose[sd]? +(?<way>above|below|over|under|at +least|at +most) *(?<level>[$€£]?\\d\\S*)(?: +today\\b)?',
    ({ way, level }) => `${way} ${level} at close`,
  ),
  say('\\bduring +(?:the +)?trading +hours\\b', () => 'during regular hours'),
  say('\\b(?:on|at) +(?:the +)?(?:market +)?close\\b', () => 'at close', 'here'),
  // who is told
  say(
    '(?:[,;] *|\\b(?:and|then|so|&) +)*\\b(?:(?:by|via|on|over|with|to|through) +(?:my +|an? +)?|(?:send|text|shoot)(?: +me)? +(?:an? +)?|(?=(?:text|email|sms)(?: +me| *$)))(?<via>sms|text|e-?mail|mail|telegram|discord)(?: +message)?(?: +me)?(?: +(?:please|pls))?(?= *$)',
    ({ via }) =>
      `via ${/^(?:sms|text)$/i.test(via ?? '') ? 'sms' : /mail/i.test(via ?? '') ? 'email' : via?.toLowerCase()}`,
  ),
  say(
    '(?:[,;] *|\\b(?:and|then|so|&) +)*\\b(?:notify|tell|alert|ping|warn|inform|let|message|msg|call|send|text)(?: +(?:me|us))?(?: +know)?(?: +an? +(?:alert|message|notification))?(?: +(?:please|pls|plz))?(?= *$| +(?:repeat|once|every|until|via|for)\\b)',
    () => '',
  ),
  say(
    '[,;]? *\\b(?:please|pls|plz|thanks|thank +you|thx|ty|asap|ok|okay|now|immediately|right +away)(?= *$| +(?:repeat|once|every|until|via|for)\\b)',
    (_, { before }) => (/\bfrom\s*$/i.test(before) ? undefined : ''),
  ),
  // 500 or more, 500+, at 500, from 300 to 500
  say(
    `(?<!(?:[<>=]|than|above|below|over|under|least|most) *)(?<level>[$€£]?\\b\\d[\\d.,]*[kmb]?) *(?:or +(?<way>more|higher|above|over|less|lower|below|under)|\\+)(?= *$| +(?:repeat|once|every|until|via|for)\\b)`,
    ({ way, level }) => `${way && /^(?:l|b|u)/i.test(way) ? '<=' : '>='} ${level}`,
  ),
  say(
    '(?<=\\S +)\\b(?:is +)?at(?= +[$€£]?\\d[\\d.,]*[kmb]?(?: *$| +(?:repeat|once|every|until|via|for|or|and)\\b))',
    () => 'hits',
  ),
  say(
    '(?<=\\S +)(?:\\b(?:is +)?(?:near|around|about|approaching|nearing|close +to)|≈) *(?=[$€£]?\\d[\\d.,]*[kmb]?(?: *$| +(?:repeat|once|every|until|via|for)\\b))',
    ({ 0: said }) => (/\s$/.test(said) ? 'hits' : 'hits '),
  ),
  say('\\bwithin(?= +[$€£]?\\d[\\d.,]*k? *(?:to|and|-|–|\\.\\.) *[$€£]?\\d)', () => 'between'),
  say('\\b(?:from|in)(?= +[$€£]?\\d[\\d.,]*k? *(?:to|and|-|–|\\.\\.) *[$€£]?\\d)', () => 'between', 'here'),
  say('(?<sign>[<>]) +=|= +(?<other>[<>])', ({ sign, other }) => `${sign ?? other}=`),
  say(
    '\\b(?:is +)?(?:equal +(?:to +)?or +(?:above|over|more +than|greater +than|higher +than)|(?:at +or +)(?:above|over)|(?:above|over) +or +at)\\b',
    () => 'at least',
  ),
  say(
    '\\b(?:is +)?(?:equal +(?:to +)?or +(?:below|under|less +than|lower +than)|(?:at +or +)(?:below|under)|(?:below|under) +or +at)\\b',
    () => 'at most',
  ),
  say('\\bdoubled?s?\\b', () => 'up 100% from now'),
  say('\\b(?:halves|halved)\\b', () => 'down 50% from now'),
  say(
    "\\b(?:(?:does|do|has) +not|(?:does|do|has)n['’]t|never) +(?:go|goes|gone|cross|crosse[ds]|rise[ns]?|climbs?|falls?|fallen|drops?|move[ds]?)? *(?<side>above|over|below|under)\\b",
    ({ side }) => `not ${side}`,
  ),
  say("\\b(?:no +longer|never|(?:does|do|is|has|will) +not|(?:does|do|has)n[’']t|won[’']t)\\b", () => 'not', 'here'),
  say(`\\b(?<word>${NUMBERS.join('|')})(?= +(?:seconds?|minutes?|mins?|hours?|days?|weeks?)\\b)`, ({ word }) =>
    String(NUMBERS.indexOf((word ?? '').toLowerCase()) + 1),
  ),
  // 1 000, US$500
  say(
    '(?<=(?:[<>=]|\\b(?:above|below|over|under|than|to|hits|reaches|least|most)) *[$€£]?)\\d{1,3}(?: \\d{3})+(?:\\.\\d+)?(?![\\w.,])',
    ({ 0: digits }) => digits.replace(/\s/g, ''),
  ),
  say('\\bUS *(?=\\$)', () => ''),
  say('(?<=\\d ?)per +cent\\b', () => '%'),
  // BTC USD, S&P 500
  say(
    '\\b(?<base>[A-Z]{3,5}) +(?<quote>USDT?|EUR|GBP|JPY|CHF)(?= *[<>=]| +(?:is|above|below|over|under|at|hits|crosses|up|down|between)\\b)',
    ({ base, quote }) => `${base}/${quote}`,
  ),
  say('\\bs ?& ?p(?: ?500)?(?![\\w&])', () => '^GSPC'),
  say('\\bdow +jones\\b', () => '^DJI'),
  // links
  say('(?<=\\d *)/(?= *(?:above|below|over|under|[<>]))', () => ' or '),
  say(
    '(?<=\\d\\S* +|\\b(?:today|peak) +)(?:but|while|when|if|plus|whereas|and +also|as +well +as|and +if|and +when)(?= +\\S+)',
    () => 'and',
  ),
  say('\\bbreaks +out(?= +(?:above|over|of)\\b)|\\bbreaks +down(?= +(?:below|under)\\b)', () => 'breaks'),
  say('\\band +(?:also|if|when|then)(?= +\\S+)', () => 'and'),
  say('(?<=\\bor +)(?:also|if|when|else)(?= +\\S+)', () => ''),
  { said: LISTED, written: ({ groups }) => saidOfEach(groups?.list ?? '', groups?.claim ?? '') },
  say('^ *(?:either|both)\\b', () => ''),
]

/** What is said of several symbols at once, said of each. */
function saidOfEach(list: string, claim: string): string {
  const link = /\band\b|&/.test(list) ? 'and' : 'or'
  return list
    .split(/\s*(?:,\s*(?:and\s|or\s)?|\sand\s|\sor\s|&)\s*/)
    .map((symbol) => `${symbol} ${claim}`)
    .join(` ${link} `)
}

type Groups = { readonly [name: string]: string | undefined }

/** An entry of the table; `said` regardless of case, spaces of any kind. */
function say(
  said: string,
  written: (groups: Groups & { 0: string }, where: Where) => string | undefined,
  when?: 'here' | 'misread',
): Saying {
  return {
    said: new RegExp(said.replaceAll(' ', '\\s'), 'gi'),
    written: (found, where) => written({ ...found.groups, 0: found[0] }, where),
    ...(when === 'here' ? { isHere: true } : {}),
    ...(when === 'misread' ? { misread: true } : {}),
  }
}

/** The highest or lowest of a length of time: what a value is above, or with its verb. */
function extreme(as: 'verb' | 'level') {
  return ({ side = '', count, unit }: Groups, { symbol, before }: Where) => {
    if (symbol === undefined) return undefined
    const name = side.toLowerCase()
    const level = `${name}(${symbol}, ${count === undefined ? '52w' : lengthOf(count, unit)})`
    const isCompared = /(?:[<>=]|\b(?:above|below|over|under))\s*$/i.test(before)
    return as === 'level' || isCompared ? level : `${name === 'high' ? '>' : '<'} ${level}`
  }
}

/** A day typed with a stroke or points: which is the month shows where the other is none; else the day comes first. */
function dateOf(one: number, other: number, year: string | undefined): string | undefined {
  const [day, month] = other > 12 ? [other, one] : [one, other]
  const name = NAMES[month - 1]
  return name && `${day} ${name}${year ? ` ${year}` : ''}`
}

const NAMES = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

function lengthOf(count: string, unit = 'd'): string {
  const letter = unit.charAt(0).toLowerCase()
  if (letter === 'm') return `${Number(count) * 30}d`
  return letter === 'y' ? `${Number(count) * 365}d` : `${count}${letter}`
}

function functionOf(name = ''): string {
  const lower = name.toLowerCase()
  return lower === 'ma' ? 'sma' : lower
}

/** A moving average: of weeks and hours over candles of that length, else over daily ones. */
function average(
  { 0: said, count, unit, kind, name }: Groups & { 0: string },
  { symbol, before }: Where,
): string | undefined {
  if (symbol === undefined) return undefined
  const letter = unit?.charAt(0).toLowerCase()
  const interval = letter === 'w' ? ', 1w' : letter === 'h' ? ', 1h' : ''
  const level = `${/^e/i.test(kind ?? name ?? '') ? 'ema' : 'sma'}(${symbol}, ${count}${interval})`
  if (/^at\s/i.test(said)) return `hits ${level}`
  return before.trimEnd().endsWith(symbol) ? `> ${level}` : level
}

/** Whether a move is said last in a line, so that what follows is since when. */
export function isAfterMove(before: string): boolean {
  return /\b(?:up|down|rises|falls|drops|gains|loses|moves|jumps|climbs|dropped|fell|rose|gained|lost|moved)\s+(?:by\s+)?(?:at\s+least\s+)?(?:[$€£]?\d[\d.,]*\s*(?:%|percent|pct)?)?\s*$/i.test(
    before,
  )
}

function sinceOf(said: string): string {
  return /hour/i.test(said) ? 'in 1h' : /week/i.test(said) ? 'in 7d' : 'today'
}
