import { describe, expect, test } from 'vitest'
import { caret, shortForm } from '../../src/condition/caret.ts'
import { type Money, settleCurrencies } from '../../src/condition/currency.ts'
import { parse } from '../../src/condition/parse.ts'
import { UserError } from '../../src/errors.ts'
import { CLOCK } from './lines.ts'

/**
 * What a person sees who typed the second line of `long`: all of `long` where a line of carets can be shown, `short` by
 * SMS.
 */
type Case = readonly [title: string, long: string, short: string]

function errorOf(text: string, moneyOf?: (written: string) => Money | undefined): UserError {
  try {
    const parsed = parse(text, CLOCK)
    if (moneyOf) settleCurrencies(parsed, text, moneyOf)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`understood: ${text}`)
}

function check(_title: string, long: string, short: string): void {
  const typed = long.split('\n')[1]!.slice(2)
  const error = errorOf(typed)
  expect(caret(error)).toBe(long)
  expect(shortForm(error)).toBe(short)
  expect(short.length).toBeLessThanOrEqual(160)
  expect(() => parse(error.suggestion ?? '', CLOCK)).not.toThrow()
}

describe('an unknown word', () => {
  test.each<Case>([
    [
      'did you mean a figure',
      `I don't know "prise". Did you mean price?
  AAPL prise > 500
       ^^^^^
Try: AAPL price > 500`,
      `I don't know "prise". Did you mean price? Try: AAPL price > 500`,
    ],
    [
      'a comparison',
      `I don't know "abvoe". Did you mean above?
  AAPL abvoe 500
       ^^^^^
Try: AAPL above 500`,
      `I don't know "abvoe". Did you mean above? Try: AAPL above 500`,
    ],
    [
      'a crossing',
      `I don't know "crosess". Did you mean crosses?
  AAPL crosess above 500
       ^^^^^^^
Try: AAPL crosses above 500`,
      `I don't know "crosess". Did you mean crosses? Try: AAPL crosses above 500`,
    ],
    [
      'a word that looks like a symbol until the next one',
      `I don't know "abvoe". Did you mean above?
  AAPL crosses abvoe 500
               ^^^^^
Try: AAPL crosses above 500`,
      `I don't know "abvoe". Did you mean above? Try: AAPL crosses above 500`,
    ],
    [
      'a link',
      `I don't know "adn". Did you mean and?
  AAPL > 500 adn MSFT > 300
             ^^^
Try: AAPL > 500 and MSFT > 300`,
      `I don't know "adn". Did you mean and? Try: AAPL > 500 and MSFT > 300`,
    ],
    [
      'an option',
      `I don't know "repaet". Did you mean repeat?
  AAPL > 500 repaet
             ^^^^^^
Try: AAPL > 500 repeat`,
      `I don't know "repaet". Did you mean repeat? Try: AAPL > 500 repeat`,
    ],
    [
      'an option at the end that takes a day',
      `I don't know "untill". Did you mean until?
  AAPL > 500 untill
             ^^^^^^
Try: AAPL > 500 until Friday`,
      `I don't know "untill". Did you mean until? Try: AAPL > 500 until Friday`,
    ],
    [
      'a day',
      `I don't know "Fryday". Did you mean Friday?
  AAPL > 500 until Fryday
                   ^^^^^^
Try: AAPL > 500 until Friday`,
      `I don't know "Fryday". Did you mean Friday? Try: AAPL > 500 until Friday`,
    ],
    [
      'a place to be told',
      `I can tell you by sms, email, telegram, discord or digest, not by "emial".
  AAPL > 500 via emial
                 ^^^^^
Try: AAPL > 500 via email`,
      'I can tell you by sms, email, telegram, discord or digest, not by "emial". Try: AAPL > 500 via email',
    ],
    [
      'trading hours',
      `I know regular hours, extended hours and always, not "regualr".
  AAPL > 500 during regualr hours
                    ^^^^^^^
Try: AAPL > 500 during regular hours`,
      'I know regular hours, extended hours and always, not "regualr". Try: AAPL > 500 during regular hours',
    ],
    [
      'what a move is counted from',
      `I don't know "form". Did you mean from?
  AAPL up 5% form now
             ^^^^
Try: AAPL up 5% from now`,
      `I don't know "form". Did you mean from? Try: AAPL up 5% from now`,
    ],
    [
      'a high of some days',
      `I don't know "hgih". Did you mean high?
  TSLA drops 8% from its 30d hgih
                             ^^^^
Try: TSLA drops 8% from its 30d high`,
      `I don't know "hgih". Did you mean high? Try: TSLA drops 8% from its 30d high`,
    ],
    [
      'two of them',
      `I don't know "prise". Did you mean price?
  AAPL prise > 500 adn MSFT volum > 2m
       ^^^^^
Try: AAPL price > 500 and MSFT volume > 2m`,
      `I don't know "prise". Did you mean price? Try: AAPL price > 500 and MSFT volume > 2m`,
    ],
    [
      'none is near',
      `I don't know what "forever" means here.
  AAPL > 500 forever
             ^^^^^^^
Try: AAPL > 500`,
      `I don't know what "forever" means here. Try: AAPL > 500`,
    ],
    [
      'words in front',
      `I don't know what "alert me when" means here.
  alert me when AAPL is above 500
  ^^^^^^^^^^^^^
Try: AAPL is above 500`,
      `I don't know what "alert me when" means here. Try: AAPL is above 500`,
    ],
    [
      'a place where nobody can be told',
      `I can tell you by sms, email, telegram, discord or digest, not by "whatsapp".
  AAPL > 500 via whatsapp
                 ^^^^^^^^
Try: AAPL > 500`,
      'I can tell you by sms, email, telegram, discord or digest, not by "whatsapp". Try: AAPL > 500',
    ],
    [
      'hours there are not',
      `I know regular hours, extended hours and always, not "pre-market".
  AAPL > 500 during pre-market
                    ^^^^^^^^^^
Try: AAPL > 500 during extended hours`,
      'I know regular hours, extended hours and always, not "pre-market". Try: AAPL > 500 during extended hours',
    ],
  ])('%s', check)
})

