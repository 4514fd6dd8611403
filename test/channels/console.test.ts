import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Channel, Handler, Message } from '../../src/channels/channel.ts'
import { createConsole } from '../../src/channels/console.ts'
import { SendError } from '../../src/errors.ts'
import { compose, say } from '../../src/reply.ts'

type Terminal = {
  readonly channel: Channel
  readonly input: PassThrough
  /** Everything shown so far. */
  shown(): string
  /** Resolves when this has been shown. */
  showing(text: string): Promise<void>
  /** Resolves when the channel says that the conversation is over. */
  readonly ended: Promise<void>
  ends(): number
}

function terminal(isTerminal = false): Terminal {
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  let ends = 0
  let end = () => {}
  output.on('data', (chunk) => {
    text += chunk
  })
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const channel = createConsole({
    input,
    output,
    isTerminal,
    ended: () => {
      ends++
      end()
    },
  })
  const showing = async (part: string) => {
    while (!text.includes(part)) await once(output, 'data')
  }
  return { channel, input, shown: () => text, showing, ended, ends: () => ends }
}

const echo: Handler = async ({ text }) => say(`you said ${text}`)

describe('a conversation', () => {
  test('lines are answered in order, one after another, however long one takes', async () => {
    const { channel, input, shown, ended } = terminal()
    let release = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const seen: string[] = []
    await channel.start(async ({ text }) => {
      seen.push(text)
      if (text === 'first') await slow
      return say(`answer to ${text}`)
    })
    input.write('first\nsecond\n')
    await channel.send('here', say('alert 7'), 'key')
    expect(seen).toEqual(['first'])
    release()
    input.end('third\n')
    await ended
    expect(shown()).toBe('alert 7\nanswer to first\nanswer to second\nanswer to third\n')
  })

  test('a message says where it came from, and no two have the same id, in this run or another', async () => {
    const messages: Message[] = []
    for (let run = 0; run < 2; run++) {
      const { channel, input, ended } = terminal()
      await channel.start(async (message) => {
        messages.push(message)
        return say('')
      })
      input.end('  list \nlist\n')
      await ended
    }
    expect(messages.map(({ channel, address, text }) => [channel, address, text])).toEqual(
      Array.from({ length: 4 }, (_, index) => ['console', 'here', index % 2 === 0 ? '  list ' : 'list']),
    )
    expect(new Set(messages.map(({ id }) => id)).size).toBe(4)
  })

  test('empty lines are no messages, and a last line without its newline is one', async () => {
    const { channel, input, shown, ended } = terminal()
    await channel.start(echo)
    input.end('\n   \nlist')
    await ended
    expect(shown()).toBe('you said list\n')
  })

  test.each(['exit', 'quit', 'bye', '/exit', ' EXIT '])('"%s" ends it, and nothing after it is read', async (word) => {
    const { channel, input, shown, ended, ends } = terminal()
    await channel.start(echo)
    input.write(`one\n${word}\ntwo\n`)
    await ended
    input.end()
    await channel.stop()
    expect(shown()).toBe('you said one\n')
    expect(ends()).toBe(1)
  })

  test('a word that only begins like one of them is a message', async () => {
    const { channel, input, shown, ended } = terminal()
    await channel.start(echo)
    input.end('exit strategy\n')
    await ended
    expect(shown()).toBe('you said exit strategy\n')
  })
})

