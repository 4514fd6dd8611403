import type { RawFile } from 'discord.js'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Picture, Reply } from '../reply.ts'
import { type Clock, type Draw, within } from './channel.ts'

/** How long after its words a picture may come, ms. */
const PICTURE_WITHIN = 3_000
/** The longest description of a file (docs.discord.com/developers, attachment structure). */
const LONGEST_ALT = 1_024

/** What a message is changed by so that it shows a picture. */
export type Attached = {
  readonly files: readonly RawFile[]
  readonly body: {
    readonly attachments: readonly { readonly id: number; readonly filename: string; readonly description: string }[]
  }
  /** How long the call may take, ms. */
  readonly within: number
}

/** Pictures on their way into messages whose words are there already. */
export type Pictures = {
  /** Begins to draw what a reply shows; undefined where it shows nothing. Never rejects. */
  draw(reply: Reply): Promise<Uint8Array | undefined> | undefined
  /** Puts it into a message, by `attach`, unless it comes too late; nobody waits for that. */
  follow(
    picture: Picture,
    drawing: Promise<Uint8Array | undefined>,
    attach: (attached: Attached) => Promise<unknown>,
  ): void
  /** Resolves when those under way are sent or given up. */
  idle(): Promise<void>
}

/** None are under way yet. */
export function createPictures({ draw, clock, log }: { draw: Draw; clock: Clock; log: Log }): Pictures {
  const underWay = new Set<Promise<void>>()

  const attachSoon = async (
    { title }: Picture,
    drawing: Promise<Uint8Array | undefined>,
    attach: (attached: Attached) => Promise<unknown>,
  ) => {
    const until = clock.now() + PICTURE_WITHIN
    const png = await within(clock, PICTURE_WITHIN, drawing)
    const left = until - clock.now()
    if (!png || left <= 0) return
    const filename = 'chart.png'
    await attach({
      files: [{ name: filename, data: Buffer.from(png), contentType: 'image/png' }],
      body: { attachments: [{ id: 0, filename, description: title.slice(0, LONGEST_ALT) }] },
      within: left,
    })
  }

  return {
    draw: ({ picture }) =>
      picture &&
      draw(picture).catch((err: unknown) => {
        log.warn({ err }, 'a picture could not be drawn')
        return undefined
      }),
    follow(picture, drawing, attach) {
      const work = attachSoon(picture, drawing, attach)
        .catch((error: unknown) => log.info({ why: messageOf(error) }, 'a picture was not sent'))
        .finally(() => underWay.delete(work))
      underWay.add(work)
    },
    async idle() {
      await Promise.all(underWay)
    },
  }
}
