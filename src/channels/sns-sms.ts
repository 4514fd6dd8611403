import {
  CheckIfPhoneNumberIsOptedOutCommand,
  GetSMSSandboxAccountStatusCommand,
  ListSMSSandboxPhoneNumbersCommand,
  PublishCommand,
} from '@aws-sdk/client-sns'
import { SendError } from '../errors.ts'
import { harmless } from '../reply.ts'
import type { Channel, Clock } from './channel.ts'
import type { Sns } from './sns.ts'
import { IN_SANDBOX, isOptedOut, OPTED_OUT, sendErrorOf } from './sns-errors.ts'
import { textOf } from './sns-sms-words.ts'

/** What the channel is made from. */
export type SnsSmsOptions = { readonly sns: Sns; readonly clock: Clock }

/** How long it is believed that a number takes texts, and what the account is, ms. A refusal ends the first at once. */
const OPEN_FOR = 86_400_000
const ACCOUNT_FOR = 3_600_000
const MANY = 10_000

/** Alerts are worth more than what is promoted: they go by the surer way (docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html). */
const TRANSACTIONAL = { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } } as const

/** Texts by Amazon SNS, one way: a receipt says that Amazon took it, not that the phone has it, and nobody reads answers. */
export function createSnsSms({ sns, clock }: SnsSmsOptions): Channel {
  /** Until when a number is believed to take texts. */
  const open = new Map<string, number>()
  const isInSandbox = createIsInSandbox(sns, clock)

  const ask = async (number: string, until: AbortSignal): Promise<boolean> => {
    const command = new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: number })
    const { isOptedOut: isOut = false } = await sns.call(command, { until })
    const now = clock.now()
    if (open.size >= MANY) for (const [old, end] of open) if (end <= now) open.delete(old)
    if (isOut) open.delete(number)
    else open.set(number, now + OPEN_FOR)
    return isOut
  }

  const text = async (number: string, words: string): Promise<string> => {
    const until = sns.deadline()
    if ((open.get(number) ?? 0) <= clock.now() && (await ask(number, until)))
      throw new SendError(OPTED_OUT, { permanent: true })
    if (await isInSandbox(number, until)) throw new SendError(IN_SANDBOX, { permanent: false })
    const command = new PublishCommand({ PhoneNumber: number, Message: words, MessageAttributes: TRANSACTIONAL })
    const { MessageId = '' } = await sns.call(command, { until })
    return MessageId
  }

  return {
    name: 'sms',
    start: async () => {},
    stop: async () => sns.stop(),
    async send(address, reply) {
      if (!isNumber(address)) throw new SendError('that is no phone number', { permanent: true })
      try {
        return { id: await text(address, textOf(harmless(reply))) }
      } catch (error) {
        if (isOptedOut(error)) open.delete(address)
        throw sendErrorOf(error)
      }
    },
    health: () => sns.health(),
  }
}

/**
 * Whether the account is only tried out and the number none of those that it may reach: Amazon would take the text, and
 * nobody get it. Where Amazon does not say, it is not.
 */
function createIsInSandbox(sns: Sns, clock: Clock) {
  let known = { isIn: false, until: Number.NEGATIVE_INFINITY }
  const verified = new Set<string>()

  const look = async (until: AbortSignal): Promise<boolean> => {
    const options = { until, isOptional: true } as const
    const { IsInSandbox = false } = await sns.call(new GetSMSSandboxAccountStatusCommand({}), options)
    return IsInSandbox
  }
  /** There are ten of them at most. */
  const learnVerified = async (until: AbortSignal) => {
    const options = { until, isOptional: true } as const
    const { PhoneNumbers = [] } = await sns.call(new ListSMSSandboxPhoneNumbersCommand({}), options)
    for (const { PhoneNumber = '', Status } of PhoneNumbers) if (Status === 'Verified') verified.add(PhoneNumber)
  }

  return async (number: string, until: AbortSignal): Promise<boolean> => {
    try {
      if (known.until <= clock.now()) known = { isIn: await look(until), until: clock.now() + ACCOUNT_FOR }
      if (!known.isIn || verified.has(number)) return false
      await learnVerified(until)
      return !verified.has(number)
    } catch {
      known = { isIn: false, until: clock.now() + ACCOUNT_FOR }
      return false
    }
  }
}

/** As Amazon has it, E.164: + and the digits. */
function isNumber(address: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(address)
}
