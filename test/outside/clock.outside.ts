import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { jumpAbout } from './clock-story.ts'
import { fakeClock } from './faketime.ts'
import { startWorld } from './world.ts'

const HOUR = 3_600_000

test.for([
  ['ahead and back again', [HOUR, -HOUR]],
  ['back and ahead again', [-HOUR, HOUR]],
] as const)(
  'by libfaketime the clock under the running process is set an hour %s: every alert goes on firing, and nothing is told that is not so',
  async ([, jumps]) => {
    const clock = fakeClock()
    const world = await startWorld(2)
    onTestFinished(world.stop)
    const uri = freshDatabase()
    const program = world.run([], { MONGODB_URI: uri, LOCK_LIFETIME: '30s', ...clock.settings })
    const story = await jumpAbout(world, uri, clock.jump, jumps)
    console.log(
      `${story.prices.length} times ${world.people.length} firings; the first one after each jump stored after ${story.recovered.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`,
    )
    for (const { who, prices, others } of story.told)
      expect({ who, prices: [...prices].sort(), others }, program.err()).toEqual({
        who,
        prices: story.prices,
        others: [],
      })
    expect(world.refused()).toEqual([])
  },
)
