import { type APIAllowedMentions, type APIEmbed, MessageFlags } from 'discord.js'
import type { Piece, Reply } from '../reply.ts'
import type { Row } from './discord-buttons.ts'
import { LONGEST_CONTENT, LONGEST_DESCRIPTION, LONGEST_TITLE, markdownOf, split } from './discord-text.ts'
import { ownWords, signBelow } from './outcome.ts'
import { wordsOf } from './split.ts'

/** What a message says, in the fields that creating, editing and answering have in common. */
export type Body = {
  readonly content: string
  readonly embeds: readonly APIEmbed[]
  readonly components: readonly Row[]
  readonly allowed_mentions: APIAllowedMentions
  readonly flags: number
}

/** A message of ours, as it was when a button under it was pressed. */
export type Shown = {
  readonly id: string
  /** When it was sent, or changed last, ms. */
  readonly at: number
  readonly content: string
  readonly embed?: { readonly title?: string; readonly description?: string; readonly color?: number }
}

/** The edge of a card by the way the price went. */
const COLOURS = { up: 0x2e_a0_5b, down: 0xd8_3c_3e } as const

/**
 * A reply as the messages it takes, one at least; the buttons stand under the last. What tells of a price that went up or
 * down is a card with a coloured edge, its first line the title; anything else is plain text, in which columns have more
 * room. `whom` is called by the first message, where it is given; nobody else is by any.
 */
export function bodiesOf(reply: Reply, rows: readonly Row[], whom?: string): Body[] {
  const called = whom === undefined ? '' : `<@${whom}>`
  const parts =
    reply.direction === undefined ? plainParts(reply.pieces, called) : cards(reply.pieces, reply.direction, called)
  return parts.map(({ content, embeds }, index) => ({
    content,
    embeds,
    components: index === parts.length - 1 ? rows : [],
    allowed_mentions: mentions(index === 0 ? whom : undefined),
    // A link that somebody typed is not shown as a page under our words.
    flags: embeds.length > 0 ? 0 : MessageFlags.SuppressEmbeds,
  }))
}

type Part = Pick<Body, 'content' | 'embeds'>

/** Who may be called by a message: nobody, or one. Without that, Discord reads the text for names. */
function mentions(whom?: string): APIAllowedMentions {
  return { parse: [], ...(whom === undefined ? {} : { users: [whom] }) }
}

function plainParts(pieces: readonly Piece[], called: string): Part[] {
  const before = called === '' ? '' : `${called}\n`
  const texts = split(pieces, LONGEST_CONTENT - before.length).map(markdownOf)
  return (texts.length > 0 ? texts : ['Done.']).map((text, index) => ({
    content: index === 0 ? before + text : text,
    embeds: [],
  }))
}

function cards(pieces: readonly Piece[], direction: 'up' | 'down', called: string): Part[] {
  const { title, rest } = titled(pieces)
  const texts = split(rest, LONGEST_DESCRIPTION).map(markdownOf)
  const described = texts.length > 0 ? texts : [title === undefined ? 'Done.' : '']
  return described.map((description, index) => ({
    content: index === 0 ? called : '',
    embeds: [
      {
        color: COLOURS[direction],
        ...(index === 0 && title !== undefined ? { title } : {}),
        ...(description === '' ? {} : { description }),
      },
    ],
  }))
}

/** The emphasised words a reply begins with, as far as they are a line by themselves that fits. */
function titled(pieces: readonly Piece[]): { title?: string; rest: readonly Piece[] } {
  const [first, next, ...more] = pieces
  if (first === undefined || typeof first === 'string' || !('strong' in first)) return { rest: pieces }
  const title = markdownOf([first.strong])
  const isLine = next === undefined || wordsOf(next).startsWith('\n')
  if (!isLine || title === '' || title.includes('\n') || title.length > LONGEST_TITLE) return { rest: pieces }
  return { title, rest: typeof next === 'string' ? [next.slice(1), ...more] : pieces.slice(1) }
}

/** A message that says nothing but this. */
export function lineOf(text: string): Body {
  return bodiesOf({ pieces: [text], buttons: [] }, [])[0]!
}

/** What stands in place of a message, or undefined where it takes more than one. */
export function insteadOf(reply: Reply, rows: readonly Row[]): (Body & { readonly attachments: [] }) | undefined {
  const [body, ...more] = bodiesOf(reply, rows)
  return body && more.length === 0 ? { ...body, attachments: [] } : undefined
}

/** A message of ours that stays, with a reply below its words; undefined where they do not fit together. */
export function belowOf(under: Shown, reply: Reply, rows: readonly Row[]): Partial<Body> | undefined {
  const added = markdownOf(reply.pieces)
  const rest = { components: rows, allowed_mentions: mentions() }
  const { embed, content } = under
  const own = ownWords((embed ? embed.description : content) ?? '')
  const text = own + signBelow(own) + added
  if (text.length > (embed ? LONGEST_DESCRIPTION : LONGEST_CONTENT)) return undefined
  return embed ? { embeds: [{ ...embed, description: text }], ...rest } : { content: text, ...rest }
}
