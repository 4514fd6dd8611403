import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { fakeClock } from './faketime.ts'
import { jumpWhileWaiting, LASTS, type Name, type WaitsStory } from './waits-story.ts'
import { startWorld } from './world.ts'

const HOUR = 3_600_000
/** For how long she is watched after the jump, s: an hour is far longer, and all that waits far shorter. */
const WATCHED = 60

async function jumpBy(ms: number): Promise<WaitsStory> {
  const clock = fakeClock()
  const world = await startWorld(1, ['telegram', 'sms'])
  onTestFinished(world.stop)
  const settings = { MONGODB_URI: freshDatabase(), LOCK_LIFETIME: '30s', ESCALATE_AFTER: `${LASTS}s` }
  world.run([], { ...settings, ...clock.settings })
  const story = await jumpWhileWaiting(world, clock.jump, ms, WATCHED)
  for (const { name, on, at, text } of story.words)
    console.log(`${at.toFixed(1)} s, ${name}, ${on}: ${text.replaceAll('\n', ' | ')}`)
  expect(world.refused()).toEqual([])
  return story
}

const after = ({ words }: WaitsStory, name: Name) => words.filter((word) => word.name === name && word.at > 0)
const fired = /at \d\d:\d\d/

/** What is right whichever way the clock went. */
function expectRight(story: WaitsStory): void {
  expect(story.others).toEqual([])
  // `for` counts what was seen: an hour that was skipped is no hour in which it was true, one that comes twice takes nothing away.
  const [pending, ...more] = after(story, 'pending')
  expect(more).toEqual([])
  expect(pending?.text).toMatch(fired)
  expect(story.metFor + pending!.at).toBeGreaterThan(LASTS)
  expect(story.words.filter(({ name, at }) => name === 'pending' && at <= 0)).toEqual([])
  // What was held in a cooldown is told once.
  expect(after(story, 'cooling')).toEqual([expect.objectContaining({ text: expect.stringMatching(fired) })])
  // What is told every 20 s goes on as long as it is true, and no faster.
  const running = after(story, 'running').map(({ at }) => at)
  expect(running.length).toBeGreaterThanOrEqual(2)
  for (const [index, at] of running.slice(1).entries()) expect(at - running[index]!).toBeGreaterThan(LASTS - 3)
  // Nobody acknowledged it, so it is texted, once.
  expect(after(story, 'urgent')).toEqual([
    expect.objectContaining({ on: 'sms', text: expect.stringMatching(/^Not acknowledged on Telegram/) }),
  ])
}

test('the clock is set an hour ahead while alerts wait for a moment: none fires that was not true long enough, none is lost', async () => {
  const story = await jumpBy(HOUR)
  expectRight(story)
  // By the clock their moments are past: it has ended, and the silence is over.
  expect(after(story, 'ending')).toEqual([expect.objectContaining({ text: expect.stringMatching(/has ended/) })])
  expect(after(story, 'snoozed')).toEqual([expect.objectContaining({ text: expect.stringMatching(fired) })])
})

test('the clock is set an hour back while alerts wait for a moment: none is silent for an hour longer, but for one that was to be silent until a moment of the clock', async () => {
  const story = await jumpBy(-HOUR)
  expectRight(story)
  // A cooldown does not end early either.
  const cooled = story.words.filter(({ name }) => name === 'cooling').map(({ at }) => at)
  expect(cooled[1]! - cooled[0]!).toBeGreaterThan(LASTS)
  expect(after(story, 'ending')).toEqual([expect.objectContaining({ text: expect.stringMatching(fired) })])
  expect(after(story, 'ending')[0]!.at).toBeGreaterThan(story.dearAt)
  // She was told until when: that is by the clock, and the list says it.
  expect(after(story, 'snoozed')).toEqual([])
  expect(story.list).toMatch(/silent until \d\d:\d\d/)
})
