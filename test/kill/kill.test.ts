import { afterAll, beforeAll, describe, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { DAY } from './day.ts'
import { killAt, type Morning, startMorning } from './kill-at.ts'
import { firingsOf } from './oracle.ts'
import { describePoint, POINTS } from './points.ts'
import { DIST } from './process.ts'
import { judge } from './verdict.ts'

/** How long a program may take for its day, ms: far more than it does, so that a slow machine is no failure. */
const PATIENCE = 60_000

const expected = firingsOf(DAY)
const table: string[] = []
let morning: Morning

beforeAll(async () => {
  morning = await startMorning(freshDatabase(), DIST)
})

afterAll(async () => {
  console.log(table.join('\n'))
  await morning?.close()
})

describe('a program killed and started again tells every firing', () => {
  test.for(POINTS.map((point) => [`${point.stage}: ${describePoint(point)}`, point] as const))(
    '%s',
    { timeout: 3 * PATIENCE },
    async ([title, point], { expect }) => {
      const killed = await killAt(point, morning, DIST, PATIENCE)
      const { lost, copies, invented } = judge(expected, killed.delivered)
      const last = killed.operations.slice(-3).join(' → ')
      table.push(
        `${title} | last on the wire: ${last} | ` +
          `told ${killed.delivered.length} of ${expected.length}, in flight ${killed.inFlight.length}, copies ${copies.length}`,
      )
      expect({ lost, invented, isSettled: killed.isSettled, code: killed.code }, killed.notes).toEqual({
        lost: [],
        invented: [],
        isSettled: true,
        code: 0,
      })
      expect(killed.inFlight).toEqual(expect.arrayContaining([...copies]))
      expect(copies.length).toBeLessThanOrEqual(killed.inFlight.length)
    },
  )
})