describe('an input that stops early', () => {
  test.each<Case>([
    [
      'after a sign',
      `I expected a number after >.
  AAPL >
        ^
Try: AAPL > 500`,
      'I expected a number after >. Try: AAPL > 500',
    ],
    [
      'after a symbol',
      `I expected a comparison like > 500 after AAPL.
  AAPL
      ^
Try: AAPL > 500`,
      'I expected a comparison like > 500 after AAPL. Try: AAPL > 500',
    ],
    [
      'after and',
      `I expected a condition like AAPL > 500 after and.
  AAPL > 500 and
                ^
Try: AAPL > 500 and MSFT > 300`,
      'I expected a condition like AAPL > 500 after and. Try: AAPL > 500 and MSFT > 300',
    ],
    [
      'in a range',
      `I expected and with a second number after 300.
  AAPL between 300
                  ^
Try: AAPL between 300 and 600`,
      'I expected and with a second number after 300. Try: AAPL between 300 and 600',
    ],
    [
      'after a crossing',
      `I expected above, below or a number after crosses.
  AAPL crosses
              ^
Try: AAPL crosses above 500`,
      'I expected above, below or a number after crosses. Try: AAPL crosses above 500',
    ],
    [
      'after a direction',
      `I expected a number like 5% after up.
  AAPL up
         ^
Try: AAPL up 5% in 1h`,
      'I expected a number like 5% after up. Try: AAPL up 5% in 1h',
    ],
    [
      'after the start of a window',
      `I expected a length of time like 10m after in.
  AAPL up 5% in
               ^
Try: AAPL up 5% in 10m`,
      'I expected a length of time like 10m after in. Try: AAPL up 5% in 10m',
    ],
    [
      'after from',
      `I expected now, peak, bottom or a number after from.
  TSLA drops 8% from
                    ^
Try: TSLA drops 8% from now`,
      'I expected now, peak, bottom or a number after from. Try: TSLA drops 8% from now',
    ],
    [
      'after a length of time',
      `I expected high or low after 30d.
  TSLA drops 8% from its 30d
                            ^
Try: TSLA drops 8% from its 30d high`,
      'I expected high or low after 30d. Try: TSLA drops 8% from its 30d high',
    ],
    [
      'after an option',
      `I expected a length of time like 10m after cooldown.
  AAPL > 500 cooldown
                     ^
Try: AAPL > 500 cooldown 10m`,
      'I expected a length of time like 10m after cooldown. Try: AAPL > 500 cooldown 10m',
    ],
    [
      'after until',
      `I expected a day or a time like Friday or 17:00 after until.
  AAPL > 500 until
                  ^
Try: AAPL > 500 until Friday`,
      'I expected a day or a time like Friday or 17:00 after until. Try: AAPL > 500 until Friday',
    ],
    [
      'after via',
      `I expected sms, email, telegram, discord or digest after via.
  AAPL > 500 via
                ^
Try: AAPL > 500 via sms`,
      'I expected sms, email, telegram, discord or digest after via. Try: AAPL > 500 via sms',
    ],
    [
      'after note',
      `I expected a note in quotes after note.
  AAPL > 500 note
                 ^
Try: AAPL > 500 note "sell half"`,
      'I expected a note in quotes after note. Try: AAPL > 500 note "sell half"',
    ],
    [
      'in a function',
      `I expected a symbol or a number after ",".
  AAPL > sma(AAPL,
                  ^
Try: AAPL > sma(AAPL, 20)`,
      'I expected a symbol or a number after ",". Try: AAPL > sma(AAPL, 20)',
    ],
    [
      'after a comma that nothing follows',
      `Nothing follows ",".
  AAPL > 500,
            ^
Try: AAPL > 500`,
      'Nothing follows ",". Try: AAPL > 500',
    ],
    [
      'a thousand with a space in it',
      `For "1 000" write 1000.
  AAPL > 1 000
         ^^^^^
Try: AAPL > 1000`,
      'For "1 000" write 1000. Try: AAPL > 1000',
    ],
    [
      'a word that says the opposite',
      `I don't know what "doesn't" means here.
  MSFT doesn't cross 500
       ^^^^^^^
Try: MSFT price < 500`,
      `I don't know what "doesn't" means here. Try: MSFT price < 500`,
    ],
    [
      'a value alone',
      `I expected a comparison like > 500 after MSFT.
  AAPL / MSFT
             ^
Try: AAPL / MSFT > 500`,
      'I expected a comparison like > 500 after MSFT. Try: AAPL / MSFT > 500',
    ],
    [
      'nothing at all',
      `I expected a condition, like AAPL > 500.
  
  ^
Try: AAPL > 500`,
      'I expected a condition, like AAPL > 500. Try: AAPL > 500',
    ],
  ])('%s', check)
})

