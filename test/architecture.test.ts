import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * What a room may import of ours, a whole room or one file of it. `types`: with `import type` alone, so nothing of it
 * runs. `packages`: third-party packages that only this room has. `pure`: no module of Node's either; what it needs of
 * the world is given to it.
 */
type Rule = {
  readonly imports?: readonly string[]
  readonly types?: readonly string[]
  readonly packages?: readonly string[]
  readonly pure?: true
  readonly why?: string
}

/** Who may import whom. Files directly in src are rooms of their own. */
const RULES: Readonly<Record<string, Rule>> = {
  errors: { pure: true },
  reply: { pure: true },
  gsm: { pure: true },
  log: { packages: ['pino'] },
  config: {
    imports: ['errors', 'market/sources'],
    packages: ['zod'],
    why: 'market/sources: which providers there are, and what they need, is said in one place',
  },
  users: { imports: ['errors'], packages: ['libphonenumber-js'], pure: true },
  condition: { imports: ['errors', 'gsm'], packages: ['nearley', 'moo', 'trading-signals'], pure: true },
  alert: { imports: ['condition', 'errors'], pure: true },
  market: {
    imports: ['errors', 'condition/name', 'condition/history'],
    types: ['condition/ast', 'log'],
    why: 'condition/name, condition/history: what a canonical name is made of, and what a candle is, is said in one place',
  },
  watch: {
    imports: ['alert', 'condition', 'errors', 'market/regular'],
    types: ['market'],
    packages: ['tinyqueue'],
    pure: true,
    why: 'market/regular: what a price of extended hours says of regular trading',
  },
  backtest: { imports: ['alert', 'condition', 'errors'], types: ['market'], pure: true },
  delivery: {
    imports: ['reply', 'errors', 'gsm', 'condition/name', 'alert/waits'],
    types: ['alert', 'users', 'channels/channel', 'log'],
    pure: true,
    why: 'condition/name: a message shows the ticker of a canonical name; alert/waits: and which alerts may have missed a price',
  },
  channels: {
    imports: ['reply', 'errors', 'gsm', 'log'],
    types: ['config', 'http/route'],
    packages: ['telegraf', 'discord.js', 'twilio', '@aws-sdk/client-sns'],
    why: 'config: the registry asks which platforms are configured; http/route: what is posted to a webhook',
  },
  chart: { types: ['reply'], packages: ['@napi-rs/canvas'] },
  commands: {
    imports: ['condition', 'alert', 'market', 'backtest', 'delivery', 'users', 'reply', 'errors', 'gsm', 'log'],
    types: ['store', 'channels/channel', 'channels/sns-ports'],
  },
  store: {
    imports: ['errors', 'users/join'],
    types: [
      'alert',
      'market',
      'delivery',
      'users',
      'reply',
      'condition',
      'channels/channel',
      'channels/sms-ports',
      'log',
    ],
    packages: ['mongoose', 'mongodb-memory-server-core', 'rate-limiter-flexible'],
    why: 'users/join: which numbers the alerts of somebody who is joined get',
  },
  jobs: {
    imports: [
      'market',
      'watch',
      'delivery',
      'errors',
      'condition/name',
      'store/slots',
      'alert/split',
      'alert/lost',
      'alert/price-levels',
      'users',
      'reply',
    ],
    types: ['store', 'channels/channel', 'channels/sns-ports', 'log', 'config', 'alert'],
    packages: ['agenda', '@agendajs/mongo-backend'],
    why: 'store/slots: which alerts a shard has; config: how often and how many; alert/split, alert/lost: what a split or a loss makes of an alert; alert/price-levels: what is drawn beside a price',
  },
  http: { imports: ['errors', 'log'], packages: ['fastify'] },
  database: {
    imports: ['store', 'errors'],
    types: ['config'],
    why: 'the half of main that starts the database; the doctor uses it too',
  },
  main: { imports: ['*'] },
  wiring: { imports: ['*'], why: 'the half of main that sub-commands use too: what is made of what' },
  doctor: { imports: ['*'], why: 'a sub-command of cli' },
  'parse-command': { imports: ['*'], why: 'a sub-command of cli' },
  'backtest-command': { imports: ['*'], why: 'a sub-command of cli' },
  'quote-command': { imports: ['*'], why: 'a sub-command of cli' },
  'export-command': { imports: ['*'], why: 'a sub-command of cli' },
  'import-command': { imports: ['*'], why: 'a sub-command of cli' },
  imported: {
    imports: ['errors', 'commands/person-file'],
    types: ['store', 'users'],
    why: 'what import takes out of a file; commands/person-file: its shape is said in one place',
  },
  place: { imports: ['errors'], pure: true },
  cli: { imports: ['*'] },
}

