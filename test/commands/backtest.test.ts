import { describe, expect, test } from 'vitest'
import { backtest } from '../../src/commands/backtest.ts'
import type { Context } from '../../src/commands/command.ts'
import { wouldHaveFired } from '../../src/commands/would-have-fired.ts'
import { INTERVALS } from '../../src/condition/history.ts'
import { UserError } from '../../src/errors.ts'
import { createArchive } from '../../src/market/archive.ts'
import { bucketStart, nextBucket } from '../../src/market/candles.ts'
import { createChain } from '../../src/market/chain.ts'
import { type Candle, type Provider, ProviderError, type Quote } from '../../src/market/provider.ts'
import { resolve } from '../../src/market/resolve.ts'
import { plain } from '../../src/reply.ts'
import { aContent, DAY, HOURS } from '../backtest/past.ts'
import { anAlert } from '../builders.ts'
import { MONDAY } from './talk.ts'

/** What the market of a test does: a price for each moment, as far back as `since` (ms). */
type Story = { priceAt: (at: number) => number; since?: number; delay?: number; isDown?: boolean }

/** A market in which BTC is 510 during the first hours of each day, and 490 at other times; AAPL is a hundred less. */
const NIGHTLY: Story = { priceAt: (at) => (at % DAY < 3 * INTERVALS['1h'] ? 510 : 490) }

function providerOf({ priceAt, since = 0, delay = 0, isDown = false }: Story): Provider {
  const candle = (symbol: string, start: number, end: number): Candle => {
    const shift = symbol === 'stock:AAPL' ? -100 : 0
    const [open, close] = [priceAt(start) + shift, priceAt(end - 1) + shift].map(String) as [string, string]
    const [low, high] = [open, close].sort() as [string, string]
    return { start, open, high, low, close, volume: '10' }
  }
  return {
    name: 'past',
    classes: ['stock', 'crypto', 'fx'],
    batch: 100,
    pace: 0,
    quotes: async (symbols) =>
      new Map(
        symbols.map((symbol): [string, Quote] => [
          symbol,
          { symbol, price: '495', currency: 'USD', source: 'past', receivedAt: MONDAY },
        ]),
      ),
    candles: async (symbol, interval, from, to) => {
      await new Promise((done) => setTimeout(done, delay))
      if (isDown) throw new ProviderError('past', 'does not answer')
      const candles: Candle[] = []
      let start = bucketStart(symbol, interval, Math.max(from, since))
      for (; start < to; start = nextBucket(symbol, interval, start)) {
        const isTraded = symbol !== 'stock:AAPL' || interval === '1d' || HOURS.isOpen(symbol, start)
        if (start >= from && isTraded) candles.push(candle(symbol, start, nextBucket(symbol, interval, start)))
      }
      return candles
    },
    search: async () => [],
  }
}

function contextOf(story: Story): Context {
  const provider = providerOf(story)
  const providersFor = () => [provider]
  const look = async (symbols: readonly string[]) => await provider.quotes(symbols)
  const alert = anAlert({ ...aContent('BTC > 500 repeat cooldown 2d', MONDAY), number: 7 })
  return {
    now: () => MONDAY,
    zone: 'UTC',
    sessionAt: HOURS.sessionAt,
    archive: createArchive({ providersFor, calendar: HOURS, now: () => MONDAY }),
    resolve: (written: string) =>
      resolve(written, { chain: createChain({ providersFor, now: () => MONDAY }), providersFor }),
    desk: { look, lookFor: ({ symbols }: { symbols: string[] }) => look(symbols) },
    history: { load: async () => new Map() },
    user: { id: 'anna', subscriptions: [] },
    alerts: { byNumber: async (_user: string, number: number) => (number === 7 ? alert : null) },
  } as unknown as Context
}