describe('two comparisons without a link', () => {
  test.each<Case>([
    [
      'nothing between them',
      `There is nothing between these two comparisons: and, or or?
  AAPL > 500 MSFT > 300
             ^^^^
Try: AAPL > 500 or MSFT > 300`,
      'There is nothing between these two comparisons: and, or or? Try: AAPL > 500 or MSFT > 300',
    ],
    [
      'three of them',
      `There is nothing between these two comparisons: and, or or?
  AAPL > 5 MSFT > 5 TSLA < 3
           ^^^^
Try: AAPL > 5 or MSFT > 5 or TSLA < 3`,
      'There is nothing between these two comparisons: and, or or? Try: AAPL > 5 or MSFT > 5 or TSLA < 3',
    ],
    [
      'a comma',
      `In place of this comma: and, or or?
  AAPL > 500, MSFT > 300
            ^
Try: AAPL > 500 or MSFT > 300`,
      'In place of this comma: and, or or? Try: AAPL > 500 or MSFT > 300',
    ],
    [
      'commas',
      `In place of this comma: and, or or?
  AAPL > 500, MSFT > 300, TSLA < 100
            ^
Try: AAPL > 500 or MSFT > 300 or TSLA < 100`,
      'In place of this comma: and, or or? Try: AAPL > 500 or MSFT > 300 or TSLA < 100',
    ],
    [
      'a comma after an option',
      `In place of this comma: and, or or?
  AAPL > 500 repeat, MSFT > 300
                   ^
Try: AAPL > 500 or MSFT > 300 repeat`,
      'In place of this comma: and, or or? Try: AAPL > 500 or MSFT > 300 repeat',
    ],
    [
      'no sign',
      `Above or below? Say which.
  AAPL 500
  ^^^^^^^^
Try: AAPL > 500`,
      'Above or below? Say which. Try: AAPL > 500',
    ],
    [
      'no direction',
      `Up or down? Say which.
  AAPL 5% today
  ^^^^^^^
Try: AAPL up 5% today`,
      'Up or down? Say which. Try: AAPL up 5% today',
    ],
  ])('%s', check)
})

describe('functions', () => {
  test.each<Case>([
    [
      'an unknown function',
      `I don't know a function called smaa. Did you mean sma?
  AAPL > smaa(AAPL, 50)
         ^^^^
Try: AAPL > sma(AAPL, 50)`,
      "I don't know a function called smaa. Did you mean sma? Try: AAPL > sma(AAPL, 50)",
    ],
    [
      'an unknown function with no name near',
      `I don't know a function called foo.
  AAPL > foo(AAPL, 50)
         ^^^
Try: AAPL > 500`,
      "I don't know a function called foo. Try: AAPL > 500",
    ],
    [
      'a bare name',
      `rsi of what? Write rsi(AAPL, 14), or stock:RSI for the stock of that name.
  RSI < 30
  ^^^
Try: rsi(AAPL, 14) < 30`,
      'rsi of what? Write rsi(AAPL, 14), or stock:RSI for the stock of that name. Try: rsi(AAPL, 14) < 30',
    ],
    [
      'a bare name after a symbol',
      `rsi of what? Write rsi(AAPL, 14), or stock:RSI for the stock of that name.
  AAPL > 500 and RSI < 30
                 ^^^
Try: AAPL > 500 and rsi(AAPL, 14) < 30`,
      'rsi of what? Write rsi(AAPL, 14), or stock:RSI for the stock of that name. Try: AAPL > 500 and rsi(AAPL, 14) < 30',
    ],
    [
      'the symbol in front',
      `The symbol goes into the brackets: rsi(AAPL, 14).
  AAPL RSI(14) < 30
  ^^^^^^^^^^^^
Try: rsi(AAPL, 14) < 30`,
      'The symbol goes into the brackets: rsi(AAPL, 14). Try: rsi(AAPL, 14) < 30',
    ],
    [
      'no symbol',
      `sma of which symbol? Write it like sma(AAPL, 50).
  AAPL > sma(50)
         ^^^^^^^
Try: AAPL > sma(AAPL, 50)`,
      'sma of which symbol? Write it like sma(AAPL, 50). Try: AAPL > sma(AAPL, 50)',
    ],
    [
      'no length',
      `sma over how many candles? Write it like sma(AAPL, 50).
  AAPL > sma(AAPL)
         ^^^^^^^^^
Try: AAPL > sma(AAPL, 20)`,
      'sma over how many candles? Write it like sma(AAPL, 50). Try: AAPL > sma(AAPL, 20)',
    ],
    [
      'a length of time for a number of candles',
      `"50d" is a length of time; ema takes a number of candles, like ema(AAPL, 20).
  AAPL > ema(AAPL, 50d)
                   ^^^
Try: AAPL > ema(AAPL, 50)`,
      '"50d" is a length of time; ema takes a number of candles, like ema(AAPL, 20). Try: AAPL > ema(AAPL, 50)',
    ],
    [
      'a length that is too great',
      `Here sma takes a whole number from 1 to 500, like sma(AAPL, 50).
  AAPL > sma(AAPL, 5000)
                   ^^^^
Try: AAPL > sma(AAPL, 500)`,
      'Here sma takes a whole number from 1 to 500, like sma(AAPL, 50). Try: AAPL > sma(AAPL, 500)',
    ],
    [
      'an interval there is not',
      `There are candles of 1m, 5m, 15m, 1h, 4h, 1d and 1w, not of 2h.
  rsi(AAPL, 14, 2h) < 30
                ^^
Try: rsi(AAPL, 14, 1h) < 30`,
      'There are candles of 1m, 5m, 15m, 1h, 4h, 1d and 1w, not of 2h. Try: rsi(AAPL, 14, 1h) < 30',
    ],
    [
      'a figure it cannot be taken of',
      `atr cannot be taken of volume, only of price.
  atr(AAPL volume, 14) > 5
      ^^^^^^^^^^^
Try: atr(AAPL, 14) > 5`,
      'atr cannot be taken of volume, only of price. Try: atr(AAPL, 14) > 5',
    ],
    [
      'too many arguments',
      `sma takes no more than a symbol, length and interval, like sma(AAPL, 50).
  AAPL > sma(AAPL, 50, 20, 1h)
                       ^^
Try: AAPL > sma(AAPL, 50)`,
      'sma takes no more than a symbol, length and interval, like sma(AAPL, 50). Try: AAPL > sma(AAPL, 50)',
    ],
    [
      'too few values',
      `max takes 2 to 10 values, not 1, like max(AAPL, MSFT).
  AAPL > max(MSFT)
         ^^^^^^^^^
Try: AAPL > max(AAPL, MSFT)`,
      'max takes 2 to 10 values, not 1, like max(AAPL, MSFT). Try: AAPL > max(AAPL, MSFT)',
    ],
    [
      'a comma left out',
      `I expected a comma or a closing bracket, not "50".
  AAPL > sma(AAPL 50)
                  ^^
Try: AAPL > sma(AAPL, 50)`,
      'I expected a comma or a closing bracket, not "50". Try: AAPL > sma(AAPL, 50)',
    ],
  ])('%s', check)
})

