/** Alerts are spread over this many slots by a hash of their id; a shard is a range of slots. */
export const SLOTS = 1024

/** Slots `from` (included) to `to` (excluded). */
export type SlotRange = { readonly from: number; readonly to: number }

/** The slot of an id: FNV-1a over its UTF-16 units, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function slotOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % SLOTS
}

/** The slots of shard number `shard` of `shards`. */
export function rangeOf(shard: number, shards: number): SlotRange {
  return { from: Math.floor((shard * SLOTS) / shards), to: Math.floor(((shard + 1) * SLOTS) / shards) }
}
