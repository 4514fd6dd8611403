import { expect, test } from 'vitest'
import { tell } from './story.ts'

/** The clock is set back an hour after minute 102: the minute after it is the 43rd again. */
test.each([
  [
    'a cooldown lasts no longer than it is to',
    'repeat cooldown 10',
    '100:490 101:510 102:490 43:510 60:510',
    '101 above, 53 above',
  ],
  [
    'what is told every so often is told again as soon',
    'every 10',
    '100:490 101:510 102:510 43:510 60:510',
    '101 above, 53 above',
  ],
  ['`for` is counted from then', 'once for 10', '100:490 101:510 43:510 60:510', '53 whole last'],
  ['who is blind says so as soon as ever', 'once', '100:490 101:? 43:? 60:?', '48 blind'],
])('where the clock was set back, %s', (_title, options, events, happens) => {
  expect(tell({ options, events })).toBe(happens)
})

test('what was made silent until a moment that was told stays so until then', () => {
  const events = '100:490 101:snooze10 43:490 44:510 112:510'
  expect(tell({ options: 'repeat', events })).toBe('111 above')
})