describe('unlike figures', () => {
  test.each<Case>([
    [
      'a percentage where a price belongs',
      `AAPL price cannot be compared with a percentage: 5%.
  AAPL > 5%
         ^^
Try: AAPL change > 5%`,
      'AAPL price cannot be compared with a percentage: 5%. Try: AAPL change > 5%',
    ],
    [
      'a price where a percentage belongs',
      `AAPL change cannot be compared with a price: $5.
  AAPL change > $5
                ^^
Try: AAPL change > 5%`,
      'AAPL change cannot be compared with a price: $5. Try: AAPL change > 5%',
    ],
    [
      'a percentage for an index',
      `rsi(NVDA, 14) cannot be compared with a percentage: 30%.
  rsi(NVDA, 14) < 30%
                  ^^^
Try: rsi(NVDA, 14) < 30`,
      'rsi(NVDA, 14) cannot be compared with a percentage: 30%. Try: rsi(NVDA, 14) < 30',
    ],
    [
      'an average of prices for a volume',
      `AAPL volume cannot be compared with a price: 2 * sma(AAPL, 20).
  AAPL volume > 2 * sma(AAPL, 20)
                ^^^^^^^^^^^^^^^^^
Try: AAPL volume > 2 * sma(AAPL volume, 20)`,
      'AAPL volume cannot be compared with a price: 2 * sma(AAPL, 20). Try: AAPL volume > 2 * sma(AAPL volume, 20)',
    ],
    [
      'a percentage added to a price',
      `5% cannot be added to a price; write * 1.05.
  AAPL > sma(AAPL, 50) + 5%
         ^^^^^^^^^^^^^^^^^^
Try: AAPL > sma(AAPL, 50) * 1.05`,
      '5% cannot be added to a price; write * 1.05. Try: AAPL > sma(AAPL, 50) * 1.05',
    ],
    [
      'a percentage taken from a price',
      `5% cannot be taken from a price; write * 0.95.
  AAPL < MSFT - 5%
         ^^^^^^^^^
Try: AAPL < MSFT * 0.95`,
      '5% cannot be taken from a price; write * 0.95. Try: AAPL < MSFT * 0.95',
    ],
    [
      'a percentage of a price',
      `Write 105% of a price as * 1.05.
  AAPL > MSFT * 105%
                ^^^^
Try: AAPL > MSFT * 1.05`,
      'Write 105% of a price as * 1.05. Try: AAPL > MSFT * 1.05',
    ],
    [
      'a sum of unlike figures',
      `AAPL price + MSFT change mixes a price with a percentage.
  AAPL + MSFT change > 5
  ^^^^^^^^^^^^^^^^^^
Try: AAPL + MSFT price > 5`,
      'AAPL price + MSFT change mixes a price with a percentage. Try: AAPL + MSFT price > 5',
    ],
    [
      'money for a number of units',
      `AAPL volume is a number of units, so it cannot move by $5.
  AAPL volume up $5 from now
                 ^^
Try: AAPL volume up 5 from now`,
      'AAPL volume is a number of units, so it cannot move by $5. Try: AAPL volume up 5 from now',
    ],
  ])('%s', check)
})

