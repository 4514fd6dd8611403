import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeConfirmationCode, makeLinkCode, readConfirmationCode, readLinkCode } from '../../src/users/codes.ts'

/** Gives these bytes, one draw after the other. */
function drawing(...draws: readonly (readonly number[])[]) {
  const left = [...draws]
  return (bytes: number) => {
    const draw = left.shift()
    if (draw?.length !== bytes) throw new Error(`${bytes} bytes were asked for`)
    return Uint8Array.from(draw)
  }
}

describe('a code that joins two chats', () => {
  test.each<[number[], string]>([
    [[0, 0, 0, 0, 0], 'AAAA-AAAA'],
    [[255, 255, 255, 255, 255], '9999-9999'],
    [[0b00000_000, 0b01_00010_0, 0b0011_0010, 0b0_00101_00, 0b110_00111], 'ABCD-EFGH'],
  ])('%j is %s: each five bits are a character, 40 in all', (bytes, code) => {
    expect(makeLinkCode(drawing(bytes))).toBe(code)
  })

  test('holds no character that is mistaken for another', () => {
    const codes = Array.from({ length: 500 }, () => makeLinkCode(randomBytes)).join('')
    expect(codes).toMatch(/^[A-HJ-NP-Z2-9-]+$/)
    expect(new Set(codes.replaceAll('-', '')).size).toBe(32)
  })

  test.each(['K7QM-2XRA', 'k7qm-2xra', 'K7QM2XRA', ' k7qm 2xra ', 'K7QM–2XRA', 'k 7 q m 2 x r a', 'Ｋ７ＱＭ２ＸＲＡ'])(
    '"%s" is read',
    (text) => {
      expect(readLinkCode(text)).toBe('K7QM-2XRA')
    },
  )

  test.each(['', 'K7QM', 'K7QM-2XRAA', 'K7QM-2XR0', 'K7QM-2XRI', 'hello you', '{"$gt":""}'])('"%s" is none', (text) => {
    expect(() => readLinkCode(text)).toThrow('That is no code: one looks like K7QM-2XRA.')
  })
})

describe('a code that confirms an address', () => {
  test.each<[number[][], string]>([
    [[[0, 0, 0]], '000000'],
    [[[0x07, 0x5e, 0x63]], '482915'],
    [[[0xf4, 0x23, 0xff]], '999999'],
    [
      [
        [0xf4, 0x24, 0x00],
        [0, 0, 7],
      ],
      '000007',
    ],
  ])('%j is %s; what would make some codes likelier is drawn again', (draws, code) => {
    expect(makeConfirmationCode(drawing(...draws))).toBe(code)
  })

  test.each(['482915', ' 482 915 ', '482-915', '４８２９１５', '482.915'])('"%s" is read', (text) => {
    expect(readConfirmationCode(text)).toBe('482915')
  })

  test.each(['', '48291', '4829155', '48291a', '-1', '1e5'])('"%s" is none', (text) => {
    expect(() => readConfirmationCode(text)).toThrow('The code is the six digits that I sent.')
  })
})
