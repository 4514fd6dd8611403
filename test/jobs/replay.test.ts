import { describe, expect, test, vi } from 'vitest'
import { createReplayer, type ReplayPorts } from '../../src/jobs/replay.ts'
import { createTurns } from '../../src/jobs/turns.ts'
import { createReplay, parseReplay } from '../../src/market/replay.ts'

const START = Date.UTC(2026, 2, 2, 15)
const TICKS = parseReplay(
  [0, 10, 20].map((seconds, index) => `${START + seconds * 1_000},AAPL,${500 + index}`).join('\n'),
  'day.csv',
)

/** What is kept of a replay between two processes, and a process that plays it. */
function aDay() {
  const kept = { position: null as number | null, newest: undefined as number | undefined }
  const log: string[] = []
  const second = (at: number) => (at - START) / 1_000
  const play = (given: Partial<ReplayPorts> = {}) => {
    log.length = 0
    const clock = { real: 0 }
    const replay = createReplay({ ticks: TICKS, speed: 1, realNow: () => clock.real })
    const run = createReplayer({
      replay,
      startsNow: true,
      hasAlerts: async () => false,
      position: async () => kept.position,
      advance: async (at) => {
        kept.position = Math.max(kept.position ?? 0, at)
      },
      newest: async () => kept.newest,
      async write(quotes) {
        for (const { price, receivedAt } of quotes) {
          kept.newest = receivedAt
          log.push(`write ${price}`)
        }
      },
      watch: async () => void log.push(`watch ${second(replay.now())}`),
      inTurn: (work) => work(),
      isStopping: () => false,
      done: async () => void log.push('done'),
      ...given,
    })
    const until = async (real: number) => {
      clock.real = real * 1_000
      await run()
      return log.splice(0)
    }
    return { replay, until }
  }
  return { kept, play }
}

describe('playing', () => {
  test('each tick is written, watched and done before the next, none before its time', async () => {
    const { until } = aDay().play()
    expect(await until(0)).toEqual(['write 500', 'watch 0', 'done'])
    expect(await until(5)).toEqual(['done'])
    expect(await until(10)).toEqual(['write 501', 'watch 10', 'done'])
    expect(await until(60)).toEqual(['write 502', 'watch 20', 'done'])
    expect(await until(70)).toEqual(['done'])
  })

  test('what is overdue is played tick by tick, none is skipped', async () => {
    const { until } = aDay().play()
    expect(await until(0)).toEqual(['write 500', 'watch 0', 'done'])
    expect(await until(60)).toEqual(['write 501', 'watch 10', 'write 502', 'watch 20', 'done'])
  })

  test('it waits for the first alert, unless it is to start at once', async () => {
    let hasAlerts = false
    const { replay, until } = aDay().play({ startsNow: false, hasAlerts: async () => hasAlerts })
    expect(await until(100)).toEqual([])
    expect(replay.started).toBe(false)
    hasAlerts = true
    expect(await until(200)).toEqual(['write 500', 'watch 0', 'done'])
  })

  test('a program that is stopping leaves the rest', async () => {
    let isStopping = false
    const { until } = aDay().play({ isStopping: () => isStopping })
    await until(0)
    isStopping = true
    expect(await until(60)).toEqual(['done'])
  })
})

test('nobody looks while a tick is being written: half of it is there', async () => {
  const log: string[] = []
  const inTurn = createTurns()
  const slowly = async (what: string) => {
    log.push(what)
    await new Promise((done) => setImmediate(done))
    log.push(`${what} done`)
  }
  const { until } = aDay().play({ inTurn, write: () => slowly('write'), watch: () => slowly('watch') })
  const playing = until(0)
  await vi.waitUntil(() => log.includes('write'))
  await inTurn(() => slowly('look'))
  await playing
  expect(log.slice(-6)).toEqual(['write', 'write done', 'watch', 'watch done', 'look', 'look done'])
})

describe('after a death', () => {
  test('it goes on after the last tick that was done, also without an alert', async () => {
    const day = aDay()
    await day.play().until(0)
    const { until } = day.play({ startsNow: false })
    expect(await until(0)).toEqual(['watch 0', 'done'])
    expect(await until(60)).toEqual(['write 501', 'watch 10', 'write 502', 'watch 20', 'done'])
  })

  test('it first looks at the time it had come to, so that nothing that ends before the next tick is missed', async () => {
    const day = aDay()
    const before = day.play()
    await before.until(0)
    await before.until(7)
    const { until } = day.play()
    expect(await until(0)).toEqual(['watch 7', 'done'])
    expect(await until(60)).toEqual(['write 501', 'watch 10', 'write 502', 'watch 20', 'done'])
  })

  test.each<[string, keyof ReplayPorts, string[]]>([
    ['before a tick was written', 'write', ['watch 0']],
    ['after it was written, before it was watched', 'watch', []],
    ['after it was watched, before that was noted', 'advance', []],
  ])('%s, that tick is played again', async (_what, last, before) => {
    const day = aDay()
    await day.play().until(0)
    const dies = async () => {
      throw new Error('killed')
    }
    let isAlive = true
    const dying: Partial<ReplayPorts> = { [last]: async () => (isAlive ? undefined : dies()) }
    const first = day.play(dying)
    await first.until(0)
    isAlive = false
    await expect(first.until(10)).rejects.toThrow('killed')
    const { until } = day.play()
    const played = [...(await until(0)), ...(await until(10)), ...(await until(20))]
    expect(played.filter((line) => line.startsWith('watch'))).toEqual([...before, 'watch 10', 'watch 20'])
    expect(played.filter((line) => line.startsWith('write'))).toEqual(['write 501', 'write 502'])
  })
})