describe('nothing to watch', () => {
  test.each<Case>([
    [
      'always true',
      `5 > 3 is always true: it names no symbol.
  5 > 3
  ^^^^^
Try: AAPL > 3`,
      '5 > 3 is always true: it names no symbol. Try: AAPL > 3',
    ],
    [
      'always true, of arithmetic',
      `2 * 3 > 5 is always true: it names no symbol.
  2 * 3 > 5
  ^^^^^^^^^
Try: AAPL > 5`,
      '2 * 3 > 5 is always true: it names no symbol. Try: AAPL > 5',
    ],
    [
      'never true',
      `3 > 5 can never be met: it names no symbol.
  3 > 5
  ^^^^^
Try: AAPL > 5`,
      '3 > 5 can never be met: it names no symbol. Try: AAPL > 5',
    ],
    [
      'above what it always is',
      `AAPL price > 0 is always true: AAPL price is always above 0.
  AAPL > 0
  ^^^^^^^^
Try: AAPL > 500`,
      'AAPL price > 0 is always true: AAPL price is always above 0. Try: AAPL > 500',
    ],
    [
      'beyond what a function gives',
      `rsi(NVDA, 14) > 100 can never be met: rsi(NVDA, 14) is never above 100.
  rsi(NVDA, 14) > 100
  ^^^^^^^^^^^^^^^^^^^
Try: rsi(NVDA, 14) > 30`,
      'rsi(NVDA, 14) > 100 can never be met: rsi(NVDA, 14) is never above 100. Try: rsi(NVDA, 14) > 30',
    ],
    [
      'compared with itself',
      `AAPL price > AAPL price can never be met: both sides are the same.
  AAPL > AAPL
  ^^^^^^^^^^^
Try: AAPL > 500`,
      'AAPL price > AAPL price can never be met: both sides are the same. Try: AAPL > 500',
    ],
    [
      'divided by zero',
      `AAPL price / 0 divides by zero.
  AAPL / 0 > 5
  ^^^^^^^^
Try: AAPL > 5`,
      'AAPL price / 0 divides by zero. Try: AAPL > 5',
    ],
    [
      'a range written as a difference',
      `AAPL price > 300 - 500 is always true: AAPL price is always above 0.
  AAPL > 300-500
  ^^^^^^^^^^^^^^
Try: AAPL between 300-500`,
      'AAPL price > 300 - 500 is always true: AAPL price is always above 0. Try: AAPL between 300-500',
    ],
    [
      'never met together',
      `This can never be met: AAPL price > 500 and AAPL price < 300 exclude each other.
  AAPL > 500 and AAPL < 300
  ^^^^^^^^^^^^^^^^^^^^^^^^^
Try: AAPL > 500 or AAPL < 300`,
      'This can never be met: AAPL price > 500 and AAPL price < 300 exclude each other. Try: AAPL > 500 or AAPL < 300',
    ],
    [
      'one of the two always holds',
      `This is always true: one of AAPL price > 300 and AAPL price < 500 always holds.
  AAPL > 300 or AAPL < 500
  ^^^^^^^^^^^^^^^^^^^^^^^^
Try: AAPL > 300 and AAPL < 500`,
      'This is always true: one of AAPL price > 300 and AAPL price < 500 always holds. Try: AAPL > 300 and AAPL < 500',
    ],
    [
      'a level that is never crossed',
      `AAPL price crosses below 0 can never be met: AAPL price is always above 0.
  AAPL crosses below 0
  ^^^^^^^^^^^^^^^^^^^^
Try: AAPL crosses below 500`,
      'AAPL price crosses below 0 can never be met: AAPL price is always above 0. Try: AAPL crosses below 500',
    ],
    [
      'a fall of more than there is',
      `AAPL price down 150% in 1h can never be met: AAPL price is always above 0.
  AAPL down 150% in 1h
  ^^^^^^^^^^^^^^^^^^^^
Try: AAPL down 5% in 1h`,
      'AAPL price down 150% in 1h can never be met: AAPL price is always above 0. Try: AAPL down 5% in 1h',
    ],
  ])('%s', check)
})

describe('a word of the language as a symbol', () => {
  test.each<Case>([
    [
      'a comparison',
      `"OVER" is a word of this language; for the symbol of that name write $OVER.
  OVER > 100
  ^^^^
Try: $OVER > 100`,
      '"OVER" is a word of this language; for the symbol of that name write $OVER. Try: $OVER > 100',
    ],
    [
      'a link',
      `"OR" is a word of this language; for the symbol of that name write $OR.
  OR > 10
  ^^
Try: $OR > 10`,
      '"OR" is a word of this language; for the symbol of that name write $OR. Try: $OR > 10',
    ],
    [
      'a metric',
      `The low of which symbol? For the stock of that name write stock:LOW.
  LOW > 250
  ^^^
Try: stock:LOW > 250`,
      'The low of which symbol? For the stock of that name write stock:LOW. Try: stock:LOW > 250',
    ],
    [
      'a metric in front of its symbol',
      `The symbol comes first: AAPL price.
  price AAPL > 500
  ^^^^^^^^^^
Try: AAPL price > 500`,
      'The symbol comes first: AAPL price. Try: AAPL price > 500',
    ],
    [
      'a metric that is a question',
      `Which close? I know previous close; for the price now write price.
  close > 5
  ^^^^^
Try: AAPL previous close > 5`,
      'Which close? I know previous close; for the price now write price. Try: AAPL previous close > 5',
    ],
  ])('%s', check)
})

