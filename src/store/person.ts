import type { Alert } from '../alert/types.ts'
import type { Tracked } from '../delivery/types.ts'
import type { Reply } from '../reply.ts'
import type { User } from '../users/types.ts'
import type { Confirmation } from './confirmations.ts'
import type { Store } from './connect.ts'
import type { Conversation } from './conversations.ts'
import type { ConsentRecord } from './sms-consents.ts'

/** All that is kept of a user. Times are ms. */
export type Person = {
  readonly user: User
  /** Of any phase, by number. */
  readonly alerts: readonly Alert[]
  /** The newest first. */
  readonly notifications: readonly Tracked[]
  /** What they were answered in the last two days. */
  readonly answers: readonly { readonly at: number; readonly reply: Reply }[]
  /** What is being asked at their addresses. */
  readonly questions: readonly Conversation[]
  /** What waits for a confirmation. */
  readonly confirmations: readonly Confirmation[]
  /** What was agreed to at their phone numbers. */
  readonly consents: readonly (ConsentRecord & { readonly number: string })[]
}

/** Where something of a person can be read. */
export type PersonStore = Pick<
  Store,
  'alerts' | 'notifications' | 'messages' | 'conversations' | 'confirmations' | 'smsConsents'
>

/** So many notifications are read at a time. */
const PAGE = 1_000

/** Reads all that is kept of a user. Changes nothing. */
export async function personOf(store: PersonStore, user: User): Promise<Person> {
  const numbers = user.subscriptions.filter(({ channel }) => channel === 'sms').map(({ address }) => address)
  const [alerts, notifications, answers, questions, confirmations, records] = await Promise.all([
    store.alerts.everyOf(user.id),
    notificationsOf(store, user.id),
    store.messages.ofUser(user.id),
    Promise.all(user.subscriptions.map(({ channel, address }) => store.conversations.at(channel, address))),
    store.confirmations.ofUser(user.id),
    Promise.all(numbers.map((number) => store.smsConsents.record(number))),
  ])
  const consents = numbers.flatMap((number, index) => {
    const record = records[index]
    return record ? [{ number, ...record }] : []
  })
  return { user, alerts, notifications, answers, questions: questions.flat(), confirmations, consents }
}

async function notificationsOf({ notifications }: PersonStore, user: string): Promise<Tracked[]> {
  const all: Tracked[] = []
  for (;;) {
    const page = await notifications.ofUser(user, { skip: all.length, limit: PAGE })
    all.push(...page)
    if (page.length < PAGE) return all
  }
}