describe('what is shown', () => {
  test('buttons become the commands to type', async () => {
    const { channel, shown } = terminal()
    const buttons = [
      { label: 'Again', command: 'again 7' },
      { label: 'Why', command: 'why 7' },
    ]
    await channel.send('here', compose([{ strong: 'Alert 7' }, ': AAPL'], buttons), 'key')
    expect(shown()).toBe('Alert 7: AAPL\n[Again: again 7]  [Why: why 7]\n')
  })

  test('control characters in a text are no orders to the terminal; tabs and lines stay', async () => {
    const { channel, shown } = terminal(true)
    const evil = '\x1b[2Ja\u0007b\r\u009bc\td\ne'
    await channel.send(
      'here',
      compose([evil, { strong: evil }, { block: evil }], [{ label: evil, command: evil }]),
      'k',
    )
    const clean = ' [2Ja b  c\td\ne'
    expect(shown()).toContain(`${clean}\x1b[1m${clean}\x1b[22m${clean}\n[${clean}: ${clean}]\n`)
  })

  test('HTML, mentions and emoji are text like any other', async () => {
    const { channel, shown } = terminal()
    await channel.send('here', say('<b>@everyone</b> &amp; 🚀'), 'key')
    expect(shown()).toBe('<b>@everyone</b> &amp; 🚀\n')
  })

  test('at a terminal there is a prompt and emphasis, and a notification does not tear the line being typed', async () => {
    const { channel, input, shown, showing } = terminal(true)
    await channel.start(async () => compose([{ strong: 'Alert 1' }, ' is on.']))
    await showing('> ')
    input.write('alert AAPL > 5')
    await showing('alert AAPL > 5')
    const before = shown().length
    await channel.send('here', say('alert 7 fired'), 'key')
    await showing('alert 7 fired')
    const after = shown().slice(before)
    expect(after.startsWith('\r\x1b[Kalert 7 fired\n')).toBe(true)
    expect(after).toContain('> alert AAPL > 5')
    input.write('00\r')
    await showing('\x1b[1mAlert 1\x1b[22m is on.\n')
    await channel.stop()
  })

  test('where nobody sits at a terminal there are no prompts and no escape sequences', async () => {
    const { channel, input, shown, ended } = terminal(false)
    await channel.start(async () => compose([{ strong: 'Alert 1' }, ' is on.']))
    input.end('alert AAPL > 500\n')
    await ended
    expect(shown()).toBe('Alert 1 is on.\n')
  })
})

describe('stopping', () => {
  test('the answer under way is given, lines after it are not read, and the end is not announced', async () => {
    const { channel, input, shown, showing, ends } = terminal()
    let release = () => {}
    const slow = new Promise<void>((resolve) => {
      release = resolve
    })
    const begun = new Promise<void>((begin) => {
      void channel.start(async ({ text }) => {
        begin()
        await slow
        return say(`answer to ${text}`)
      })
    })
    input.write('first\nsecond\nthird\n')
    await begun
    let isStopped = false
    const stopping = channel.stop().then(() => {
      isStopped = true
    })
    await channel.send('here', say('still heard'), 'key')
    expect(isStopped).toBe(false)
    release()
    await stopping
    await showing('answer to first\n')
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(shown()).toBe('still heard\nanswer to first\n')
    expect(ends()).toBe(0)
  })

  test('one that was never started can be stopped', async () => {
    await expect(terminal().channel.stop()).resolves.toBeUndefined()
  })
})

describe('sending', () => {
  test('gives the key as its receipt once the text is out', async () => {
    const { channel, shown } = terminal()
    expect(await channel.send('here', say('hello'), 'firing:1')).toEqual({ id: 'firing:1' })
    expect(shown()).toBe('hello\n')
  })

  test('prints a file below the words', async () => {
    const { channel, shown } = terminal()
    await channel.send('here', { ...say('All of it:'), file: { name: 'data.json', text: '{}\n' } }, 'key')
    expect(shown()).toBe('All of it:\ndata.json:\n{}\n')
  })

  test('to a terminal that is gone it fails so that it is tried again, and a message ends the conversation', async () => {
    const input = new PassThrough()
    const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const channel = createConsole({ input, output, isTerminal: false, ended: () => end() })
    await channel.start(echo)
    const sending = channel.send('here', say('hello'), 'key')
    await expect(sending).rejects.toThrow(SendError)
    await expect(sending).rejects.toMatchObject({ message: 'the terminal is gone', permanent: false })
    input.write('list\n')
    await ended
  })
})
