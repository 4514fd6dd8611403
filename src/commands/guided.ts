import type { Reply } from '../reply.ts'
import type { Conversation } from '../store/conversations.ts'
import { askAlert } from './ask-alert.ts'
import { isCondition, isSymbolAlone } from './ask-condition.ts'
import { askSymbol, symbolNamed } from './ask-symbol.ts'
import type { Context } from './command.ts'
import { MEANT_AS_CONDITION } from './unknown-text.ts'

/** What is asked of whoever calls a command without saying what it is about. A command that asks is one line here. */
export const QUESTIONS: Readonly<Record<string, (context: Context, command: string) => Promise<Reply>>> = {
  price: askSymbol,
  chart: askSymbol,
  why: askAlert,
  show: askAlert,
  pause: askAlert,
  resume: askAlert,
  snooze: askAlert,
  wake: askAlert,
  again: askAlert,
  repeat: askAlert,
  tell: askAlert,
  edit: askAlert,
  delete: askAlert,
}

/** Commands that only look: an exchange that is open stays open beside them. `nevermind` ends it by itself. */
export const BESIDE: ReadonlySet<string> = new Set([
  ...[
    'help',
    'functions',
    'list',
    'price',
    'chart',
    'why',
    'show',
    'history',
    'status',
    'backtest',
    'mydata',
    'nevermind',
  ],
])

/**
 * The whole command line that words make which are no command themselves, as the answer to what was asked; undefined
 * where they are something else. Throws `UserError` where they are no answer.
 */
export async function lineFrom(
  { command, step, data }: Conversation,
  words: string,
  context: Context,
): Promise<string | undefined> {
  const takesCondition = command === 'alert' || step === 'condition'
  // A word with a slash in front was meant as a command.
  if (words === '' || words.startsWith('/')) return undefined
  if (isCondition(words, context) && !takesCondition) return undefined
  if (command !== 'alert') return [command, data.typed, words].filter((part) => part).join(' ')
  if (isCondition(words, context) || isSymbolAlone(words, context)) return `alert ${words}`
  const isNamed = words.toUpperCase().startsWith(`${data.typed} `.toUpperCase())
  if (step === 'condition' && !isNamed) return `alert ${data.typed} ${words}`
  // Several words that are no condition are a name: `coca cola`.
  if (!MEANT_AS_CONDITION.test(words)) return `alert ${await symbolNamed(words, context)}`
  return `alert ${words}`
}
