import type { Store } from './connect.ts'

/** What a move changes. */
export type MoveStore = Pick<Store, 'users' | 'alerts' | 'notifications'>

/**
 * Where there was one address of a channel there is another from now on: its user, with alerts, numbers and settings, has
 * the new one, and what is still to be sent goes there. Where somebody wrote from the new address before we heard of it,
 * there is a second user: their alerts become the first one's, under new numbers. Told again, it changes nothing.
 */
export async function move(store: MoveStore, channel: string, from: string, to: string): Promise<void> {
  const { users, alerts, notifications } = store
  const user = await users.find(channel, from)
  const subscription = user?.subscriptions.find((one) => one.channel === channel && one.address === from)
  if (!user || !subscription) return
  const second = await users.find(channel, to)
  if (second?.id === user.id) return await users.removeAddress(user.id, channel, from)
  if (second) {
    const heir = { user: user.id, subscription: subscription.id }
    if (second.subscriptions.length === 1) {
      await alerts.adopt(second.id, heir, () => users.nextNumber(user.id))
      await notifications.adopt(second.id, heir)
    }
    await users.removeAddress(second.id, channel, to)
  }
  await users.readdress(user.id, channel, from, to)
}
