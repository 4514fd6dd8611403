import { IDLE } from '../delivery/standing.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Reply, say } from '../reply.ts'
import type { Alerts } from '../store/alerts.ts'
import type { IdlePhone, IdlePhones } from '../store/idle-phones.ts'
import type { Users } from '../store/users.ts'
import { hasWritten } from '../users/has-written.ts'
import type { Subscription } from '../users/types.ts'

/** What telling of idle phones works with. `now`: ms, real clock. */
export type IdlePhonePorts = {
  readonly idlePhones: IdlePhones
  readonly users: Pick<Users, 'byIds'>
  readonly alerts: Pick<Alerts, 'countLive'>
  /** Sends now, to an address of a user; throws where it was not taken. */
  send(user: string, place: Subscription, reply: Reply, key: string): Promise<unknown>
  now(): number
  readonly log: Log
}

/** So long (ms) before a phone is not texted any more its person hears of it: a week in which one word is enough. */
const NOTICE = 7 * 86_400_000
const WORDS = {
  ...say([
    'I have not heard from you for 83 days, and a phone number may go to somebody else.',
    'Write me a word within a week, like list: else I send no alerts to your phone until you do.',
  ]),
  brief:
    "I have not heard from you for 83 days. Reply LIST within a week, or I text this number no more: it may be somebody else's then.",
  isPrivate: true as const,
}

/**
 * One round, to be run each minute. Who set an alert months ago is not to lose it without a word because they had nothing
 * to say: they hear of it a week before, once, in a chat that costs nothing or else on the phone itself.
 */
export function createIdlePhoneRound(ports: IdlePhonePorts): () => Promise<void> {
  return async () => {
    const now = ports.now()
    for (const idle of await ports.idlePhones.between(now - IDLE, now - IDLE + NOTICE))
      await tell(idle, now, ports).catch((error: unknown) =>
        ports.log.warn({ why: messageOf(error) }, 'a person could not be told that their phone is idle'),
      )
  }
}

/** Of who has no alert that is on, nothing is lost. */
async function tell(idle: IdlePhone, now: number, { users, alerts, send, idlePhones }: IdlePhonePorts): Promise<void> {
  const user = (await users.byIds([idle.user])).get(idle.user)
  if (user && (await alerts.countLive(user.id)) > 0) {
    const chat = user.subscriptions.find((one) => one.channel !== 'sms' && !one.off && hasWritten(one))
    await send(user.id, chat ?? idle.phone, WORDS, `idle ${idle.phone.id} ${now}`)
  }
  await idlePhones.told(idle, now)
}
