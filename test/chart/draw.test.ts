import { beforeAll, describe, expect, test } from 'vitest'
import type { Picture } from '../../src/reply.ts'
import { type Area, aPicture, isBlue, isBrown, isDark, isRed, type Pixels, pixelsOf } from './pixels.ts'

/** As on a machine without any font; must be set before the canvas is loaded. */
process.env.DISABLE_SYSTEM_FONTS_LOAD = '1'
let draw: (picture: Picture) => Promise<Uint8Array | undefined>
let families: () => readonly string[]
beforeAll(async () => {
  draw = (await import('../../src/chart/draw.ts')).draw
  const { GlobalFonts } = await import('@napi-rs/canvas')
  families = () => GlobalFonts.families.map(({ family }) => family)
})

async function drawn(given: Partial<Picture> = {}): Promise<Pixels> {
  const png = await draw(aPicture(given))
  if (!png) throw new Error('nothing was drawn')
  return await pixelsOf(png)
}

const TITLE: Area = { left: 16, top: 8, right: 480, bottom: 34 }
const PLOT: Area = { left: 16, top: 44, right: 500, bottom: 254 }
const BELOW: Area = { left: 0, top: 256, right: 600, bottom: 276 }
const FOOT: Area = { left: 0, top: 278, right: 600, bottom: 300 }
const WHOLE: Area = { left: 0, top: 0, right: 600, bottom: 300 }
const isInk = ([red, green, blue]: readonly [number, number, number]) => red + green + blue < 600

