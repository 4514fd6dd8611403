/** Words of the canonical form by which a trigger says that something is high, or went up. */
const UP = /(?:^|\s)(?:>=?|above|up|rises)\s/
const DOWN = /(?:^|\s)(?:<=?|below|down|drops)\s/
/** What turns a meaning round, or what a calculation or a function makes of a price: the price itself may have gone the other way. */
const NOT_PLAIN = /(?:^|\s)(?:not|-|\/)\s|\(/

/** Which way a price went by the triggers that fired, in canonical form; undefined where they do not all say the same. */
export function directionOf(triggers: readonly string[]): 'up' | 'down' | undefined {
  const text = triggers.join(' ')
  if (NOT_PLAIN.test(text) || UP.test(text) === DOWN.test(text)) return undefined
  return UP.test(text) ? 'up' : 'down'
}
