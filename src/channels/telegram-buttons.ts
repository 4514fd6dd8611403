import { createHash } from 'node:crypto'
import type { InlineKeyboardMarkup } from 'telegraf/types'
import type { Button, Reply } from '../reply.ts'
import type { LongCommands } from './channel.ts'
import { marked } from './pressed.ts'

/** What a button may carry, bytes (core.telegram.org/bots/api, `callback_data`), but for the mark of what stays. */
const LONGEST_DATA = 64 - 1
/** Begins what stands for a command that is kept elsewhere; no command begins with it. */
const KEPT = '#'
/** Labels that stand beside each other on the narrowest phone, in characters, and how many buttons. */
const WIDEST_ROW = 28
const FULLEST_ROW = 4

/** What the button of a command carries: the command, or the key of one that is too long. */
export function dataOf(command: string): string {
  return Buffer.byteLength(command) <= LONGEST_DATA && !command.startsWith(KEPT) ? command : KEPT + keyOf(command)
}

/** 128 bits of its hash, so that nobody finds a key but from the command itself. */
function keyOf(command: string): string {
  return createHash('sha256').update(command).digest('base64url').slice(0, 22)
}

/** The buttons under a reply; what is too long for one is kept. */
export async function keyboardOf(
  { buttons, stays }: Pick<Reply, 'buttons' | 'stays'>,
  long: LongCommands,
): Promise<InlineKeyboardMarkup> {
  for (const { command } of buttons) {
    if (dataOf(command) !== command) await long.keep(keyOf(command), command)
  }
  const rows = rowsOf(buttons)
  return {
    inline_keyboard: rows.map((row) =>
      row.map(({ label, command }) => ({ text: label, callback_data: marked(dataOf(command), stays) })),
    ),
  }
}

/**
 * The command that pressed data stands for; undefined where the button is too old. Whoever makes data up gets no
 * further than by typing: it is the same command, from the same person.
 */
export async function commandOf(data: string, long: LongCommands): Promise<string | undefined> {
  return data.startsWith(KEPT) ? ((await long.find(data.slice(KEPT.length))) ?? undefined) : data
}

function rowsOf(buttons: readonly Button[]): Button[][] {
  const rows: Button[][] = []
  let width = 0
  for (const button of buttons) {
    const last = rows.at(-1)
    width += button.label.length
    if (last && last.length < FULLEST_ROW && width <= WIDEST_ROW) last.push(button)
    else {
      rows.push([button])
      width = button.label.length
    }
  }
  return rows
}
