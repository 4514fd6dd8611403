import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { draw } from '../../src/chart/draw.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, SATURDAY, startTalk, type Talk } from './talk.ts'
import { planAll } from './told.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
  talk.now = MONDAY + 4 * HOUR
})

describe('chart', () => {
  test('of the day: first, last, change, low, high, the levels of one’s alerts, and who says so', async () => {
    await talk.says('alert AAPL > 500 or < 300')
    await talk.says('alert AAPL > 400\nalert MSFT > 500\nalert AAPL > 410')
    await talk.says('pause 4')
    expect(await talk.says('chart AAPL')).toBe(
      [
        'AAPL',
        '▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁',
        'From 327.47 at 14:30 to 333.69 at 19:03: +1.9 %',
        'Low 333.69 around 14:32',
        'High 333.69 around 14:32',
        'Your alerts: 1: > 500, 1: < 300, 2: > 400',
        'In USD, every 5 minutes, desk.',
      ].join('\n'),
    )
  })

  test('the picture has the points, the levels and where it fired in that time', async () => {
    await talk.says('alert AAPL > 300 repeat')
    await talk.says('tell 1')
    await planAll(store, talk.now)
    talk.now += HOUR
    const { picture } = await talk.hears('chart AAPL')
    expect(picture).toMatchObject({
      title: 'AAPL, every 5 minutes',
      symbol: 'AAPL',
      source: 'desk',
      currency: 'USD',
      zone: 'UTC',
      levels: [{ price: 300, label: '1: > 300' }],
      firings: [{ at: talk.now - HOUR, price: 333.69 }],
    })
    expect(picture!.points[0]).toEqual({ at: Date.UTC(2026, 10, 23, 14, 30), price: 327.47 })
    expect(picture!.points[1]).toEqual({ at: Date.UTC(2026, 10, 23, 14, 35), price: 333.69 })
    expect(picture!.points.at(-1)).toEqual({ at: talk.now - 12_000, price: 333.69 })
    expect(await draw(picture!)).toBeDefined()
  })

  test('a firing before the time that is shown is not in it', async () => {
    await talk.says('alert AAPL > 300 repeat')
    await talk.says('tell 1')
    await planAll(store, talk.now)
    talk.now += DAY
    expect((await talk.hears('chart AAPL')).picture).toMatchObject({ firings: [] })
    expect((await talk.hears('chart AAPL 5d')).picture!.firings).toHaveLength(1)
  })

  test.each<[string, string]>([
    ['chart AAPL 5d', 'every 15 minutes'],
    ['chart AAPL 1m', 'hour by hour'],
    ['chart AAPL 6m', 'day by day'],
    ['chart AAPL 1y', 'day by day'],
    ['chart AAPL 5y', 'week by week'],
    ['chart AAPL 4h', 'minute by minute'],
    ['chart BTC', 'every 15 minutes'],
    ['chart BTC 5d', 'hour by hour'],
    ['chart BTC 1 month', 'every 4 hours'],
    ['chart BTC 1y', 'day by day'],
    ['chart EURUSD 5d', 'hour by hour'],
    ['chart EURUSD last 2 weeks', 'every 4 hours'],
    ['chart EURUSD since 1 Mar', 'day by day'],
    ['chart EURUSD from 2026-10-01 to 2026-10-08', 'hour by hour'],
  ])('%s is drawn %s, with 60 to 400 points', async (text, pace) => {
    const { picture } = await talk.hears(text)
    expect(picture!.title.split(', ')[1]).toBe(pace)
    expect(picture!.points.length).toBeGreaterThanOrEqual(55)
    expect(picture!.points.length).toBeLessThanOrEqual(400)
    expect(picture!.points.every(({ at }, index, all) => index === 0 || at > all[index - 1]!.at)).toBe(true)
  })

  test('of a closed market: its last session', async () => {
    talk.now = SATURDAY
    const text = await talk.says('chart AAPL')
    expect(text).toMatch(/\nFrom 327\.47 at Fri 20 Nov 14:30 to 327\.47 at Fri 20 Nov 21:00: 0\.0 %\n/)
    expect(await talk.says('chart AAPL 2h')).toMatch(
      /\nFrom 327\.47 at Fri 20 Nov 19:00 to 327\.47 at Fri 20 Nov 21:00:/,
    )
  })

  test('of an alert: the symbols it is about', async () => {
    await talk.says('alert AAPL > 500 and BTC > 100k')
    const text = await talk.says('chart 1 5d')
    expect(text).toMatch(/^AAPL\n/)
    expect(text).toMatch(/\nBTC\/USD\n/)
    expect((await talk.hears('chart #1')).picture).toMatchObject({ symbol: 'AAPL' })
  })

  test.each<[string, string]>([
    ['chart NOPE', 'I know no NOPE. Check the ticker.'],
    ['chart AAPL MSFT', 'One symbol at a time.\nTry: chart AAPL 5d'],
    ['chart AAPL 0d', 'I can draw an hour at least, and seven years at most.\nTry: chart AAPL 5d'],
    ['chart AAPL 9y', 'I can draw an hour at least, and seven years at most.\nTry: chart AAPL 5d'],
    ['chart 9', 'You have no alert 9. Type list to see yours.'],
  ])('%s', async (text, answer) => {
    expect(await talk.says(text)).toBe(answer)
  })

  test('asks which of two is meant, and keeps the period', async () => {
    talk.figures.prices.set('stock:COIN', '280').set('crypto:COIN/USD', '1.2')
    expect(await talk.says('chart COIN 5d')).toContain('[stock:COIN: chart stock:COIN 5d]')
  })

  test('says why it cannot be drawn', async () => {
    talk.figures.isDown = true
    expect(await talk.says('chart AAPL')).toBe('I cannot draw AAPL: desk does not answer.')
  })
})

describe('the small picture of a price', () => {
  test('is the session, up to the price now, with one’s levels', async () => {
    await talk.says('alert AAPL > 500')
    const { picture, brief } = await talk.hears('price AAPL')
    expect(picture).toMatchObject({ title: 'AAPL 333.69 USD', symbol: 'AAPL', source: 'desk', currency: 'USD' })
    expect(picture!.points[0]).toEqual({ at: Date.UTC(2026, 10, 23, 14, 30), price: 327.47 })
    expect(picture!.points.at(-1)).toEqual({ at: talk.now - 12_000, price: 333.69 })
    expect(picture!.levels).toEqual([{ price: 500, label: '1: > 500' }])
    expect(brief).toBe('AAPL, 333.69 USD, +1.9 %, 12 s ago, desk')
  })

  test('there is none of several', async () => {
    expect(await talk.hears('price AAPL MSFT')).not.toHaveProperty('picture')
  })

  test('the price of a closed market says since when it is closed', async () => {
    talk.now = SATURDAY
    expect(await talk.says('price AAPL')).toMatch(/desk; closed since Fri 20 Nov 21:00$/)
    talk.now = MONDAY - 2 * HOUR
    expect(await talk.says('price AAPL')).toMatch(/desk; before regular trading$/)
    talk.now = MONDAY + 7 * HOUR
    expect(await talk.says('price AAPL BTC')).toMatch(/desk; after regular trading, since 21:00\nBTC\/USD .* desk$/)
  })
})
