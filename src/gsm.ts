/**
 * Text as SMS carry it cheaply: in the characters of GSM-7 (3GPP TS 23.038), of which a segment holds 160 septets, and
 * 153 where there are several. One character outside of it halves that.
 */

/** The septets of a text of one segment, and of each where there are several. */
const ALONE = 160
const JOINED = 153

const BASIC = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\n\r]$/
/** Characters behind an escape: they take two septets. */
const EXTENDED = /^[\^{}\\[\]~|€]$/
/** What is seen as a picture, and what belongs to one: it says nothing that the words do not. */
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/u
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/u
const SPACE = /[\p{Zs}\t\v\f\u2028\u2029]/u

/** What phones, keyboards and web pages put in place of plain characters, and signs that there are words for. */
const PLAIN: Readonly<Record<string, string>> = {
  ...each('“”„‟«»″', '"'),
  ...each('‘’‚‛ʼ`´′‹›', "'"),
  ...each('‐‑‒–—―−﹣', '-'),
  ...each('•·∙▪‣●', '-'),
  ...each('↑⬆⇧▲▴📈🔼', 'up'),
  ...each('↓⬇⇩▼▾📉🔽', 'down'),
  ...each('→⇒➜➔', '->'),
  ...each('←⇐', '<-'),
  ...each('≥⩾≧', '>='),
  ...each('≤⩽≦', '<='),
  '≠': '!=',
  '≈': '~',
  '±': '+-',
  '…': '...',
  '×': 'x',
  '÷': '/',
  '⁄': '/',
  '‰': 'per mille',
  '°': ' degrees',
  '™': '(TM)',
  '®': '(R)',
  '©': '(C)',
  '₿': 'BTC',
  '¢': 'c',
  '№': 'No.',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  œ: 'oe',
  Œ: 'OE',
  ı: 'i',
  ẞ: 'SS',
  '。': '.',
  '、': ',',
  '￡': '£',
  '￥': '¥',
}

function each(characters: string, plain: string): Record<string, string> {
  return Object.fromEntries([...characters].map((character) => [character, plain]))
}

/**
 * The same text in characters of GSM-7 alone: typographic signs made plain, accents left out where GSM-7 lacks the letter,
 * arrows as words, pictures and other signs as nothing. A letter of another script becomes a question mark.
 */
export function toGsm(text: string): string {
  return [...text.normalize('NFC')].map(gsmOf).join('')
}

function gsmOf(character: string): string {
  if (isGsm(character)) return character
  const plain = PLAIN[character]
  if (plain !== undefined) return plain
  if (SPACE.test(character)) return ' '
  if (PICTURE.test(character) || INVISIBLE.test(character)) return ''
  if (/\p{Cc}/u.test(character)) return ' '
  // Full-width characters, and letters with an accent that is no part of GSM-7.
  const parts = [...character.normalize('NFKD')].filter((part) => !INVISIBLE.test(part))
  const bare = parts.map((part) => PLAIN[part] ?? part).join('')
  if (bare !== '' && bare !== character && [...bare].every(isGsm)) return bare
  return /[\p{L}\p{N}]/u.test(character) ? '?' : ''
}

function isGsm(character: string): boolean {
  return BASIC.test(character) || EXTENDED.test(character)
}

/** How many septets a text of GSM-7 takes: `€ { } [ ] ~ \ ^ |` take two each. */
export function septets(text: string): number {
  return [...text].reduce((sum, character) => sum + septetsOf(character), 0)
}

function septetsOf(character: string): number {
  return EXTENDED.test(character) ? 2 : 1
}

/** How many segments a text of GSM-7 is sent as; a character of two septets is not torn between two of them. */
export function segments(text: string): number {
  if (septets(text) <= ALONE) return 1
  let count = 1
  let used = 0
  for (const character of text) {
    const size = septetsOf(character)
    if (used + size > JOINED) {
      count++
      used = 0
    }
    used += size
  }
  return count
}

/** A text of GSM-7 in at most so many septets: what is longer ends in three points. */
export function shortenedTo(text: string, most: number): string {
  if (septets(text) <= most) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    used += septetsOf(character)
    if (used > most - 3) break
    kept += character
  }
  return `${kept.trimEnd()}...`
}
