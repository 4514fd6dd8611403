import { nearest } from '../condition/nearest.ts'
import { UserError } from '../errors.ts'
import { compose } from '../reply.ts'
import type { Command } from './command.ts'
import { shorten } from './readers.ts'

/** Makes the help of a list of commands. */
export function createHelp(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    aliases: ['commands', 'start'],
    usage: 'help alert',
    summary: 'What I understand',
    async run(_context, args) {
      if (args === '') return compose([overview(commands())])
      const wanted = args.replace(/^\//, '').toLowerCase()
      const command = commands().find(({ name, aliases }) => name === wanted || aliases?.includes(wanted))
      if (command)
        return compose([
          { strong: command.name },
          `: ${command.summary}\n`,
          { block: [command.usage, ...(command.details ?? [])].join('\n') },
        ])
      const near = nearest(
        wanted,
        commands().map(({ name }) => name),
      )
      throw new UserError(`I have no help on "${shorten(args)}".`, { suggestion: `help ${near ?? 'alert'}` })
    },
  }
}

function overview(commands: readonly Command[]): { block: string } {
  const width = Math.max(...commands.map(({ usage }) => usage.length).filter((length) => length < 30))
  const lines = commands.map(({ usage, summary }) =>
    usage.length <= width ? `${usage.padEnd(width)}  ${summary}` : `${usage}\n${' '.repeat(width)}  ${summary}`,
  )
  return { block: lines.join('\n') }
}
