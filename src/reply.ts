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

/** The words of a reply without any shape, one string. */
export function plain(reply: Reply): string {
  return reply.pieces
    .map((piece) => (typeof piece === 'string' ? piece : 'strong' in piece ? piece.strong : piece.block))
    .join('')
}
