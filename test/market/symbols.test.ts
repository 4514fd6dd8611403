import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classOf, tickerOf } from '../../src/condition/name.ts'
import { currencyOf, guess } from '../../src/market/symbols.ts'

describe('guess', () => {
  it.each([
    ['AAPL', 'stock:AAPL'],
    ['aapl', 'stock:AAPL'],
    ['$AAPL', 'stock:AAPL'],
    ['T', 'stock:T'],
    ['BRK.B', 'stock:BRK.B'],
    ['BRK-B', 'stock:BRK.B'],
    ['OCDO.L', 'stock:OCDO.L'],
    ['BP.L', 'stock:BP.L'],
    ['7203.T', 'stock:7203.T'],
    ['NOVO-B.CO', 'stock:NOVO-B.CO'],
    ['BAC-PL', 'stock:BAC-PL'],
    ['^GSPC', 'stock:^GSPC'],
    ['GC=F', 'stock:GC=F'],
    ['USD', 'stock:USD'],
    ['stock:ON', 'stock:ON'],
    ['stock:ALL', 'stock:ALL'],
    ['stock:BTC', 'stock:BTC'],
    ['stock:^GSPC', 'stock:^GSPC'],
    ['BTC', 'crypto:BTC/USD'],
    ['BTC/USD', 'crypto:BTC/USD'],
    ['BTC-USD', 'crypto:BTC/USD'],
    ['BTCUSD', 'crypto:BTC/USD'],
    ['BTCUSDT', 'crypto:BTC/USDT'],
    ['BTC/EUR', 'crypto:BTC/EUR'],
    ['ETH/BTC', 'crypto:ETH/BTC'],
    ['ETHBTC', 'crypto:ETH/BTC'],
    ['1INCH', 'crypto:1INCH/USD'],
    ['1INCHUSDT', 'crypto:1INCH/USDT'],
    ['FOO/USD', 'crypto:FOO/USD'],
    ['FOOUSDT', 'crypto:FOO/USDT'],
    ['crypto:COIN', 'crypto:COIN/USD'],
    ['crypto:ON', 'crypto:ON/USD'],
    ['crypto:BTC-EUR', 'crypto:BTC/EUR'],
    ['EURUSD', 'fx:EUR/USD'],
    ['EUR/USD', 'fx:EUR/USD'],
    ['EUR-USD', 'fx:EUR/USD'],
    ['EURUSD=X', 'fx:EUR/USD'],
    ['USDJPY', 'fx:USD/JPY'],
    ['JPY=X', 'fx:USD/JPY'],
    ['XAUUSD', 'fx:XAU/USD'],
    ['EUR', 'fx:EUR/USD'],
    ['fx:EURUSD', 'fx:EUR/USD'],
    ['fx:JPY', 'fx:USD/JPY'],
    ['GOOGLE', 'stock:GOOGLE'],
    ['WBTC', 'stock:WBTC'],
  ])('%s is %s', (written, symbol) => expect(guess(written)).toBe(symbol))

  it.each([
    [''],
    ['500'],
    ['AAPL/MSFT'],
    ['AAPL-MSFT'],
    ['A B'],
    ['EUR/EUR'],
    ['fx:AAPL'],
    ['fx:USD'],
    ['AA$PL'],
    ['^'],
    ['.L'],
    ['ÄPFEL'],
  ])('%j is no symbol', (written) => expect(guess(written)).toBeNull())

  it('gives a name it takes for the same again, whatever is typed', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ABCEFHLSTUDRXBTC019.-/^=$:'.split('')), maxLength: 10 })
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (written) => {
        const symbol = guess(written)
        if (symbol !== null) expect(guess(symbol)).toBe(symbol)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the parts of a canonical name', () => {
  it.each([
    ['stock:AAPL', 'stock', 'AAPL', undefined],
    ['crypto:BTC/EUR', 'crypto', 'BTC/EUR', 'EUR'],
    ['fx:EUR/USD', 'fx', 'EUR/USD', 'USD'],
  ])('%s', (symbol, kind, ticker, currency) => {
    expect([classOf(symbol), tickerOf(symbol), currencyOf(symbol)]).toEqual([kind, ticker, currency])
  })
  it('refuses what is no canonical name', () => expect(() => classOf('AAPL')).toThrow('AAPL is not a canonical name'))
})
