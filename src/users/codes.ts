import { UserError } from '../errors.ts'

/** So many bytes made by chance, fit for secrets. */
export type Random = (bytes: number) => Uint8Array

/**
 * 32 characters that are told apart in any type: no O and 0, no I and 1. Each is 5 bits; an L is one only as a small
 * letter, and codes are shown in capitals.
 */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** 40 bits. */
const BYTES = 5
const HALF = 4
const EXAMPLE = 'K7QM-2XRA'

/** A code that joins two chats, 40 bits made by chance, as it is shown: `K7QM-2XRA`. */
export function makeLinkCode(random: Random): string {
  const bits = [...random(BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const code = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('')
  return `${code.slice(0, HALF)}-${code.slice(HALF)}`
}

/** Reads a code as somebody typed it, small letters, spaces and dashes as they like. Throws `UserError` where it is none. */
export function readLinkCode(text: string): string {
  const code = bare(text).toUpperCase()
  if (code.length !== 2 * HALF || [...code].some((character) => !ALPHABET.includes(character)))
    throw new UserError(`That is no code: one looks like ${EXAMPLE}. Type link in your other chat to get one.`, {
      suggestion: `link ${EXAMPLE}`,
    })
  return `${code.slice(0, HALF)}-${code.slice(HALF)}`
}

/** The largest multiple of a million below 2^24: what is beyond would make some codes likelier than others. */
const FAIR = 16_000_000

/** A code that proves that its reader has an address: six digits, each code as likely as any other. */
export function makeConfirmationCode(random: Random): string {
  for (;;) {
    const [high = 0, middle = 0, low = 0] = random(3)
    const drawn = (high << 16) | (middle << 8) | low
    if (drawn < FAIR) return String(drawn % 1_000_000).padStart(6, '0')
  }
}

/** Reads six digits as somebody typed them: `482915`, `482 915`, `482-915`. Throws `UserError` where they are none. */
export function readConfirmationCode(text: string): string {
  const code = bare(text)
  if (!/^\d{6}$/.test(code))
    throw new UserError('The code is the six digits that I sent. Type it like this: confirm 482915', {
      suggestion: 'confirm 482915',
    })
  return code
}

/** Without what people put between characters; digits of a full width become plain ones. */
function bare(text: string): string {
  return text.normalize('NFKC').replace(/[\s\p{Pd}.]/gu, '')
}
