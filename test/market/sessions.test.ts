import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exchangeOf } from '../../src/market/exchanges.ts'
import { calendar, knowsHolidays } from '../../src/market/sessions.ts'
import { hear, type Told } from '../../src/market/told.ts'

const { sessionAt, isOpen, nextOpen } = calendar({ alwaysOpen: false })
const at = (text: string) => Date.parse(text)
const iso = (ms: number) => new Date(ms).toISOString().replace(':00.000Z', 'Z')

describe('US stocks, in UTC (New York is 5 h behind in winter, 4 h in summer)', () => {
  it.each([
    // An ordinary Monday in winter.
    ['2026-11-23T08:59Z', 'closed', '2026-11-23T09:00Z'],
    ['2026-11-23T09:00Z', 'pre', '2026-11-23T14:30Z'],
    ['2026-11-23T14:29Z', 'pre', '2026-11-23T14:30Z'],
    ['2026-11-23T14:30Z', 'regular', '2026-11-23T21:00Z'],
    ['2026-11-23T21:00Z', 'post', '2026-11-24T01:00Z'],
    ['2026-11-24T01:00Z', 'closed', '2026-11-24T09:00Z'],
    // Thanksgiving, the short Friday after it, the weekend.
    ['2026-11-26T16:00Z', 'closed', '2026-11-27T09:00Z'],
    ['2026-11-27T17:59Z', 'regular', '2026-11-27T18:00Z'],
    ['2026-11-27T18:00Z', 'post', '2026-11-27T22:00Z'],
    ['2026-11-27T22:00Z', 'closed', '2026-11-30T09:00Z'],
    ['2026-11-29T16:00Z', 'closed', '2026-11-30T09:00Z'],
    // Christmas Eve is short; Christmas is a Friday.
    ['2026-12-24T17:30Z', 'regular', '2026-12-24T18:00Z'],
    ['2026-12-24T19:00Z', 'post', '2026-12-24T22:00Z'],
    ['2026-12-25T16:00Z', 'closed', '2026-12-28T09:00Z'],
    // Independence Day 2026 is a Saturday: Friday is off.
    ['2026-07-03T16:00Z', 'closed', '2026-07-06T08:00Z'],
    ['2028-07-03T16:59Z', 'regular', '2028-07-03T17:00Z'],
    // Easter 2027.
    ['2027-03-26T16:00Z', 'closed', '2027-03-29T08:00Z'],
    // New Year 2028 falls on a Saturday and is not made up for.
    ['2027-12-31T16:00Z', 'regular', '2027-12-31T21:00Z'],
    // Clocks go forward on 8 March 2026 and back on 1 November 2026.
    ['2026-03-06T14:30Z', 'regular', '2026-03-06T21:00Z'],
    ['2026-03-09T13:30Z', 'regular', '2026-03-09T20:00Z'],
    ['2026-10-30T13:30Z', 'regular', '2026-10-30T20:00Z'],
    ['2026-11-02T13:30Z', 'pre', '2026-11-02T14:30Z'],
    // Beyond the table a weekday is a trading day.
    ['2031-12-25T16:00Z', 'regular', '2031-12-25T21:00Z'],
  ])('%s is %s until %s', (time, session, until) => {
    const found = sessionAt('stock:AAPL', at(time))
    expect([found.session, iso(found.until)]).toEqual([session, until])
  })

  it.each([['stock:BRK.B'], ['stock:^GSPC'], ['stock:SPY']])('%s keeps these hours too', (symbol) => {
    expect(sessionAt(symbol, at('2026-11-23T14:30Z'))).toEqual(sessionAt('stock:AAPL', at('2026-11-23T14:30Z')))
  })
})

