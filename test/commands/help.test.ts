import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TOPICS } from '../../src/commands/topics.ts'
import { FUNCTIONS } from '../../src/condition/functions.ts'
import { parse } from '../../src/condition/parse.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { CLOCK } from '../condition/lines.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

const lines = (...all: string[]) => all.join('\n')
const names = Object.keys(FUNCTIONS)
const topics = ['functions', ...TOPICS.map(({ name }) => name)]

describe('help on functions', () => {
  test.each(['functions', 'help functions', 'help indicators', 'Help Functions'])(
    '"%s" shows each of the table',
    async (text) => {
      const shown = (await talk.says(text)).split('\n')
      expect(shown.slice(0, -1)).toEqual(
        Object.values(FUNCTIONS).map(({ usage, help }) => `${usage.padEnd(21)}  ${help}`),
      )
      expect(shown.at(-1)).toBe('More on each, as in: help rsi')
    },
  )

  test.each<[string, string]>([
    [
      'help rsi',
      lines(
        'rsi: relative strength index, 0 to 100: how much went up',
        'rsi(AAPL, 14)',
        'length: 1 to 500, 14 if left out',
        'Of the price, or of open, high, low, volume: rsi(AAPL volume, 14)',
        'Candles of a day, or of 1m, 5m, 15m, 1h, 4h, 1w: rsi(AAPL, 14, 1h)',
        'The unfinished candle counts, closing at the price now; of volumes it does not.',
      ),
    ],
    [
      'functions BBUPPER',
      lines(
        'bbupper: upper Bollinger band: mean plus standard deviations',
        'bbupper(AAPL, 20, 2)',
        'length: 1 to 500, 20 if left out',
        'deviations: 1 to 5, 2 if left out',
        'Of the price, or of open, high, low, volume: bbupper(AAPL volume, 20, 2)',
        'Candles of a day, or of 1m, 5m, 15m, 1h, 4h, 1w: bbupper(AAPL, 20, 2, 1h)',
        'The unfinished candle counts, closing at the price now; of volumes it does not.',
      ),
    ],
    [
      'function high(AAPL, 52w)',
      lines(
        'high: highest of the last candles, or of a length of time',
        'high(AAPL, 52w)',
        'length: 1 to 500, or a time such as 30d',
        'Of the price, or of open, high, low, volume: high(AAPL volume, 20)',
        'Candles of a day, or of 1m, 5m, 15m, 1h, 4h, 1w: high(AAPL, 20, 1h)',
        'Only finished candles count.',
      ),
    ],
    [
      'help atr',
      lines(
        'atr: average true range: how far a candle reaches, with gaps',
        'atr(AAPL, 14)',
        'length: 1 to 500, 14 if left out',
        'Candles of a day, or of 1m, 5m, 15m, 1h, 4h, 1w: atr(AAPL, 14, 1h)',
        'The unfinished candle counts, closing at the price now.',
      ),
    ],
    ['help abs', lines('abs: a value without its sign', 'abs(AAPL - MSFT)', 'Takes one value.')],
    ['help max', lines('max: the largest of several values', 'max(AAPL, MSFT)', 'Takes 2 to 10 values.')],
    [
      'functions round',
      lines('round: rounded, to so many digits after the point', 'round(AAPL, 1)', 'Takes 1 or 2 values.'),
    ],
    ['functions rsii', 'I know no function "rsii".\nTry: functions rsi'],
    ['functions of the day', 'I know no function "of the day".\nTry: functions'],
    ['functions constructor', 'I know no function "constructor".\nTry: functions'],
    ['help stdef', 'I have no help on "stdef".\nTry: help stdev'],
  ])('%s', async (text, answer) => {
    expect(await talk.says(text)).toBe(answer)
  })
})

describe('help on topics', () => {
  test('help ends with what else there is to read', async () => {
    const last = (await talk.says('help')).split('\n').at(-1)
    expect(last).toBe('More: help conditions, help functions, help options, help symbols, help time')
  })

  test.each<[string, string]>([
    ['help time', 'time: How times are written\n'],
    ['help /options', 'options: What can follow a condition\n'],
    ['help Condition', 'conditions: What can be watched\n'],
    ['help metrics', 'symbols: What can be named, and what of it\n'],
  ])('%s', async (text, beginning) => {
    expect((await talk.says(text)).startsWith(beginning)).toBe(true)
  })

  test.each([...topics, ...names])('no line of help on %s is longer than a terminal is wide', async (name) => {
    expect((await talk.says(`help ${name}`)).split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('no word stands for two things to read', async () => {
    const { commands } = await import('../../src/commands/index.ts')
    const words = [...commands, ...TOPICS].flatMap(({ name, aliases }) => [name, ...(aliases ?? [])])
    expect([...words, ...names]).toEqual([...new Set([...words, ...names])])
  })
})

describe('what help shows as an example is understood', () => {
  const typed = (topic: string) => TOPICS.find(({ name }) => name === topic)!.rows.map(([example]) => example)

  test.each(typed('conditions'))('%s', understood)

  test.each(typed('options'))('AAPL > 500 %s', (option) => understood(`AAPL > 500 ${option}`))

  test.each(typed('symbols'))('%s > 500', (symbol) => understood(`${symbol} > 500`))

  test.each(typed('time').filter((example) => /^(?:until|expires) /.test(example)))('AAPL > 500 %s', (option) =>
    understood(`AAPL > 500 ${option}`),
  )

  test.each(Object.values(FUNCTIONS).map(({ usage }) => usage))('%s > 1', (usage) => understood(`${usage} > 1`))

  test.each(names)('and in the help on %s', async (name) => {
    const shown = (await talk.says(`help ${name}`)).match(new RegExp(`\\b${name}\\([^)]*\\)`, 'g'))!
    expect(shown.length).toBeGreaterThan(0)
    for (const example of shown) understood(`${example} > 1`)
  })

  function understood(text: string) {
    expect(parse(text, CLOCK).condition).toBeDefined()
  }
})
