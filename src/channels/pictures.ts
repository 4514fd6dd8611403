import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Reply } from '../reply.ts'
import { type Clock, type Draw, within } from './channel.ts'

/** How long after its words a picture may come, ms. */
const PICTURE_WITHIN = 3_000

/** Pictures on their way to where their words are already. */
export type Pictures = {
  /** Begins to draw what a reply shows, while its words are on their way; undefined where it shows nothing. Never rejects. */
  draw(reply: Reply): Promise<Uint8Array | undefined> | undefined
  /** Shows it by `show`, which has `left` ms for it; not where it is drawn too late. Nobody waits for that. */
  follow(drawing: Promise<Uint8Array | undefined>, show: (png: Uint8Array, left: number) => Promise<unknown>): void
  /** Resolves when those under way are shown or given up. */
  idle(): Promise<void>
}

/** None are under way yet. What cannot be drawn or shown is told by nobody: the words are there. */
export function createPictures({ draw, clock, log }: { draw: Draw; clock: Clock; log: Log }): Pictures {
  const underWay = new Set<Promise<void>>()
  return {
    draw: ({ picture }) =>
      picture &&
      draw(picture).catch((err: unknown) => {
        log.warn({ err }, 'a picture could not be drawn')
        return undefined
      }),
    follow(drawing, show) {
      const until = clock.now() + PICTURE_WITHIN
      const work: Promise<void> = within(clock, PICTURE_WITHIN, drawing)
        .then((png) => (png ? show(png, until - clock.now()) : undefined))
        .then(() => {})
        .catch((error: unknown) => log.info({ why: messageOf(error) }, 'a picture was not sent'))
        .finally(() => underWay.delete(work))
      underWay.add(work)
    },
    async idle() {
      await Promise.all(underWay)
    },
  }
}