describe('the others', () => {
  it.each([
    // London moves its clocks on 29 March 2026, three weeks after New York.
    ['stock:OCDO.L', '2026-03-27T08:00Z', 'regular', '2026-03-27T16:30Z'],
    ['stock:OCDO.L', '2026-03-30T07:00Z', 'regular', '2026-03-30T15:30Z'],
    ['stock:OCDO.L', '2026-03-27T16:30Z', 'closed', '2026-03-30T07:00Z'],
    ['stock:SAP.DE', '2026-11-23T08:00Z', 'regular', '2026-11-23T16:30Z'],
    ['stock:NOVO-B.CO', '2026-11-23T16:00Z', 'closed', '2026-11-24T08:00Z'],
    ['stock:7203.T', '2026-11-23T00:00Z', 'regular', '2026-11-23T06:30Z'],
    ['stock:7203.T', '2026-11-22T12:00Z', 'closed', '2026-11-23T00:00Z'],
    ['stock:^FTSE', '2026-11-23T07:59Z', 'closed', '2026-11-23T08:00Z'],
    ['stock:ABC.ZZ', '2026-11-23T03:00Z', 'regular', '2026-11-28T00:00Z'],
    ['stock:ABC.ZZ', '2026-11-28T00:00Z', 'closed', '2026-11-30T00:00Z'],
    ['fx:EUR/USD', '2026-11-27T21:59Z', 'regular', '2026-11-27T22:00Z'],
    ['fx:EUR/USD', '2026-11-27T22:00Z', 'closed', '2026-11-29T22:00Z'],
    ['fx:EUR/USD', '2026-11-29T22:00Z', 'regular', '2026-12-04T22:00Z'],
    ['fx:EUR/USD', '2026-11-26T16:00Z', 'regular', '2026-11-27T22:00Z'],
    // The clocks change in the middle of this weekend.
    ['fx:EUR/USD', '2026-03-07T12:00Z', 'closed', '2026-03-08T21:00Z'],
    ['stock:GC=F', '2026-11-25T03:00Z', 'regular', '2026-11-27T22:00Z'],
  ])('%s at %s is %s until %s', (symbol, time, session, until) => {
    const found = sessionAt(symbol, at(time))
    expect([found.session, iso(found.until)]).toEqual([session, until])
  })

  it('crypto never closes', () => {
    expect(sessionAt('crypto:BTC/USD', at('2026-12-25T03:00Z'))).toMatchObject({ session: 'regular', until: Infinity })
    expect(nextOpen('crypto:BTC/USD', at('2026-12-25T03:00Z'))).toBe(Infinity)
  })
  it('nothing closes in a simulated market', () => {
    const pretend = calendar({ alwaysOpen: true })
    expect(pretend.sessionAt('stock:AAPL', at('2026-12-25T03:00Z'))).toMatchObject({
      session: 'regular',
      until: Infinity,
    })
  })
  it('says when a market opens next', () => {
    expect(iso(nextOpen('stock:AAPL', at('2026-11-25T22:00Z')))).toBe('2026-11-27T14:30Z')
    expect(iso(nextOpen('stock:AAPL', at('2026-11-23T15:00Z')))).toBe('2026-11-24T14:30Z')
    expect(iso(nextOpen('stock:AAPL', at('2026-11-23T10:00Z')))).toBe('2026-11-23T14:30Z')
    expect(iso(nextOpen('fx:EUR/USD', at('2026-11-28T10:00Z')))).toBe('2026-11-29T22:00Z')
  })
})

const SYMBOLS = ['stock:AAPL', 'stock:OCDO.L', 'stock:7203.T', 'stock:ABC.ZZ', 'fx:EUR/USD']

it('a moment lies in its session, the next session begins where it ends, and the order of asking changes nothing', () => {
  const moment = fc.integer({ min: at('2025-12-01T00:00Z'), max: at('2029-02-01T00:00Z') })
  fc.assert(
    fc.property(fc.constantFrom(...SYMBOLS), moment, (symbol, time) => {
      const here = sessionAt(symbol, time)
      const next = sessionAt(symbol, here.until)
      expect(here.from <= time && time < here.until).toBe(true)
      expect(next.from).toBe(here.until)
      expect(next.until).toBeGreaterThan(here.until)
      expect(here).toEqual(calendar({ alwaysOpen: false }).sessionAt(symbol, time))
      expect(isOpen(symbol, time)).toBe(here.session === 'regular')
    }),
    { numRuns: 400 },
  )
})

