import { describe, expect, test } from 'vitest'
import { createSieve, type HeldBack, type SievePorts } from '../../src/market/held-back.ts'
import type { Quote, Split } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const SECOND = 1_000
const HOUR = 3_600_000
/** A Monday, 10:00 in New York. */
const START = Date.parse('2026-11-23T15:00:00Z')

const quote = (price: string, receivedAt: number, given: Partial<Quote> = {}): Quote => ({
  symbol: 'stock:AAPL',
  price,
  currency: 'USD',
  source: 'Yahoo',
  receivedAt,
  ...given,
})

/** A sieve over a market at 100; rounds take the last believed quote from the one before. */
function aSieve(given: Partial<SievePorts> = {}) {
  const doubts: HeldBack[] = []
  const state = { now: START, believed: quote('100', START - 10 * SECOND) as Quote, asked: 0 }
  const { opinion, ...ports } = given
  const sieve = createSieve({
    now: () => state.now,
    calendar: calendar({ alwaysOpen: false }),
    isMade: false,
    doubted: (heldBack) => doubts.push(heldBack),
    ...(opinion && {
      opinion: async (symbol: string, than: string) => {
        state.asked++
        return await opinion(symbol, than)
      },
    }),
    ...ports,
  })
  /** Gives the price that is believed after a round `seconds` after the start; `-` while nothing new is. */
  const round = async (seconds: number, price: string, more: Partial<Quote> = {}) => {
    state.now = START + seconds * SECOND
    const one = quote(price, state.now, more)
    const { sure, confirmed } = sieve.sift(new Map([[one.symbol, state.believed]]), [one])
    const [found] = [...sure, ...(await confirmed)]
    if (found) state.believed = found
    return found ? `${found.price} ${found.source}` : '-'
  }
  return { round, doubts, state }
}

describe('without a second source', () => {
  test('a jump is believed after three quotes over a minute', async () => {
    const { round, doubts } = aSieve()
    expect(await round(0, '180')).toBe('-')
    expect(await round(10, '180.5')).toBe('-')
    expect(await round(50, '179')).toBe('-')
    expect(await round(60, '180')).toBe('180 Yahoo')
    expect(doubts.map(({ rule, price, isWaiting }) => `${rule} ${price} ${isWaiting}`)).toEqual([
      'jump 180 true',
      'jump 180.5 true',
      'jump 179 true',
    ])
    expect(await round(70, '181')).toBe('181 Yahoo')
  })

  test('two quotes are not enough, however far apart', async () => {
    const { round } = aSieve()
    expect(await round(0, '180')).toBe('-')
    expect(await round(600, '180')).toBe('-')
    expect(await round(601, '180')).toBe('180 Yahoo')
  })

  test('one that is more than 1 % away from the held one begins anew', async () => {
    const { round } = aSieve()
    await round(0, '180')
    await round(30, '180')
    expect(await round(60, '190')).toBe('-')
    await round(90, '190')
    expect(await round(119, '190')).toBe('-')
    expect(await round(120, '190')).toBe('190 Yahoo')
  })

  test('a quote that may be believed ends the waiting', async () => {
    const { round } = aSieve()
    await round(0, '180')
    await round(30, '180')
    expect(await round(40, '101')).toBe('101 Yahoo')
    expect(await round(60, '180')).toBe('-')
    expect(await round(70, '180')).toBe('-')
  })

  test('what is refused never becomes right by being said again', async () => {
    const { round, doubts } = aSieve()
    for (const seconds of [0, 30, 60, 90]) expect(await round(seconds, '0')).toBe('-')
    expect(doubts[3]).toEqual({
      symbol: 'stock:AAPL',
      rule: 'price',
      price: '0',
      source: 'Yahoo',
      why: 'it is no number above zero',
      isWaiting: false,
      at: START + 90 * SECOND,
    })
  })

  test('in a made market nothing waits', async () => {
    const { round } = aSieve({ isMade: true })
    expect(await round(0, '900')).toBe('900 Yahoo')
  })
})

