import { compose } from '../reply.ts'
import type { Person } from '../store/person.ts'
import type { Command } from './command.ts'
import { linesOf, personFile } from './person-file.ts'
import { countOf } from './room.ts'

/** So many characters of lines stand in the message; the file has them all. */
const MOST = 2_500

/** Sends all that is kept of whoever asks, as a file, and the lines that set their alerts again. */
export const mydata: Command = {
  name: 'mydata',
  usage: 'mydata',
  summary: 'All I keep of you, as a file',
  details: ['A few times a day at most. forgetme erases it all.'],
  isPersonal: true,
  perDay: 5,
  async run({ person, user, realNow }) {
    const all = await person.read(user)
    const name = `signal-generator-${new Date(realNow()).toISOString().slice(0, 10)}.json`
    const lines = linesOf(all)
    const shown = fitting(lines)
    const pieces = [
      `All I keep of you: ${contentsOf(all)}. The file has it whole.\n`,
      ...(shown.length > 0 ? ['These lines set your alerts again:\n', { block: shown.join('\n') }] : []),
      ...(shown.length < lines.length ? [`\n${lines.length - shown.length} more are in the file.`] : []),
      '\nforgetme erases it all.',
    ]
    return {
      ...compose(pieces),
      brief:
        'A file does not go into a text. Send MYDATA on Telegram or Discord; who runs this bot can export it for you. MORE has your alerts.',
      file: { name, text: personFile(all, realNow()) },
      isPrivate: true,
    }
  },
}

function contentsOf({ user, alerts, notifications }: Person): string {
  const addresses = user.subscriptions.length === 1 ? '1 address' : `${user.subscriptions.length} addresses`
  const messages = notifications.length === 1 ? '1 message' : `${notifications.length} messages`
  return `${addresses}, ${countOf(alerts.length)} (deleted ones too), ${messages} about them, and your settings`
}

/** As many lines as there is room for. */
function fitting(lines: readonly string[]): readonly string[] {
  let room = MOST
  const end = lines.findIndex((line) => {
    room -= line.length + 1
    return room < 0
  })
  return end < 0 ? lines : lines.slice(0, end)
}
