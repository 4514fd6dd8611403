import { describe, expect, test } from 'vitest'
import { type Cursor, lookFrom, moveOn } from '../../src/store/cursor.ts'

const NOON = Date.UTC(2026, 2, 2, 12)
const written = (...seconds: number[]) => seconds.map((second) => ({ updatedAt: new Date(NOON + second * 1_000) }))
/** A read that begins at a second and is answered a tenth of one later. */
const reads = (second: number) => ({ readAt: second * 1_000, seenAt: second * 1_000 + 100 })
const secondsOf = (cursor: Cursor) => (lookFrom(cursor).getTime() - NOON) / 1_000

/** Nothing was seen but the beginning. */
const FIRST = { newest: new Date(NOON), seenAt: 0, readAt: 0 }

describe('reading on', () => {
  test('goes back two seconds from the newest that was seen, however late the next read comes', () => {
    const cursor = moveOn(FIRST, written(3, 10, 7), reads(50))
    expect(cursor.newest).toEqual(new Date(NOON + 10_000))
    expect(secondsOf(cursor)).toBe(8)
  })

  test('goes back less far the longer ago the newest was seen at the last read, and never passes it', () => {
    let cursor = moveOn(FIRST, written(10), reads(50))
    const from = [50.5, 51.6, 52.1, 60].map((second) => {
      cursor = moveOn(cursor, [], reads(second))
      return secondsOf(cursor)
    })
    expect(from).toEqual([8.4, 9.5, 10, 10])
  })

  test('begins anew with each newer one', () => {
    const first = moveOn(FIRST, written(10), reads(50))
    const second = moveOn(first, written(10, 11), reads(60))
    expect(secondsOf(second)).toBe(9)
  })
})
