import type { Offer } from './sms-ports.ts'

/** What a text means by what was offered before: a command to be handled, or to be told more. */
export type Meaning =
  | { readonly kind: 'command'; readonly text: string; readonly isChosen: boolean }
  | { readonly kind: 'rest'; readonly rest: string; readonly next: string | undefined }
  | { readonly kind: 'no choice'; readonly most: number }
  | { readonly kind: 'no more' }

const NUMBER = /^[#(]?(\d{1,9})[).:]?$/

/** Reads a bare number and `MORE` by what was offered last; everything else is what it says. */
export function meaningOf(text: string, offer: Offer | null): Meaning {
  const { commands = [], isQuestion = false, rest, next } = offer ?? {}
  const number = NUMBER.exec(text)?.[1]
  if (number !== undefined) {
    const command = commands[Number(number) - 1]
    if (command !== undefined) return { kind: 'command', text: command, isChosen: true }
    // A question may want a number, such as a price, that is no choice.
    if (!isQuestion) return { kind: 'no choice', most: commands.length }
  }
  if (/^\/?more$/i.test(text)) {
    if (rest !== undefined) return { kind: 'rest', rest, next }
    return next === undefined ? { kind: 'no more' } : { kind: 'command', text: next, isChosen: true }
  }
  return { kind: 'command', text, isChosen: false }
}

/**
 * What is offered after a message that nobody asked for: its own choices and its own rest, where it has them; what was
 * asked before stays to be answered otherwise.
 */
export function offerAfter(before: Offer | null, message: Offer): Offer | undefined {
  const { commands, rest, next } = message
  if (commands.length === 0 && rest === undefined && next === undefined) return undefined
  const kept = before ?? { commands: [], isQuestion: false }
  return {
    commands: commands.length > 0 ? commands : kept.commands,
    isQuestion: kept.isQuestion,
    ...(rest === undefined ? {} : { rest }),
    ...(next === undefined ? {} : { next }),
  }
}
