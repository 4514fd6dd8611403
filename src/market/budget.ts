import type { Limits } from './provider.ts'

/** What has been spent in a window of time, and for how long (ms) it goes on. */
export type Spent = { readonly points: number; readonly resetsIn: number }

/** Counts what is spent in a window, which begins with the first that is. */
export type Counter = {
  /** Counts so many more, or fewer where it is below zero; gives the sum with them. */
  spend(points: number): Promise<Spent>
  spent(): Promise<Spent>
}

/** Gives the counter of a name for windows of so many ms; the same name and window have the same counter. */
export type Counters = (name: string, window: number) => Counter

/** What is left of one limit: `of` in `window` ms. */
export type Left = { readonly left: number; readonly of: number; readonly window: number }

/** What a provider may still be asked for. */
export type Budget = {
  /** The most that one request may cost. */
  readonly most: number
  /** Takes the cost of one request: gives 0, or after how many ms to come again, and then nothing is taken. */
  take(cost: number, isForPerson: boolean): Promise<number>
  left(): Promise<Left[]>
  /** The least time (ms) from one round to the next that the limits allow to rounds that cost so much. */
  interval(cost: number): number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What is kept back for people's questions. */
const KEPT_BACK = 0.1

/**
 * The budget of a provider with these limits; a tenth of each is kept back for people. Limits per second are not counted
 * here: the pace of the provider keeps them. What cannot be counted because the counter fails is allowed.
 */
export function createBudget(name: string, limits: Limits | undefined, counters: Counters): Budget {
  const windows = windowsOf(limits).map(({ of, window }) => ({
    of,
    window,
    forRounds: Math.max(1, Math.floor(of * (1 - KEPT_BACK))),
    // Made when it is first needed: the database may not be there yet.
    counter: () => counters(name, window),
  }))

  return {
    most: Math.min(...windows.map(({ forRounds }) => forRounds)),
    async take(cost, isForPerson) {
      const taken: Counter[] = []
      for (const { of, forRounds, counter } of windows) {
        const spent = await spend(counter(), cost)
        taken.push(counter())
        if (spent.points <= (isForPerson ? of : forRounds)) continue
        await Promise.all(taken.map((one) => spend(one, -cost)))
        return Math.max(1, spent.resetsIn)
      }
      return 0
    },
    async left() {
      const spent = await Promise.all(windows.map(({ counter }) => counter().spent()))
      return windows.map(({ of, window }, index) => ({ of, window, left: Math.max(0, of - spent[index]!.points) }))
    },
    interval: (cost) => Math.max(0, ...windows.map(({ forRounds, window }) => (cost / forRounds) * window)),
  }
}

async function spend(counter: Counter, points: number): Promise<Spent> {
  try {
    return await counter.spend(points)
  } catch {
    return { points: 0, resetsIn: 0 }
  }
}

function windowsOf({ perMinute, perHour, perDay, perMonth }: Limits = {}): { of: number; window: number }[] {
  const all = [
    { of: perMinute, window: MINUTE },
    { of: perHour, window: HOUR },
    { of: perDay, window: DAY },
    { of: perMonth, window: 30 * DAY },
  ]
  return all.flatMap(({ of, window }) => (of === undefined ? [] : [{ of, window }]))
}

/** Counters that count nothing: for a program that asks once and ends. */
export const UNCOUNTED: Counters = () => {
  const nothing = async () => ({ points: 0, resetsIn: 0 })
  return { spend: nothing, spent: nothing }
}
