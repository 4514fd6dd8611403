import { describe, expect, test } from 'vitest'
import { brief, duration, format, formatCondition } from '../../src/condition/format.ts'
import { parse } from '../../src/condition/parse.ts'
import { CLOCK } from './lines.ts'

describe('brief', () => {
  test.each([
    ['AAPL price > 500 or AAPL price < 300', 'AAPL > 500 or < 300'],
    ['AAPL > 500 or MSFT < 300', 'AAPL > 500 or MSFT < 300'],
    ['AAPL > 500 or volume > 2m or volume < 1m', 'AAPL > 500 or AAPL volume > 2m or < 1m'],
    ['AAPL volume > 2m or AAPL > 500', 'AAPL volume > 2m or AAPL > 500'],
    ['AAPL > 500 and (AAPL < 600 or MSFT > 3)', 'AAPL > 500 and (< 600 or MSFT > 3)'],
    ['AAPL > 500 or not AAPL > 300', 'AAPL > 500 or not > 300'],
    ['AAPL < 200 or between 300 and 500', 'AAPL < 200 or between 300 and 500'],
    ['AAPL > MSFT or < GOOG', 'AAPL > MSFT or < GOOG'],
    ['AAPL > open', 'AAPL > AAPL open'],
    ['AAPL crosses above 500 or crosses below 300', 'AAPL crosses above 500 or crosses below 300'],
    ['AAPL hits 500 or MSFT hits 300', 'AAPL hits 500 or MSFT hits 300'],
    ['AAPL up 5% in 1h or down 5% in 1h', 'AAPL up 5% in 1h or down 5% in 1h'],
    ['AAPL > 500 and not up 5% today', 'AAPL > 500 and not up 5% today'],
    ['SPY up today and > 500', 'SPY change > 0 and SPY > 500'],
    ['AAPL down 5% from MSFT', 'AAPL down 5% from MSFT'],
    ['AAPL down 5% from $NOW', 'AAPL down 5% from $NOW'],
    ['AAPL down 5% from $ITS * 2', 'AAPL down 5% from $ITS * 2'],
    ['ETH / BTC > 0.06 or < 0.04', 'ETH / BTC > 0.06 or < 0.04'],
    ['2 * (AAPL + MSFT open) > 5', '2 * (AAPL + MSFT open) > 5'],
    ['sma(AAPL price, 50, 1d) > 500 or < 300', 'sma(AAPL, 50) > 500 or < 300'],
    ['AAPL > max(MSFT price, 3)', 'AAPL > max(MSFT, 3)'],
    ['$OVER > 5 and < 6', '$OVER > 5 and < 6'],
    ['AAPL > 500 repeat cooldown 1h', 'AAPL > 500 repeat cooldown 1h'],
  ])('%s is %s', (text, expected) => {
    expect(brief(parse(text, CLOCK))).toBe(expected)
  })
})

describe('duration', () => {
  test.each([
    [0, '0s'],
    [999, '0s'],
    [1000, '1s'],
    [90_000, '1m30s'],
    [600_000, '10m'],
    [5_400_000, '1h30m'],
    [86_400_000, '1d'],
    [90_000_000, '1d1h'],
    [604_800_000, '1w'],
    [691_200_000, '8d'],
    [1_209_600_000, '2w'],
  ])('%d ms is %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected)
  })
})

describe('values', () => {
  const value = (text: string) => format(parse(`${text} > 5`, CLOCK)).replace(/ > 5$/, '')

  test.each([
    ['(AAPL + MSFT) * 2', '(AAPL price + MSFT price) * 2'],
    ['AAPL + (MSFT * 2)', 'AAPL price + MSFT price * 2'],
    ['AAPL - (MSFT - GOOG)', 'AAPL price - (MSFT price - GOOG price)'],
    ['(AAPL - MSFT) - GOOG', 'AAPL price - MSFT price - GOOG price'],
    ['AAPL / (MSFT / GOOG)', 'AAPL price / (MSFT price / GOOG price)'],
    ['-(AAPL * -1)', '-(AAPL price * -1)'],
    ['-AAPL * -1', '-AAPL price * -1'],
    ['600 - -AAPL', '600 - -AAPL price'],
    ['-(AAPL - MSFT)', '-(AAPL price - MSFT price)'],
    ['max((AAPL + MSFT), 3)', 'max(AAPL + MSFT, 3)'],
  ])('%s has no bracket that is not needed: %s', (text, expected) => {
    expect(value(text)).toBe(expected)
  })
})

test('a touch from one side, as a trigger has it, is written so that it is read again', () => {
  for (const line of ['AAPL price rises to 500', 'AAPL price falls to 300']) {
    const { condition } = parse(line, CLOCK)
    expect(condition).toMatchObject({ type: 'cross', touch: true })
    expect(formatCondition(condition)).toBe(line)
  }
})

test('a note is put in quotes that do not occur in it', () => {
  const note = (text: string) => format(parse(`AAPL > 500 note ${text}`, CLOCK)).replace('AAPL price > 500 note ', '')
  expect(note('«plain»')).toBe('"plain"')
  expect(note('“say "hi"”')).toBe('“say "hi"”')
  expect(note('«say "hi" and “hi”»')).toBe('«say "hi" and “hi”»')
})

test('options alone are printed in one order, and once is not', () => {
  const options = (text: string) => format(parse(`AAPL > 500 ${text}`, CLOCK)).replace(/^AAPL price > 500 ?/, '')
  expect(options('once')).toBe('')
  expect(options('until 2026-12-31 17:00 for 10m cooldown 1h')).toBe(
    'repeat cooldown 1h for 10m until 2026-12-31 17:00',
  )
  expect(options('note "x" urgent via digest, sms until 2026-12-31 during always for 5m every 1d')).toBe(
    'every 1d for 5m during always until 2026-12-31 via sms, digest urgent note "x"',
  )
  expect(options('at close, repeat')).toBe('repeat at close')
})
