import type { Piece } from '../reply.ts'
import { splitPieces } from './split.ts'

/** The longest content of a message, UTF-16 units with the markup in them (Message, create message). */
export const LONGEST_CONTENT = 2_000
/** The longest description of a card, counted alike (Message, embed limits). */
export const LONGEST_DESCRIPTION = 4_096
/** The longest title of a card, counted alike. */
export const LONGEST_TITLE = 256

/** Takes no room and joins what stands beside it. */
const JOINER = '\u2060'

/**
 * Text in which nothing is markup and nobody is called. A backslash makes a sign of punctuation plain; what means
 * something only where a line begins gets one only there, so that `AAPL > 500` stays as it is.
 */
export function inMarkdown(text: string): string {
  return text
    .replace(/[\\*_~`|[\]]|<(?=[^\s\d=])/g, '\\$&')
    .replace(/^([ \t]*)([>#+-])/gm, '$1\\$2')
    .replace(/^([ \t]*\d+)\.(?=\s)/gm, '$1\\.')
    .replace(/@(?=everyone|here)/gi, `@${JOINER}`)
}

/** Pieces as the Markdown that Discord reads. */
export function markdownOf(pieces: readonly Piece[]): string {
  let text = ''
  for (const piece of pieces) {
    const next = markdownOfPiece(piece)
    // Stars that met would be read as others.
    text += text.endsWith('**') && next.startsWith('**') ? JOINER + next : next
  }
  return text.trim()
}

function markdownOfPiece(piece: Piece): string {
  if (typeof piece === 'string') return inMarkdown(piece)
  if ('strong' in piece) return piece.strong.trim() === '' ? piece.strong : `**${inMarkdown(piece.strong)}**`
  return `\`\`\`\n${piece.block.replace(/`(?=`)/g, `\`${JOINER}`)}\n\`\`\``
}

/** Parts of at most `limit` UTF-16 units as Markdown, as documented at `splitPieces`. */
export function split(pieces: readonly Piece[], limit: number): Piece[][] {
  return splitPieces(pieces, limit, (part) => markdownOf(part).length)
}
