import type { Handler, Message } from '../channels/channel.ts'
import { UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import { harmless, type Reply, say } from '../reply.ts'
import type { Arrival, Arrivals } from '../store/arrivals.ts'
import type { Conversation } from '../store/conversations.ts'
import type { Messages } from '../store/messages.ts'
import { type Access, isOperator } from './access.ts'
import { acknowledgeSeen, seenFirst } from './acknowledge.ts'
import { keyOf } from './ask.ts'
import { type AwayPorts, createPatiently, type Headway } from './away.ts'
import { ofBeforeJoin } from './before-join.ts'
import { type Call, callIn } from './call.ts'
import type { Command, Context, Services } from './command.ts'
import { createGate } from './gate.ts'
import { BESIDE, lineFrom, QUESTIONS } from './guided.ts'
import { createLimit, type Limit } from './limits.ts'
import { messageKey } from './message-key.ts'
import { missedFirst } from './missed.ts'
import { readingOf, refusal } from './refusal.ts'
import { soundMessage } from './sound-message.ts'
import { unknownText } from './unknown-text.ts'

/** Longer than anything a person types, in UTF-16 units. */
const LONGEST_MESSAGE = 4_000
const HOUR = 3_600_000
const DAY = 24 * HOUR
/**
 * Commands that may be carried out twice for one message: they change nothing, or what they make or change knows their
 * message and is not changed by it again. Of several alerts at once, those that are so already are refused the second time.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  ...BESIDE,
  ...['alert', 'edit', 'pause', 'resume', 'snooze', 'wake', 'again', 'repeat', 'cooldown', 'tell', 'delete', 'undo'],
])

/** What answering needs beside the services. `reference` makes a short code that a person can quote and a log can be searched for. */
export type DispatchPorts = {
  readonly services: Services
  readonly messages: Pick<Messages, 'remember' | 'note'>
  readonly arrivals: Arrivals
  readonly commands: readonly Command[]
  readonly access: Access
  /** How many messages somebody may send in a minute, and how many backtests a person may ask for in an hour. */
  readonly limits: { readonly perMinute: number; readonly backtestsPerHour: number }
  readonly realNow: () => number
  readonly reference: () => string
  readonly log: Log
  /** Waits for the database where it is away; left out where that is an error like any other. */
  readonly away?: Omit<AwayPorts, 'now'>
}

/** `costly` counts the work of each person, `daily` what they have a few times a day, by the name of the command. */
type Counts = { readonly costly: Limit; readonly daily: ReadonlyMap<string, Limit> }
type AnswerPorts = DispatchPorts & Counts

/**
 * The one way in for every channel: finds the user, the command and its arguments, and answers. A message that comes
 * again gets the answer it had and changes nothing. While the database is away it waits, and in the end says so. Never
 * throws.
 */
export function createDispatch(ports: DispatchPorts): Handler {
  const underWay = new Map<string, Promise<Reply>>()
  const gate = createGate(ports.access, ports.limits.perMinute)
  const answering = {
    ...ports,
    costly: createLimit(ports.limits.backtestsPerHour, HOUR),
    daily: new Map(ports.commands.flatMap(({ name, perDay }) => (perDay ? [[name, createLimit(perDay, DAY)]] : []))),
  }

  const { isAway, sleep } = ports.away ?? { isAway: () => false, sleep: async () => {} }
  const patiently = createPatiently({ isAway, sleep, now: ports.realNow })

  const answerOnce = async (message: Message, key: string, headway: Headway) => {
    const { channel, address } = message
    const arriving = { key, channel, address, conversation: keyOf(message) }
    const arrival = await ports.arrivals.of(arriving, ports.realNow())
    if (arrival.answered) return arrival.answered
    const { reply, user } = await answer(message, arrival, answering, headway)
    const shown = harmless(reply)
    // What is big and the person's own is not kept once more: asked again, it is read again.
    if (shown.file) return shown
    const keep = headway.mayRepeat ? ports.messages.note : ports.messages.remember
    await keep(key, shown, ports.realNow(), user).catch((err: unknown) => {
      if (!isAway(err)) throw err
      // It is done, and known what is to be said of it.
      ports.log.warn({ err, channel }, 'an answer could not be kept')
    })
    return shown
  }

  return async (heard) => {
    const message = soundMessage(heard)
    if (!message) return say('I cannot read that.')
    const key = messageKey(message)
    const stopped = underWay.has(key) ? undefined : gate(message, ports.realNow())
    if (stopped) return stopped
    const reply =
      underWay.get(key) ?? patiently((headway) => answerOnce(message, key, headway)).finally(() => underWay.delete(key))
    underWay.set(key, reply)
    try {
      return await reply
    } catch (error) {
      const ref = ports.reference()
      ports.log.error({ err: error, ref, channel: message.channel }, 'a message could not be answered')
      return say(`Something broke on my side (ref ${ref}). Your alerts are safe.`)
    }
  }
}

/** Answers; gives whose message it was, too, where that was found out. */
async function answer(
  message: Message,
  arrival: Arrival,
  ports: AnswerPorts,
  headway: Headway,
): Promise<{ reply: Reply; user?: string }> {
  const text = message.text.trim()
  if (text.length > LONGEST_MESSAGE)
    return { reply: say(`That is too long for me: at most ${LONGEST_MESSAGE} characters.`) }
  const context = await contextOf(message, arrival, ports)
  headway.isBegun = true
  const reply = await answerIn(context, arrival.open, text, ports, headway)
  return { reply: arrival.missesSomething ? await missedFirst(reply, context) : reply, user: context.user.id }
}

async function answerIn(
  context: Context,
  open: Conversation | null,
  text: string,
  ports: AnswerPorts,
  headway: Headway,
): Promise<Reply> {
  const { message } = context
  const commands = ports.commands.filter(({ isHidden }) => !isHidden || context.isOperator)
  const call = callIn(text, commands)
  headway.mayRepeat = call.command !== undefined && REPEATABLE.has(call.command.name) && !open
  const old = ofBeforeJoin(context)
  // Whoever presses an old button has seen what was told there all the same.
  if (old) await acknowledgeSeen(context, { args: text })
  if (old) return old
  const heard: Heard = { text, call, commands, context, counts: ports }
  const seen = await acknowledgeSeen(context, call)
  if (open && (!call.command || call.command.name === open.command)) return await goOn(open, heard)
  if (!call.command) return seenFirst(seen, unknownText(text, context, commands), context)
  if (open && !BESIDE.has(call.command.name)) await context.conversations.end(keyOf(message))
  return await attempt(call, heard, ({ command, args }, error) => refusal(error, readingOf(command, args)))
}

/** A message that is being answered, and what it calls. */
type Heard = {
  readonly text: string
  readonly call: Call
  readonly commands: readonly Command[]
  readonly context: Context
  readonly counts: Counts
}

/** Goes on with what was asked: a good answer ends it, or leads to the next question; another one is asked for again. */
async function goOn(open: Conversation, heard: Heard): Promise<Reply> {
  const { text, call, commands, context } = heard
  const key = keyOf(context.message)
  const askAgain = async ({ command, args }: Call, error: UserError) => {
    await context.conversations.keep(key, open, context.realNow())
    const { pieces, buttons } = refusal(error, readingOf(command, args))
    const again = `\n${open.data.question} (never mind leaves.)`
    return { pieces: [...pieces, again], buttons, isQuestion: true, place: 'instead' } as const
  }
  try {
    const line = call.command ? text : await lineFrom(open, text, context)
    if (line === undefined) return unknownText(text, context, commands)
    const answered = callIn(line, commands)
    if (!call.command) await acknowledgeSeen(context, answered)
    const reply = await attempt(answered, heard, askAgain)
    if (!reply.isQuestion) await context.conversations.end(key)
    return reply
  } catch (error) {
    if (error instanceof UserError) return await askAgain({ args: text }, error)
    throw error
  }
}

/** Runs a command; what the person can put right is answered by `refused`. */
async function attempt(
  call: Call,
  heard: Heard,
  refused: (call: Call, error: UserError) => Reply | Promise<Reply>,
): Promise<Reply> {
  try {
    return await run(call, heard)
  } catch (error) {
    if (error instanceof UserError) return await refused(call, error)
    throw error
  }
}

async function run({ command, args }: Call, { text, commands, context, counts }: Heard): Promise<Reply> {
  if (!command) return unknownText(text, context, commands)
  if (command.isPersonal && context.message.isGroup) return say('Do that in a chat with me alone.')
  const question = args === '' ? QUESTIONS[command.name] : undefined
  if (question) return await question(context, command.name)
  if (command.isCostly && args !== '' && !context.isOperator) requirePatience(command, context, counts)
  requireFewer(command, context, counts)
  return await command.run(context, args)
}

function requirePatience({ name }: Command, { user, realNow }: Context, { costly }: Counts): void {
  const wait = costly(`${user.id} ${name}`, realNow())
  if (wait === undefined) return
  throw new UserError(
    `That is work, and you had as much of it as I do for one person in an hour. Ask for ${name} again in ${Math.ceil(wait / 60_000)} min.`,
  )
}

function requireFewer({ name, perDay }: Command, { user, realNow }: Context, { daily }: Counts): void {
  if (daily.get(name)?.(user.id, realNow()) === undefined) return
  throw new UserError(`You can have ${name} ${perDay} times a day, and had it. Ask again tomorrow.`)
}

async function contextOf(
  message: Message,
  arrival: Arrival,
  { services, access, realNow }: AnswerPorts,
): Promise<Context> {
  const user = arrival.user ?? (await services.users.ofAddress(message.channel, message.address, realNow()))
  const subscription = user.subscriptions.find(
    ({ channel, address }) => channel === message.channel && address === message.address,
  )
  if (!subscription) throw new Error(`user ${user.id} was found by an address that is not theirs`)
  return {
    ...services,
    message,
    user,
    subscription: subscription.id,
    zone: user.zone ?? services.zone,
    isOperator: isOperator(message, access),
    realNow,
  }
}