/** Packages that any room may use. */
const ANYWHERE = ['luxon', 'decimal.js']
/** Made by nearley from grammar/condition.ne. */
const GENERATED = 'condition/grammar'

type Import = { readonly from: string; readonly of: string; readonly typeOnly: boolean }
type Source = { readonly name: string; readonly text: string; readonly imports: readonly Import[] }

const sources = read('src')
const imports = sources.flatMap((source) => source.imports)
const ours = imports.filter(({ of }) => !isPackage(of))
const theirs = imports.filter(({ of }) => isPackage(of))

describe('who may import whom', () => {
  test('every room has a rule and every rule a room', () => {
    expect(Object.keys(RULES).sort()).toEqual([...new Set(sources.map(({ name }) => roomOf(name)))].sort())
  })

  test.each(Object.entries(RULES))('%s imports of ours only what its rule allows', (room, rule) => {
    const outside = ours.filter(({ from, of }) => roomOf(from) === room && roomOf(of) !== room)
    expect(outside.filter((one) => !isAllowed(one, rule)).map(sentence)).toEqual([])
  })

  test.each(Object.entries(RULES))('%s imports no package that belongs to another room', (room, { packages = [] }) => {
    const used = theirs.filter(({ from, of }) => roomOf(from) === room && !isNode(of))
    expect(used.filter(({ of }) => ![...packages, ...ANYWHERE].includes(packageOf(of))).map(sentence)).toEqual([])
  })

  test('a package belongs to one room', () => {
    const owned = Object.values(RULES).flatMap(({ packages }) => packages ?? [])
    expect(owned).toEqual([...new Set(owned)])
  })

  test('pure rooms import no module of Node', () => {
    const reaching = theirs.filter(({ from, of }) => RULES[roomOf(from)]?.pure === true && isNode(of))
    expect(reaching.map(sentence)).toEqual([])
  })

  test('no platform knows another: beside the registry, a channel imports only the port', () => {
    const between = ours.filter(({ from, of }) => roomOf(from) === 'channels' && roomOf(of) === 'channels')
    const wrong = between.filter(({ from, of }) => from !== 'channels/index' && !isOwnFile(from, of))
    expect(wrong.map(sentence)).toEqual([])
  })

  test('no two rooms import each other, not even by way of a third', () => {
    const rooms = ours.map(({ from, of }) => [roomOf(from), roomOf(of)] as const).filter(([from, of]) => from !== of)
    expect(cyclesIn(rooms)).toEqual([])
  })
})

describe('the reader of imports', () => {
  test.each<[string, string, Partial<Import>]>([
    ['a value', "import { a } from './b.ts'", { of: 'room/b', typeOnly: false }],
    ['a type', "import type { A } from '../c/d.ts'", { of: 'c/d', typeOnly: true }],
    ['a type among values', "import { a, type B } from './b.ts'", { typeOnly: false }],
    ['several lines', "import {\n  a,\n  b,\n} from './b.ts'", { of: 'room/b', typeOnly: false }],
    ['for its effects alone', "import './b.ts'", { of: 'room/b', typeOnly: false }],
    ['at run time', "const a = await import('pino')", { of: 'pino', typeOnly: false }],
    ['passed on', "export { a } from './b.ts'", { of: 'room/b', typeOnly: false }],
    ['passed on as a type', "export type { A } from './b.ts'", { of: 'room/b', typeOnly: true }],
    ['a default', "import moo from 'moo'", { of: 'moo', typeOnly: false }],
  ])('sees what is imported: %s', (_how, text, seen) => {
    expect(importsIn('room/a', text)).toEqual([expect.objectContaining({ from: 'room/a', ...seen })])
  })

  test('sees a circle', () => {
    expect(
      cyclesIn([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['d', 'a'],
      ] as const),
    ).toEqual(['a → b → c → a'])
  })
})

