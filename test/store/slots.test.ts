import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rangeOf, SLOTS, slotOf } from '../../src/store/slots.ts'

test.each([
  // FNV-1a, 32 bits: the published values of the empty text, "a" and "foobar", modulo the number of slots.
  ['', 0x811c9dc5 % SLOTS],
  ['a', 0xe40c292c % SLOTS],
  ['foobar', 0xbf9cf968 % SLOTS],
])('the slot of "%s" is %d', (id, slot) => {
  expect(slotOf(id)).toBe(slot)
})

test('every id has a slot, and the shards of any number part the slots between them without gap or overlap', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: SLOTS }), (id, shards) => {
      const slot = slotOf(id)
      expect(slot).toBeGreaterThanOrEqual(0)
      expect(slot).toBeLessThan(SLOTS)
      const ranges = Array.from({ length: shards }, (_, shard) => rangeOf(shard, shards))
      expect(ranges[0]!.from).toBe(0)
      expect(ranges.at(-1)!.to).toBe(SLOTS)
      for (let i = 1; i < shards; i++) expect(ranges[i]!.from).toBe(ranges[i - 1]!.to)
      expect(ranges.filter(({ from, to }) => from <= slot && slot < to)).toHaveLength(1)
    }),
  )
})

test('10,000 ids are spread evenly: of 16 shards none has a quarter more or less than its share', () => {
  const counts = new Array<number>(16).fill(0)
  for (let i = 0; i < 10_000; i++) {
    const slot = slotOf(`alert-${i}`)
    const shard = counts.findIndex((_, index) => slot < rangeOf(index, 16).to)
    counts[shard]!++
  }
  for (const count of counts) expect(Math.abs(count - 625)).toBeLessThan(156)
})
