import type { Piece } from '../reply.ts'

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

/** The words of a piece. */
export function wordsOf(piece: Piece): string {
  if (typeof piece === 'string') return piece
  return 'strong' in piece ? piece.strong : piece.block
}

/** A stretch of one piece that lies within one line, with the newline where it ends the line. */
type Stretch = { readonly of: Piece; readonly text: string }

/**
 * Parts that are at most `limit` UTF-16 units long as Markdown, cut at the ends of lines; a line that is longer by itself
 * is cut at a space, or where there is none between two characters. Each part is whole by itself.
 */
export function split(pieces: readonly Piece[], limit: number): Piece[][] {
  const parts: Stretch[][] = [[]]
  for (const line of linesOf(pieces).flatMap((each) => cutLine(each, limit))) {
    const last = parts.at(-1)!
    if (last.length > 0 && sizeOf([...last, ...line]) > limit) parts.push([...line])
    else last.push(...line)
  }
  return parts.map(joined).filter((part) => part.some((piece) => wordsOf(piece).trim() !== ''))
}

function sizeOf(stretches: readonly Stretch[]): number {
  return markdownOf(joined(stretches)).length
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
  return sizeOf(line) <= limit ? [line] : line.flatMap((stretch) => cutStretch(stretch, limit))
}

function cutStretch({ of, text }: Stretch, limit: number): Stretch[][] {
  const parts: Stretch[][] = []
  let rest = text
  while (rest !== '') {
    const end = endOf({ of, text: rest }, limit)
    parts.push([{ of, text: rest.slice(0, end) }])
    rest = rest.slice(end)
  }
  return parts
}

/** How much of a stretch fits: all of it, or up to a space, or to the last whole character. */
function endOf({ of, text }: Stretch, limit: number): number {
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

function shaped(like: Piece, text: string): Piece {
  if (typeof like === 'string') return text
  return 'strong' in like ? { strong: text } : { block: text }
}
