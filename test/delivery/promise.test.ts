import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliver } from '../../src/delivery/deliver.ts'
import { handOn } from '../../src/delivery/hand-on.ts'
import { releaseHeld } from '../../src/delivery/held.ts'
import { plan } from '../../src/delivery/plan.ts'
import { SendError } from '../../src/errors.ts'
import { plain } from '../../src/reply.ts'
import type { Off, Quiet } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { anEvidence, anOccurrence, MONDAY } from './a-notification.ts'
import { createOutbox } from './outbox-in-memory.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CHANNELS = ['telegram', 'sms'] as const
type Channel = (typeof CHANNELS)[number]
type Mood = 'well' | 'down' | 'busy' | 'blocked' | 'closed'

type Event =
  | { readonly do: 'fire'; readonly alert: number; readonly isUrgent: boolean; readonly times: number }
  | { readonly do: 'quiet'; readonly hours: Quiet | undefined }
  | { readonly do: 'mood'; readonly channel: Channel; readonly mood: Mood }
  | { readonly do: 'move clock'; readonly by: number }
  | { readonly do: 'write'; readonly channel: Channel }
  | { readonly do: 'round' }

const minute = fc.integer({ min: 0, max: 1_439 })
const channel = fc.constantFrom(...CHANNELS)
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('fire' as const),
      alert: fc.integer({ min: 1, max: 3 }),
      isUrgent: fc.boolean(),
      times: fc.integer({ min: 1, max: 7 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('round' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('move clock' as const),
      by: fc.oneof(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: -HOUR, max: 9 * HOUR })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('mood' as const),
      channel,
      mood: fc.constantFrom<Mood>('well', 'down', 'busy', 'blocked', 'blocked', 'closed'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('quiet' as const),
      hours: fc.option(
        fc
          .record({ from: minute, to: minute })
          .filter(({ from, to }) => from !== to && (to - from + 1_440) % 1_440 <= 1_380),
        { nil: undefined },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('write' as const), channel }) },
)

/** What goes wrong where an address is not well. */
const TROUBLE: Readonly<Record<Exclude<Mood, 'well'>, () => SendError>> = {
  down: () => new SendError('no answer', { permanent: false }),
  busy: () => new SendError('slow down', { permanent: false, retryAfter: 30_000 }),
  closed: () => new SendError('slow down, all of you', { permanent: false, retryAfter: 5_000, isChannelWide: true }),
  blocked: () => new SendError('the bot was blocked there', { permanent: true }),
}

/** One person with two addresses, three alerts and a clock. */
function startWorld() {
  const outbox = createOutbox()
  let now = MONDAY
  let count = 0
  let quiet: Quiet | undefined
  const mood: Record<Channel, Mood> = { telegram: 'well', sms: 'well' }
  const off: Partial<Record<Channel, Off>> = {}
  const messages = new Map<string, string>()
  const user = () => ({
    ...{ id: 'user', zone: 'Europe/Berlin' },
    subscriptions: CHANNELS.map((name) => ({
      id: name,
      channel: name,
      address: name,
      ...(off[name] ? { off: off[name] } : {}),
    })),
    ...(quiet ? { quiet } : {}),
  })
  const users = async () => new Map([['user', user()]])
  const send = (name: Channel) => async (_address: string, reply: Parameters<typeof plain>[0]) => {
    const state = mood[name]
    if (state !== 'well') throw TROUBLE[state]()
    const id = `receipt ${messages.size}`
    messages.set(id, plain(reply))
    return { id }
  }
  const round = async () => {
    for (const name of CHANNELS) {
      const ports = {
        ...outbox.for(name, () => now),
        ...{ users, send: send(name), pause: () => {}, failed: () => {} },
        ...{ range: async () => undefined, prices: async () => new Map(), now: () => now, random: () => 0.5 },
      }
      await deliver(ports, {
        ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 5, concurrency: 2, zone: 'UTC' },
        ...{ patience: { first: 2_000, whole: 24 * HOUR }, flood: { address: 5, alert: 3 } },
      })
    }
    const switchOff = async (_user: string, { id }: { id: string }, why: Off) => {
      off[id as Channel] ??= why
    }
    await handOn({ ...outbox.handing, users, switchOff, zone: 'UTC' }, now)
    await releaseHeld({ ...outbox.holding, users, zone: 'UTC' }, now)
  }
  const act: { [Kind in Event['do']]: (event: Extract<Event, { do: Kind }>) => Promise<void> } = {
    async fire({ alert: number, isUrgent, times }) {
      if (times > 1) await this.fire({ do: 'fire', alert: number, isUrgent, times: times - 1 })
      const id = `firing ${++count}`
      const unsent = [anOccurrence({ id, at: now, evidence: [anEvidence({ value: `<${count}>` })] })]
      const options = { mode: 'repeat' as const, ...(isUrgent ? { urgent: true as const } : {}) }
      const alert = anAlert({ id: `alert ${number}`, number, options, unsent, subscription: 'telegram' })
      await outbox.add(plan(alert, user(), { zone: 'UTC', now, gather: 0, isReal: true, outageOf: () => undefined }))
    },
    async quiet({ hours }) {
      quiet = hours
      await outbox.holding.releaseHeld('user')
    },
    async mood({ channel: name, mood: next }) {
      mood[name] = next
    },
    async 'move clock'({ by }) {
      now += by
    },
    async write({ channel: name }) {
      delete off[name]
    },
    round,
  }
  return {
    outbox,
    messages,
    does: (one: Event) => act[one.do](one as never),
    /** Goes on, with nothing in the way but what is off, until nothing waits. */
    async end() {
      for (const name of CHANNELS) if (mood[name] !== 'blocked') mood[name] = 'well'
      for (let rounds = 0; outbox.all().some(({ state }) => state === 'due'); rounds++) {
        if (rounds > 200) throw new Error('it comes to no end')
        await round()
        now += 20 * MINUTE
      }
      await round()
    },
    firings: () => Array.from({ length: count }, (_, index) => `<${index + 1}>`),
  }
}

/** How many firings a message tells: in lines, and as a number of those that are left out. */
function countIn(text: string): number {
  return text.split(/<\d+>/).length - 1 + Number(/and (\d+) more: history/.exec(text)![1])
}

test('whatever fires, fails, is quiet or happens to the clock, in any order: each firing is told in one line of one message, or is kept as missed with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 50, size: 'max' }), async (events) => {
      const world = startWorld()
      for (const one of events) await world.does(one)
      await world.end()
      const all = world.outbox.all()
      const texts = [...world.messages.values()]
      for (const firing of world.firings()) {
        const own = all.filter(({ occurrence }) => occurrence.evidence[0]!.value === firing)
        const sent = own.filter(({ state }) => state === 'sent')
        const lines = texts.flatMap((text) => text.split(firing).slice(1)).length
        for (const { state, reason } of own) expect(state === 'sent' || reason !== null).toBe(true)
        if (sent.length === 0) {
          expect(own.filter(({ missed }) => missed).length).toBeGreaterThan(0)
          expect(lines).toBe(0)
          continue
        }
        expect(sent).toHaveLength(1)
        // After a day only the outline is told, and of very many the rest is only counted.
        const { receipt } = sent[0]!
        const text = world.messages.get(receipt!)!
        if (text.startsWith('You missed')) expect(lines).toBe(0)
        else if (!/and \d+ more: history/.test(text)) expect(lines).toBe(1)
        else expect(countIn(text)).toBe(all.filter((one) => one.receipt === receipt).length)
      }
    }),
    { numRuns: 60 },
  )
})
