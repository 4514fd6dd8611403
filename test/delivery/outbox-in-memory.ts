import type { DeliverPorts } from '../../src/delivery/deliver.ts'
import type { EscalatePorts } from '../../src/delivery/escalate.ts'
import type { HandOnPorts } from '../../src/delivery/hand-on.ts'
import type { HeldPorts } from '../../src/delivery/held.ts'
import type { Notification, Tracked } from '../../src/delivery/types.ts'

type Kept = Tracked & { missed?: boolean }
type Mutable = { -readonly [Field in keyof Kept]: Kept[Field] }

/** What is kept of notifications, in memory: quick enough for thousands of sequences of events. */
export type Outbox = {
  add(notifications: readonly Notification[]): Promise<void>
  all(): readonly Kept[]
  for(channel: string, now: () => number): Pick<DeliverPorts, 'lease' | 'record' | 'release' | 'told'>
  readonly handing: Pick<HandOnPorts, 'onward' | 'byIds' | 'add' | 'handedOn'>
  readonly holding: Pick<HeldPorts, 'held' | 'releaseHeld'>
  readonly escalating: Pick<EscalatePorts, 'unheard' | 'byIds' | 'add' | 'escalated' | 'acknowledge'>
}

/** An outbox in which nothing is yet. */
export function createOutbox(): Outbox {
  const kept = new Map<string, Mutable>()
  const all = () => [...kept.values()]
  const add = async (notifications: readonly Notification[]) => {
    for (const one of notifications) if (!kept.has(one.id)) kept.set(one.id, tracked(one))
  }
  return {
    add,
    all,
    for: (channel, now) => ({
      async lease() {
        const due = all().filter((one) => one.channel === channel && one.state === 'due' && one.dueAt <= now())
        for (const one of due) {
          one.state = 'sending'
          one.tries++
          one.firstTriedAt ??= now()
        }
        return due
          .map((one) => ({ ...one }))
          .sort((a, b) => a.createdAt - b.createdAt || a.occurrence.at - b.occurrence.at)
      },
      async record(ids, outcome) {
        for (const id of ids) {
          const one = kept.get(id)!
          if (one.state !== 'sending') throw new Error(`${id} is ${one.state}, not being sent`)
          const { isTry, escalateAt, ...fields } = { isTry: true, escalateAt: undefined, ...outcome }
          Object.assign(one, fields, outcome.state === 'sent' ? { sentAt: now(), reason: null } : {})
          if (!isTry) one.tries--
          if (outcome.state === 'failed' || outcome.state === 'dropped') delete one.escalateAt
          if (one.escalateAt !== undefined && escalateAt !== undefined) one.escalateAt = escalateAt
        }
        return true
      },
      async release() {
        for (const one of all()) {
          if (one.state !== 'sending' || one.channel !== channel) continue
          one.state = 'due'
          one.tries--
        }
      },
      told: async (addresses, since) =>
        all().flatMap(({ address, alert, sentAt, occurrence, urgent, held }) =>
          sentAt !== null &&
          sentAt > since &&
          addresses.includes(address) &&
          occurrence.kind === 'fired' &&
          !urgent &&
          !held
            ? [{ address, alert: alert.id, sentAt }]
            : [],
        ),
    }),
    handing: {
      add,
      onward: async () => all().filter(({ onward }) => onward !== undefined),
      byIds: async (ids) => all().filter(({ id }) => ids.includes(id)),
      async handedOn(id, isMissed) {
        const { onward: _, ...rest } = kept.get(id)!
        kept.set(id, { ...rest, missed: isMissed })
      },
    },
    escalating: {
      add,
      byIds: async (ids) => all().filter(({ id }) => ids.includes(id)),
      unheard: async (now) => all().filter(({ escalateAt }) => escalateAt !== undefined && escalateAt <= now),
      async escalated({ id, escalateAt }) {
        const one = kept.get(id)!
        if (one.escalateAt !== escalateAt) return false
        delete one.escalateAt
        return true
      },
      async acknowledge(_users, occurrences, now) {
        for (const one of all()) {
          if (!occurrences.includes(one.occurrence.id) || one.state === 'failed' || one.state === 'dropped') continue
          one.acknowledgedAt ??= now
          delete one.escalateAt
        }
      },
    },
    holding: {
      held: async () =>
        all().flatMap(({ user, dueAt, held, state }) => (held && state === 'due' ? [{ user, until: dueAt }] : [])),
      async releaseHeld(user) {
        for (const one of all()) if (one.user === user && one.held && one.state === 'due') one.dueAt = 0
      },
    },
  }
}

function tracked(notification: Notification): Mutable {
  const untried = { state: 'due', tries: 0, reason: null, receipt: null, sentAt: null } as const
  return { ...notification, ...untried, dueAt: notification.dueAt ?? notification.createdAt }
}
