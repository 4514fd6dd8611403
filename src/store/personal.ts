import type { User } from '../users/types.ts'
import { type ErasePorts, type EraseStore, erase, goOnErasing } from './erase.ts'
import { type Person, type PersonStore, personOf } from './person.ts'

/** All that is kept of each user, whatever collection it is in. */
export type Personal = {
  /** Reads it. */
  read(user: User): Promise<Person>
  /** Erases it; `by` is what asked for it, `now` ms on the real clock. False where the mail is still to be ended. */
  erase(user: User, by: string, now: number): Promise<boolean>
  /** Goes on with erasing what was begun. */
  goOn(now: number): Promise<void>
}

/** What is personal in a store. */
export function createPersonal(store: EraseStore & PersonStore, ports: Omit<ErasePorts, 'store'>): Personal {
  const all = { ...ports, store }
  return {
    read: (user) => personOf(store, user),
    erase: (user, by, now) => erase(all, user, by, now),
    goOn: (now) => goOnErasing(all, now),
  }
}
