import type { Piece } from '../reply.ts'

/** The words of a piece. */
export function wordsOf(piece: Piece): string {
  if (typeof piece === 'string') return piece
  return 'strong' in piece ? piece.strong : piece.block
}

/** A stretch of one piece that lies within one line, with the newline where it ends the line. */
type Stretch = { readonly of: Piece; readonly text: string }

type SizeOf = (stretches: readonly Stretch[]) => number

/** How long pieces are as a platform counts. */
type Size = (pieces: readonly Piece[]) => number

/**
 * Parts of at most `limit` by a platform's own measure, cut at the ends of lines; a line that is longer by itself is cut at
 * a space, or where there is none between two characters. Each part is whole by itself: no markup runs from one into the
 * next. No text may be shorter by that measure than its UTF-16 units, but for a newline at its end.
 */
export function splitPieces(pieces: readonly Piece[], limit: number, size: Size): Piece[][] {
  const sizeOf = (stretches: readonly Stretch[]) => size(joined(stretches))
  const parts: Stretch[][] = [[]]
  for (const line of linesOf(pieces).flatMap((each) => cutLine(each, limit, sizeOf))) {
    const last = parts.at(-1)!
    if (last.length > 0 && sizeOf([...last, ...line]) > limit) parts.push([...line])
    else last.push(...line)
  }
  return parts.map(joined).filter((part) => part.some((piece) => wordsOf(piece).trim() !== ''))
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
function cutLine(line: readonly Stretch[], limit: number, sizeOf: SizeOf): (readonly Stretch[])[] {
  return sizeOf(line) <= limit ? [line] : line.flatMap((stretch) => cutStretch(stretch, limit, sizeOf))
}

function cutStretch({ of, text }: Stretch, limit: number, sizeOf: SizeOf): Stretch[][] {
  const parts: Stretch[][] = []
  let rest = text
  while (rest !== '') {
    const end = endOf({ of, text: rest }, limit, sizeOf)
    parts.push([{ of, text: rest.slice(0, end) }])
    rest = rest.slice(end)
  }
  return parts
}

/** How much of a stretch fits: all of it, or up to a space, or to the last whole character. */
function endOf({ of, text }: Stretch, limit: number, sizeOf: SizeOf): number {
  const fits = (end: number) => sizeOf([{ of, text: text.slice(0, end) }]) <= limit
  if (fits(text.length)) return text.length
  let [low, high] = [1, Math.min(text.length, limit)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  const space = text.lastIndexOf(' ', low - 1)
  // A piece of a line that is next to nothing is no message.
  if (space > low / 2) return space + 1
  return low > 1 && isHigh(text.charCodeAt(low - 1)) ? low - 1 : low
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

/** The same kind of piece with other words. */
export function shaped(like: Piece, text: string): Piece {
  if (typeof like === 'string') return text
  return 'strong' in like ? { strong: text } : { block: text }
}
