import { toGsm } from '../gsm.ts'
import { type Button, type Piece, plain, type Reply } from '../reply.ts'

/** What a mail says. */
export type Mail = { readonly subject: string; readonly text: string }

/**
 * A subject is ASCII, begins with a letter, a number or a punctuation mark, has no line break, and less than 100
 * characters (docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
const LONGEST_SUBJECT = 99
/** So wide are lines of plain mail that is quoted once more, and still whole on a screen of 80. */
const WIDTH = 76
const NAME = 'Signal Generator'

/** What one does by a command, said of `it`. A command that is not here is said by the label of its button. */
const AIMS: Readonly<Record<string, (it: string) => string>> = {
  again: (it) => `set ${it} again`,
  pause: (it) => `pause ${it}`,
  resume: (it) => `let ${it} go on`,
  snooze: (it) => `silence ${it} for a while`,
  why: (it) => `see why ${it} says so`,
  delete: (it) => `delete ${it}`,
  ack: (it) => `say that you have seen ${it}`,
}

/** A reply as a mail: the fact for a subject, then all of it, what one can type in the chat, and how to end such mail. */
export function mailOf(reply: Reply): Mail {
  const lines = [wrapped(reply.pieces), ...whatToType(reply.buttons), ENDING]
  return { subject: subjectOf(plain(reply)), text: lines.join('\n\n') }
}

/** The mail that proves that who reads an address is who asked in a chat. */
export function codeMail(code: string): Mail {
  const lines = [
    `Your code is ${code}`,
    'To get alerts at this address, write in the chat where you asked for it:',
    `    confirm ${code}`,
    fold(
      'It is good for a short time only. If you did not ask for it, somebody else gave your address: do nothing, and nothing more is sent here.',
    ),
  ]
  return { subject: `${code} is your code for ${NAME}`, text: lines.join('\n\n') }
}

const ENDING = fold(
  `You get this because you confirmed this address to ${NAME}. Nobody reads an answer to this mail. To end such mail, write "unsubscribe email" in the chat, or open the link that Amazon puts below.`,
)

/** The first line, in ASCII. */
function subjectOf(text: string): string {
  const [first = ''] = text.trim().split('\n')
  const line = asciiOf(first).replace(/\s+/g, ' ').trim()
  if (!/^[\p{L}\p{N}\p{P}]/u.test(line)) return `${NAME}: ${line}`.trim().slice(0, LONGEST_SUBJECT)
  if (line.length <= LONGEST_SUBJECT) return line
  const cut = line.slice(0, LONGEST_SUBJECT - 3)
  return `${cut.replace(/ \S{0,30}$/, '')}...`
}

/** What GSM-7 has and ASCII has not, as far as it says something. */
const IN_ASCII: Readonly<Record<string, string>> = {
  '€': 'EUR ',
  '£': 'GBP ',
  '¥': 'JPY ',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  '¡': '!',
}

function asciiOf(text: string): string {
  return [...toGsm(text)].map((character) => IN_ASCII[character] ?? bare(character)).join('')
}

function bare(character: string): string {
  const ascii = character.normalize('NFKD').replace(/[^\x20-\x7e]/g, '')
  return ascii === '' ? '?' : ascii
}

/** Text in lines of mail; columns stay as they are. */
function wrapped(pieces: readonly Piece[]): string {
  let whole = ''
  let prose = ''
  for (const piece of pieces) {
    if (typeof piece === 'object' && 'block' in piece) {
      whole += `${folded(prose)}${piece.block}`
      prose = ''
    } else prose += typeof piece === 'string' ? piece : piece.strong
  }
  return `${whole}${folded(prose)}`.trim()
}

function folded(prose: string): string {
  return prose.split('\n').map(fold).join('\n')
}

/** One line as several that are no wider than a mail; a word that is wider stays whole. */
function fold(line: string): string {
  const lines: string[] = []
  let last = ''
  for (const word of line.split(' ').filter((each) => each !== '')) {
    if (last !== '' && last.length + 1 + word.length > WIDTH) {
      lines.push(last)
      last = word
    } else last = last === '' ? word : `${last} ${word}`
  }
  return [...lines, last].join('\n')
}

/** Each button as a line: what for, and what to write. Where several alerts are meant, each is named. */
function whatToType(buttons: readonly Button[]): string[] {
  if (buttons.length === 0) return []
  const numbers = new Set(buttons.map(({ command }) => /^\w+ (\d+)/.exec(command)?.[1]))
  const lines = buttons.map(({ label, command }) => {
    const [, name = '', number = ''] = /^\/?(\w+)(?: (\d+))?/.exec(command) ?? []
    const aim = AIMS[name]?.(numbers.size > 1 && number !== '' ? `alert ${number}` : 'it') ?? aimIn(label)
    const line = `To ${aim}, write: ${command}`
    // A command is to be copied as one line.
    return line.length <= WIDTH ? line : `To ${aim}, write:\n    ${command}`
  })
  return [['What you can do in the chat where you set it:', ...lines].join('\n')]
}

/** `Use the new line` → `use the new line`; a name stays as it is. */
function aimIn(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? `${label[0]!.toLowerCase()}${label.slice(1)}` : `choose "${label}"`
}
