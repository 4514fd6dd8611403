import { septets, toGsm } from '../gsm.ts'

/** What a short form may be long, characters. */
const LONGEST = 160

/** The short form of an answer: sentences as far as they fit into one line, the first of them in any case, cut if need be. */
export function inBrief(sentences: readonly string[]): string {
  const [first = '', ...rest] = sentences.map((sentence) => sentence.replace(/\s+/g, ' ').trim())
  let text = first.length <= LONGEST ? first : `${first.slice(0, LONGEST - 3)}...`
  for (const sentence of rest) if (text.length + 1 + sentence.length <= LONGEST) text = `${text} ${sentence}`
  return text
}

/** The short form of these lines, where they are longer than one; a text that is short already needs none. */
export function briefIfLong(lines: readonly string[], sentences: readonly string[]): { readonly brief?: string } {
  return septets(toGsm(lines.join('\n'))) <= LONGEST ? {} : { brief: inBrief(sentences) }
}
