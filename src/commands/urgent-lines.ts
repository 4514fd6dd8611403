import type { Alert } from '../alert/types.ts'
import { lengthWords } from '../delivery/length-words.ts'
import type { Context } from './command.ts'

/** What `urgent` means for an alert that is: a sentence, else nothing. */
export function urgentLines(
  { options }: Pick<Alert, 'options'>,
  { user, escalateAfter, message }: Pick<Context, 'user' | 'escalateAfter' | 'message'>,
): string[] {
  if (!options.urgent) return []
  const isElsewhere = user.subscriptions.filter(({ off }) => !off).length > 1
  if (isElsewhere)
    return [
      `Urgent: told in quiet hours too, and repeated elsewhere after ${lengthWords(escalateAfter)} unless you acknowledge it.`,
    ]
  // A group has one address.
  if (message.isGroup) return ['Urgent: told in quiet hours too.']
  return [
    'Urgent: told in quiet hours too. With a second address (subscribe, link) it is repeated there if you do not acknowledge it.',
  ]
}
