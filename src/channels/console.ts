import { randomUUID } from 'node:crypto'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { SendError } from '../errors.ts'
import { type Button, harmless, type Piece, type Reply } from '../reply.ts'
import type { Channel, Handler } from './channel.ts'

/** The one address there is at a terminal. */
const HERE = 'here'
const GREETING = 'Set an alert like: alert AAPL > 500 or < 300. Type help for more, exit to leave.'
const LEAVE = /^\/?(exit|quit|bye)$/i

/** `ended` is called once: the person left, or the input is over, and every line was answered; not after `stop`. */
export type ConsoleOptions = {
  readonly input: Readable
  readonly output: Writable
  /** A person sits at it: show a prompt and emphasis. */
  readonly isTerminal: boolean
  readonly ended: () => void
}

/**
 * A chat in the terminal: a line in, a reply out; notifications come on the same output. Lines are answered one after
 * another. `exit` or the end of the input ends it. `stop` takes no more lines and waits for the answer under way.
 */
export function createConsole(options: ConsoleOptions): Channel {
  const { input, output, isTerminal } = options
  const run = randomUUID()
  let lines: Interface | undefined
  let isStopped = false
  let answering: Promise<unknown> | undefined

  const print = (text: string) =>
    new Promise<void>((resolve, reject) => {
      if (isTerminal) output.write('\r\x1b[K')
      output.write(`${text}\n`, (error) => (error ? reject(error) : resolve()))
      if (isTerminal) lines?.prompt(true)
    })

  const listen = async (open: Interface, handle: Handler) => {
    let count = 0
    for await (const line of open) {
      if (isStopped || LEAVE.test(line.trim())) break
      if (line.trim() === '') continue
      count++
      const reply = handle({ channel: 'console', address: HERE, id: `${run}:${count}`, text: line })
      answering = reply
      await print(textOf(await reply, isTerminal))
    }
    if (!isStopped) options.ended()
  }

  return {
    name: 'console',
    async start(handle) {
      lines = createInterface({ input, output: isTerminal ? output : undefined, terminal: isTerminal, prompt: '> ' })
      // Each write hears of a failure by itself; without a listener the event would end the process.
      output.on('error', () => {})
      if (isTerminal) void print(GREETING).catch(() => {})
      // A terminal that goes away takes nothing more: that is the end of the input.
      listen(lines, handle).catch(() => options.ended())
    },
    async stop() {
      isStopped = true
      lines?.close()
      await answering
    },
    async send(_address, reply, key) {
      try {
        await print(textOf(reply, isTerminal))
        return { id: key }
      } catch (error) {
        throw new SendError('the terminal is gone', { permanent: false, cause: error })
      }
    },
  }
}

/** A reply as text; buttons become the commands to type, and a file is printed. */
function textOf(reply: Reply, isTerminal: boolean): string {
  const { pieces, buttons, file } = harmless(reply)
  const text = pieces.map((piece) => pieceText(piece, isTerminal)).join('')
  const pressed = buttons.length === 0 ? [] : [buttons.map(buttonText).join('  ')]
  return [text, ...pressed, ...(file ? [`${file.name}:`, file.text.trimEnd()] : [])].join('\n')
}

function pieceText(piece: Piece, isTerminal: boolean): string {
  if (typeof piece === 'string') return piece
  if ('block' in piece) return piece.block
  return isTerminal ? `\x1b[1m${piece.strong}\x1b[22m` : piece.strong
}

function buttonText({ label, command }: Button): string {
  return `[${label}: ${command}]`
}
