import type { SendError } from '../errors.ts'
import type { Onward } from './types.ts'

/** What hearing of a message's arrival works with. Times in ms. */
export type ReceiptPorts = {
  /** Records it; gives how many notifications were told with that message. */
  delivered(
    receipt: string,
    result:
      | { readonly state: 'delivered' }
      | { readonly state: 'undelivered'; readonly reason: string; readonly onward: Onward },
  ): Promise<number>
  /** Hands on what did not arrive. */
  handOn(): Promise<void>
  sleep(ms: number): Promise<void>
}

/** Hears how far the message of a receipt got, with the platform's words and, where it went no further, what the matter is. */
export type Receipts = (receipt: string, status: string, error: SendError | undefined) => Promise<void>

const ARRIVED = ['delivered', 'read']
const LOST = ['undelivered', 'failed', 'canceled']
/** The word may come before the receipt is recorded: then it is tried again after these waits. */
const WAITS = [1_000, 5_000]

/**
 * Hears of messages that a platform took: one that arrived is marked so, one that did not goes to the next address, and its
 * own is switched off where that will take nothing any more. Messages that are no notifications are passed over.
 */
export function createReceipts(ports: ReceiptPorts): Receipts {
  return async (receipt, status, error) => {
    const result = resultOf(status, error)
    if (!result) return
    let found = await ports.delivered(receipt, result)
    for (const wait of WAITS) {
      if (found > 0) break
      await ports.sleep(wait)
      found = await ports.delivered(receipt, result)
    }
    if (found > 0 && result.state === 'undelivered') await ports.handOn()
  }
}

function resultOf(status: string, error: SendError | undefined): Parameters<ReceiptPorts['delivered']>[1] | undefined {
  if (ARRIVED.includes(status)) return { state: 'delivered' }
  if (!LOST.includes(status)) return undefined
  const reason = error?.message ?? 'it did not arrive'
  return { state: 'undelivered', reason, onward: error?.permanent ? 'switch off' : 'keep on' }
}
