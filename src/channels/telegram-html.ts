import type { Piece } from '../reply.ts'

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

/** The words of a piece. */
export function wordsOf(piece: Piece): string {
  if (typeof piece === 'string') return piece
  return 'strong' in piece ? piece.strong : piece.block
}

/** The same words, in which `@name` calls nobody: a joiner that takes no room stands behind the sign. */
export function unmentioned(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => shaped(piece, wordsOf(piece).replace(/(?<![\w@])@(?=\w)/g, '@\u2060')))
}

/** A stretch of one piece that lies within one line, with the newline where it ends the line. */
type Stretch = { readonly of: Piece; readonly text: string }

/**
 * Parts of at most `limit` UTF-16 units, cut at the ends of lines; a line that is longer by itself is cut at a space, or
 * where there is none between two characters. Each part is whole by itself: no markup runs from one into the next.
 */
export function split(pieces: readonly Piece[], limit: number): Piece[][] {
  const parts: Stretch[][] = [[]]
  for (const line of linesOf(pieces).flatMap((each) => cutLine(each, limit))) {
    const last = parts.at(-1)!
    // The newline at the end of a part is not sent, so it need not fit.
    if (last.length > 0 && lengthOf([...last, ...line].map(({ text }) => text)) > limit) parts.push([...line])
    else last.push(...line)
  }
  return parts.map(joined).filter((part) => part.some((piece) => wordsOf(piece).trim() !== ''))
}

function lengthOf(texts: readonly string[]): number {
  return texts.join('').replace(/\n$/, '').length
}

function linesOf(pieces: readonly Piece[]): Stretch[][] {
  const lines: Stretch[][] = [[]]
  for (const of of pieces) {
    for (const text of wordsOf(of).split(/(?<=\n)/)) {
      lines.at(-1)!.push({ of, text })
      if (text.endsWith('\n')) lines.push([])
    }
  }
  return lines.filter((line) => line.length > 0)
}

/** A line that fits stays as it is; of one that does not, each stretch is cut by itself. */
function cutLine(line: readonly Stretch[], limit: number): (readonly Stretch[])[] {
  if (lengthOf(line.map(({ text }) => text)) <= limit) return [line]
  return line.flatMap(({ of, text }) => cutText(text, limit).map((part) => [{ of, text: part }]))
}

function cutText(text: string, limit: number): string[] {
  const parts: string[] = []
  let rest = text
  while (lengthOf([rest]) > limit) {
    const space = rest.lastIndexOf(' ', limit)
    const end = space > 0 ? space + 1 : limit - (isHigh(rest.charCodeAt(limit - 1)) ? 1 : 0)
    parts.push(rest.slice(0, Math.min(end, limit)))
    rest = rest.slice(Math.min(end, limit))
  }
  return [...parts, rest]
}

/** The first half of a character that UTF-16 writes in two. */
function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

/** The stretches of one piece as one piece again, without the newline at the end of it all. */
function joined(stretches: readonly Stretch[]): Piece[] {
  const pieces: { of: Piece; text: string }[] = []
  for (const { of, text } of stretches) {
    const last = pieces.at(-1)
    if (last?.of === of) last.text += text
    else pieces.push({ of, text })
  }
  const last = pieces.at(-1)
  if (last) last.text = last.text.replace(/\n$/, '')
  return pieces.filter(({ text }) => text !== '').map(({ of, text }) => shaped(of, text))
}

function shaped(like: Piece, text: string): Piece {
  if (typeof like === 'string') return text
  return 'strong' in like ? { strong: text } : { block: text }
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