describe('a picture', () => {
  test('is a PNG of 600 by 300 pixels', async () => {
    const png = await draw(aPicture())
    expect(Buffer.from(png!).subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
    const { width, height } = await pixelsOf(png!)
    expect([width, height]).toEqual([600, 300])
  })

  test('shows the line where the prices are: rising from the lower left to the upper right', async () => {
    const pixels = await drawn()
    const quarter = { width: 120, height: 80 }
    const lowerLeft = { left: 16, top: 254 - quarter.height, right: 16 + quarter.width, bottom: 254 }
    const upperRight = { left: 400, top: 44, right: 400 + quarter.width, bottom: 44 + quarter.height }
    const upperLeft = { left: 16, top: 44, right: 16 + quarter.width, bottom: 44 + quarter.height }
    const lowerRight = { left: 400, top: 254 - quarter.height, right: 400 + quarter.width, bottom: 254 }
    const blue = [lowerLeft, upperRight, upperLeft, lowerRight].map((area) => pixels.count(area, isBlue))
    expect(blue).toEqual([expect.toSatisfy((n) => n > 100), expect.toSatisfy((n) => n > 100), 0, 0])
  })

  test('has a dashed line for a level, at its height, and none where there is no level', async () => {
    const with110 = await drawn({ levels: [{ price: 110, label: '' }] })
    const rows = Array.from({ length: 210 }, (_, row) =>
      with110.count({ ...PLOT, top: 44 + row, bottom: 45 + row }, isBrown),
    )
    const fullest = rows.indexOf(Math.max(...rows)) + 44
    // 110 lies 10/24 of the way up, with a little air on both sides.
    expect(fullest).toBeGreaterThan(155)
    expect(fullest).toBeLessThan(170)
    expect(Math.max(...rows)).toBeGreaterThan(200)
    expect((await drawn()).count(PLOT, isBrown)).toBe(0)
  })

  test('names a level that is far off at the edge, and leaves the line of prices its height', async () => {
    const far = await drawn({ levels: [{ price: 1_000, label: 'AAPL > 1000' }] })
    expect(far.count({ ...PLOT, bottom: 62 }, isBrown)).toBeGreaterThan(50)
    expect(far.count({ ...PLOT, top: 62 }, isBrown)).toBe(0)
    expect(far.count({ ...PLOT, top: 200 }, isBlue)).toBeGreaterThan(100)
  })

  test('marks each firing at its time', async () => {
    const at = Date.UTC(2026, 10, 23, 12)
    const pixels = await drawn({ firings: [{ at, price: 112 }] })
    expect(pixels.count({ ...PLOT, left: 240, right: 310 }, isRed)).toBeGreaterThan(40)
    expect(pixels.count(WHOLE, isRed)).toBe(pixels.count({ ...PLOT, left: 240, right: 310 }, isRed))
    expect((await drawn()).count(WHOLE, isRed)).toBe(0)
  })
})

describe('words, on a machine without fonts', () => {
  test('there is no font but the one that comes with the program', async () => {
    await drawn()
    expect(families()).toEqual(expect.arrayContaining(['Signal Generator', 'Signal Generator Bold']))
    expect(families().filter((family) => !/Signal Generator|DejaVu/.test(family))).toEqual([])
  })

  test.each<[string, Area, Partial<Picture>]>([
    ['the title', TITLE, { title: '' }],
    ['the symbol', { left: 500, top: 8, right: 600, bottom: 34 }, { symbol: '' }],
  ])('%s is drawn', async (_what, area, without) => {
    expect((await drawn()).count(area, isInk)).toBeGreaterThan(20)
    expect((await drawn(without)).count(area, isInk)).toBe(0)
  })

  test('the times at the axis are those of the zone', async () => {
    const [utc, tokyo] = [await drawn(), await drawn({ zone: 'Asia/Tokyo' })]
    expect(utc.count(BELOW, isInk)).toBeGreaterThan(100)
    const differs = Array.from({ length: 600 }, (_, x) => x).some((x) =>
      Array.from({ length: 20 }, (_, y) => y + 256).some((y) => utc.at(x, y)[0] !== tokyo.at(x, y)[0]),
    )
    expect(differs).toBe(true)
  })

  test('the source and the zone stand at the foot', async () => {
    const pixels = await drawn({ source: 'Yahoo Finance' })
    expect(pixels.count({ ...FOOT, right: 200 }, isInk)).toBeGreaterThan(50)
    expect(pixels.count({ ...FOOT, left: 400 }, isInk)).toBeGreaterThan(50)
  })

  test('a title that is too long is shortened before it reaches the symbol', async () => {
    const pixels = await drawn({ title: 'W'.repeat(500) })
    expect(pixels.count({ ...TITLE, left: 400, right: 520 }, isDark)).toBeGreaterThan(50)
    expect(pixels.count({ ...TITLE, left: 545, right: 552 }, isDark)).toBe(0)
  })
})

describe('what cannot be drawn as it is', () => {
  const point = (hour: number, price: number) => ({ at: Date.UTC(2026, 10, 23, hour), price })

  test.each<[string, Picture['points']]>([
    ['no price', []],
    ['one price', [point(1, 5)]],
    ['two prices at one moment', [point(1, 5), point(1, 6)]],
    ['one price and one that is none', [point(1, 5), point(2, Number.NaN)]],
  ])('%s: there is no picture', async (_title, points) => {
    expect(await draw(aPicture({ points }))).toBeUndefined()
  })

  test.each<[string, Partial<Picture>]>([
    ['prices that never move', { points: [point(1, 5), point(2, 5)] }],
    ['prices of zero', { points: [point(1, 0), point(2, 0)] }],
    ['prices below zero', { points: [point(1, -37.6), point(2, -12)] }],
    ['tiny prices', { points: [point(1, 1.2e-9), point(2, 1.3e-9)] }],
    ['huge prices', { points: [point(1, 1e15), point(2, 2e15)] }],
    ['prices out of order', { points: [point(3, 5), point(1, 6), point(2, 7)] }],
    [
      'a level and a firing that are no numbers',
      { levels: [{ price: Number.NaN, label: 'x' }], firings: [point(1, Number.NaN)] },
    ],
    ['twenty levels at one price', { levels: Array.from({ length: 20 }, () => ({ price: 110, label: 'level' })) }],
    ['a firing outside the times', { firings: [{ at: 0, price: 110 }] }],
    [
      'twenty years',
      {
        points: [
          { at: Date.UTC(2006, 0, 1), price: 1 },
          { at: Date.UTC(2026, 0, 1), price: 2 },
        ],
      },
    ],
    [
      'a second',
      {
        points: [
          { at: 0, price: 1 },
          { at: 1_000, price: 2 },
        ],
      },
    ],
    ['words of other scripts and emoji', { title: 'שלום Привет 🚀 日本' }],
  ])('%s: there is one all the same', async (_title, given) => {
    const pixels = await drawn(given)
    expect(pixels.count({ ...PLOT, right: 560 }, isBlue)).toBeGreaterThan(20)
  })
})
