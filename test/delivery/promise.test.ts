import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliver } from '../../src/delivery/deliver.ts'
import { escalate } from '../../src/delivery/escalate.ts'
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
const CHANNELS = ['telegram', 'sms', 'email'] as const
type Channel = (typeof CHANNELS)[number]
type Mood = 'well' | 'down' | 'busy' | 'blocked' | 'closed'

type Event =
  | { readonly do: 'fire'; readonly alert: number; readonly isUrgent: boolean; readonly times: number }
  | { readonly do: 'quiet'; readonly hours: Quiet | undefined }
  | { readonly do: 'mood'; readonly channel: Channel; readonly mood: Mood }
  | { readonly do: 'move clock'; readonly by: number }
  | { readonly do: 'write'; readonly channel: Channel }
  | { readonly do: 'acknowledge'; readonly back: number }
  | { readonly do: 'die while escalating'; readonly before: 'add' | 'escalated' }
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

/** One person with three addresses, three alerts and a clock. `after`: when what is not acknowledged is told elsewhere, ms. */
function startWorld(after?: number) {
  const outbox = createOutbox()
  let now = MONDAY
  let count = 0
  let quiet: Quiet | undefined
  const mood: Record<Channel, Mood> = { telegram: 'well', sms: 'well', email: 'well' }
  const off: Partial<Record<Channel, Off>> = {}
  const messages = new Map<string, string>()
  const tellings: { readonly firing: string; readonly channel: Channel; readonly at: number }[] = []
  const acknowledged = new Map<string, number>()
  const waits = after === undefined ? {} : { escalateAfter: after }
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
    for (const firing of plain(reply).match(/<\d+>/g) ?? []) tellings.push({ firing, channel: name, at: now })
    return { id }
  }
  let dying: Partial<typeof outbox.escalating> = {}
  const round = async () => {
    for (const name of CHANNELS) {
      const ports = {
        ...outbox.for(name, () => now),
        ...{ users, send: send(name), pause: () => {}, failed: () => {} },
        ...{ range: async () => undefined, prices: async () => new Map(), now: () => now, random: () => 0.5 },
      }
      await deliver(ports, {
        ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 5, concurrency: 2, zone: 'UTC' },
        ...{ patience: { first: 2_000, whole: 24 * HOUR }, flood: { address: 5, alert: 3 }, ...waits },
      })
    }
    const switchOff = async (_user: string, { id }: { id: string }, why: Off) => {
      off[id as Channel] ??= why
    }
    await handOn({ ...outbox.handing, users, switchOff, zone: 'UTC', ...waits }, now)
    if (after !== undefined)
      await escalate({ ...outbox.escalating, ...dying, users, zone: 'UTC', escalateAfter: after }, now).catch(() => {})
    dying = {}
    await releaseHeld({ ...outbox.holding, users, zone: 'UTC' }, now)
  }
  const act: { [Kind in Event['do']]: (event: Extract<Event, { do: Kind }>) => Promise<void> } = {
    async fire({ alert: number, isUrgent, times }) {
      if (times > 1) await this.fire({ do: 'fire', alert: number, isUrgent, times: times - 1 })
      const id = `firing ${++count}`
      const unsent = [anOccurrence({ id, at: now, evidence: [anEvidence({ value: `<${count}>` })] })]
      const options = { mode: 'repeat' as const, ...(isUrgent ? { urgent: true as const } : {}) }
      const alert = anAlert({ id: `alert ${number}`, number, options, unsent, subscription: 'telegram' })
      await outbox.add(
        plan(alert, user(), { zone: 'UTC', now, gather: 0, isReal: true, ...waits, outageOf: () => undefined }),
      )
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
    /** One of the last that were told. */
    async acknowledge({ back }) {
      const firing = tellings.at(-1 - back)?.firing
      const told = outbox.all().find(({ occurrence }) => occurrence.evidence[0]!.value === firing)
      if (firing === undefined || !told?.urgent) return
      if (!acknowledged.has(firing)) acknowledged.set(firing, now)
      await outbox.escalating.acknowledge(['user'], [told.occurrence.id], now)
    },
    async 'die while escalating'({ before }) {
      dying = { [before]: () => Promise.reject(new Error('dead')) }
    },
    round,
  }
  return {
    ...{ outbox, messages, tellings, acknowledged },
    off: () => CHANNELS.filter((name) => off[name] !== undefined),
    does: (one: Event) => act[one.do](one as never),
    /** Goes on, with nothing in the way but what is off, until nothing waits. */
    async end() {
      for (const name of CHANNELS) if (mood[name] !== 'blocked') mood[name] = 'well'
      const isOpen = ({ state, escalateAt }: { state: string; escalateAt?: number }) =>
        state === 'due' || escalateAt !== undefined
      for (let rounds = 0; outbox.all().some(isOpen); rounds++) {
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

const AFTER = 5 * MINUTE
const urgentEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fire' as const),
      alert: fc.integer({ min: 1, max: 3 }),
      isUrgent: fc.constant(true),
      times: fc.constant(1),
    }),
  },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('round' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('move clock' as const),
      by: fc.oneof(fc.integer({ min: 1, max: 2 * MINUTE }), fc.integer({ min: 4 * MINUTE, max: 20 * MINUTE })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('mood' as const),
      channel,
      mood: fc.constantFrom<Mood>('well', 'well', 'down', 'busy', 'blocked', 'closed'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), back: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('die while escalating' as const),
      before: fc.constantFrom('add' as const, 'escalated' as const),
    }),
  },
)

test('whatever fails, dies or is acknowledged, in any order: what is urgent is told once at every address that is on, unless it is acknowledged, and nowhere new from then on', async () => {
  let told = 0
  let spared = 0
  await fc.assert(
    fc.asyncProperty(fc.array(urgentEvent, { maxLength: 40, size: 'max' }), async (events) => {
      const world = startWorld(AFTER)
      for (const one of events) await world.does(one)
      await world.end()
      const on = CHANNELS.filter((name) => !world.off().includes(name))
      for (const firing of world.firings()) {
        const own = world.tellings.filter((one) => one.firing === firing)
        const places = own.map((one) => one.channel)
        expect(new Set(places).size).toBe(places.length)
        const at = world.acknowledged.get(firing)
        if (at === undefined) {
          expect(places).toEqual(expect.arrayContaining(on))
          told += places.length
          continue
        }
        // Where it was to be told in the first place, or instead of there, it is told all the same.
        const all = world.outbox.all().filter(({ occurrence }) => occurrence.evidence[0]!.value === firing)
        const repeated = all.filter(({ unheard, sentAt }) => unheard !== undefined && sentAt !== null)
        const isInTime = at < all[0]!.createdAt + AFTER
        expect(repeated.filter(({ sentAt }) => isInTime || sentAt! > at)).toEqual([])
        if (isInTime) spared++
      }
    }),
    { numRuns: 80 },
  )
  expect(told).toBeGreaterThan(20)
  expect(spared).toBeGreaterThan(1)
})
