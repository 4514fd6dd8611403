import { createCanvas, loadImage } from '@napi-rs/canvas'
import type { Picture } from '../../src/reply.ts'

/** A drawn picture, pixel by pixel. */
export type Pixels = {
  readonly width: number
  readonly height: number
  /** Red, green and blue of a pixel. */
  at(x: number, y: number): readonly [number, number, number]
  /** How many pixels of an area pass. */
  count(area: Area, passes: (colour: readonly [number, number, number]) => boolean): number
}

export type Area = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

/** Reads a PNG. */
export async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(Buffer.from(png))
  const paper = createCanvas(image.width, image.height).getContext('2d')
  paper.drawImage(image, 0, 0)
  const { data } = paper.getImageData(0, 0, image.width, image.height)
  const at = (x: number, y: number) => {
    const start = (y * image.width + x) * 4
    return [data[start]!, data[start + 1]!, data[start + 2]!] as const
  }
  return {
    width: image.width,
    height: image.height,
    at,
    count({ left, top, right, bottom }, passes) {
      let count = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if (passes(at(x, y))) count++
      return count
    },
  }
}

export const isDark = ([red, green, blue]: readonly [number, number, number]) => red + green + blue < 300
export const isBlue = ([red, , blue]: readonly [number, number, number]) => blue > 180 && red < 120
export const isRed = ([red, green, blue]: readonly [number, number, number]) => red > 180 && green < 80 && blue < 80
export const isBrown = ([red, green, blue]: readonly [number, number, number]) => red > 140 && green < 130 && blue < 60

const MONDAY = Date.UTC(2026, 10, 23)

/** A day of hourly prices that rise from 100 to 124, but for what is given. */
export function aPicture(given: Partial<Picture> = {}): Picture {
  return {
    title: 'AAPL price > 110',
    symbol: 'AAPL',
    source: 'test',
    points: Array.from({ length: 25 }, (_, hour) => ({ at: MONDAY + hour * 3_600_000, price: 100 + hour })),
    levels: [],
    firings: [],
    zone: 'UTC',
    ...given,
  }
}
