import { type Button, say } from '../reply.ts'
import type { Command } from './command.ts'
import { shorten } from './readers.ts'

const WELCOME = [
  'I watch prices and tell you the moment one does what you are waiting for.',
  'Stocks, coins and currencies: prices, moves, crossings, averages.',
  'For example: alert AAPL > 500 or < 300',
  'I read back what I understood, and then speak here when it becomes true.',
]
const BUTTONS: readonly Button[] = [
  { label: 'Help', command: 'help' },
  { label: 'Set an alert', command: 'alert' },
]

/**
 * Makes the welcome. What a link brought along is offered, not done, since whoever made the link need not be who pressed
 * it; what is no command is ignored.
 */
export function createStart(commands: () => readonly Command[]): Command {
  return {
    name: 'start',
    usage: 'start',
    summary: 'What I am for, in short',
    async run(_context, args) {
      const word = /^[a-z]+/i.exec(args)?.[0].toLowerCase()
      const isOffer = commands().some(({ name, aliases }) => name === word || aliases?.includes(word ?? ''))
      const offer = isOffer ? [{ label: shorten(args, 30), command: args }] : []
      return {
        ...say([...WELCOME, isOffer ? 'What you came for:' : 'Everything I understand: help'], [...offer, ...BUTTONS]),
        brief:
          'I watch prices and tell you when one does what you wait for. Text, for example: alert AAPL > 500 or < 300',
      }
    },
  }
}
