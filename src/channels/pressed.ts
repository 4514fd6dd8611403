import type { Button } from '../reply.ts'
import { createRecent } from './recent.ts'

/** Begins what a button carries under a message whose words stay; no command begins with it. */
const STAYS = '+'

/** What a button carries: its data, and whether the words above it stay when it is pressed. */
export function marked(data: string, stays = false): string {
  return stays ? STAYS + data : data
}

/** The two, of what a button carried. */
export function unmarked(carried: string): { readonly data: string; readonly stays: boolean } {
  return carried.startsWith(STAYS)
    ? { data: carried.slice(STAYS.length), stays: true }
    : { data: carried, stays: false }
}

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
