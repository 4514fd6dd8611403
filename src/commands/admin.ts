import { UserError } from '../errors.ts'
import { compose } from '../reply.ts'
import type { Statistics } from '../store/statistics.ts'
import type { Command, Context } from './command.ts'

const DAY = 86_400_000

/** What whoever runs the bot may ask of it. Others are answered as if there were no such command. */
export const admin: Command = {
  name: 'admin',
  usage: 'admin stats',
  summary: 'How the bot is doing, for those who run it',
  arguments: [{ name: 'what', kind: 'text', summary: 'What to do, as in: stats' }],
  isHidden: true,
  isPersonal: true,
  async run(context, args) {
    if (args !== '' && args.toLowerCase() !== 'stats')
      throw new UserError('I can tell stats only.', { suggestion: admin.usage })
    const counted = await context.countAll(context.realNow() - DAY)
    return { ...compose([{ block: linesOf(counted, context).join('\n') }]), isPrivate: true }
  },
}

const PHASES = ['armed', 'pending', 'paused', 'done', 'expired', 'deleted'] as const

function linesOf({ users, alerts, firings, channels }: Statistics, context: Context): string[] {
  const phases = PHASES.map((phase) => `${alerts[phase] ?? 0} ${phase}`).join(', ')
  return [
    `Users: ${users}`,
    `Alerts: ${phases}`,
    `Firings in the last 24 h: ${firings}`,
    ...channels.map(({ name, waiting, failed }) => `${name}: ${waiting} waiting, ${failed} given up in the last 24 h`),
    ...context.channels().map(({ name, ok, says }) => `${name} here: ${ok ? '' : 'not well, '}${says}`),
  ]
}
