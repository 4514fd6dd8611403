import { FUNCTIONS, type Length, type NumberFunction, type SeriesFunction } from '../condition/functions.ts'
import { INTERVALS } from '../condition/history.ts'
import { nearest } from '../condition/nearest.ts'
import { UserError } from '../errors.ts'
import { compose, type Reply } from '../reply.ts'
import { inColumns } from './columns.ts'
import type { Command } from './command.ts'
import { shorten } from './readers.ts'

/** Lists the functions of the language, or explains one. */
export const functions: Command = {
  name: 'functions',
  aliases: ['function', 'indicators'],
  usage: 'functions rsi',
  summary: 'What can be computed in a condition',
  arguments: [{ name: 'function', kind: 'function', summary: 'The name of a function; all of them if left out' }],
  async run(_context, args) {
    if (args === '') return listOfFunctions()
    const name = args.replace(/\(.*$/s, '').trim()
    const reply = helpOnFunction(name)
    if (reply) return reply
    throw new UserError(`I know no function "${shorten(name)}".`, {
      suggestion: `functions ${nearest(name, Object.keys(FUNCTIONS)) ?? ''}`.trim(),
    })
  },
}

/** Every function with what it is, made from the table. */
export function listOfFunctions(): Reply {
  return compose([
    { block: inColumns(Object.values(FUNCTIONS).map(({ usage, help }) => [usage, help])) },
    '\nMore on each, as in: help rsi',
  ])
}

/** All that the table says of one function; undefined where there is none of that name. */
export function helpOnFunction(name: string): Reply | undefined {
  const known = name.toLowerCase()
  const entry = FUNCTIONS[known]
  if (!entry) return undefined
  const details = entry.type === 'series' ? detailsOfSeries(known, entry) : detailsOfNumbers(entry)
  return compose([{ strong: known }, `: ${entry.help}\n`, { block: [entry.usage, ...details].join('\n') }])
}

function detailsOfSeries(name: string, { lengths, span, of, unfinished }: SeriesFunction): string[] {
  const numbers = lengths.map(({ preset }) => preset ?? 20).join(', ')
  const others = of.filter((metric) => metric !== 'price')
  const volumes = of.includes('volume') ? '; of volumes it does not' : ''
  return [
    ...lengths.map((length) => lengthText(length, span)),
    ...(others.length > 0 ? [`Of the price, or of ${others.join(', ')}: ${name}(AAPL volume, ${numbers})`] : []),
    `Candles of a day, or of ${OTHER_INTERVALS.join(', ')}: ${name}(AAPL, ${numbers}, 1h)`,
    unfinished === 'counts'
      ? `The unfinished candle counts, closing at the price now${volumes}.`
      : 'Only finished candles count.',
  ]
}

const OTHER_INTERVALS = Object.keys(INTERVALS).filter((interval) => interval !== '1d')

function lengthText({ name, least, most, preset }: Length, span: true | undefined): string {
  const time = span ? ', or a time such as 30d' : ''
  const absent = preset === undefined ? '' : `, ${preset} if left out`
  return `${name}: ${least} to ${most}${time}${absent}`
}

function detailsOfNumbers({ least, most }: NumberFunction): string[] {
  if (least === most) return [`Takes ${least === 1 ? 'one value' : `${least} values`}.`]
  return [`Takes ${least} ${most === least + 1 ? 'or' : 'to'} ${most} values.`]
}
