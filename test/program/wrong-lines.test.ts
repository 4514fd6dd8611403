import { expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { aFolder, runProgram } from './run-program.ts'

/** What is typed after `alert`; the first line of the answer; what the carets are under (nothing: the end of the line). */
const WRONG: readonly (readonly [typed: string, answer: string, place: string])[] = [
  ['AAPL prise > 500', `I don't know "prise". Did you mean price?`, 'prise'],
  ['AAPL volumee > 2m', `I don't know "volumee". Did you mean volume?`, 'volumee'],
  ['AAPL greater then 500', `I don't know "then". Did you mean than?`, 'then'],
  ['AAPL 500', 'Above or below? Say which.', 'AAPL 500'],
  ['AAPL >', 'I expected a number after >.', ''],
  ['AAPL is', 'I expected a number after is.', ''],
  ['AAPL price above', 'I expected a number after above.', ''],
  ['AAPL > > 500', 'I expected a number, not ">".', '>'],
  ['AAPL >> 500', 'I expected a number, not ">".', '>'],
  ['> 500', 'Which symbol is "> 500" about?', '> 500'],
  ['500', 'I expected a comparison like > 500 after 500.', ''],
  ['AAPL > 500 AAPL < 300', 'There is nothing between these two comparisons: and, or or?', 'AAPL'],
  ['AAPL > 500, AAPL < 300', 'In place of this comma: and, or or?', ','],
  ['AAPL > 500 and', 'I expected a condition like AAPL > 500 after and.', ''],
  ['or AAPL > 500', 'I expected a condition like AAPL > 500, not "or".', 'or'],
  ['AAPL > 500 or or AAPL < 300', 'I expected a condition like AAPL > 500, not "or".', 'or'],
  ['(AAPL > 500', 'This bracket is never closed.', '('],
  ['AAPL > 500)', 'This bracket was never opened.', ')'],
  ['((((((((((((((((((((AAPL > 5))))))))))))))))))))', 'Brackets can be nested 16 deep at most.', '('],
  ['5 > 3', '5 > 3 is always true: it names no symbol.', '5 > 3'],
  ['AAPL > -5', 'AAPL price > -5 is always true: AAPL price is always above 0.', 'AAPL > -5'],
  [
    'AAPL > 500 and AAPL < 300',
    'This can never be met: AAPL price > 500 and AAPL price < 300 exclude each other.',
    'AAPL > 500 and AAPL < 300',
  ],
  ['AAPL < 300 < 500', 'The symbol of a chain stands in the middle, like 300 < AAPL < 500.', 'AAPL < 300 < 500'],
  ['AAPL > 5%', 'AAPL price cannot be compared with a percentage: 5%.', '5%'],
  ['AAPL change > $5', 'AAPL change cannot be compared with a price: $5.', '$5'],
  ['AAPL > 1,05', 'By "1,05", do you mean 1.05 or 105?', '1,05'],
  ['AAPL > 100.000', 'By "100.000", do you mean 100000 or 100?', '100.000'],
  ['AAPL > 1.2.3', 'By "1.2.3", I cannot tell the thousands from the decimals.', '1.2.3'],
  ['AAPL between 300', 'I expected and with a second number after 300.', ''],
  ['AAPL > 500 for', 'I expected a length of time like 10m after for.', ''],
  ['AAPL > 500 for ten minutes', 'For "ten" write 10.', 'ten'],
  ['AAPL > 500 every', 'I expected a length of time like 10m after every.', ''],
  ['AAPL > 500 cooldown 5', '5 what? Write 5s, 5m, 5h or 5d.', '5'],
  ['AAPL > 500 until', 'I expected a day or a time like Friday or 17:00 after until.', ''],
  ['AAPL > 500 until yesterday', `I don't know what "yesterday" means here.`, 'yesterday'],
  ['AAPL > 500 until 30 feb', 'There is no such day as "30 feb".', '30 feb'],
  ['AAPL > 500 until 2020-01-01', '"2020-01-01" is over already.', '2020-01-01'],
  ['AAPL > 500 repeat once', '"repeat" and "once" exclude each other.', 'once'],
  ['AAPL > 500 repeat repeat', '"repeat" is there twice.', 'repeat'],
  ['AAPL > 500 in 1h', 'For "in" write expires in.', 'in'],
  ['AAPL > 500 @ 5', `I don't know what "@" means here.`, '@'],
  ['tell me when AAPL is above 500', `I don't know what "tell me when" means here.`, 'tell me when'],
  ['LOW > 250', 'The low of which symbol? For the stock of that name write stock:LOW.', 'LOW'],
]

const DAY = `time,symbol,price
${['AAPL', 'MSFT', 'stock:LOW'].map((symbol) => `2026-03-10T14:00:00Z,${symbol},320`).join('\n')}`

test(`each of ${WRONG.length} kinds of wrong lines is answered with what is wrong, a caret under the place, and a line that works`, async () => {
  const folder = aFolder({ 'day.csv': DAY })
  const settings = { MARKET: 'replay:day.csv', MARKET_SPEED: '0.0001', MONGODB_URI: freshDatabase() }
  const program = runProgram(['start'], settings, { folder })

  const answers = []
  for (const [typed] of WRONG) answers.push([typed, ...read(await program.ask(`alert ${typed}`))])
  expect(answers.map(([typed, answer, , place]) => [typed, answer, place])).toEqual(WRONG)
  expect(answers.map(([, , shown]) => shown)).toEqual(WRONG.map(([typed]) => typed))

  const numbers = []
  for (const [, , , , suggestion] of answers) {
    const [first = ''] = (await program.ask(suggestion!)).split('\n')
    numbers.push(/^Alert (\d+) is on\.$/.exec(first)?.[1] ?? `${suggestion} was answered with: ${first}`)
  }
  expect(numbers).toEqual(WRONG.map((_, index) => String(index + 1)))
})

/** The parts of an answer: first line, the line as typed, what the carets are under, what to type instead. */
function read(answer: string): readonly [string, string, string, string] {
  const [first = '', shown = '', carets = '', suggestion = '', ...rest] = answer.split('\n')
  expect({ answer, rest, carets, suggestion }).toEqual({
    answer,
    rest: [],
    carets: expect.stringMatching(/^ *\^+$/),
    suggestion: expect.stringMatching(/^Try: alert ./),
  })
  const place = shown.slice(carets.indexOf('^'), carets.length)
  return [first, shown.slice(2), place, suggestion.slice('Try: '.length)]
}