describe('what exchanges told of their days', () => {
  const hours = (from: string, until: string) => ({ from: at(from), until: at(until) })
  const london: Told = {
    usual: exchangeOf('OCDO.L')!,
    days: new Map([
      ['2026-12-24', hours('2026-12-24T08:00Z', '2026-12-24T12:30Z')],
      ['2026-12-25', null],
      ['2026-12-28', null],
    ]),
  }
  const told = (symbol: string) => (symbol.endsWith('.L') || symbol === 'stock:^FTSE' ? london : undefined)
  const heard = calendar({ alwaysOpen: false, told })

  it.each([
    ['stock:OCDO.L', '2026-12-24T12:00Z', 'regular', '2026-12-24T12:30Z'],
    // Christmas, and Boxing Day made up for on Monday.
    ['stock:OCDO.L', '2026-12-24T12:30Z', 'closed', '2026-12-29T08:00Z'],
    ['stock:^FTSE', '2026-12-25T10:00Z', 'closed', '2026-12-29T08:00Z'],
    ['stock:OCDO.L', '2026-12-29T10:00Z', 'regular', '2026-12-29T16:30Z'],
    // Nobody told anything of Paris.
    ['stock:MC.PA', '2026-12-25T10:00Z', 'regular', '2026-12-25T16:30Z'],
    // The table of New York stands.
    ['stock:AAPL', '2026-12-24T17:30Z', 'regular', '2026-12-24T18:00Z'],
  ])('%s at %s is %s until %s', (symbol, time, session, until) => {
    const found = heard.sessionAt(symbol, at(time))
    expect([found.session, iso(found.until)]).toEqual([session, until])
  })

  it('a trading day at a weekend', () => {
    const sunday = {
      usual: exchangeOf('OCDO.L')!,
      days: new Map([['2026-11-22', hours('2026-11-22T08:00Z', '2026-11-22T14:00Z')]]),
    }
    const { isOpen } = calendar({ alwaysOpen: false, told: () => sunday })
    expect(isOpen('stock:TEVA.TA', at('2026-11-22T10:00Z'))).toBe(true)
  })

  it('the hours of an exchange that is not in the table', () => {
    const news = {
      zone: 'Europe/Prague',
      regular: hours('2026-11-23T08:00Z', '2026-11-23T15:25Z'),
      at: at('2026-11-23T09:00Z'),
      currency: 'CZK',
    }
    const prague = hear(undefined, news, undefined)
    const { sessionAt } = calendar({ alwaysOpen: false, told: () => prague })
    expect(sessionAt('stock:CEZ.PR', at('2026-11-24T09:00Z')).session).toBe('regular')
    // The clocks of Prague have been put forward.
    expect(iso(sessionAt('stock:CEZ.PR', at('2027-04-06T07:00Z')).until)).toBe('2027-04-06T14:25Z')
    expect(sessionAt('stock:CEZ.PR', at('2026-11-24T20:00Z')).session).toBe('closed')
  })

  it('news count from the next question on', () => {
    let news: Told | undefined
    const { isOpen } = calendar({ alwaysOpen: false, told: () => news })
    expect(isOpen('stock:OCDO.L', at('2026-12-25T10:00Z'))).toBe(true)
    news = london
    expect(isOpen('stock:OCDO.L', at('2026-12-25T10:00Z'))).toBe(false)
  })

  it('nothing ever closes in a simulated market', () =>
    expect(calendar({ alwaysOpen: true, told }).isOpen('stock:OCDO.L', at('2026-12-25T10:00Z'))).toBe(true))
})

it.each([
  ['stock:AAPL', '2026-11-23T15:00Z', true],
  ['stock:AAPL', '2028-12-29T15:00Z', true],
  ['stock:AAPL', '2025-11-24T15:00Z', false],
  ['stock:AAPL', '2029-01-02T15:00Z', false],
  ['stock:OCDO.L', '2026-11-23T15:00Z', false],
  ['fx:EUR/USD', '2026-11-23T15:00Z', false],
  ['crypto:BTC/USD', '2020-01-01T00:00Z', true],
])('whether the holidays of %s are known in %s: %s', (symbol, time, isKnown) =>
  expect(knowsHolidays(symbol, at(time))).toBe(isKnown),
)
