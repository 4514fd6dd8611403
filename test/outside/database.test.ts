import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { databaseAway } from './away-story.ts'
import { startGate } from './gate.ts'
import { startWorld } from './world.ts'

test('while the database is away under load nobody is told that something is kept which is not; afterwards every command has been acted on once, and every firing is told once', async () => {
  const world = await startWorld(1)
  onTestFinished(world.stop)
  const uri = freshDatabase()
  const gate = await startGate(uri)
  onTestFinished(gate.stop)
  const through = new URL(uri)
  through.host = gate.host
  const story = await databaseAway(world, {
    ...{ uri, through: through.href, away: 5_000 },
    leave: () => gate.set('refuses'),
    comeBack: () => gate.set('open'),
  })
  console.log(JSON.stringify(story.figures))
  expect(story.faults).toEqual([])
}, 120_000)