describe('a second source', () => {
  test('that agrees confirms at once', async () => {
    const { round, doubts } = aSieve({ opinion: async () => quote('178', START, { source: 'Nasdaq' }) })
    expect(await round(0, '180')).toBe('180 Yahoo')
    expect(doubts).toEqual([])
  })

  test('that says what was believed before is believed in place of the first, however often that one says it', async () => {
    let at = START
    const { round, state } = aSieve({ opinion: async () => quote('101', at, { source: 'Nasdaq' }) })
    for (const seconds of [0, 30, 60, 90]) {
      at = START + seconds * SECOND
      expect(await round(seconds, '180')).toBe('101 Nasdaq')
    }
    expect(state.asked).toBe(4)
  })

  test('that tells old prices cannot contradict', async () => {
    const old = { source: 'Nasdaq', asOf: START - HOUR }
    const { round } = aSieve({ opinion: async () => quote('101', START, old) })
    expect(await round(0, '180')).toBe('-')
    await round(30, '180')
    expect(await round(60, '180')).toBe('180 Yahoo')
  })

  test.each<[string, SievePorts['opinion']]>([
    ['that is the same one', async () => quote('180', START)],
    ['that has none', async () => undefined],
    ['that fails', () => Promise.reject(new Error('down'))],
    ['that says zero', async () => quote('0', START, { source: 'Nasdaq' })],
  ])('%s confirms nothing', async (_what, opinion) => {
    const { round } = aSieve({ opinion: opinion! })
    expect(await round(0, '180')).toBe('-')
    await round(30, '180')
    expect(await round(60, '180')).toBe('180 Yahoo')
  })

  test('is asked no more often than every ten seconds', async () => {
    const { round, state } = aSieve({ opinion: async () => undefined })
    for (const seconds of [0, 2, 4, 6, 8, 9.9]) await round(seconds, '180')
    expect(state.asked).toBe(1)
    await round(10, '180')
    expect(state.asked).toBe(2)
  })

  test('that answers in place of the first and is far from it is judged by one that is neither', async () => {
    const asked: string[] = []
    const opinion: SievePorts['opinion'] = async (_symbol, than) => {
      asked.push(than)
      return quote('104.5', START, { source: 'Alpaca' })
    }
    const { round } = aSieve({ opinion })
    expect(await round(0, '104', { source: 'Nasdaq' })).toBe('104 Nasdaq')
    expect(asked).toEqual(['Nasdaq'])
  })
})

describe('a price that looks like a split', () => {
  /** The last price is of Friday's close. */
  const over = (splits: SievePorts['splits'], given: Partial<SievePorts> = {}) => {
    const sieve = aSieve({ ...(splits && { splits }), ...given })
    sieve.state.believed = quote('100', START - 66 * HOUR)
    return sieve
  }
  const FOUR: Split = { at: START - HOUR, numerator: '4', denominator: '1' }

  test('is believed when there was one', async () => {
    const { round, doubts } = over(async () => [FOUR])
    expect(await round(0, '25.5')).toBe('25.5 Yahoo')
    expect(doubts).toEqual([])
  })

  test('is believed when there was none and it is no jump', async () => {
    const { round } = over(async () => [])
    expect(await round(0, '80')).toBe('80 Yahoo')
  })

  test('is a jump when there was none for ten minutes', async () => {
    const { round, doubts } = over(async () => [])
    for (const minute of [0, 3, 6, 9]) expect(await round(minute * 60, '25')).toBe('-')
    expect(doubts.every(({ rule }) => rule === 'split')).toBe(true)
    expect(await round(600, '25')).toBe('-')
    expect(doubts.at(-1)).toMatchObject({ rule: 'jump', isWaiting: true })
    await round(630, '25')
    expect(await round(660, '25')).toBe('25 Yahoo')
  })

  test('is believed when the split is told a little late', async () => {
    const told: Split[] = []
    const { round } = over(async () => told)
    expect(await round(0, '25.5')).toBe('-')
    told.push(FOUR)
    expect(await round(60, '25.5')).toBe('25.5 Yahoo')
  })

  test('is a jump when there was another one', async () => {
    const { round, doubts } = over(async () => [{ ...FOUR, numerator: '2' }])
    expect(await round(0, '25')).toBe('-')
    expect(doubts).toMatchObject([{ rule: 'jump' }])
  })

  test('waits while nobody can say, whatever confirms the price, and then is a jump', async () => {
    let asked = 0
    const splits = async () => {
      asked++
      return undefined
    }
    const { round, doubts } = over(splits, { opinion: async () => quote('25', START, { source: 'Nasdaq' }) })
    for (const seconds of [0, 30, 60, 120]) expect(await round(seconds, '25')).toBe('-')
    expect(asked).toBe(3)
    expect(doubts.every(({ rule }) => rule === 'split')).toBe(true)
    expect(await round(1801, '25')).toBe('25 Yahoo')
  })

  test('is a jump where nobody ever tells splits', async () => {
    const { round, doubts } = over(undefined)
    expect(await round(0, '50')).toBe('-')
    expect(doubts).toMatchObject([{ rule: 'jump' }])
  })
})

test('those that may be believed at once do not wait for those that may not', async () => {
  let answer: (quote: Quote | undefined) => void = () => {}
  const opinion = () =>
    new Promise<Quote | undefined>((resolve) => {
      answer = resolve
    })
  const sieve = createSieve({
    now: () => START,
    calendar: calendar({ alwaysOpen: false }),
    isMade: false,
    doubted: () => {},
    opinion,
  })
  const previous = new Map(['stock:A', 'stock:B'].map((symbol) => [symbol, quote('100', START - SECOND, { symbol })]))
  const quotes = [quote('180', START, { symbol: 'stock:A' }), quote('101', START, { symbol: 'stock:B' })]
  const { sure, confirmed } = sieve.sift(previous, quotes)
  expect(sure.map(({ symbol }) => symbol)).toEqual(['stock:B'])
  await Promise.resolve()
  answer(quote('181', START, { source: 'Nasdaq' }))
  expect((await confirmed).map(({ symbol }) => symbol)).toEqual(['stock:A'])
})
