import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { apple, startProviders, TRADING } from './providers.ts'
import { runProgram } from './run-program.ts'

/** AAPL as Nasdaq tells it at 11:00:06 in New York, a quarter of an hour late. */
function late(price: string) {
  const row = { lastSalePrice: `$${price}`, lastTradeTimestamp: 'Mar 10, 2026 11:00:06 AM ET', isRealTime: false }
  return { kind: 'stocks', row } as const
}

test('with Yahoo dead, stocks come from Nasdaq and the alert fires; Yahoo is asked again once it is well, without a restart', async () => {
  const { yahoo, nasdaq, settings } = await startProviders({
    yahoo: { AAPL: apple(480) },
    nasdaq: { AAPL: late('480.00') },
  })
  const program = runProgram(['start'], { ...settings, MONGODB_URI: freshDatabase() }, { clock: TRADING })
  expect(await program.ask('alert AAPL > 500 repeat')).toMatch(/\nNow 480 USD \(\d+ s ago, Yahoo\)/)

  yahoo.behave('reset')
  await program.notes(/Yahoo broke off in the middle of its answer; asked 3 times/)
  await program.askUntil('price AAPL', /480\.00 USD {2}.*, Nasdaq, 15 min late$/)
  nasdaq.listings.set('AAPL', late('505.00'))
  await program.sees(
    /^Alert 1: AAPL price > 500\nAAPL 505(\.00)? USD at 16:0\d:\d\d \(New York 11:0\d\), Nasdaq, 15 min late\.$/m,
  )
  expect(await program.ask('price AAPL')).toMatch(
    /^AAPL {2}505(\.00)? USD {2}([+-]?[\d.]+ % {2})?\d+ \w+ ago, Nasdaq, 15 min late$/,
  )
  while (
    !/^Yahoo +left alone for \d+ s after \d+ failures in a row \(Yahoo broke off/m.test(await program.ask('status'))
  );
  expect(await program.ask('status')).toMatch(/^Stocks: Yahoo, then Nasdaq; looked at every 250 ms\.$/m)

  yahoo.prices.set('AAPL', apple(499, 3.5))
  yahoo.behave('normal')
  // Three minutes on, it has rested enough.
  process.kill(program.pid, 'SIGUSR2')
  await program.askUntil('price AAPL', /499 USD {2}.*, Yahoo$/)
  yahoo.prices.set('AAPL', apple(510, 3.6))
  await program.sees(/^Alert 1: AAPL price > 500\nAAPL 510 USD at 16:03:36 \(New York 11:03\), Yahoo\.$/m)
})
