import type { Button } from '../reply.ts'
import { createRecent } from './recent.ts'

/** Which buttons stand under messages that changed, so that one pressed twice at once does not act twice. */
export type Pressed = {
  /** The message has these buttons from now on. */
  changed(message: string, buttons: readonly Button[]): void
  /** What is known of the message is not sure any more. */
  forget(message: string): void
  /** The message is known to have lost the button that carries this. */
  isOver(message: string, data: string): boolean
}

/** How many changed messages are remembered. */
const REMEMBERED = 2_000

/** Nothing has changed yet. `dataOf` gives what the button of a command carries. */
export function createPressed(dataOf: (command: string) => string): Pressed {
  const known = createRecent<ReadonlySet<string>>(REMEMBERED)
  return {
    changed(message, buttons) {
      known.set(message, new Set(buttons.map(({ command }) => dataOf(command))))
    },
    forget(message) {
      known.delete(message)
    },
    isOver(message, data) {
      return known.get(message)?.has(data) === false
    },
  }
}
