import { again, pause, remove, resume, snooze, tellNow, wake } from '../../src/alert/change.ts'
import { dueAt } from '../../src/alert/due.ts'
import { type Evaluation, type Step, step } from '../../src/alert/step.ts'
import type { Alert, Occurrence, Truth } from '../../src/alert/types.ts'
import type { Options } from '../../src/condition/ast.ts'
import { anAlert, anEvaluation, blank } from '../builders.ts'

/**
 * A story is what happens to one alert, told in minutes:
 *
 *   5:510        at minute 5 the price is 510
 *   5:510@3      … a price that was true at minute 3
 *   5:510/90     … of two symbols
 *   5:?          it is not known
 *   5:(510)      the market is closed, the last price was 510
 *   5:pause      the person says so; `snooze30` is a snooze of 30 minutes
 *
 * In between the alert is looked at whenever a timer of its own runs out, as the bot does.
 */
export type Story = {
  /** `sides`: price > 500 or price < 300. `two`: first > 500 or second > 500. With `for` it is one trigger. */
  readonly condition?: 'sides' | 'two'
  /** `repeat cooldown 60`, `every 60`, `for 10`, `until 100`; minutes. */
  readonly options?: string
  readonly events: string
}

export const MINUTE = 60_000
export const GRACE = 5 * MINUTE
/** 2026-03-02 14:30 UTC: minute 0 of every story. */
export const START = Date.UTC(2026, 2, 2, 14, 30)

type Told = { alert: Alert; looked: Evaluation; happened: string[] }

/** What the owner hears, in one line: `5 above, 9 below last`; times in minutes, `nothing` for nothing. */
export function tell(story: Story, between: (alert: Alert) => Alert = (alert) => alert): string {
  const nothingSeen = lookOf(story, story.condition === 'two' ? '?/?' : '?', START)
  const told: Told = { alert: alertOf(story.options ?? 'once', story), looked: nothingSeen, happened: [] }
  for (const event of story.events.split(' ')) {
    const [minute = '', what = ''] = event.split(':')
    const now = START + Number(minute) * MINUTE
    runTimers(told, now, between)
    const isCommand = /^[a-z]/.test(what)
    if (!isCommand) told.looked = lookOf(story, what, now)
    take(told, isCommand ? obey(told, what, now) : step(told.alert, told.looked, now, GRACE), between)
  }
  return told.happened.join(', ') || 'nothing'
}

function runTimers(told: Told, until: number, between: (alert: Alert) => Alert) {
  let looks = 0
  for (let due = dueAt(told.alert, GRACE); due !== null && due < until; due = dueAt(told.alert, GRACE)) {
    if (++looks > 100) throw new Error('a timer is due for ever')
    take(told, step(told.alert, { ...told.looked, at: due }, due, GRACE), between)
  }
}

function take(told: Told, { alert, occurrences }: Step, between: (alert: Alert) => Alert) {
  told.alert = between({ ...alert, revision: alert.revision + 1 })
  told.happened.push(...occurrences.map(wordsOf))
}

function obey({ alert, looked }: Told, what: string, now: number): Step {
  const command = what.replace(/\d+$/, '')
  const minutes = Number(what.slice(command.length))
  if (command === 'tell') return tellNow(alert, looked, now)
  const changes: Record<string, () => Alert> = {
    snooze: () => snooze(alert, now + minutes * MINUTE, now),
    wake: () => wake(alert, now),
    pause: () => pause(alert),
    resume: () => resume(alert, now),
    again: () => again(alert, now),
    remove: () => remove(alert, { at: now, by: 'message' }),
  }
  return { alert: changes[command]!(), occurrences: [] }
}

/** The minute under way: one millisecond past the hour is still that minute. */
const minuteOf = (time: number) => Math.floor((time - START) / MINUTE)

function wordsOf({ kind, at, triggers, gap, reason, last }: Occurrence): string {
  const words = [minuteOf(at), kind === 'fired' ? triggers.join('+') : kind]
  if (reason) words.push(reason)
  if (gap && kind !== 'blind') words.push(`gap ${minuteOf(gap.from)}-${minuteOf(gap.to)}`)
  if (last) words.push('last')
  return words.join(' ')
}

function alertOf(words: string, { condition = 'sides' }: Story): Alert {
  const minutes = (word: string) => {
    const found = new RegExp(`${word} (\\d+)`).exec(words)
    return found ? Number(found[1]) * MINUTE : undefined
  }
  const [every, cooldown, wanted, until] = ['every', 'cooldown', 'for', 'until'].map(minutes)
  const options: Options = {
    mode: every ? 'every' : words.includes('repeat') ? 'repeat' : 'once',
    ...(every && { every }),
    ...(cooldown && { cooldown }),
    ...(wanted && { for: wanted }),
  }
  const triggers = wanted && condition === 'sides' ? [blank] : [blank, blank]
  return anAlert({ options, triggers, until: until === undefined ? null : START + until })
}

function lookOf({ condition = 'sides', options = '' }: Story, what: string, now: number): Evaluation {
  const [seen = '', minute] = what.split('@')
  const open = !seen.startsWith('(')
  const [first = '?', second = '?'] = seen.replace(/[()]/g, '').split('/')
  const sides: Truth[] = [truth(first, (price) => price > 500), truth(first, (price) => price < 300)]
  const whole = truth(first, (price) => price > 500 || price < 300)
  const two: Truth[] = [truth(first, (price) => price > 500), truth(second, (price) => price > 500)]
  const names = condition === 'two' ? ['first', 'second'] : options.includes('for') ? ['whole'] : ['above', 'below']
  return anEvaluation({
    at: minute === undefined ? now : START + Number(minute) * MINUTE,
    open,
    truths: condition === 'two' ? two : options.includes('for') ? [whole] : sides,
    describe: () => ({ triggers: names, evidence: [] }),
  })
}

function truth(price: string, holds: (price: number) => boolean): Truth {
  if (price === '?') return 'unknown'
  return holds(Number(price)) ? 'met' : 'unmet'
}
