import type { Command } from './command.ts'

/** Commands that are for the same thing, and what that is, in a word or two. */
export type Group = { readonly title: string; readonly commands: readonly Command[] }
