import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { harmless } from '../reply.ts'
import type { Clock, Handler, Memory } from './channel.ts'
import { type Meaning, meaningOf } from './sms-choice.ts'
import type { Heard } from './sms-form.ts'
import { type Page, pageOf, pageOfRest } from './sms-pages.ts'
import type { Consent, Consents, Offer, Offers } from './sms-ports.ts'
import type { Purse } from './sms-purse.ts'
import {
  asCommand,
  BROKEN,
  GOODBYE,
  isReaction,
  NO_CHOICE,
  NO_MORE,
  NO_WORDS,
  WELCOME,
  type Wish,
  wishOf,
} from './sms-words.ts'

/** What answering works with. */
export type AnswerPorts = {
  readonly handle: Handler
  readonly purse: Purse
  readonly consents: Consents
  readonly offers: Offers
  readonly clock: Clock
  /** Left out where the database cannot be away. */
  readonly memory?: Memory
  readonly log: Log
  /** Whether a number is in a country that is texted; all are where it is left out. */
  isTexted?(number: string): boolean
  /** A number wants no texts any more, or wants them again. May be told more than once. */
  switched(address: string, isOut: boolean): Promise<void>
  /** Whoever has a number has read what it was texted: their words show that, and go no further. */
  seen(address: string): Promise<void>
}

/** What has to be known of a number before a text of its is answered. */
export type Known = { readonly consent: Consent | null; readonly offer: Offer | null }

/** The longest words that are kept as a record of consent. */
const LONGEST_RECORD = 160

/** Reads what has to be known of a number. */
export async function knownOf(
  address: string,
  { consents, offers }: Pick<AnswerPorts, 'consents' | 'offers'>,
): Promise<Known> {
  const [consent, offer] = await Promise.all([consents.find(address), offers.find(address)])
  return { consent, offer }
}

/**
 * Answers a text that came from a number of which `known` is being read: the words to send back, empty for none. Throws
 * nothing but that the database is away: then the text may be answered again, and nothing comes twice of it.
 */
export function createAnswer(ports: AnswerPorts): (heard: Heard, known: Promise<Known>) => Promise<string> {
  return async (heard, known) => {
    try {
      return await answer(heard, await known, ports)
    } catch (error) {
      if (ports.memory?.isAway(error)) throw error
      ports.log.error({ why: messageOf(error) }, 'a text could not be answered')
      return BROKEN
    }
  }
}

async function answer(heard: Heard, { consent, offer }: Known, ports: AnswerPorts): Promise<string> {
  const { from, text, optOutType } = heard
  const wish = wishOf(text, optOutType, consent?.isOut === true)
  if (ports.isTexted?.(from) === false) return await ignore(wish, heard, ports)
  if (wish) return await grant(wish, heard, consent, ports)
  // Only words that ask for texts again end an opt-out: whatever else comes, nothing is sent and nothing is done.
  if (consent?.isOut) return ''
  if (isReaction(text)) {
    await ports.seen(from)
    return ''
  }
  if (!consent) await note(heard, false, 'first text', ports)
  const page = await pageFor(heard, offer, consent?.isWelcomed ? '' : WELCOME, ports)
  const payment = await ports.purse.pay(from, page.text)
  if (payment.isPaid) {
    if (!consent?.isWelcomed) await ports.consents.welcomed(from)
    if (offer || !isEmpty(page.offer)) await ports.offers.keep(from, page.offer)
  }
  return payment.text
}

/** A text from where none is sent to: that its owner wants none is noted all the same. */
async function ignore(wish: Wish | undefined, heard: Heard, ports: AnswerPorts): Promise<string> {
  ports.log.info('a text from a country that is not in SMS_COUNTRIES is not answered')
  if (wish?.wants !== 'none') return ''
  await note(heard, true, 'text', ports)
  await ports.switched(heard.from, true)
  return ''
}

function isEmpty({ commands, isQuestion, rest, next }: Offer): boolean {
  return commands.length === 0 && !isQuestion && rest === undefined && next === undefined
}

/** Does what a text wishes about texts themselves; what the platform answers by itself needs no words of ours. */
async function grant(wish: Wish, heard: Heard, consent: Consent | null, ports: AnswerPorts): Promise<string> {
  const { from } = heard
  if (wish.wants === 'help') return ''
  const isOut = wish.wants === 'none'
  await note(heard, isOut, wish.isTheirs && heard.optOutType !== undefined ? 'platform' : 'text', ports)
  await ports.switched(from, isOut)
  if (isOut) return wish.isTheirs || consent?.isOut ? '' : await owed(from, GOODBYE, ports)
  if (consent?.isWelcomed) return ''
  await ports.consents.welcomed(from)
  return await owed(from, WELCOME, ports)
}

async function owed(address: string, text: string, { purse }: AnswerPorts): Promise<string> {
  await purse.owe(address, text)
  return text
}

async function note(
  { from, text }: Heard,
  isOut: boolean,
  how: 'first text' | 'text' | 'platform',
  { consents, clock }: AnswerPorts,
): Promise<void> {
  await consents.note(from, { isOut, how, words: text.slice(0, LONGEST_RECORD), at: clock.now() })
}

/** The answer to a text, and what it offers; where it is but told how to choose, what was offered stays. */
async function pageFor(heard: Heard, offer: Offer | null, before: string, ports: AnswerPorts): Promise<Page> {
  const { id, from, hasMedia } = heard
  const text = asCommand(heard.text)
  const kept = offer ?? { commands: [], isQuestion: false }
  const meaning = meaningOf(text, offer)
  const isWordless = text === '' && hasMedia
  if (isWordless || meaning.kind !== 'command') await ports.seen(from)
  if (isWordless) return { text: opened(before, NO_WORDS), offer: kept }
  if (meaning.kind === 'rest') return restOf(meaning, kept)
  if (meaning.kind !== 'command') return { text: opened(before, wordsFor(meaning)), offer: kept }
  const isPress = meaning.isChosen ? { isPress: true as const } : {}
  const reply = await ports.handle({ channel: 'sms', address: from, id, text: meaning.text, ...isPress })
  return pageOf(harmless(reply), before)
}

function restOf({ rest, next }: Extract<Meaning, { kind: 'rest' }>, { commands, isQuestion }: Offer): Page {
  const { text, offer } = pageOfRest(rest, next)
  return { text, offer: { ...offer, commands, isQuestion } }
}

function wordsFor(meaning: Extract<Meaning, { kind: 'no choice' | 'no more' }>): string {
  if (meaning.kind === 'no more') return NO_MORE
  const { most } = meaning
  if (most === 0) return NO_CHOICE
  return most === 1
    ? 'There is one choice: reply 1, or type a command.'
    : `Reply with a number from 1 to ${most}, or type a command.`
}

function opened(before: string, text: string): string {
  return before === '' ? text : `${before}\n${text}`
}
