import { beginning, type Failure, openBrackets } from './failure.ts'
import type { Token } from './lexer.ts'

/** What may stand at a place, for a person, and how a line could go on there. */
export type Next = { readonly said: string; readonly samples: readonly string[] }

/**
 * What may stand at the place where the grammar could not go on: the first entry all of whose words would have fitted,
 * and none of those with `!`.
 */
export function nextOf(failure: Failure): Next {
  const { expected, tokens, index } = failure
  const fits = (words: string) =>
    words.split(' ').every((word) => (word.startsWith('!') ? !expected.has(word.slice(1)) : expected.has(word)))
  const [, said, ...samples] = NEXT.find(([words]) => fits(words)) ?? ['', 'the end of the line']
  const level = levelAfter(tokens.slice(0, index))
  return { said, samples: samples.map((sample) => sample.replace('500', level)) }
}

const NEXT: readonly (readonly [words: string, said: string, ...samples: string[]])[] = [
  ['than', 'than', 'than 500'],
  ['sms', 'sms, email, telegram, discord or digest', 'sms', 'email'],
  ['regular', 'regular hours, extended hours or always', 'regular hours'],
  ['%note', 'a note in quotes', '"sell half"'],
  ['above %symbol !between', 'above, below or a number', 'above 500'],
  ['peak', 'now, peak, bottom or a number', 'now', 'peak', 'bottom'],
  ['high low !price', 'high or low', 'high', 'low'],
  ['%symbol is', 'a condition like AAPL > 500', 'MSFT > 300', 'AAPL > 500'],
  ['%symbol %span', 'a symbol or a number', 'AAPL, 20', 'AAPL', '20'],
  ['%date', 'a day or a time like Friday or 17:00', 'Friday'],
  ['.. to', 'and with a second number', 'and 600'],
  ['%number today', 'a number like 5%', '5% in 1h', '5% from now'],
  ['%symbol', 'a number', '500'],
  ['from', 'in 1h, today or from now', 'in 1h', 'from now'],
  ['repeat or', 'and, or, or an option like repeat', 'or MSFT > 300', 'repeat'],
  ['repeat', 'an option like repeat', 'repeat'],
  ['or )', 'and, or, or a closing bracket'],
  [', )', 'a comma or a closing bracket'],
  ['>', 'a comparison like > 500', '> 500'],
  ['%span', 'a length of time like 10m', '10m', '1h'],
  ['%clock', 'a time like 17:00', '17:00'],
  ['%month', 'a month', 'dec', 'feb'],
  ['close least', 'close', 'close', 'least 500'],
  ['least', 'least or most', 'least 500'],
  ['in', 'in', 'in 3d'],
  ['close', 'close', 'close', 'close > 500'],
  ['to', 'to', 'to 500'],
  ['%number', 'a number', '500', '31'],
]

const LEVELS: Readonly<Record<string, string>> = { change: '5%', volume: '2m', rsi: '30' }

/** A number that may well follow: a factor, a small sum, or a level for the figure spoken of last. */
function levelAfter(tokens: readonly Token[]): string {
  const last = tokens.at(-1)?.text ?? ''
  if (/^[*/]$/.test(last)) return '2'
  if (/^[-+]$/.test(last)) return '5'
  const figure = tokens.findLast(({ type, text }) => type === 'symbol' || Object.hasOwn(LEVELS, text))
  return LEVELS[figure?.text ?? ''] ?? '500'
}

/** What is typed up to there, as it is and going on in ways that may be right. */
export function endings(failure: Failure): string[] {
  const start = beginning(failure)
  if (start === '') return []
  const closing = ')'.repeat(openBrackets(failure.tokens, failure.index).length)
  const gap = start.endsWith('(') ? '' : ' '
  return ['', ...nextOf(failure).samples].map((end) => (start + gap + end).trim() + closing)
}
