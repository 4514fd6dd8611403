import { expect } from 'vitest'
import type { Program } from '../program/program.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { createCrossings, toldIn } from './market.ts'
import { until } from './until.ts'
import { setAlerts, type World } from './world.ts'

/** What came of jumps of the clock under a running program. */
export type ClockStory = {
  /** The prices at which everybody's alert was to fire. */
  readonly prices: readonly string[]
  /** What each person was told beside the answers to what they wrote: prices of firings, and all that is none. */
  readonly told: readonly {
    readonly who: string
    readonly prices: readonly string[]
    readonly others: readonly string[]
  }[]
  /** How long after each jump the first firing was stored, ms. */
  readonly recovered: readonly number[]
}

/** Sets the clock of the program, ms ahead or back; resolves when that is done. */
export type Jump = (ms: number) => Promise<void>

/** Everybody's alert fires before, between and after the jumps. */
export async function jumpAbout(world: World, uri: string, jump: Jump, jumps: readonly number[]): Promise<ClockStory> {
  const ledger: Ledger = await openLedger(uri)
  try {
    await setAlerts(world)
    const before = world.people.map((person) => person.read().length)
    const crossings = createCrossings(world.coinbase, ledger, world.people.length)
    const recovered: number[] = []
    await crossings.cross()
    for (const ms of jumps) {
      // One firing is on its way when it happens.
      crossings.rise()
      await jump(ms)
      const jumpedAt = performance.now()
      const due = crossings.prices.length * world.people.length
      await until(`${due} firings`, async () => (await ledger.alerts()).firings === due)
      recovered.push(performance.now() - jumpedAt)
      crossings.fall()
      await until('every alert has seen it cheap', async () => (await ledger.met()) === 0)
      await crossings.cross()
      await crossings.cross()
    }
    await until('all is told', ledger.isQuiet)
    const told = world.people.map((person, index) => {
      const read = person.read().slice(before[index])
      return { who: person.address, prices: toldIn(read), others: read.filter((text) => toldIn([text]).length === 0) }
    })
    return { prices: crossings.prices, told, recovered }
  } finally {
    await ledger.close()
  }
}

/** Everybody was told each price once and nothing else, and no platform found anything wrong. */
export function expectToldOnce({ prices: all, told }: ClockStory, world: World, program: Program): void {
  for (const { who, prices, others } of told)
    expect({ who, prices: [...prices].sort(), others }, program.err()).toEqual({ who, prices: all, others: [] })
  expect(world.refused()).toEqual([])
}
