import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { plain } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

/** Sets alerts, and says these things after it. */
async function given(alerts: readonly string[], ...said: string[]): Promise<void> {
  await talk.says(alerts.map((one) => `alert ${one}`).join('\n'))
  for (const text of said) await talk.says(text)
}

test('with no alerts it says how to set one', async () => {
  expect(await talk.says('list')).toBe('You have no alerts. Set one with: alert AAPL > 500 or < 300')
})

test('the nearest to firing comes first; silent ones below, and those that are over last', async () => {
  await given(
    [
      'AAPL > 500 or < 300',
      'MSFT > 490 repeat',
      'BTC > 100k every 1h',
      'EURUSD < 1.05',
      'AAPL > 333',
      'AAPL > 340 repeat cooldown 2h',
      'MSFT < 470',
      'EURUSD between 1.05 and 1.10 for 10m',
    ],
    'pause 4',
    'tell 5',
    'snooze 7 2h',
  )
  expect(await talk.says('list')).toBe(
    [
      '6  AAPL > 340                      333.69  1.9 % away   repeat, 2h apart',
      '2  MSFT > 490                      480.00  2.1 % away   repeat',
      '3  BTC > 100k                    97410.50  2.7 % away   every 1h',
      '1  AAPL > 500 or < 300             333.69  11.2 % away',
      '8  EURUSD between 1.05 and 1.10    1.0812  true now',
      '4  EURUSD < 1.05                 paused',
      '7  MSFT < 470                      480.00  2.1 % away   silent until 17:04',
      '5  AAPL > 333                    done',
    ].join('\n'),
  )
})

test('a condition on several symbols shows every price', async () => {
  await given(['AAPL > 500 and BTC > 100k'])
  expect(await talk.says('list')).toBe('1  AAPL > 500 and BTC > 100k  333.69 97410.50  2.7 % away')
})

test('a long condition is cut', async () => {
  await given(['AAPL > 501 or MSFT > 502 or BTC > 503k or EURUSD > 1.5'])
  const [line] = (await talk.says('list')).split('\n')
  expect(line).toMatch(/^1 {2}AAPL > 501 or MSFT > 502 or BTC > 503k or E… {2}333\.69 /)
})

test('what cannot be seen says so, and is not said to be true from memory', async () => {
  await given(['AAPL > 300', 'BTC > 100k repeat'])
  talk.figures.isDown = true
  expect(await talk.says('list')).toBe(
    ['1  AAPL > 300  ?  cannot be seen', '2  BTC > 100k  ?  cannot be seen  repeat'].join('\n'),
  )
})

test('deleted ones are not shown', async () => {
  await given(['AAPL > 500', 'AAPL > 510'], 'delete 1')
  expect(await talk.says('list')).toBe('2  AAPL > 510  333.69  52.8 % away')
})

describe('a symbol that is not known any more', () => {
  const loss = { symbol: 'stock:MSFT', said: 'yahoo has no such symbol', since: MONDAY - 7_200_000, countedAt: MONDAY }
  beforeEach(async () => {
    await given(['MSFT > 490', 'AAPL > 500'])
    talk.figures.prices.delete('stock:MSFT')
  })
  afterEach(() => store.losses.remove(['stock:MSFT']))

  test('is said to be lost, since when and why; why says it too', async () => {
    await store.losses.write([{ ...loss, rounds: 3 }])
    const line = '\nMSFT is lost since 13:04: yahoo has no such symbol any more: it may be delisted or renamed.'
    expect((await talk.says('list')).endsWith(line)).toBe(true)
    expect(await talk.says('why 1')).toContain(`${line}\n`)
    expect(await talk.says('why 2')).not.toContain('lost')
  })

  test('is not while that was said once or twice', async () => {
    await store.losses.write([{ ...loss, rounds: 2 }])
    expect(await talk.says('list')).not.toContain('lost')
  })
})

test('in a group each shows who made it; elsewhere nobody is named', async () => {
  const sender = (name: string) => ({ id: name, name, isAdmin: false })
  const says = async (text: string, name: string) =>
    plain(await talk.hears(text, { isGroup: true, sender: sender(name) }))
  await says('alert AAPL > 500', 'Ann')
  await says('alert AAPL > 510 repeat', 'Bob')
  await says('alert AAPL > 520', 'Bob')
  await says('pause 3', 'Bob')
  expect(await says('list', 'Cy')).toBe(
    [
      '1  AAPL > 500  333.69  49.8 % away  by Ann',
      '2  AAPL > 510  333.69  52.8 % away  repeat, by Bob',
      '3  AAPL > 520  paused, by Bob',
    ].join('\n'),
  )
  expect(await says('show 1', 'Cy')).toContain('\nMade by Ann.\n')
})

test('pages turn in place', async () => {
  await given(['AAPL > 500'])
  expect(await talk.hears('list')).toMatchObject({ place: 'instead' })
})

describe('more than ten', () => {
  beforeEach(() => given(Array.from({ length: 12 }, (_, index) => `AAPL > ${400 + index}`)))
  const numbers = (page: string) => page.split('\n').flatMap((line) => /^ *(\d+) /.exec(line)?.[1] ?? [])

  test('are shown ten a page, with the way to the next', async () => {
    const page = await talk.says('list')
    expect(numbers(page)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
    expect(page).toContain('\nPage 1 of 2.\n[More: list 2]')
  })

  test('the last page offers no more', async () => {
    const page = await talk.says('list 2')
    expect(numbers(page)).toEqual(['11', '12'])
    expect(page.endsWith('\nPage 2 of 2.\n[Back: list 1]')).toBe(true)
  })

  test.each<[string, string]>([
    ['list 99', '2'],
    ['list 0', '1'],
    ['list all', '1'],
  ])('%s shows page %s', async (text, page) => {
    expect(await talk.says(text)).toContain(`\nPage ${page} of 2.`)
  })

  test('numbers stand to the right, so that all columns line up', async () => {
    const lines = (await talk.says('list')).split('\n').slice(0, 10)
    expect(new Set(lines.map((line) => line.indexOf('AAPL'))).size).toBe(1)
    expect(new Set(lines.map((line) => line.indexOf('333.69'))).size).toBe(1)
    expect(lines[0]).toMatch(/^ 1 {2}AAPL/)
  })
})

test.each(['ls', 'alerts', '/list', 'LIST'])('"%s" is the same', async (word) => {
  await given(['AAPL > 500'])
  expect(await talk.says(word)).toBe(await talk.says('list'))
})
