/** A stretch of what we say: plain text, emphasised text, or a block in which columns line up. */
export type Piece = string | { readonly strong: string } | { readonly block: string }

/** Something to press, and the command it stands for. */
export type Button = { readonly label: string; readonly command: string }

/** What we say, before a channel gives it the shape of its platform. */
export type Reply = {
  readonly pieces: readonly Piece[]
  readonly buttons: readonly Button[]
}

/** A reply of text and buttons. Text may be given as lines; they are joined by newlines. */
export function say(text: string | readonly string[], buttons: readonly Button[] = []): Reply {
  return { pieces: [typeof text === 'string' ? text : text.join('\n')], buttons }
}

/** A reply of several pieces. */
export function compose(pieces: readonly Piece[], buttons: readonly Button[] = []): Reply {
  return { pieces, buttons }
}

/** Control characters, but for tab and newline, and those that turn the direction of what follows (Unicode TR 9). */
const ORDERS = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu

/**
 * The same reply as text alone: what somebody typed, or a provider named something, must not move a cursor, colour a
 * screen or turn a line round.
 */
export function harmless({ pieces, buttons }: Reply): Reply {
  const clean = (text: string) => text.replace(ORDERS, ' ')
  return {
    pieces: pieces.map((piece) => {
      if (typeof piece === 'string') return clean(piece)
      return 'strong' in piece ? { strong: clean(piece.strong) } : { block: clean(piece.block) }
    }),
    buttons: buttons.map(({ label, command }) => ({ label: clean(label), command: clean(command) })),
  }
}

/** The words of a reply without any shape, one string. */
export function plain(reply: Reply): string {
  return reply.pieces
    .map((piece) => (typeof piece === 'string' ? piece : 'strong' in piece ? piece.strong : piece.block))
    .join('')
}
