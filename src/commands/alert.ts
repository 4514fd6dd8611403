import { createHash } from 'node:crypto'
import { create } from '../alert/change.ts'
import { graceOf } from '../alert/grace.ts'
import { step } from '../alert/step.ts'
import { UserError } from '../errors.ts'
import { compose, type Reply } from '../reply.ts'
import { askCondition, isSymbolAlone } from './ask-condition.ts'
import { askSymbol } from './ask-symbol.ts'
import type { Command, Context } from './command.ts'
import { makerOf } from './maker.ts'
import { readBack } from './read-back.ts'
import { refusal } from './refusal.ts'
import { requireRoom } from './room.ts'
import { lookWith } from './sights.ts'
import { understand } from './understand.ts'

const EXAMPLES = [
  'alert AAPL > 500 or < 300',
  'alert BTC above 100k repeat',
  'alert EURUSD between 1.05 and 1.10 for 10m',
]

/** Sets an alert; several lines set several. */
export const alert: Command = {
  name: 'alert',
  usage: 'alert AAPL price > 500 or AAPL price < 300',
  summary: 'Watch a condition and tell you when it becomes true',
  arguments: [{ name: 'condition', kind: 'condition', summary: 'What to watch, as in: AAPL > 500 or < 300' }],
  details: [
    ...EXAMPLES,
    'Options after the condition: once, repeat, every 1h, cooldown 1h, for 10m, until Friday.',
    'Several lines set several alerts.',
  ],
  async run(context, args) {
    const lines = args
      .split('\n')
      .map((line) => line.trim().replace(/^\/?alert\s+/i, ''))
      .filter((line) => line !== '')
    const [first] = lines
    if (first === undefined) return await askSymbol(context, alert.name)
    if (lines.length === 1 && isSymbolAlone(first, context)) return await askCondition(context, first)
    const replies: Reply[] = []
    for (const [index, line] of lines.entries()) replies.push(await setOne(context, line, index, lines.length > 1))
    return join(replies)
  },
}

/** With several lines, a bad one is answered in its place and spoils no other. */
async function setOne(context: Context, line: string, index: number, isOneOfSeveral: boolean): Promise<Reply> {
  try {
    return await set(context, line, index)
  } catch (error) {
    if (isOneOfSeveral && error instanceof UserError) return refusal(error, { prefix: 'alert ' })
    throw error
  }
}

async function set(context: Context, line: string, index: number): Promise<Reply> {
  const { alerts, users, user, message, now } = context
  await requireRoom(context)
  const { content, seen, found } = await understand(line, 'alert', context)
  const evaluation = lookWith(content, seen, context)
  const id = createHash('sha256').update(`${message.channel}\n${message.id}\n${index}`).digest('hex').slice(0, 24)
  const blank = create({
    ...{ id, user: user.id, subscription: context.subscription, createdAt: now() },
    ...makerOf(message),
    ...content,
  })
  // The price a person is shown is the baseline: what happens after it counts, from the very next quote on.
  const grace = graceOf(blank, context.grace)
  const { alert: based } = step({ ...blank, number: 0, revision: 0, unsent: [] }, evaluation, now(), grace)
  const made = await alerts.create(based, () => users.nextNumber(user.id))
  return await readBack(`Alert ${made.number} is on.`, made, seen, evaluation, context, found)
}

/** One answer of several. Their buttons would not say which alert they mean: only choices between symbols stay. */
function join(replies: readonly Reply[]): Reply {
  const [only] = replies
  if (only && replies.length === 1) return only
  const pieces = replies.flatMap((reply, index) => (index === 0 ? reply.pieces : ['\n\n', ...reply.pieces]))
  const choices = replies.flatMap(({ buttons }) => buttons.filter(({ command }) => command.startsWith('alert ')))
  return compose(pieces, [...choices, { label: 'List', command: 'list' }])
}
