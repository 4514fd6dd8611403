import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReplay, loadReplay, parseReplay, type Tick } from '../../src/market/replay.ts'

const T0 = Date.parse('2026-11-23T15:00:00Z')
const DAY = `time,symbol,price,volume
# A day on which nobody saw 500.
2026-11-23T15:00:00Z,AAPL,320,1000
2026-11-23T15:00:00Z,BTC,97000.10
2026-11-23T15:00:10Z,AAPL,505.00,2000

2026-11-23T15:00:20Z,AAPL,290
`

describe('the file', () => {
  it('becomes ticks of distinct times', () => {
    const ticks = parseReplay(DAY, 'day.csv')
    expect(ticks.map(({ at, quotes }) => [at - T0, quotes.map(({ symbol, price }) => [symbol, price])])).toEqual([
      [
        0,
        [
          ['stock:AAPL', '320'],
          ['crypto:BTC/USD', '97000.10'],
        ],
      ],
      [10_000, [['stock:AAPL', '505.00']]],
      [20_000, [['stock:AAPL', '290']]],
    ])
    expect(ticks[1]!.quotes[0]).toEqual({
      symbol: 'stock:AAPL',
      price: '505.00',
      currency: 'USD',
      source: 'replay',
      receivedAt: T0 + 10_000,
      asOf: T0 + 10_000,
      volume: '2000',
    })
  })

  it.each([
    ['2026-11-23T15:00:00Z', T0],
    ['2026-11-23T15:00:00', T0],
    ['2026-11-23 15:00:00Z', T0],
    ['2026-11-23 15:00', T0],
    ['2026-11-23T10:00:00-05:00', T0],
    ['2026-11-23', Date.parse('2026-11-23T15:59:59-05:00')],
    ['2026-07-23', Date.parse('2026-07-23T15:59:59-04:00')],
    ['2026-02-30', null],
    [String(T0), T0],
    [String(T0 / 1000), T0],
    [`${T0 / 1000}.25`, T0 + 250],
    ['2026', null],
    ['yesterday', null],
  ])('reads the time %s', (time, at) => {
    const read = () => parseReplay(`${time},AAPL,1`, 'x.csv')
    if (at === null) expect(read).toThrow(`x.csv, line 1: "${time}" is not a time.`)
    else expect(read()[0]!.at).toBe(at)
  })

  it.each([
    ['1790000000,AAPL', 'expected time,symbol,price[,volume].'],
    ['1790000000,AAPL,1,2,3', 'expected time,symbol,price[,volume].'],
    ['1790000000,A B,1', '"A B" is not a symbol.'],
    ['1790000000,AAPL,0', '"0" is not a price above zero.'],
    ['1790000000,AAPL,-5', '"-5" is not a price above zero.'],
    ['1790000000,AAPL,', '"" is not a price above zero.'],
    ['1790000000,AAPL,1,lots', '"lots" is not a volume.'],
    ['1780000000,AAPL,1', '1780000000 is before the time of the line above it.'],
  ])('refuses the row %j', (row, what) =>
    expect(() => parseReplay(`time,symbol,price\n1790000000,AAPL,1\n\n${row}\n`, 'day.csv')).toThrow(
      `day.csv, line 4: ${what}`,
    ),
  )

  it('says when there is nothing in it, or no file', () => {
    expect(() => parseReplay('time,symbol,price\n', 'day.csv')).toThrow('day.csv has no quotes in it.')
    expect(() => loadReplay('/no/such/day.csv')).toThrow('The replay file /no/such/day.csv cannot be read')
  })

  it('counts the later of two rows of one symbol at one time', () => {
    const [tick] = parseReplay('1790000000,AAPL,1\n1790000000,AAPL,2\n', 'day.csv')
    expect(tick!.quotes.map(({ price }) => price)).toEqual(['2'])
  })

  it('knows the currency of foreign listings', () =>
    expect(parseReplay('1790000000,OCDO.L,3.05', 'day.csv')[0]!.quotes[0]!.currency).toBe('GBP'))
})

/** A replay on a clock that stands still unless it is set. */
function playing(speed = 1, ticks: readonly Tick[] = parseReplay(DAY, 'day.csv')) {
  const clock = { real: 0 }
  const replay = createReplay({ ticks, speed, realNow: () => clock.real })
  const price = async (symbol = 'stock:AAPL') => {
    const answer = (await replay.provider.quotes([symbol])).get(symbol)!
    return 'unknown' in answer ? answer.unknown : answer.price
  }
  return { clock, replay, price }
}

describe('before the start', () => {
  it('the clock stands at the first tick, whose prices are known, and nothing is due', async () => {
    const { clock, replay, price } = playing()
    clock.real = 60_000
    expect([replay.started, replay.now(), replay.next()]).toEqual([false, T0, undefined])
    expect([await price(), await price('crypto:BTC/USD')]).toEqual(['320', '97000.10'])
  })
})