async function answer(args: string, story: Story = NIGHTLY): Promise<string> {
  try {
    const reply = await backtest.run(contextOf(story), args)
    const buttons = reply.buttons.map(({ label, command }) => `[${label}: ${command}]`)
    return [plain(reply), ...buttons].join('\n')
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

const lines = (...all: string[]) => all.join('\n')

describe('backtest', () => {
  test('says how often it would have become true, when last, and how closely it looked', async () => {
    expect(await answer('BTC > 500')).toBe(
      lines(
        'BTC price > 500',
        'From 24 Oct 2026 15:04 to 23 Nov 2026 15:04 this would have fired 30 times (counted each time it became true).',
        'The last 10:',
        'Sat 14 Nov 01:00  BTC/USD 510 USD',
        'Sun 15 Nov 01:00  BTC/USD 510 USD',
        'Mon 16 Nov 01:00  BTC/USD 510 USD',
        'Tue 17 Nov 01:00  BTC/USD 510 USD',
        'Wed 18 Nov 01:00  BTC/USD 510 USD',
        'Thu 19 Nov 01:00  BTC/USD 510 USD',
        'Fri 20 Nov 01:00  BTC/USD 510 USD',
        'Sat 21 Nov 01:00  BTC/USD 510 USD',
        'Sun 22 Nov 01:00  BTC/USD 510 USD',
        '01:00             BTC/USD 510 USD',
        'I looked at the close of each hour.',
        '[Watch it: alert BTC > 500]',
      ),
    )
  })

  test('what the closes of days do not show may have been touched in between', async () => {
    expect(await answer('BTC > 500 last 60 days')).toBe(
      lines(
        'BTC price > 500',
        'From 24 Sep 2026 15:04 to 23 Nov 2026 15:04 this would have fired 0 times (counted each time it became true).',
        'I looked at the close of each day.',
        'Touched in between: up to 60 more.',
        '[Watch it: alert BTC > 500]',
      ),
    )
  })

  test('an alert of theirs by its number, with its options', async () => {
    expect(await answer('7 last week')).toBe(
      lines(
        'BTC price > 500 repeat cooldown 2d',
        'From 16 Nov 2026 15:04 to 23 Nov 2026 15:04 this would have fired 4 times (counted each time it became true, 2d apart at least).',
        'Tue 17 Nov 00:05  BTC/USD 510 USD',
        'Thu 19 Nov 00:05  BTC/USD 510 USD',
        'Sat 21 Nov 00:05  BTC/USD 510 USD',
        '00:05             BTC/USD 510 USD',
        'I looked at the close of every 5 minutes.',
      ),
    )
    expect(await answer('9')).toBe('You have no alert 9. Type list to see yours.')
  })

  test('until is read as if it had been typed then', async () => {
    const told = await answer('BTC > 500 expires in 2d from 2026-11-01 to 2026-11-10')
    expect(told).toContain(
      'From 1 Nov 2026 to 10 Nov 2026 this would have fired 2 times (counted each time it became true).',
    )
  })

  test('for: counted where it had been true that long', async () => {
    expect(await answer('BTC > 500 for 90m last 2d')).toContain(
      'this would have fired 2 times (counted each time it had been true for 1h30m).',
    )
  })

  test('says what could not be seen, and why', async () => {
    const young = { ...NIGHTLY, since: MONDAY - 20 * DAY }
    expect(await answer('BTC > sma(BTC, 10)', young)).toContain(
      lines(
        'I looked at the close of each hour.',
        'It could not be seen at 200 of 479 hours: Only 9 of the 10 daily candles of BTC are here.',
        'There are no older prices of BTC/USD.',
      ),
    )
  })

  test.each<[what: string, args: string, story: Story, said: string]>([
    ['nothing typed', '', NIGHTLY, 'Which condition shall I look back with?'],
    ['a period alone', 'last 90d', NIGHTLY, 'Which condition shall I look back with?'],
    ['a slip', 'BTC prise > 500', NIGHTLY, `I don't know "prise". Did you mean price?`],
    [
      'times that are too short for it',
      'BTC > 500 for 10m last 90d',
      NIGHTLY,
      '"for 10m" is shorter than the hourly candles that I can look at over that time. Take the last 50 days or less.',
    ],
    ['no past', 'BTC > 500', { ...NIGHTLY, since: MONDAY }, 'There are no past prices of BTC/USD to look back at.'],
    [
      'a provider that does not answer',
      'BTC > 500',
      { ...NIGHTLY, isDown: true },
      'I cannot look back at BTC/USD: past does not answer.',
    ],
    [
      'a day that is none',
      'BTC > 500 from 2026-13-01',
      NIGHTLY,
      '"2026-13-01" is not a date. Type it like 2026-01-31.',
    ],
    [
      'an end before its beginning',
      'BTC > 500 from 2026-03-01 to 2026-02-01',
      NIGHTLY,
      '2026-03-01 is not before 2026-02-01.',
    ],
  ])('is polite about %s', async (_what, args, story, said) => {
    expect(await answer(args, story)).toBe(said)
  })

  test('extended hours are not in the candles of stocks', async () => {
    expect(await answer('AAPL > 400 during extended hours last week')).toContain(
      'Past prices of stocks are of regular trading: extended hours could not be looked at.',
    )
  })
})

describe('would have fired', () => {
  const sentence = async (line: string, story: Story) => {
    const context = contextOf(story)
    const content = aContent(line, MONDAY)
    return await wouldHaveFired(content, await context.desk.look(content.symbols), context as never)
  }

  test.each<[what: string, line: string, story: Story, said: string | undefined]>([
    ['how often', 'BTC > 500', NIGHTLY, 'In the last 30 days this would have fired 30 times.'],
    [
      'its end is for the days to come',
      'BTC > 500 until Friday',
      NIGHTLY,
      'In the last 30 days this would have fired 30 times.',
    ],
    ['never', 'BTC > 600', NIGHTLY, 'In the last 30 days this would have fired 0 times.'],
    [
      'in the days there are',
      'BTC > 500',
      { ...NIGHTLY, since: MONDAY - 10 * DAY },
      'In the last 10 days this would have fired 10 times.',
    ],
    ['nothing where there is no past', 'BTC > 500', { ...NIGHTLY, since: MONDAY }, undefined],
    ['nothing where nobody answers', 'BTC > 500', { ...NIGHTLY, isDown: true }, undefined],
    ['nothing where it comes too late', 'BTC > 500', { ...NIGHTLY, delay: 3_000 }, undefined],
    ['nothing where it cannot be seen', 'BTC > sma(BTC, 200)', { ...NIGHTLY, since: MONDAY - 20 * DAY }, undefined],
    ['nothing where candles are too long for it', 'BTC > 500 for 30s', NIGHTLY, undefined],
  ])('%s: %s', async (_what, line, story, said) => {
    expect(await sentence(line, story)).toBe(said)
  })

  test('says what may have been missed', async () => {
    const quarter = { priceAt: (at: number) => (at % DAY < INTERVALS['15m'] ? 510 : 490) }
    expect(await sentence('BTC > 500', quarter)).toBe(
      'In the last 30 days this would have fired 0 times. Touched in between: up to 30 more.',
    )
  })
})