describe('brackets and quotes', () => {
  test.each<Case>([
    [
      'an unclosed bracket',
      `This bracket is never closed.
  AAPL > 500 and ((MSFT > 300)
                 ^
Try: AAPL > 500 and ((MSFT > 300))`,
      'This bracket is never closed. Try: AAPL > 500 and ((MSFT > 300))',
    ],
    [
      'an unclosed bracket before an option',
      `This bracket is never closed.
  (AAPL > 500 and MSFT > 300 repeat
  ^
Try: (AAPL > 500 and MSFT > 300) repeat`,
      'This bracket is never closed. Try: (AAPL > 500 and MSFT > 300) repeat',
    ],
    [
      'an unclosed function',
      `This bracket is never closed.
  AAPL > sma(AAPL, 50
            ^
Try: AAPL > sma(AAPL, 50)`,
      'This bracket is never closed. Try: AAPL > sma(AAPL, 50)',
    ],
    [
      'a bracket that was never opened',
      `This bracket was never opened.
  AAPL > 500)
            ^
Try: AAPL > 500`,
      'This bracket was never opened. Try: AAPL > 500',
    ],
    [
      'an unclosed quote',
      `This quote is never closed.
  AAPL > 500 note "sell half
                  ^
Try: AAPL > 500 note "sell half"`,
      'This quote is never closed. Try: AAPL > 500 note "sell half"',
    ],
    [
      'a note without quotes',
      `A note stands in quotes, like note "sell half".
  AAPL > 500 note sell half
                  ^^^^^^^^^
Try: AAPL > 500 note "sell half"`,
      'A note stands in quotes, like note "sell half". Try: AAPL > 500 note "sell half"',
    ],
    [
      'quotes without note',
      `Write note in front of a note.
  AAPL > 500 "sell half"
             ^
Try: AAPL > 500 note "sell half"`,
      'Write note in front of a note. Try: AAPL > 500 note "sell half"',
    ],
    [
      'quotes around something else',
      `Only a note stands in quotes.
  "AAPL" > 500
  ^
Try: AAPL > 500`,
      'Only a note stands in quotes. Try: AAPL > 500',
    ],
    [
      'an empty note',
      `The note is empty.
  AAPL > 500 note ""
                  ^^
Try: AAPL > 500`,
      'The note is empty. Try: AAPL > 500',
    ],
  ])('%s', check)
})

describe('crossings and moves', () => {
  test.each<Case>([
    [
      'a move without a window',
      `Up 10% since when? Write up 10% today, up 10% in 1h, or up 10% from now.
  AAPL up 10%
  ^^^^^^^^^^^
Try: AAPL up 10% today`,
      'Up 10% since when? Write up 10% today, up 10% in 1h, or up 10% from now. Try: AAPL up 10% today',
    ],
    [
      'a window without in',
      `Write in before a length of time: in 1h.
  AAPL up 10% 1h
              ^^
Try: AAPL up 10% in 1h`,
      'Write in before a length of time: in 1h. Try: AAPL up 10% in 1h',
    ],
    [
      'a move without an amount',
      `Up by how much? Say for example up 5%.
  AAPL up in 1h
  ^^^^^^^^^^^^^
Try: AAPL up 5% in 1h`,
      'Up by how much? Say for example up 5%. Try: AAPL up 5% in 1h',
    ],
    [
      'an amount below zero',
      `Up -5% is down 5%: leave out the minus.
  AAPL up -5% in 1h
       ^^^^^^
Try: AAPL down 5% in 1h`,
      'Up -5% is down 5%: leave out the minus. Try: AAPL down 5% in 1h',
    ],
    [
      'up from a peak',
      `From a peak it can only go down: down 8% from peak, or up 8% from bottom.
  TSLA up 8% from peak
       ^^^^^^^^^^^^^^^
Try: TSLA up 8% from bottom`,
      'From a peak it can only go down: down 8% from peak, or up 8% from bottom. Try: TSLA up 8% from bottom',
    ],
    [
      'a move of something that has no history',
      `"in 1h" goes with the price of one symbol; for any other value write from now.
  AAPL change up 5% in 1h
  ^^^^^^^^^^^^^^^^^^^^^^^
Try: AAPL change up 5% from now`,
      '"in 1h" goes with the price of one symbol; for any other value write from now. Try: AAPL change up 5% from now',
    ],
    [
      'not and a crossing',
      `A crossing is one moment, so it nearly always does not happen. Say above or below instead of not.
  not AAPL crosses above 500
  ^^^^^^^^^^^^^^^^^^^^^^^^^^
Try: AAPL price < 500`,
      'A crossing is one moment, so it nearly always does not happen. Say above or below instead of not. Try: AAPL price < 500',
    ],
    [
      'two crossings at one moment',
      `Two crossings hardly ever happen at one moment. Let one of them be above or below, or write or.
  AAPL crosses above 500 and MSFT crosses below 300
                             ^^^^^^^^^^^^^^^^^^^^^^
Try: AAPL crosses above 500 and MSFT price < 300`,
      'Two crossings hardly ever happen at one moment. Let one of them be above or below, or write or. Try: AAPL crosses above 500 and MSFT price < 300',
    ],
    [
      'two crossings, the second without its word',
      `Crosses below 300, or is below 300? Say which.
  AAPL crosses above 500 or below 300
                            ^^^^^^^^^
Try: AAPL crosses above 500 or crosses below 300`,
      'Crosses below 300, or is below 300? Say which. Try: AAPL crosses above 500 or crosses below 300',
    ],
    [
      'a crossing that stays, either way',
      `With for, say which way: crosses above or crosses below.
  AAPL crosses 500 for 10m
  ^^^^^^^^^^^^^^^^
Try: AAPL price crosses above 500 for 10m`,
      'With for, say which way: crosses above or crosses below. Try: AAPL price crosses above 500 for 10m',
    ],
  ])('%s', check)
})

