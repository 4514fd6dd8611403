import { fanOut } from '../../src/delivery/fan-out.ts'
import type { Store } from '../../src/store/connect.ts'
import { SLOTS } from '../../src/store/slots.ts'

/** Makes notifications of all that alerts owe a word about, at `now` (ms); none is sent. */
export async function planAll(store: Store, now: number): Promise<void> {
  await fanOut(
    {
      unsent: () => store.alerts.unsent({ from: 0, to: SLOTS }),
      users: store.users.byIds,
      add: store.notifications.add,
      settle: store.alerts.settle,
      unseen: async () => () => undefined,
      blindness: async () => [],
      gather: 0,
      zone: 'UTC',
    },
    now,
  )
}