describe('playing', () => {
  it('never passes a tick that is not done', async () => {
    const { clock, replay, price } = playing()
    replay.start()
    expect(replay.next()?.at).toBe(T0)
    clock.real = 60_000
    expect([replay.now(), replay.next()?.at]).toEqual([T0, T0])
    replay.done(T0)
    expect([replay.now(), replay.next()?.at, await price()]).toEqual([T0 + 10_000, T0 + 10_000, '320'])
    replay.done(T0 + 10_000)
    expect([replay.now(), replay.next()?.at, await price()]).toEqual([T0 + 20_000, T0 + 20_000, '505.00'])
    replay.done(T0 + 20_000)
    expect([replay.now(), replay.next(), await price()]).toEqual([T0 + 60_000, undefined, '290'])
  })

  it('runs at its speed, and on after the last tick', () => {
    const { clock, replay } = playing(10)
    replay.start()
    replay.done(T0)
    clock.real = 500
    expect([replay.now() - T0, replay.next()]).toEqual([5_000, undefined])
    clock.real = 1_000
    expect([replay.now() - T0, replay.next()?.at]).toEqual([10_000, T0 + 10_000])
    replay.done(T0 + 20_000)
    clock.real = 60_000
    expect([replay.now() - T0, replay.next()]).toEqual([600_000, undefined])
  })

  it('goes on where it was after a restart', async () => {
    const { clock, replay, price } = playing()
    clock.real = 1_000_000
    replay.start(T0 + 10_000)
    expect([replay.now() - T0, replay.next(), await price()]).toEqual([10_000, undefined, '505.00'])
    clock.real += 10_000
    expect(replay.next()?.at).toBe(T0 + 20_000)
  })

  it('shows the first tick again when it stopped before that was done', () => {
    const { replay } = playing()
    replay.start(T0 - 1)
    expect([replay.now(), replay.next()?.at]).toEqual([T0, T0])
  })

  it('starts once', () => {
    const { clock, replay } = playing()
    replay.start()
    replay.done(T0)
    clock.real = 5_000
    replay.start(T0 + 20_000)
    expect([replay.now() - T0, replay.next()]).toEqual([5_000, undefined])
  })

  it('shows every tick once, in order and at its time, at any speed and with any delays and restarts', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 40 })
    const delays = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(
        gaps,
        delays,
        fc.double({ min: 0.1, max: 10_000, noNaN: true }),
        fc.nat({ max: 20 }),
        (steps, waits, speed, restart) => {
          const times = steps.map((_, index) => T0 + steps.slice(0, index).reduce((sum, gap) => sum + gap, 0))
          const ticks = times.map((at) => ({ at, quotes: [] }))
          let { clock, replay } = playing(speed, ticks)
          replay.start()
          const seen: number[] = []
          let before = 0
          for (let round = 0; seen.length < times.length; round += 1) {
            clock.real += (waits[round % waits.length] ?? 0) + 1
            if (round === restart && seen.length > 0) {
              ;({ clock, replay } = playing(speed, ticks))
              replay.start(before)
            }
            expect(replay.now()).toBeGreaterThanOrEqual(before)
            before = replay.now()
            const tick = replay.next()
            if (!tick) {
              clock.real += 100_000 / speed
              continue
            }
            expect(replay.now()).toBe(tick.at)
            seen.push(tick.at)
            replay.done(tick.at)
          }
          expect(seen).toEqual(times)
        },
      ),
    )
  })
})

describe('what it knows', () => {
  it('tells a symbol that comes later from one that is not in the file', async () => {
    const { price } = playing(1, parseReplay('1790000000,AAPL,1\n1790000060,MSFT,2', 'x.csv'))
    expect(await price('stock:MSFT')).toBe('the replay has no price of MSFT yet')
    expect(await price('stock:NOPE')).toBe('the replay has no NOPE')
  })

  it('makes candles of the rows so far', async () => {
    const { clock, replay } = playing()
    replay.start()
    const candles = () => replay.provider.candles('stock:AAPL', '1m', T0, T0 + 600_000)
    expect(await candles()).toEqual([{ start: T0, open: '320', high: '320', low: '320', close: '320', volume: null }])
    replay.done(T0 + 10_000)
    clock.real = 20_000
    expect(await candles()).toEqual([
      { start: T0, open: '320', high: '505.00', low: '290', close: '290', volume: null },
    ])
  })

  it('finds its symbols', async () =>
    expect(await playing().replay.provider.search('btc')).toEqual([
      { symbol: 'crypto:BTC/USD', name: 'BTC/USD', exchange: 'replay' },
    ]))
})
