import { FUNCTIONS } from '../condition/functions.ts'
import { nearest } from '../condition/nearest.ts'
import { UserError } from '../errors.ts'
import { compose, type Piece, type Reply } from '../reply.ts'
import { inColumns } from './columns.ts'
import type { Command, Context } from './command.ts'
import { functions, helpOnFunction, listOfFunctions } from './functions.ts'
import type { Group } from './groups.ts'
import { shorten } from './readers.ts'
import { TOPICS, type Topic } from './topics.ts'

/** Makes the help of groups of commands. It knows the topics and the functions of the language too. */
export function createHelp(groups: () => readonly Group[]): Command {
  const shownTo = ({ isOperator }: Pick<Context, 'isOperator'>) =>
    groups().map((group) => ({ ...group, commands: group.commands.filter(({ isHidden }) => !isHidden || isOperator) }))
  return {
    name: 'help',
    aliases: ['commands'],
    usage: 'help alert',
    summary: 'What I understand',
    arguments: [{ name: 'topic', kind: 'text', summary: 'A command, a function, or a topic such as conditions' }],
    async run(context, args) {
      const shown = shownTo(context)
      if (args === '') return overview(shown)
      const all = shown.flatMap(({ commands }) => commands)
      const wanted = args.replace(/^\//, '').toLowerCase()
      const found = helpOn(wanted, all)
      if (found) return found
      const near = nearest(wanted, [...namesOf(all), ...Object.keys(FUNCTIONS)])
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

/** Lines of text, not columns: on a phone they wrap where words end. */
function overview(groups: readonly Group[]): Reply {
  const topics = [functions, ...TOPICS].map(({ name }) => `help ${name}`)
  const pieces = groups.flatMap(({ title, commands }): Piece[] => [
    { strong: title },
    `\n${commands.map(lineOf).join('\n')}\n\n`,
  ])
  return compose([...pieces, `More: ${topics.sort().join(', ')}`])
}

/** As wide as a terminal. */
const WIDE = 80

function lineOf({ usage, summary }: Command): string {
  const line = `${usage}: ${summary}`
  return line.length <= WIDE ? line : `${usage}:\n${summary}`
}

function namesOf(commands: readonly Command[]): string[] {
  return [...commands, ...TOPICS].map(({ name }) => name)
}
