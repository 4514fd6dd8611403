import { FUNCTIONS } from '../condition/functions.ts'
import { nearest } from '../condition/nearest.ts'
import { UserError } from '../errors.ts'
import { compose, type Reply } from '../reply.ts'
import { inColumns } from './columns.ts'
import type { Command } from './command.ts'
import { functions, helpOnFunction, listOfFunctions } from './functions.ts'
import { shorten } from './readers.ts'
import { TOPICS, type Topic } from './topics.ts'

/** Makes the help of a list of commands. It knows the topics and the functions of the language too. */
export function createHelp(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    aliases: ['commands', 'start'],
    usage: 'help alert',
    summary: 'What I understand',
    async run(_context, args) {
      if (args === '') return overview(commands())
      const wanted = args.replace(/^\//, '').toLowerCase()
      const found = helpOn(wanted, commands())
      if (found) return found
      const near = nearest(wanted, [...namesOf(commands()), ...Object.keys(FUNCTIONS)])
      throw new UserError(`I have no help on "${shorten(args)}".`, { suggestion: `help ${near ?? 'alert'}` })
    },
  }
}

function helpOn(wanted: string, commands: readonly Command[]): Reply | undefined {
  const isWanted = ({ name, aliases }: Topic | Command) => name === wanted || aliases?.includes(wanted)
  if (isWanted(functions)) return listOfFunctions()
  const topic = TOPICS.find(isWanted)
  if (topic) return compose([{ strong: topic.name }, `: ${topic.summary}\n`, { block: inColumns(topic.rows) }])
  const command = commands.find(isWanted)
  return command ? helpOnCommand(command) : helpOnFunction(wanted)
}

function helpOnCommand({ name, summary, usage, details = [] }: Command): Reply {
  return compose([{ strong: name }, `: ${summary}\n`, { block: [usage, ...details].join('\n') }])
}

function overview(commands: readonly Command[]): Reply {
  const topics = [functions, ...TOPICS].map(({ name }) => `help ${name}`)
  return compose([
    { block: inColumns(commands.map(({ usage, summary }) => [usage, summary])) },
    `\nMore: ${topics.sort().join(', ')}`,
  ])
}

function namesOf(commands: readonly Command[]): string[] {
  return [...commands, ...TOPICS].map(({ name }) => name)
}
