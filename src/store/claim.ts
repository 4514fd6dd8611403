import type { Renumbered } from '../users/join.ts'
import type { Joins } from './joins.ts'
import type { LostPlaces } from './lost-places.ts'
import type { Proved, Users } from './users.ts'

/** What a claim works with. */
export type ClaimStore = {
  readonly users: Users
  readonly joins: Pick<Joins, 'join'>
  readonly lostPlaces: Pick<LostPlaces, 'take'>
}

/**
 * Makes an address that was just proved a user's own, whoever had it: who has the address now is its owner. Who had it is
 * told at another address of theirs; somebody who writes from nowhere else is the same person, and is joined. Gives the new numbers of their alerts, none where there was
 * nobody to join; undefined where it cannot be now, because somebody else is changing the same. May be done again.
 */
export type Claim = (user: string, proved: Proved, now: number) => Promise<readonly Renumbered[] | undefined>

/** A claim on the users of a database. */
export function createClaim({ users, joins, lostPlaces }: ClaimStore): Claim {
  return async (user, proved, now) => {
    const { channel, address } = proved
    const owner = await users.find(channel, address)
    const theirs = owner?.subscriptions.find((one) => one.channel === channel && one.address === address)
    let numbers: readonly Renumbered[] = []
    if (owner && theirs && owner.id !== user) {
      // Writing from one of the others they go on without this one.
      const isOneOfSeveral = owner.subscriptions.some(({ id, how }) => id !== theirs.id && how !== 'code')
      const joined = isOneOfSeveral ? [] : await joins.join(owner.id, user)
      if (!joined) return undefined
      numbers = joined
      if (isOneOfSeveral && !(await lostPlaces.take(owner.id, theirs, now))) return undefined
    }
    return (await users.subscribe(user, proved, now)) ? numbers : undefined
  }
}