describe('the house', () => {
  test('only config reads the environment', () => {
    expect(namesWith(/process\.env\b/)).toEqual(['config'])
  })

  test('nothing is exported by default, but for the generated grammar', () => {
    expect(namesWith(/^export default\b|\bas default\b/m)).toEqual([GENERATED])
  })

  test('there is no room or file for odds and ends', () => {
    const parts = sources.flatMap(({ name }) => name.split('/'))
    expect(parts.filter((part) => /^(utils?|helpers?|misc|common|shared|lib)$/.test(part))).toEqual([])
  })

  test('classes are errors', () => {
    const classes = sources.flatMap(({ text }) => text.match(/^(export )?(abstract )?class .*$/gm) ?? [])
    expect(classes.filter((line) => !/ extends Error\b/.test(line))).toEqual([])
  })

  test('everything exported has its docstring right above it', () => {
    expect(sources.filter(({ name }) => name !== GENERATED).flatMap(undocumented)).toEqual([])
  })
})

function read(root: string): Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const name = path.replaceAll('\\', '/').replace(/\.ts$/, '')
      const text = readFileSync(join(root, path), 'utf8')
      return { name, text, imports: importsIn(name, text) }
    })
}

/** What a file imports: ours as `room/file`, packages as they are written. */
function importsIn(from: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[\w*{][^'";]*?\sfrom\s+)?'([^']+)'/gm)
  const calls = text.matchAll(/\bimport\(\s*'([^']+)'/g)
  return [
    ...[...statements].map(([, type, of]) => ({ from, of: targetOf(from, of!), typeOnly: type !== undefined })),
    ...[...calls].map(([, of]) => ({ from, of: targetOf(from, of!), typeOnly: false })),
  ]
}

function targetOf(from: string, written: string): string {
  return written.startsWith('.')
    ? normalize(join(dirname(from), written))
        .replaceAll('\\', '/')
        .replace(/\.ts$/, '')
    : written
}

function isPackage(of: string): boolean {
  return !sources.some(({ name }) => name === of)
}

function isNode(of: string): boolean {
  return of.startsWith('node:') || builtinModules.includes(of)
}

function packageOf(of: string): string {
  return of
    .split('/')
    .slice(0, of.startsWith('@') ? 2 : 1)
    .join('/')
}

function roomOf(name: string): string {
  return name.split('/')[0]!
}

function isAllowed({ of, typeOnly }: Import, { imports: values = [], types = [] }: Rule): boolean {
  const allowed = typeOnly ? [...values, ...types] : values
  return allowed.some((one) => one === '*' || one === of || one === roomOf(of))
}

/** What every channel may be made with. */
const SHARED_CHANNEL_FILES = [
  'attempt',
  'channel',
  'novelty',
  'order',
  'owner',
  'pictures',
  'outcome',
  'pressed',
  'recent',
  'split',
].map((name) => `channels/${name}`)

/** `telegram.ts` may be helped by `telegram-html.ts`; both know the port, and what channels share. */
function isOwnFile(from: string, of: string): boolean {
  return SHARED_CHANNEL_FILES.includes(of) || basename(of).split('-')[0] === basename(from).split('-')[0]
}

function sentence({ from, of, typeOnly }: Import): string {
  return `${from} imports ${typeOnly ? 'types of ' : ''}${of}`
}

function namesWith(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name)
}

/** Each circle once, from the first of its names in the alphabet on. */
function cyclesIn(edges: readonly (readonly [string, string])[]): string[] {
  const next = new Map<string, Set<string>>()
  for (const [from, of] of edges) next.set(from, (next.get(from) ?? new Set()).add(of))
  const found = new Set<string>()
  const safe = new Set<string>()
  const visit = (name: string, path: readonly string[]) => {
    const start = path.indexOf(name)
    if (start >= 0) found.add(circle(path.slice(start)))
    if (start >= 0 || safe.has(name)) return
    for (const to of next.get(name) ?? []) visit(to, [...path, name])
    safe.add(name)
  }
  for (const name of next.keys()) visit(name, [])
  return [...found].sort()
}

function circle(names: readonly string[]): string {
  const first = names.indexOf([...names].sort()[0]!)
  return [...names.slice(first), ...names.slice(0, first), names[first]].join(' → ')
}

function undocumented({ name, text }: Source): string[] {
  const lines = text.split('\n')
  const isExport = (line: string) =>
    /^export (async )?(function|type|const|class)\b/.test(line) && !/^export type \{/.test(line)
  return lines.flatMap((line, index) =>
    isExport(line) && !lines[index - 1]?.trimEnd().endsWith('*/') ? [`${name}:${index + 1} ${line}`] : [],
  )
}
