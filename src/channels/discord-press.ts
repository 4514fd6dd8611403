import { messageOf } from '../errors.ts'
import { NOT_PRESSED, type Reply, say } from '../reply.ts'
import { type Body, belowOf, insteadOf } from './discord-body.ts'
import { commandOf, rowsOf } from './discord-buttons.ts'
import type { State } from './discord-interaction.ts'
import type { News } from './discord-news.ts'
import { type AnswerPorts, replyTo, sendLate } from './discord-reply.ts'
import { warned } from './discord-slash.ts'
import { waitFor } from './discord-wait.ts'
import { type Change, changeBy } from './outcome.ts'
import { unmarked } from './pressed.ts'

type Press = Extract<News, { kind: 'press' }>

const TOO_OLD = say('That button is too old for me. Type the command instead.')
/** What is said of a press that calls no command. */
const DONE = say('That is done already.')
/** Long commands are in the database. */
const UNKNOWN = say(NOT_PRESSED)

/** Carries out what a button stands for, and then the message it stood under shows what came of it. */
export async function answerPress(news: Press, ports: AnswerPorts): Promise<void> {
  const { place, handle, under } = news
  const { data } = unmarked(news.data)
  const command = ports.pressed.isOver(under.id, data)
    ? DONE
    : ((await commandOf(data, ports.long).catch(() => UNKNOWN)) ?? TOO_OLD)
  if (typeof command !== 'string') return await ports.responder.say(handle, 'open', command, true)
  const work = ports.incoming.run(place.address, async () => {
    // While it waited for its turn, a press before it may have changed the message.
    if (ports.pressed.isOver(under.id, data)) return { ...DONE, isPrivate: true as const }
    const reply = await replyTo(news, command, ports)
    if (changeOf(reply, news) !== 'own') ports.pressed.changed(under.id, reply.buttons)
    return reply
  })
  const { reply, state } = await waitFor(work, handle, 'held', ports)
  await show(warned(reply, { handle, text: command }), news, state, ports)
}

/** What only one person of a server is to see does not change what all see. */
function changeOf(reply: Reply, { data, place }: Press): Change {
  return reply.isPrivate && place.guild !== undefined ? 'own' : changeBy(reply, unmarked(data).stays)
}

async function show(reply: Reply, news: Press, state: State, ports: AnswerPorts): Promise<void> {
  const { place, handle, under } = news
  const isGroup = place.guild !== undefined
  try {
    const change = changeOf(reply, news)
    const body = change === 'own' ? undefined : await changedBody(reply, change, news, ports)
    if (body) return await ports.responder.change(handle, state, body)
    if (change === 'own') return await ports.responder.say(handle, state, reply, reply.isPrivate === true && isGroup)
    // It does not fit there: the old buttons go, and it is a message of its own.
    await ports.responder.change(handle, state, { components: [] })
    ports.pressed.changed(under.id, [])
    await ports.responder.say(handle, 'held', reply, false)
  } catch (error) {
    ports.log.info({ why: messageOf(error) }, 'an interaction took no answer')
    ports.pressed.forget(under.id)
    await sendLate(reply, news, ports)
  }
}

async function changedBody(
  reply: Reply,
  change: Change,
  { under }: Press,
  { long }: AnswerPorts,
): Promise<Partial<Body> | undefined> {
  if (change === 'below') return belowOf(under, reply, await rowsOf({ ...reply, stays: true }, long))
  return insteadOf(reply, await rowsOf(reply, long))
}
