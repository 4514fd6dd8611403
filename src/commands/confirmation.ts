import { septets, shortenedTo, toGsm } from '../gsm.ts'

/** One text message, in septets of GSM-7. */
const MOST = 160
/** The condition has at least this much of it, septets. */
const LEAST_CONDITION = 40

/** What a short confirmation is made of. */
export type Confirmed = {
  /** The sentence that opens it: `Alert 1 is on.` */
  readonly fact: string
  readonly number: number
  readonly condition: string
  /** Sentences that are said if at all possible, then those that are where there is room. */
  readonly must: readonly string[]
  readonly may: readonly string[]
}

/**
 * The short form of an alert's confirmation, in one text message: `Alert 1 is on: AAPL > 500 or < 300. Now 333.69 USD,
 * 11.2 % above 300. I'll tell you here, once.` A long condition is cut, and `SHOW 1` named, which tells it whole.
 */
export function confirmation({ fact, number, condition, must, may }: Confirmed): string {
  const start = `${toGsm(fact).replace(/\.$/, ':')} `
  const show = ` Reply SHOW ${number}`
  const whole = toGsm(condition)
  const room = MOST - septets(start) - 1
  const kept = joined('', must, room - Math.min(septets(whole), LEAST_CONDITION + septets(show)))
  const left = room - septets(kept)
  const isCut = septets(whole) > left
  const said = `${start}${shortenedTo(whole, isCut ? left - septets(show) : left)}${isCut ? '' : '.'}${kept}`
  return isCut ? `${said}${show}` : joined(said, may, MOST)
}

/** As many sentences as fit, in their order. */
function joined(start: string, sentences: readonly string[], most: number): string {
  return sentences.map(toGsm).reduce((text, sentence) => {
    const longer = `${text} ${sentence}`
    return septets(longer) <= most ? longer : text
  }, start)
}
