import type { Reply } from '../reply.ts'

/** Stands before what came of a press, below the words of a message that stays. Nothing we say has a line like it. */
const SIGN = '→ '
const BELOW = `\n\n${SIGN}`

/** What is to become of a message when a button under it was pressed. */
export type Change = 'below' | 'instead' | 'own'

/**
 * Where the answer to a press goes. What was told unasked `stays`, since it is the record of a firing or an outage: what
 * comes of a press stands below it, and what would take its place is a message of its own. Any other message is an answer
 * itself, of something that a press made different: the new answer takes its place.
 */
export function changeBy(reply: Pick<Reply, 'place'>, stays: boolean): Change {
  if (reply.place === undefined) return 'own'
  if (stays) return reply.place === 'below' ? 'below' : 'own'
  return 'instead'
}

/** The words of a message that stays, as far as they are its own: without what came of presses before. */
export function ownWords(text: string): string {
  const end = text.lastIndexOf(BELOW)
  if (end >= 0) return text.slice(0, end)
  return text.startsWith(SIGN) ? '' : text
}

/** What stands between these words and what came of a press. */
export function signBelow(own: string): string {
  return own === '' ? SIGN : BELOW
}
