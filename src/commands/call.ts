import type { Command } from './command.ts'

/** A command and its arguments; without a command, the text that calls none. */
export type Call = { readonly command?: Command; readonly args: string }

/** `P > 50` is about a share, whatever `p` is short for; `alert > 50` is an alert that lacks its symbol. */
const COMPARED = /^(?!alert\b)\w+\s*[<>=≥≤]+\s*[$€£]?\d/i
/** The one command that people write in two words. */
const IN_TWO_WORDS = /^\/?never\s+mind\b/i

/** The command a text calls, with or without a slash, in any case; none when its first word is no command. */
export function callIn(typed: string, commands: readonly Command[]): Call {
  const text = typed.replace(IN_TWO_WORDS, 'nevermind')
  if (COMPARED.test(text)) return { args: text }
  const match = /^\/?([a-z]+)(?:\s+|$)/i.exec(text)
  const word = match?.[1]?.toLowerCase()
  const command = commands.find(({ name, aliases }) => name === word || (word !== undefined && aliases?.includes(word)))
  return command && match ? { command, args: text.slice(match[0].length).trim() } : { args: text }
}
