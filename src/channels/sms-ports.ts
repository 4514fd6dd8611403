import type { SendError } from '../errors.ts'

/** What a bare number and `MORE` stand for at a phone number. */
export type Offer = {
  /** The command behind 1, behind 2 and so on. */
  readonly commands: readonly string[]
  /** The last answer was a question: a number that is no choice may answer it. */
  readonly isQuestion: boolean
  /** What `MORE` tells. */
  readonly rest?: string
  /** The command that `MORE` calls when all is told. */
  readonly next?: string
}

/** Remembers offers, one for each number, for an hour or so. */
export type Offers = {
  find(address: string): Promise<Offer | null>
  /** In place of what was offered before. */
  keep(address: string, offer: Offer): Promise<void>
}

/** What a phone number has agreed to. */
export type Consent = {
  /** Nothing may be sent there. */
  readonly isOut: boolean
  /** It was told who we are, that rates may apply, and how to end it. */
  readonly isWelcomed: boolean
}

/** Something that a person said of whether they want texts: which words, how they reached us, and when (ms). */
export type ConsentNote = {
  readonly isOut: boolean
  readonly how: 'first text' | 'text' | 'platform' | 'refusal' | 'code'
  readonly words: string
  readonly at: number
}

/** The record of who agreed to be texted. */
export type Consents = {
  find(address: string): Promise<Consent | null>
  /** Adds to the record; from now on it is as noted. */
  note(address: string, note: ConsentNote): Promise<void>
  welcomed(address: string): Promise<void>
}

/** What a text that came was answered with, so that it is answered alike if it comes again. Kept for two days. */
export type TextAnswer = {
  /** Empty: nothing. */
  readonly text: string
  /** It was, or will be, sent by itself: not as what the webhook answers. */
  readonly isSent: boolean
}

/** Remembers answers by the platform's id of the text. */
export type TextAnswers = {
  find(id: string): Promise<TextAnswer | null>
  /** `address`: the number that the text came from. */
  keep(id: string, answer: TextAnswer, address: string): Promise<void>
}

/** How many segments may be sent in a day of UTC: to one number, and to all together. */
export type DailyLimit = { readonly number: number; readonly all: number }

/** Whether segments may be sent. `isFirst`: nobody was told of it at this number today. */
export type Grant = { readonly granted: true } | { readonly granted: false; readonly isFirst: boolean }

/** Counts the segments of a day, for all processes together. Times are ms. */
export type SegmentBudget = {
  /** Takes so many, or none where the limit would be passed. */
  take(address: string, count: number, limit: DailyLimit, now: number): Promise<Grant>
  /** Counts what is sent in any case. */
  force(address: string, count: number, now: number): Promise<void>
  /** Gives back what was taken and not sent. */
  giveBack(address: string, count: number, now: number): Promise<void>
}

/** How far a text has got on its way (www.twilio.com/docs/messaging/api/message-resource, status values). */
export type TextStatus = 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'canceled'

/** Hears how far the text of a receipt got; with what the matter is where it went no further. */
export type TextReceipts = (receipt: string, status: TextStatus, error: SendError | undefined) => Promise<void>
