import type { Piece } from '../reply.ts'
import { shaped, splitPieces, wordsOf } from './split.ts'

/** The longest text Telegram takes, UTF-16 units after its markup is read (core.telegram.org/bots/api). */
export const LONGEST_TEXT = 4_096
/** The longest words under a picture, counted alike. */
export const LONGEST_CAPTION = 1_024

/** Text as HTML in which nothing is markup. */
export function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Pieces as the HTML that Telegram reads. */
export function htmlOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return inHtml(piece)
      return 'strong' in piece ? `<b>${inHtml(piece.strong)}</b>` : `<pre>${inHtml(piece.block)}</pre>`
    })
    .join('')
}

/** The same words, in which `@name` calls nobody: a joiner that takes no room stands behind the sign. */
export function unmentioned(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => shaped(piece, wordsOf(piece).replace(/(?<![\w@])@(?=\w)/g, '@\u2060')))
}

/** Parts of at most `limit` UTF-16 units after the markup is read, as documented at `splitPieces`. */
export function split(pieces: readonly Piece[], limit: number): Piece[][] {
  return splitPieces(pieces, limit, (part) => part.reduce((length, piece) => length + wordsOf(piece).length, 0))
}

/** A stretch of a message that Telegram says is marked up. */
export type Entity = { readonly type: string; readonly offset: number; readonly length: number }

/** The pieces that a message of ours was made from, as Telegram gives it back. */
export function piecesOf(text: string, entities: readonly Entity[]): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const { type, offset, length } of [...entities].sort((a, b) => a.offset - b.offset)) {
    const isStrong = type === 'bold'
    if ((!isStrong && type !== 'pre') || offset < end) continue
    const words = text.slice(offset, offset + length)
    pieces.push(text.slice(end, offset), isStrong ? { strong: words } : { block: words })
    end = offset + length
  }
  return [...pieces, text.slice(end)].filter((piece) => piece !== '')
}