describe('two readings', () => {
  test.each<Case>([
    [
      'a decimal comma',
      `By "1,05", do you mean 1.05 or 105?
  EURUSD > 1,05
           ^^^^
Try: EURUSD > 1.05`,
      'By "1,05", do you mean 1.05 or 105? Try: EURUSD > 1.05',
    ],
    [
      'a point between thousands',
      `By "100.000", do you mean 100000 or 100?
  BTC > 100.000
        ^^^^^^^
Try: BTC > 100000`,
      'By "100.000", do you mean 100000 or 100? Try: BTC > 100000',
    ],
    [
      'both',
      `By "1.250,75", I cannot tell the thousands from the decimals.
  BTC > 1.250,75
        ^^^^^^^^
Try: BTC > 1250.75`,
      'By "1.250,75", I cannot tell the thousands from the decimals. Try: BTC > 1250.75',
    ],
  ])('%s', check)
})

describe('chains', () => {
  test.each<Case>([
    [
      'the symbol not in the middle',
      `The symbol of a chain stands in the middle, like 300 < AAPL < 500.
  AAPL < 300 < 500
  ^^^^^^^^^^^^^^^^
Try: 300 < AAPL < 500`,
      'The symbol of a chain stands in the middle, like 300 < AAPL < 500. Try: 300 < AAPL < 500',
    ],
    [
      'the signs not the same way',
      `The two signs of a chain point the same way, like 300 < AAPL < 500.
  300 < AAPL > 200
  ^^^^^^^^^^^^^^^^
Try: 300 < AAPL or > 200`,
      'The two signs of a chain point the same way, like 300 < AAPL < 500. Try: 300 < AAPL or > 200',
    ],
  ])('%s', check)
})

describe('options', () => {
  test.each<Case>([
    [
      'twice',
      `"repeat" is there twice.
  AAPL > 500 repeat repeat
                    ^^^^^^
Try: AAPL > 500 repeat`,
      '"repeat" is there twice. Try: AAPL > 500 repeat',
    ],
    [
      'excluding each other',
      `"once" and "repeat" exclude each other.
  AAPL > 500 once repeat
                  ^^^^^^
Try: AAPL > 500 repeat`,
      '"once" and "repeat" exclude each other. Try: AAPL > 500 repeat',
    ],
    [
      'at close and for',
      `"at close" and "for" exclude each other.
  AAPL > 500 at close for 10m
                      ^^^^^^^
Try: AAPL > 500 at close`,
      '"at close" and "for" exclude each other. Try: AAPL > 500 at close',
    ],
    [
      'in front',
      `"repeat" belongs after the whole condition.
  repeat AAPL > 500
  ^^^^^^
Try: AAPL > 500 repeat`,
      '"repeat" belongs after the whole condition. Try: AAPL > 500 repeat',
    ],
    [
      'at close in front',
      `"at close" belongs after the whole condition.
  at close AAPL > 500
  ^^^^^^^^
Try: AAPL > 500 at close`,
      '"at close" belongs after the whole condition. Try: AAPL > 500 at close',
    ],
    [
      'in the middle',
      `"for 10m" belongs after the whole condition.
  AAPL > 500 for 10m or AAPL < 300
             ^^^^^^^
Try: AAPL > 500 or AAPL < 300 for 10m`,
      '"for 10m" belongs after the whole condition. Try: AAPL > 500 or AAPL < 300 for 10m',
    ],
    [
      'a channel in the middle',
      `"via sms" belongs after the whole condition.
  AAPL > 500 via sms and MSFT > 300
             ^^^^^^^
Try: AAPL > 500 and MSFT > 300 via sms`,
      '"via sms" belongs after the whole condition. Try: AAPL > 500 and MSFT > 300 via sms',
    ],
    [
      'a number for a length of time',
      `10 what? Write 10s, 10m, 10h or 10d.
  AAPL > 500 for 10
                 ^^
Try: AAPL > 500 for 10m`,
      '10 what? Write 10s, 10m, 10h or 10d. Try: AAPL > 500 for 10m',
    ],
    [
      'a length of time for a number',
      `"10min" is a length of time; I expected a number.
  AAPL > 10min
         ^^^^^
Try: AAPL > 10`,
      '"10min" is a length of time; I expected a number. Try: AAPL > 10',
    ],
    [
      'a length of time for a day',
      `After until I expected a day or a time; for a length of time write expires in 10m.
  AAPL > 500 until 10m
                   ^^^
Try: AAPL > 500 expires in 10m`,
      'After until I expected a day or a time; for a length of time write expires in 10m. Try: AAPL > 500 expires in 10m',
    ],
    [
      'a day for a length of time',
      `For a day or a time write until Friday.
  AAPL > 500 for Friday
             ^^^
Try: AAPL > 500 until Friday`,
      'For a day or a time write until Friday. Try: AAPL > 500 until Friday',
    ],
    [
      'a day that does not exist',
      `There is no such day as "31 feb".
  AAPL > 500 until 31 feb
                   ^^^^^^
Try: AAPL > 500`,
      'There is no such day as "31 feb". Try: AAPL > 500',
    ],
    [
      'months',
      `Months and years are not all of one length; for "3 months" write 90d.
  AAPL > 500 for 3 months
                 ^^^^^^^^
Try: AAPL > 500 for 90d`,
      'Months and years are not all of one length; for "3 months" write 90d. Try: AAPL > 500 for 90d',
    ],
    [
      'a day that is over',
      `"2020-01-01" is over already.
  AAPL > 500 until 2020-01-01
                   ^^^^^^^^^^
Try: AAPL > 500`,
      '"2020-01-01" is over already. Try: AAPL > 500',
    ],
    [
      'too long',
      `"9999d" is too long; ten years is the most.
  AAPL > 500 for 9999d
                 ^^^^^
Try: AAPL > 500`,
      '"9999d" is too long; ten years is the most. Try: AAPL > 500',
    ],
  ])('%s', check)
})

