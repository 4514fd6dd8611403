import { createHash } from 'node:crypto'
import { type APIActionRowComponent, type APIButtonComponent, ButtonStyle, ComponentType } from 'discord.js'
import type { Button, Reply } from '../reply.ts'
import type { LongCommands } from './channel.ts'
import { marked } from './pressed.ts'

/** What a button may carry beside the mark of what stays, and show, UTF-16 units, and how many there may be (Components reference: button, action row). */
const LONGEST_ID = 100 - 1
const LONGEST_LABEL = 80
const FULLEST_ROW = 5
const MOST_ROWS = 5
/** Begins what stands for a command that is kept elsewhere; no command begins with it. */
const KEPT = '#'

/** A row of buttons as Discord takes it. */
export type Row = APIActionRowComponent<APIButtonComponent>

/** What the button of a command carries: the command, or the key of one that is too long. */
export function dataOf(command: string): string {
  return command.length <= LONGEST_ID && !command.startsWith(KEPT) ? command : KEPT + keyOf(command)
}

/** 128 bits of its hash, so that nobody finds a key but from the command itself. */
function keyOf(command: string): string {
  return createHash('sha256').update(command).digest('base64url').slice(0, 22)
}

/** The buttons under a reply; what is too long for one is kept. Discord takes no two for the same command. */
export async function rowsOf({ buttons, stays }: Pick<Reply, 'buttons' | 'stays'>, long: LongCommands): Promise<Row[]> {
  const distinct = new Map(buttons.filter(isShown).map((button) => [button.command, button]))
  const shown = [...distinct.values()].slice(0, FULLEST_ROW * MOST_ROWS)
  for (const { command } of shown) if (dataOf(command) !== command) await long.keep(keyOf(command), command)
  const components = shown.map(({ label, command }) => ({
    type: ComponentType.Button as const,
    style: ButtonStyle.Secondary as const,
    label: label.length <= LONGEST_LABEL ? label : `${label.slice(0, LONGEST_LABEL - 1)}…`,
    custom_id: marked(dataOf(command), stays),
  }))
  return Array.from({ length: Math.ceil(components.length / FULLEST_ROW) }, (_, row) => ({
    type: ComponentType.ActionRow as const,
    components: components.slice(row * FULLEST_ROW, (row + 1) * FULLEST_ROW),
  }))
}

function isShown({ label, command }: Button): boolean {
  return label.trim() !== '' && command !== ''
}

/**
 * The command that pressed data stands for; undefined where the button is too old. Whoever makes data up gets no
 * further than by typing: it is the same command, from the same person.
 */
export async function commandOf(data: string, long: LongCommands): Promise<string | undefined> {
  return data.startsWith(KEPT) ? ((await long.find(data.slice(KEPT.length))) ?? undefined) : data
}
