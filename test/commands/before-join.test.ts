import { expect, test } from 'vitest'
import { ofBeforeJoin } from '../../src/commands/before-join.ts'
import type { Context } from '../../src/commands/command.ts'

const JOINED = 1_000_000

/** What is answered to a button that was shown at `shownAt`. */
function pressed(text: string, shownAt: number | undefined, joinedAt: number | undefined = JOINED) {
  const place = { id: 's', channel: 'telegram', address: '7', ...(joinedAt === 0 ? {} : { joinedAt }) }
  const message = { ...place, id: 'm', text, isPress: true, ...(shownAt === undefined ? {} : { shownAt }) }
  return ofBeforeJoin({
    message,
    subscription: 's',
    user: { id: 'u', zone: null, subscriptions: [place] },
  } as never as Context)
}

test.each(['delete 1', '/delete 1', 'pause #2', 'history 1 page 2'])(
  'a button "%s" of before its chat was joined does nothing, and says why',
  (text) => expect(pressed(text, JOINED - 1)?.pieces.join('')).toContain('Nothing was done'),
)

test.each<[string, string, number | undefined, number | undefined]>([
  ['shown since', 'delete 1', JOINED, JOINED],
  ['that names no alert', 'list page 2', 0, JOINED],
  ['in a chat that was never joined', 'delete 1', 0, 0],
  ['of which nobody knows when it was shown', 'delete 1', undefined, JOINED],
])('a button %s means what it meant', (_what, text, shownAt, joinedAt) =>
  expect(pressed(text, shownAt, joinedAt)).toBeUndefined(),
)
