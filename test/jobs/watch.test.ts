import { describe, expect, test } from 'vitest'
import type { Alert } from '../../src/alert/types.ts'
import { createWatch } from '../../src/jobs/watch.ts'
import { anAlert } from '../builders.ts'

const firing = { id: 'f', kind: 'fired', at: 1, triggers: [], evidence: [] } as const

/** A watch of which the shard does `run`; `log` has what happened, in order. */
function aWatch(run: (round: number) => Promise<void>, owed: Alert[] = []) {
  const log: string[] = []
  const clock = { now: 0 }
  let rounds = 0
  const watch = createWatch({
    newShard() {
      log.push('new')
      return {
        async run() {
          const round = ++rounds
          log.push(`run ${round}`)
          await run(round)
          log.push(`ran ${round}`)
          return { stored: 0, fired: 0 }
        },
      }
    },
    clock: () => clock.now,
    setBack: 100,
    fanOut: {
      unsent: async () => owed.splice(0),
      users: async () =>
        new Map([
          [
            'user',
            { id: 'user', zone: null, subscriptions: [{ id: 'subscription', channel: 'console', address: 'here' }] },
          ],
        ]),
      add: async (notifications) => void log.push(`add ${notifications.map(({ id }) => id)}`),
      settle: async (settled) => void log.push(`settle ${settled.map(({ occurrences }) => occurrences)}`),
      unseen: async () => () => undefined,
      blindness: async () => [],
      gather: 0,
      zone: 'UTC',
    },
    now: () => 1,
    due: async (channel) => void log.push(`due ${channel}`),
  })
  return { watch, clock, log }
}

describe('a round', () => {
  test('is followed by fan-out: notifications first, then the firing is settled, then its channel is due', async () => {
    const { watch, log } = aWatch(async () => {}, [anAlert({ unsent: [firing] })])
    await watch()
    expect(log).toEqual(['new', 'run 1', 'ran 1', 'add f:subscription:fired', 'settle f', 'due console'])
  })

  test('that fails is followed by fan-out all the same, and its error comes out', async () => {
    const fails = async () => {
      throw new Error('no round')
    }
    const { watch, log } = aWatch(fails, [anAlert({ unsent: [firing] })])
    await expect(watch()).rejects.toThrow('no round')
    expect(log).toEqual(['new', 'run 1', 'add f:subscription:fired', 'settle f', 'due console'])
  })

  test('begins when the one before is over, however many are asked for at once', async () => {
    const { watch, log } = aWatch(() => new Promise((done) => setImmediate(done)))
    await Promise.all([watch(), watch(), watch()])
    expect(log).toEqual(['new', 'run 1', 'ran 1', 'run 2', 'ran 2', 'run 3', 'ran 3'])
  })

  test('that failed does not keep the next one from running', async () => {
    const { watch, log } = aWatch(async (round) => {
      if (round === 1) throw new Error('no round')
    })
    const rounds = await Promise.allSettled([watch(), watch()])
    expect(rounds.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(log).toEqual(['new', 'run 1', 'run 2', 'ran 2'])
  })

  test('goes on from the last one where its clock runs back a little, and begins anew where it was set back', async () => {
    const { watch, clock, log } = aWatch(async () => {})
    for (const at of [1_010, 1_000, 850, 860]) {
      clock.now = at
      await watch()
    }
    expect(log.filter((line) => !line.startsWith('ran'))).toEqual(['new', 'run 1', 'run 2', 'new', 'run 3', 'run 4'])
  })
})
