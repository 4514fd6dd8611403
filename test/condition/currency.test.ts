import { expect, it } from 'vitest'
import { emptyCell, fillCell } from '../../src/condition/cell.ts'
import { type Money, settleCurrencies } from '../../src/condition/currency.ts'
import { compile, MET, UNMET } from '../../src/condition/evaluate.ts'
import { format } from '../../src/condition/format.ts'
import { parse } from '../../src/condition/parse.ts'

const CLOCK = { now: Date.UTC(2026, 10, 23, 12), zone: 'UTC' }
const pence = { name: 'GBp', per: 100 }
const QUOTED: Readonly<Record<string, Money>> = {
  AAPL: { currency: 'USD' },
  'SHOP.TO': { currency: 'CAD' },
  'SAP.DE': { currency: 'EUR' },
  'VOD.L': { currency: 'GBP', minor: pence },
  'BARC.L': { currency: 'GBP', minor: pence },
  'AIR.L': { currency: 'GBP' },
  EURUSD: { currency: 'USD' },
}

function settled(line: string): string {
  try {
    return format(settleCurrencies(parse(line, CLOCK), line, (written) => QUOTED[written]))
  } catch (error) {
    return (error as Error).message
  }
}

it.each([
  ['AAPL > 500', 'AAPL price > 500'],
  ['AAPL > $500', 'AAPL price > $500'],
  ['AAPL > 500 USD', 'AAPL price > $500'],
  ['SHOP.TO > $100', 'SHOP.TO price > $100'],
  ['EURUSD between $1.05 and $1.15', 'EURUSD price between $1.05 and $1.15'],
  ['SAP.DE > €200 or < €150', 'SAP.DE price > €200 or SAP.DE price < €150'],
  ['SAP.DE > $200', 'SAP.DE is quoted in EUR, not in $.'],
  ['AAPL > 1 and SAP.DE below £3', 'SAP.DE is quoted in EUR, not in £.'],
  ['AAPL change > 5%', 'AAPL change > 5%'],
  ['VOD.L > 80', 'VOD.L price > 80'],
  ['VOD.L > £0.80', 'VOD.L price > 80'],
  ['VOD.L outside £0.705 and £1.2k', 'VOD.L price outside 70.5 and 120000'],
  ['not VOD.L < £3', 'not VOD.L price < 300'],
  ['VOD.L > $3', 'VOD.L is quoted in GBP, not in $.'],
  ['VOD.L > BARC.L', 'VOD.L price > BARC.L price'],
  ['VOD.L > AIR.L', 'VOD.L is quoted in GBp and AIR.L in GBP: they cannot be compared.'],
  ['AAPL > SAP.DE', 'AAPL is quoted in USD and SAP.DE in EUR: they cannot be compared.'],
  ['AAPL volume > 2m', 'AAPL volume > 2m'],
  // Sums are in one money, and so are the amounts in them.
  ['AAPL + $5 > 500', 'AAPL price + $5 > 500'],
  ['AAPL + €5 > 500', 'AAPL is quoted in USD, not in €.'],
  ['AAPL + SAP.DE > 500', 'AAPL is quoted in USD and SAP.DE in EUR: they cannot be compared.'],
  ['VOD.L - BARC.L > £0.25', 'VOD.L price - BARC.L price > 25'],
  ['VOD.L > 2 * (BARC.L + £1)', 'VOD.L price > 2 * (BARC.L price + 100)'],
  ['max(VOD.L, £1) > 80', 'max(VOD.L, 100) > 80'],
  ['-VOD.L < -£3', '-VOD.L price < -300'],
  ['AAPL > £5 * 2', 'AAPL is quoted in USD, not in £.'],
  // Products and quotients of two symbols are how one money is turned into another.
  ['AAPL / SAP.DE > 2', 'AAPL price / SAP.DE price > 2'],
  ['AAPL / (SAP.DE * EURUSD) > 2', 'AAPL price / (SAP.DE price * EURUSD price) > 2'],
  ['AAPL / (SAP.DE + $5) > 2', 'SAP.DE is quoted in EUR, not in $.'],
  ['(AAPL - SAP.DE) / SAP.DE > 2', 'AAPL is quoted in USD and SAP.DE in EUR: they cannot be compared.'],
  ['VOD.L / £0.8 > 2', 'VOD.L price / 80 > 2'],
  ['£8 / VOD.L > 2', '800 / VOD.L price > 2'],
  ['VOD.L / $0.8 > 2', 'VOD.L is quoted in GBP, not in $.'],
  ['AAPL * (VOD.L / BARC.L) > $500', 'AAPL price * (VOD.L price / BARC.L price) > $500'],
  ['AAPL * (VOD.L / SAP.DE) > £500', 'AAPL is quoted in USD, not in £.'],
  // A function of prices is in the money of its symbol.
  ['sma(VOD.L, 50) > £3', 'sma(VOD.L, 50) > 300'],
  ['sma(VOD.L, 50) > AAPL', 'VOD.L is quoted in GBp and AAPL in USD: they cannot be compared.'],
  ['rsi(VOD.L, 14) > rsi(AAPL, 14)', 'rsi(VOD.L, 14) > rsi(AAPL, 14)'],
  ['sma(VOD.L volume, 50) > sma(AAPL volume, 50)', 'sma(VOD.L volume, 50) > sma(AAPL volume, 50)'],
  // Crossings and moves
  ['VOD.L crosses above £3', 'VOD.L price crosses above 300'],
  ['VOD.L crosses above AAPL', 'VOD.L is quoted in GBp and AAPL in USD: they cannot be compared.'],
  ['VOD.L up £0.2 in 1h', 'VOD.L price up 20 in 1h'],
  ['VOD.L up $0.2 in 1h', 'VOD.L is quoted in GBP, not in $.'],
  ['VOD.L up 5% from £0.8', 'VOD.L price up 5% from 80'],
  ['VOD.L down £0.1 from £0.8', 'VOD.L price down 10 from 80'],
  ['VOD.L up 5% from AAPL', 'VOD.L is quoted in GBp and AAPL in USD: they cannot be compared.'],
  ['NPN.JO > 3000', 'NPN.JO price > 3000'],
  ['NPN.JO > $3000', 'I cannot see just now what NPN.JO is quoted in, so I cannot check the sign of the amount.'],
])('%s → %s', (line, expected) => {
  expect(settled(line)).toBe(expected)
})

it('a listing in pence is compared in pence, exactly', () => {
  const line = 'VOD.L > £0.8035'
  const { condition } = settleCurrencies(parse(line, CLOCK), line, (written) => QUOTED[written])
  const cell = emptyCell('stock:VOD.L', 'no quote yet')
  const isMet = compile(condition, () => cell)
  fillCell(cell, { currency: 'GBP', minor: pence, price: '0.8035' })
  expect(cell).toMatchObject({ price: 80.35, currency: 'GBp', text: { price: '80.35' } })
  expect(isMet()).toBe(UNMET)
  fillCell(cell, { currency: 'GBP', minor: pence, price: '0.8036' })
  expect(isMet()).toBe(MET)
})

it('settling twice changes nothing more', () => {
  for (const line of ['VOD.L > £0.80 or < £0.5', 'AAPL > $500', 'VOD.L up £0.2 in 1h', 'VOD.L > 2 * £3'])
    expect(settled(settled(line))).toBe(settled(line))
})
