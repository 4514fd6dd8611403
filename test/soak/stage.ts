/** An operation as MongoDB's profiler keeps it (www.mongodb.com/docs/manual/reference/database-profiler). */
export type Profiled = {
  readonly op: string
  readonly ns: string
  readonly ts: Date
  readonly command?: Readonly<Record<string, unknown>>
}

/** Where on the way of a firing, or of a command, a process was. */
export type Stage = 'start' | 'tick' | 'store' | 'fan-out' | 'send' | 'record' | 'command' | 'between' | 'not known'

const ROOMS: Readonly<Record<string, Stage>> = {
  quotes: 'tick',
  progress: 'tick',
  candles: 'tick',
  jobs: 'between',
  messages: 'command',
  conversations: 'command',
  users: 'command',
  smsOffers: 'command',
  smsAnswers: 'command',
  smsConsents: 'command',
}

/** What was done longer before the kill than this (ms) is over: the process was waiting for something to do. */
const UNDER_WAY = 150

/** The stage a process was in by the last operations of its that the database has done, the last one first. */
export function stageAt(at: number, operations: readonly Profiled[]): Stage {
  if (operations.length === 0) return 'not known'
  const recent = operations.filter(({ ts }) => at - ts.getTime() < UNDER_WAY).map(stageOf)
  return recent.find((stage) => stage !== 'between') ?? 'between'
}

function stageOf(last: Profiled): Stage {
  const collection = collectionOf(last)
  const command = JSON.stringify(last.command ?? {})
  if (collection === 'alerts') {
    if (command.includes('$pull')) return 'fan-out'
    if (command.includes('"$push"')) return 'store'
    if (command.includes('unsent.0')) return 'fan-out'
    return last.op === 'update' || command.includes('"_id":"') ? 'command' : 'tick'
  }
  if (collection === 'notifications') {
    if (last.op === 'insert') return 'fan-out'
    if (command.includes('"state":"sent"')) return 'record'
    if (command.includes('leasedUntil') || command.includes('"token"')) return 'send'
    return 'between'
  }
  return ROOMS[collection] ?? 'not known'
}

/** An operation in a few words: `update notifications`. */
export function describe({ op, ns, ts, command }: Profiled): string {
  const detail = JSON.stringify(command ?? {}).slice(0, 300)
  return `${ts.toISOString()} ${op} ${ns.replace(/^[^.]*\./, '')} ${detail}`
}

function collectionOf({ ns }: Profiled): string {
  return ns.replace(/^[^.]*\./, '')
}
