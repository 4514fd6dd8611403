import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/store/connect.ts'
import { aNotification, MONDAY } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'

const HOUR = 3_600_000
const FIVE_MINUTES = 300_000

test('where the clock was set back, nothing waits to be sent or to be acknowledged for longer than it was to', async () => {
  const { notifications, close } = await connect(freshDatabase())
  onTestFinished(close)
  const made = { channel: 'double', urgent: true as const, createdAt: MONDAY + HOUR }
  await notifications.add([
    aNotification({ ...made, id: 'ahead', dueAt: MONDAY + HOUR, escalateAt: MONDAY + HOUR + FIVE_MINUTES }),
    aNotification({ ...made, id: 'soon', dueAt: MONDAY, escalateAt: MONDAY + 1_000 }),
    aNotification({ ...made, id: 'elsewhere', channel: 'another', escalateAt: MONDAY + 2 * HOUR }),
  ])
  await notifications.hasten('double', MONDAY, FIVE_MINUTES)
  const found = await notifications.byIds(['ahead', 'soon', 'elsewhere'])
  const waits = new Map(found.map(({ id, dueAt, escalateAt }) => [id, [dueAt - MONDAY, escalateAt! - MONDAY]]))
  expect(waits.get('ahead')).toEqual([0, FIVE_MINUTES])
  expect(waits.get('soon')).toEqual([0, 1_000])
  expect(waits.get('elsewhere')![1]).toBe(2 * HOUR)
})
