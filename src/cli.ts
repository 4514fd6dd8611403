#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { caret } from './condition/caret.ts'
import { readConfig, secretsOf } from './config.ts'
import { UserError } from './errors.ts'
import { createLog } from './log.ts'
import type { Role } from './main.ts'

const USAGE = `signal-generator: alerts on stocks, crypto and currencies, written in plain words

  signal-generator [start] [bot] [worker]   run the bot (talks with people) and the worker (watches the market); both by default
  signal-generator parse "<text>" [--json]  how a condition is understood
  signal-generator backtest "<text>" [--from 2026-01-01] [--to 2026-06-01] [--quotes day.csv] [--json]
                                            when it would have become true: in the last 30 days, or in a recorded day
  signal-generator quote AAPL BTC EURUSD    what symbols cost now
  signal-generator doctor                   check configuration, database, providers and channels
  signal-generator export [--address telegram:123]
                                            all that is kept of everybody, or of one person, as JSON
  signal-generator import FILE [--address telegram:123]
                                            set the alerts of such a file, or of a text of lines "/alert …"

Settings come from the environment or from .env; .env.example explains each.`

const say = (line: string) => void process.stderr.write(`${line}\n`)
const write = (text: string) => void process.stdout.write(text)
const print = (text: string) => write(`${text}\n`)

/** Runs a sub-command; gives the exit code. Only what it needs is loaded: all of it takes most of a second. */
async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = understand(args)
  const [first = 'start', ...rest] = positionals
  if (values.help) {
    print(USAGE)
    return 0
  }
  switch (first) {
    case 'start':
      return await startCommand(rest)
    case 'bot':
    case 'worker':
      return await startCommand(positionals)
    case 'parse':
      if (rest.length === 0)
        throw new UserError('Which condition?', { suggestion: 'signal-generator parse "AAPL > 500 or < 300"' })
      return (await import('./parse-command.ts')).parseCommand(rest.join(' '), values.json, print)
    case 'backtest':
      if (rest.length === 0)
        throw new UserError('Which condition?', {
          suggestion: 'signal-generator backtest "AAPL > 500" --from 2026-01-01',
        })
      return await (await import('./backtest-command.ts')).backtestCommand(
        { from: undefined, to: undefined, quotes: undefined, ...values, text: rest.join(' ') },
        print,
      )
    case 'quote':
      return await (await import('./quote-command.ts')).quoteCommand(rest, print)
    case 'doctor':
      return await (await import('./doctor.ts')).doctor(print)
    case 'export':
      return await (await import('./export-command.ts')).exportCommand({ address: values.address, print: write, say })
    case 'import':
      return await importFile(rest, values.address)
    default:
      throw new UserError(`There is no sub-command "${first}".`, { suggestion: 'signal-generator --help' })
  }
}

const OPTIONS = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  from: { type: 'string' },
  to: { type: 'string' },
  quotes: { type: 'string' },
  address: { type: 'string' },
} as const

/** The words and options of the command line. Throws `UserError` for an option there is not, or that lacks its value. */
function understand(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch {
    const isKnown = (word: string) => word === '-h' || word.replace(/^--|=.*$/g, '') in OPTIONS
    const option = args.find((word) => word.startsWith('-') && !isKnown(word))
    const problem = option === undefined ? 'An option lacks its value.' : `There is no option "${option}".`
    throw new UserError(problem, { suggestion: 'signal-generator --help' })
  }
}

async function importFile([file, ...more]: readonly string[], address: string | undefined): Promise<number> {
  if (file === undefined || more.length > 0)
    throw new UserError('Which file?', { suggestion: 'signal-generator import alerts.txt --address telegram:123' })
  return await (await import('./import-command.ts')).importCommand({ file, address, print, say })
}

async function startCommand(words: readonly string[]): Promise<number> {
  const unknown = words.find((word) => word !== 'bot' && word !== 'worker')
  if (unknown !== undefined) {
    throw new UserError(`"${unknown}" is no role.`, { suggestion: 'signal-generator start bot worker' })
  }
  const config = readConfig()
  const isTerminal = process.stdin.isTTY === true
  const log = createLog(config.LOG_LEVEL ?? (isTerminal ? 'error' : 'info'), { secrets: secretsOf(config) })
  // A promise that nobody waits for is a bug, of ours or of a library: it must not take the alerts of everybody with it.
  process.on('unhandledRejection', (err) => log.error({ err }, 'something failed that nobody waited for'))
  const roles: Role[] = words.length === 0 ? ['bot', 'worker'] : [...new Set(words as Role[])]
  const signalled = new Promise<boolean>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(true))
  })
  const { start } = await import('./main.ts')
  const running = await start({ config, roles, log, say })
  const isWell = await Promise.race([signalled, running.ended])
  await running.stop()
  return isWell ? 0 : 1
}

/** What went wrong, and below it what to do. */
function told(error: UserError): string {
  const { message, text, suggestion } = error
  if (text !== undefined) return caret(error)
  return suggestion === undefined ? message : `${message}\n→ ${suggestion}`
}

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof UserError) say(told(error))
    else say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
