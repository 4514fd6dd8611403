import { onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { expectToldOnce, jumpAbout } from './clock-story.ts'
import { startWorld } from './world.ts'

const HOUR = 3_600_000

test('the clock of the running program is set an hour ahead and back again: every alert goes on firing, and nothing is told that is not so', async () => {
  const world = await startWorld(1)
  onTestFinished(world.stop)
  const uri = freshDatabase()
  const clock = new Date().toISOString()
  const program = world.run([], { MONGODB_URI: uri, LOCK_LIFETIME: '6s' }, { clock })
  const jump = async (ms: number) => program.jump(ms)
  const story = await jumpAbout(world, uri, jump, [HOUR, -HOUR])
  expectToldOnce(story, world, program)
}, 120_000)
