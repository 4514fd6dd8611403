import { nearest } from '../condition/nearest.ts'
import { parse } from '../condition/parse.ts'
import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Command, Context } from './command.ts'
import { shorten } from './readers.ts'
import { refusal } from './refusal.ts'

/** A comparison, or a ticker with a number behind it: such a line is told what is wrong with it. */
export const MEANT_AS_CONDITION =
  /[<>=≥≤]|\b(above|below|over|under|between|crosses|hits|reaches)\b|^\$?[a-z.:/]{1,12}\s+[$€£]?\d/i

/** Answers text that calls no command: an alert without the word, a slip of the finger, or something else. */
export function unknownText(text: string, { now, zone }: Context, commands: readonly Command[]): Reply {
  if (text === '') return say('Type help to see what I understand.')
  try {
    parse(text, { now: now(), zone })
    return say(`Shall I watch that? ${text}`, [{ label: 'Yes', command: `alert ${text}` }])
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const word = text.split(/\s+/)[0]!.replace(/^\//, '').toLowerCase()
    const near = nearest(
      word,
      commands.map(({ name }) => name),
    )
    if (near !== undefined && near !== word)
      return say(`I know no command "${shorten(word)}". Did you mean ${near}?`, [
        { label: near, command: text.replace(/^\S+/, near) },
      ])
    if (MEANT_AS_CONDITION.test(text)) return refusal(error, { prefix: 'alert ' })
    return say('I did not understand that. Set an alert like: alert AAPL > 500. Type help for more.')
  }
}
