/** A stretch of what we say: plain text, emphasised text, or a block in which columns line up. */
export type Piece = string | { readonly strong: string } | { readonly block: string }

/** Something to press, and the command it stands for. */
export type Button = { readonly label: string; readonly command: string }

/** A moment and what the symbol cost then: ms, and a number that is good enough to be drawn. */
export type Point = { readonly at: number; readonly price: number }

/** A line across the whole picture: what an alert waits for, with the words that stand beside it. */
export type Level = { readonly price: number; readonly label: string }

/** Prices to be shown as a picture. It is data alone: a reply is kept, and drawn only where it is shown. */
export type Picture = {
  /** What it is about, one line. */
  readonly title: string
  /** The symbol as people write it. */
  readonly symbol: string
  /** Who told the prices. */
  readonly source: string
  /** What the prices are counted in; left out where a figure has no currency. */
  readonly currency?: string
  /** From the oldest to the newest. */
  readonly points: readonly Point[]
  readonly levels: readonly Level[]
  /** Where the alert fired, or would have fired. */
  readonly firings: readonly Point[]
  /** The time zone of the times at the axis, IANA. */
  readonly zone: string
}

/** A file of text. */
export type TextFile = { readonly name: string; readonly text: string }

/** What we say, before a channel gives it the shape of its platform. */
export type Reply = {
  readonly pieces: readonly Piece[]
  readonly buttons: readonly Button[]
  /**
   * The same in one line of at most 160 plain characters, for channels on which length costs money. Left out where the
   * pieces are that short already, or where only the whole is of use.
   */
  readonly brief?: string
  /** Which way the price went, where it tells of that: a platform may give it a colour. */
  readonly direction?: 'up' | 'down'
  /** In a group: the one whom it concerns, by the platform's id and name. They are called where the platform can. */
  readonly whom?: { readonly id: string; readonly name: string }
  /** Only who asked sees it, where the platform can do that. */
  readonly isPrivate?: true
  /** The next words of who asked are the answer to it. */
  readonly isQuestion?: true
  /**
   * Where it goes after a button was pressed: `below` the words of what was told unasked, as those stay true, with these
   * buttons in place of those and in place of what a press before it put there; any other message it takes the place of.
   * `instead`: the same, but below nothing. Left out: a message of its own, and the pressed one stays as it is. Words that
   * were typed are answered by a message of its own in any case.
   */
  readonly place?: 'instead' | 'below'
  /** It was told unasked, and its words stay whatever is pressed under them. Set by channels, for what they are to send. */
  readonly stays?: true
  /** Follows the words where the platform shows pictures; nothing waits for it. */
  readonly picture?: Picture
  /** Follows the words where the platform carries files. A reply with one is not remembered: asked again, it is made anew. */
  readonly file?: TextFile
}

/** A reply of text and buttons. Text may be given as lines; they are joined by newlines. */
export function say(text: string | readonly string[], buttons: readonly Button[] = []): Reply {
  return { pieces: [typeof text === 'string' ? text : text.join('\n')], buttons }
}

/** A reply of several pieces. */
export function compose(pieces: readonly Piece[], buttons: readonly Button[] = []): Reply {
  return { pieces, buttons }
}

/**
 * Control characters, but for tab and newline, halves of a character (which are no text: platforms refuse them), and
 * those that turn the direction of what follows (Unicode TR 9).
 */
const ORDERS = /[^\P{Cc}\t\n]|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/gu

/**
 * The same reply as text alone: what somebody typed, or a provider named something, must not move a cursor, colour a
 * screen or turn a line round.
 */
export function harmless(reply: Reply): Reply {
  const { pieces, buttons, picture, brief, whom } = reply
  return {
    ...reply,
    ...(brief === undefined ? {} : { brief: harmlessText(brief) }),
    ...(whom === undefined ? {} : { whom: { id: whom.id, name: harmlessText(whom.name) } }),
    pieces: pieces.map((piece) => {
      if (typeof piece === 'string') return harmlessText(piece)
      return 'strong' in piece ? { strong: harmlessText(piece.strong) } : { block: harmlessText(piece.block) }
    }),
    buttons: buttons.map(({ label, command }) => ({ label: harmlessText(label), command: harmlessText(command) })),
    ...(picture === undefined ? {} : { picture: harmlessPicture(picture) }),
  }
}

function harmlessPicture(picture: Picture): Picture {
  return {
    ...picture,
    title: harmlessText(picture.title),
    symbol: harmlessText(picture.symbol),
    source: harmlessText(picture.source),
    levels: picture.levels.map(({ price, label }) => ({ price, label: harmlessText(label) })),
  }
}

/** The text with blanks in place of characters that are no text. */
export function harmlessText(text: string): string {
  return text.replace(ORDERS, ' ')
}

/** The words of a reply without any shape, one string. */
export function plain(reply: Reply): string {
  return reply.pieces
    .map((piece) => (typeof piece === 'string' ? piece : 'strong' in piece ? piece.strong : piece.block))
    .join('')
}

/** Said of a message that could not even be begun for want of the database. */
export const NOTHING_DONE = 'I cannot reach my memory just now, so nothing was changed. Type it again in a minute.'

/** The same of a button. */
export const NOT_PRESSED = 'I cannot reach my memory just now, so nothing was changed. Press it again in a minute.'
