import { expect, test } from 'vitest'
import { aCourse, candlesOf, runCandles, START } from './past.ts'

const BTC = 'crypto:BTC/USD'

/** How often it fired at a close, and how many more times it may have become true in between. */
function counted(line: string, story: string): string {
  const { firings, touched } = runCandles(line, [aCourse(BTC, candlesOf(BTC, '1h', START, story))], '1h')
  return `${firings.length}, ${touched === undefined ? 'cannot tell' : `up to ${touched} more`}`
}

test.each<[line: string, story: string, counts: string]>([
  ['BTC > 500', '490 480-495:495 480-490:485', '0, up to 0 more'],
  ['BTC > 500', '490 480-500:495', '0, up to 0 more'],
  ['BTC > 500', '490 480-501:495 480-501:495', '0, up to 2 more'],
  ['BTC >= 500', '490 480-500:495', '0, up to 1 more'],
  // It became true, came back within the hour, and became true again.
  ['BTC > 500', '490 480-510:505 499-510:506 502-510:505', '1, up to 1 more'],
  // A close that fires says it already.
  ['BTC > 500', '490 480-510:505 480-510:490', '1, up to 0 more'],
  ['BTC < 300', '310 299-320:311', '0, up to 1 more'],
  ['BTC <= 300', '310 300-320:311', '0, up to 1 more'],
  ['BTC = 500', '490 480-510:495', '0, up to 1 more'],
  ['BTC != 500', '490 480-510:495', '0, up to 1 more'],
  ['BTC between 500 and 600', '490 480-505:495 480-700:650 640-660:650', '0, up to 2 more'],
  ['BTC outside 300 and 500', '490 290-510:495', '0, up to 2 more'],
  ['BTC > 500 or BTC < 300', '490 290-310:305 480-510:505', '1, up to 1 more'],
  ['BTC crosses above 500', '490 480-500:495 480-501:495', '0, up to 1 more'],
  ['BTC crosses above 500', '510 499-511:510 501-511:510', '0, up to 1 more'],
  ['BTC crosses below 500', '510 499-511:510', '0, up to 1 more'],
  ['BTC hits 500', '490 480-500:495', '0, up to 1 more'],
  ['BTC > 500 repeat cooldown 1d', '490 480-501:495', '0, up to 1 more'],
  ['BTC > 500 for 2h', '490 480-501:495', '0, cannot tell'],
  ['BTC > 500 and BTC > 400', '490 480-501:495', '0, cannot tell'],
  ['BTC / 2 > 250', '490 480-501:495', '0, cannot tell'],
  ['BTC up 5% in 2h', '490 480-501:495', '0, cannot tell'],
  ['BTC high > 500', '490 480-499:495', '0, cannot tell'],
])('%s, %s: fires %s', (line, story, counts) => {
  expect(counted(line, story)).toBe(counts)
})

test('candles before the period touch nothing', () => {
  const steps = candlesOf(BTC, '1h', START, '490 480-501:495 480-501:495')
  const { touched } = runCandles('BTC > 500', [aCourse(BTC, steps)], '1h', { from: steps[1]!.end, to: steps[2]!.end })
  expect(touched).toBe(1)
})

test('levels of a listing in pence are in pence', () => {
  const steps = candlesOf('stock:OCDO.L', '1h', Date.UTC(2026, 2, 2, 8), '2.9 2.8-3.1:2.9')
  const course = { ...aCourse('stock:OCDO.L', steps), currency: 'GBP', minor: { name: 'GBp', per: 100 } }
  expect(runCandles('OCDO.L > 300', [course], '1h').touched).toBe(1)
})
