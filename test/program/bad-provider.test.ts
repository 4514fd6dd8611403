import { expect, test } from 'vitest'
import type { Mood, MoodOptions } from '../market/http-double.ts'
import { freshDatabase } from '../mongo.ts'
import { apple, startProviders, TRADING } from './providers.ts'
import { type Program, runProgram } from './run-program.ts'

/** What the provider does; what a person hears of it. */
const BAD_DAYS: readonly (readonly [Mood, MoodOptions, string])[] = [
  ['web page', {}, 'Coinbase answered with a web page instead of data'],
  ['truncated', {}, 'Coinbase answered with data that breaks off in the middle'],
  ['empty', {}, 'Coinbase answered with nothing'],
  ['cut off', {}, 'Coinbase broke off in the middle of its answer; asked 3 times'],
  ['trouble', {}, 'Coinbase is in trouble (status 500); asked 3 times'],
  ['trouble', { retryAfter: '90' }, 'Coinbase asked us to wait; N s to go'],
  ['too many', {}, 'Coinbase asked us to wait; N s to go'],
  ['too many', { retryAfter: '90' }, 'Coinbase asked us to wait; N s to go'],
]

test.each(BAD_DAYS)(
  'a provider that gives "%s" (%o): price, alert and why say so, and the alert goes blind',
  async (mood, options, reason) => {
    const { coinbase, settings } = await startProviders({ coinbase: { 'ETH-USD': '3000' } })
    coinbase.behave(mood, options)
    const program = runProgram(
      ['start'],
      { ...settings, BLIND_AFTER: '1s', MONGODB_URI: freshDatabase() },
      { clock: TRADING },
    )
    const ask = async (line: string) => (await program.ask(line)).replace(/\d+ s to go/, 'N s to go')

    await ask('price ETH')
    expect(await ask('price ETH')).toBe(`ETH/USD  cannot be seen: ${reason}`)
    expect((await ask('alert ETH < 5000')).split('\n').slice(0, 6)).toEqual([
      'Alert 1 is on.',
      'ETH price < 5000',
      'I could not check that ETH/USD exists.',
      `Now ETH/USD cannot be seen: ${reason}.`,
      'I keep looking, and watch it as soon as I can see it.',
      "I'll tell you here, once.",
    ])
    await program.sees(/^I cannot see ETH\/USD since \d\d:\d\d \(.*\)\. Alert 1 is blind until it is back\.$/m)
    expect(await ask('why 1')).toContain(`ETH price < 5000: not known. ETH/USD price not known: ${reason}\n`)
    expect(firings(program)).toEqual([])
  },
)

test('a provider that gives nothing at all: the question is answered all the same, and so is the one about the other market', async () => {
  const { yahoo, coinbase, settings } = await startProviders({
    yahoo: { AAPL: apple(480) },
    coinbase: { 'ETH-USD': '3000' },
  })
  coinbase.behave('silent')
  const program = runProgram(['start'], { ...settings, MONGODB_URI: freshDatabase() }, { clock: TRADING })
  expect(await program.ask('price AAPL ETH')).toMatch(
    /^AAPL {5}480 USD {2}\d+ s ago, Yahoo\nETH\/USD {2}cannot be seen: Coinbase has not answered yet$/,
  )
  await program.ask('alert AAPL > 500')
  yahoo.prices.set('AAPL', apple(505, 0.1))
  await program.sees(/^Alert 1: AAPL price > 500\nAAPL 505 USD at 16:00:06 \(New York 11:00\), Yahoo\.$/m)
})

test('an alert whose provider fails goes blind with one message, does not fire, sees again, and fires at the next edge', async () => {
  const { yahoo, coinbase, settings } = await startProviders({
    yahoo: { AAPL: apple(480) },
    coinbase: { 'BTC-USD': '97410' },
  })
  const program = runProgram(
    ['start'],
    { ...settings, BLIND_AFTER: '1s', MONGODB_URI: freshDatabase() },
    { clock: TRADING },
  )
  await program.ask('alert BTC > 100k')
  await program.ask('alert AAPL > 500 repeat')
  expect(await program.ask('list')).toBe('1  BTC > 100k  97410  2.7 % away\n2  AAPL > 500    480  4.2 % away  repeat')

  // The price it would fire at is behind a page of HTML.
  coinbase.prices.set('BTC-USD', '101000')
  coinbase.behave('web page')
  const asked = coinbase.requests.length
  yahoo.prices.set('AAPL', apple(505, 3))
  process.kill(program.pid, 'SIGUSR2')
  await program.sees(
    /^I cannot see BTC\/USD since \d\d:\d\d \(Coinbase has not answered\)\. Alert 1 is blind until it is back\.$/m,
  )
  await program.sees(/^Alert 2: AAPL price > 500\nAAPL 505 USD at /m)
  expect(await program.ask('list')).toMatch(/^1 {2}BTC > 100k .*blind$/m)

  yahoo.prices.set('AAPL', apple(480, 3.1))
  await program.askUntil('why 2', '480 USD')
  yahoo.prices.set('AAPL', apple(510, 3.2))
  await program.sees(/^Alert 2: AAPL price > 500\nAAPL 510 USD at /m)
  expect(coinbase.requests.length).toBeGreaterThan(asked)
  expect(firings(program)).toEqual(['Alert 2: AAPL price > 500', 'Alert 2: AAPL price > 500'])
  expect(program.out().match(/^I cannot see/gm)).toHaveLength(1)

  coinbase.prices.set('BTC-USD', '98000')
  coinbase.behave('normal')
  // It is left alone for a while, and three minutes on it has been for long enough.
  process.kill(program.pid, 'SIGUSR2')
  await program.sees(/^BTC\/USD is back: 98000 USD\. .* 16:0[23] to 16:0[3-9]/m)
  expect(firings(program)).toHaveLength(2)
  coinbase.prices.set('BTC-USD', '101000')
  await program.sees(/^Alert 1: BTC price > 100k\nBTC\/USD 101000 USD at 16:\d\d:\d\d, Coinbase\.\n\[Again: again 1\]/m)
  expect(await program.ask('list')).toMatch(/^1 {2}BTC > 100k +done$/m)
})

/** The first line of every firing that was told. */
function firings(program: Program): string[] {
  return program.out().match(/^Alert \d+: (?!.*\n.*: (not )?(true|known)).*$/gm) ?? []
}
