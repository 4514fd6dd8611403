import { describe, expect, it } from 'vitest'
import { isUsStock, sessionOfTrade, sessionStart, usDate, usDay } from '../../src/market/us-stocks.ts'

it.each([
  ['stock:AAPL', true],
  ['stock:BRK.B', true],
  ['stock:BAC-PK', true],
  ['stock:OCDO.L', false],
  ['stock:7203.T', false],
  ['stock:^GSPC', false],
  ['stock:GC=F', false],
  ['fx:EUR/USD', false],
  ['crypto:BTC/USD', false],
])('%s is listed in New York: %j', (symbol, is) => expect(isUsStock(symbol)).toBe(is))

describe('the session of a trade', () => {
  it.each([
    ['2026-11-25T03:59:59', 'closed'],
    ['2026-11-25T04:00:00', 'pre'],
    ['2026-11-25T09:30:00', 'regular'],
    ['2026-11-25T15:59:59', 'regular'],
    ['2026-11-25T16:00:30', 'regular'],
    ['2026-11-25T16:01:00', 'post'],
    ['2026-11-25T20:00:00', 'closed'],
    ['2026-11-27T13:00:30', 'regular'],
    ['2026-11-27T13:01:00', 'post'],
    ['2026-11-26T12:00:00', 'closed'],
  ])('at %s in New York is %s; the closing auction is of the day', (time, session) =>
    expect(sessionOfTrade('stock:AAPL', Date.parse(`${time}-05:00`))).toBe(session),
  )
  it('began at the close where it is late', () =>
    expect(sessionStart('stock:AAPL', Date.parse('2026-11-27T14:00:00-05:00'))).toBe(
      Date.parse('2026-11-27T13:00:00-05:00'),
    ))
})

it('counts days as New York does', () => {
  expect(usDate(Date.parse('2026-11-25T03:00:00Z'))).toBe('2026-11-24')
  expect(usDay('2026-11-24')).toBe(Date.parse('2026-11-24T00:00:00-05:00'))
  expect(usDay('11/24/2026')).toBeNaN()
})