describe('symbols and numbers', () => {
  test.each<Case>([
    [
      'an unknown class',
      `Before a colon I know stock, crypto and fx, not "NASDAQ".
  NASDAQ:AAPL > 500
  ^^^^^^^
Try: AAPL > 500`,
      'Before a colon I know stock, crypto and fx, not "NASDAQ". Try: AAPL > 500',
    ],
    [
      'a currency without a sign',
      `Leave out CHF: a number counts in the currency its symbol is quoted in.
  AAPL > 500 CHF
             ^^^
Try: AAPL > 500`,
      'Leave out CHF: a number counts in the currency its symbol is quoted in. Try: AAPL > 500',
    ],
    [
      'a number that is too large',
      `That number is too large for me.
  AAPL > 1e50
         ^^^^
Try: AAPL > 500`,
      'That number is too large for me. Try: AAPL > 500',
    ],
    [
      'a character nobody knows',
      `I don't know what "@" means here.
  AAPL > 500 @ 5
             ^
Try: AAPL > 500`,
      `I don't know what "@" means here. Try: AAPL > 500`,
    ],
  ])('%s', check)
})

describe('mixed currencies', () => {
  const quoted: Readonly<Record<string, Money>> = {
    AAPL: { currency: 'USD' },
    'SAP.DE': { currency: 'EUR' },
    'VOD.L': { currency: 'GBP', minor: { name: 'GBp', per: 100 } },
  }

  test.each<Case>([
    [
      'prices in two currencies',
      `AAPL is quoted in USD and SAP.DE in EUR: they cannot be compared.
  AAPL > SAP.DE
         ^^^^^^
Try: AAPL / SAP.DE > 1`,
      'AAPL is quoted in USD and SAP.DE in EUR: they cannot be compared. Try: AAPL / SAP.DE > 1',
    ],
    [
      'a sign of another currency',
      `SAP.DE is quoted in EUR, not in $.
  SAP.DE > $200
           ^^^^
Try: SAP.DE > 200`,
      'SAP.DE is quoted in EUR, not in $. Try: SAP.DE > 200',
    ],
    [
      'a sign of another currency in a sum',
      `AAPL is quoted in USD, not in €.
  AAPL + €5 > 500
         ^^
Try: AAPL + 5 > 500`,
      'AAPL is quoted in USD, not in €. Try: AAPL + 5 > 500',
    ],
    [
      'a listing in pence',
      `VOD.L is quoted in GBP, not in $.
  VOD.L up $3 in 1h
           ^^
Try: VOD.L up 3 in 1h`,
      'VOD.L is quoted in GBP, not in $. Try: VOD.L up 3 in 1h',
    ],
    [
      'a listing whose currency is not known just now',
      `I cannot see just now what NPN.JO is quoted in, so I cannot check the sign of the amount.
  NPN.JO > $3000
           ^^^^^
Try: NPN.JO > 3000`,
      'I cannot see just now what NPN.JO is quoted in, so I cannot check the sign of the amount. Try: NPN.JO > 3000',
    ],
  ])('%s', (_title, long, short) => {
    const error = errorOf(long.split('\n')[1]!.slice(2), (written) => quoted[written])
    expect(caret(error)).toBe(long)
    expect(shortForm(error)).toBe(short)
    expect(() => parse(error.suggestion ?? '', CLOCK)).not.toThrow()
  })
})

describe('limits', () => {
  const many = (count: number, part: (i: number) => string, link: string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(link)

  test.each([
    [
      'characters',
      `AAPL > 500 ${'x'.repeat(500)}`,
      'A line has at most 500 characters, this one has 511. Make several alerts of it.',
      'xxxxxxxxxxx',
    ],
    [
      'words and signs',
      `${'!'.repeat(198)} AAPL > 5`,
      'An alert has at most 200 words and signs. Make several alerts of it.',
      '5',
    ],
    ['nested brackets', `${'('.repeat(17)}AAPL > 5${')'.repeat(17)}`, 'Brackets can be nested 16 deep at most.', '('],
    [
      'comparisons',
      many(21, (i) => `AAPL > ${i + 1}`, ' or '),
      'An alert has at most 20 comparisons. Make several alerts of it.',
      '>',
    ],
    [
      'symbols',
      many(11, (i) => `A${i} > 5`, ' or '),
      'An alert has at most 10 symbols. Make several alerts of it.',
      'A10',
    ],
    [
      'characters of a note',
      `AAPL > 500 note "${'x'.repeat(203)}"`,
      'A note has at most 200 characters, this one has 203.',
      'xxx',
    ],
  ])('%s', (_what, line, message, place) => {
    const error = errorOf(line)
    expect(error.message).toBe(message)
    expect(line.slice(error.at!.start, error.at!.end)).toBe(place)
    const [first, typed, carets, last] = caret(error).split('\n')
    expect([first, typed]).toEqual([message, `  ${line}`])
    expect(carets).toBe(`  ${' '.repeat(error.at!.start)}${'^'.repeat(place.length)}`)
    expect(last).toMatch(/^Try: AAPL > 500/)
    expect(shortForm(error).startsWith(message)).toBe(true)
    expect(() => parse(error.suggestion ?? '', CLOCK)).not.toThrow()
  })
})
