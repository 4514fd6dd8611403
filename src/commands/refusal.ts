import { caret, shortForm } from '../condition/caret.ts'
import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Command } from './command.ts'

/** What stood before the text that could not be understood: `alert `, `edit 7 `. */
export type Reading = { readonly prefix: string }

/** The reading of a command and its arguments; undefined when none was called. */
export function readingOf(command: Command | undefined, args: string): Reading | undefined {
  if (!command) return undefined
  const number = command.name === 'edit' ? /^#?\d+\s+/.exec(args)?.[0] : ''
  return { prefix: `${command.name} ${number ?? ''}` }
}

/**
 * What a person sees of a `UserError`: what was wrong, where, and what to type instead, as a whole line. A suggestion
 * for a text that was typed after a command gets that command in front.
 */
export function refusal(error: UserError, reading?: Reading): Reply {
  const { text, at, suggestion, choices } = error
  const isPart = text !== undefined && suggestion !== undefined && reading !== undefined
  const whole = isPart
    ? new UserError(error.message, { text, ...(at ? { at } : {}), suggestion: `${reading.prefix}${suggestion}` })
    : error
  const reply = say(
    caret(whole),
    choices.map(({ label, command }) => ({ label, command })),
  )
  return { ...reply, brief: shortForm(whole) }
}
