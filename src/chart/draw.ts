import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import type { Level, Picture, Point } from '../reply.ts'
import { axisTexts, priceText, type Range, rangeOf, roundValues } from './scale.ts'
import { type TimeLine, timeLineOf } from './time-line.ts'
import { roundTimes } from './times.ts'

/** The size of every picture, pixels. */
const WIDTH = 600
const HEIGHT = 300

/** Where the prices are drawn; the rest is for words. */
const PLOT = { left: 16, top: 44, bottom: 254 }
/** About how many lines of the grid there are. */
const ROWS = 5
/** Beside the words of the price axis, and how wide these may be, pixels. */
const AXIS_AIR = 16
const WIDEST_AXIS = 110
const COLOURS = {
  paper: '#ffffff',
  ink: '#111827',
  quiet: '#6b7280',
  grid: '#e5e7eb',
  line: '#2563eb',
  under: 'rgba(37, 99, 235, 0.10)',
  level: '#b45309',
  firing: '#dc2626',
}
const REGULAR = 'Signal Generator'
const BOLD = 'Signal Generator Bold'
/** The least room between two words at an axis, and between two lines of words, pixels. */
const WORD_GAP = 14
const LINE_GAP = 14
/** A level further outside than the prices reach is shown at the edge, so that it does not press the line flat. */
const NEAR = 1

let isFontLoaded = false

/** The font comes with the program: on a machine without any, text would silently be left out. */
function loadFont(): void {
  if (isFontLoaded) return
  const folder = join(dirname(createRequire(import.meta.url).resolve('@fontsource/dejavu-sans/package.json')), 'files')
  GlobalFonts.registerFromPath(join(folder, 'dejavu-sans-latin-400-normal.woff2'), REGULAR)
  GlobalFonts.registerFromPath(join(folder, 'dejavu-sans-latin-700-normal.woff2'), BOLD)
  isFontLoaded = true
}

/** What places a price and a moment on the paper. */
type Scene = {
  readonly paper: SKRSContext2D
  readonly picture: Picture
  readonly points: readonly Point[]
  readonly range: Range
  /** Where the prices end and their axis begins, which is as wide as its words. */
  readonly right: number
  x(at: number): number
  y(price: number): number
}

/**
 * Draws prices as a PNG: the line of prices, the levels of the condition, where it fired, what it is about and who said
 * so. Undefined where there are fewer than two prices.
 */
export async function draw(picture: Picture): Promise<Uint8Array | undefined> {
  const points = picture.points
    .filter(({ at, price }) => Number.isFinite(at) && Number.isFinite(price))
    .sort((a, b) => a.at - b.at)
  if (points.length < 2 || points[0]!.at === points.at(-1)!.at) return undefined
  loadFont()
  const canvas = createCanvas(WIDTH, HEIGHT)
  const scene = sceneOf(canvas.getContext('2d'), picture, points)
  drawPaper(scene)
  drawPriceAxis(scene)
  drawTimeAxis(scene)
  drawPrices(scene)
  drawLevels(scene)
  drawFirings(scene)
  drawNow(scene)
  drawWords(scene)
  return await canvas.encode('png')
}

function sceneOf(paper: SKRSContext2D, picture: Picture, points: readonly Point[]): Scene {
  const firings = picture.firings.map(({ price }) => price).filter(Number.isFinite)
  const prices = [...points.map(({ price }) => price), ...firings]
  const near = picture.levels.map(({ price }) => price).filter((price) => isNear(price, prices))
  const range = rangeOf([...prices, ...near])
  const line: TimeLine = timeLineOf(points)
  const words = [...axisTexts(roundValues(range, ROWS)), nowText(points, range)]
  const right = WIDTH - AXIS_AIR - Math.min(Math.max(...words.map((word) => widthOf(paper, word))), WIDEST_AXIS)
  return {
    paper,
    picture,
    points,
    range,
    right,
    x: (at) => PLOT.left + line(at) * (right - PLOT.left),
    y: (price) => PLOT.bottom - ((price - range.low) / (range.high - range.low)) * (PLOT.bottom - PLOT.top),
  }
}

function nowText(points: readonly Point[], range: Range): string {
  return priceText(points.at(-1)!.price, range.high - range.low)
}

function isNear(level: number, prices: readonly number[]): boolean {
  const [low, high] = [Math.min(...prices), Math.max(...prices)]
  const reach = Math.max(high - low, Math.abs(high) * 0.01) * NEAR
  return level >= low - reach && level <= high + reach
}

function drawPaper({ paper }: Scene): void {
  paper.fillStyle = COLOURS.paper
  paper.fillRect(0, 0, WIDTH, HEIGHT)
}

function drawPriceAxis({ paper, points, range, right, y }: Scene): void {
  const values = roundValues(range, ROWS)
  const now = y(points.at(-1)!.price)
  for (const [index, text] of axisTexts(values).entries()) {
    const height = Math.round(y(values[index]!)) + 0.5
    drawLine(paper, PLOT.left, height, right, height, COLOURS.grid)
    const isHidden = Math.abs(height - now) < LINE_GAP
    if (!isHidden) write(paper, text, right + 10, height + 4, { colour: COLOURS.quiet, room: WIDTH - right - 14 })
  }
}

function drawTimeAxis({ paper, picture, points, right, x }: Scene): void {
  drawLine(paper, PLOT.left, PLOT.bottom + 0.5, right, PLOT.bottom + 0.5, COLOURS.grid)
  let free = PLOT.left
  for (const { at, text } of roundTimes(points[0]!.at, points.at(-1)!.at, picture.zone, 7)) {
    const half = widthOf(paper, text) / 2
    const place = Math.round(x(at)) + 0.5
    if (place - half < free || place + half > right + 8) continue
    drawLine(paper, place, PLOT.bottom, place, PLOT.bottom + 4, COLOURS.quiet)
    write(paper, text, place - half, PLOT.bottom + 17, { colour: COLOURS.quiet })
    free = place + half + WORD_GAP
  }
}

function drawPrices({ paper, points, right, x, y }: Scene): void {
  const trace = () => {
    paper.beginPath()
    for (const { at, price } of points) paper.lineTo(x(at), y(price))
  }
  trace()
  paper.lineTo(right, PLOT.bottom)
  paper.lineTo(PLOT.left, PLOT.bottom)
  paper.fillStyle = COLOURS.under
  paper.fill()
  trace()
  paper.strokeStyle = COLOURS.line
  paper.lineWidth = 2
  paper.lineJoin = 'round'
  paper.stroke()
}

function drawLevels({ paper, picture, range, right, y }: Scene): void {
  const levels = picture.levels.filter(({ price }) => Number.isFinite(price)).sort((a, b) => b.price - a.price)
  const isInside = ({ price }: Level) => price >= range.low && price <= range.high
  for (const level of levels.filter(isInside)) {
    const height = Math.round(y(level.price)) + 0.5
    drawLine(paper, PLOT.left, height, right, height, COLOURS.level, [6, 4])
  }
  let free = PLOT.top - LINE_GAP
  for (const level of levels) {
    const height = Math.min(Math.max(y(level.price), PLOT.top), PLOT.bottom)
    // Above its line, or where the words of another are there already, below it, or as far down as there is room.
    const base = height - 5 - free >= LINE_GAP ? height - 5 : Math.max(height + 13, free + LINE_GAP)
    const text = isInside(level) ? level.label : farLabel(level, range)
    const style = { colour: COLOURS.level, room: right - PLOT.left - 12, halo: true } as const
    write(paper, text, PLOT.left + 6, Math.min(base, PLOT.bottom - 4), style)
    free = base
  }
}

function farLabel({ label, price }: Level, { high }: Range): string {
  return `${price > high ? '↑' : '↓'} ${label}`
}

function drawFirings({ paper, picture, x, y }: Scene): void {
  for (const { at, price } of picture.firings) {
    if (!Number.isFinite(price)) continue
    drawDot(paper, x(at), y(price), 5, COLOURS.firing)
  }
}

/** The last price, where the line ends, and in a box at the axis. */
function drawNow({ paper, points, range, right, x, y }: Scene): void {
  const { at, price } = points.at(-1)!
  const height = y(price)
  drawDot(paper, x(at), height, 3.5, COLOURS.line)
  paper.fillStyle = COLOURS.line
  paper.beginPath()
  paper.roundRect(right + 6, height - 9, WIDTH - right - 8, 18, 3)
  paper.fill()
  write(paper, nowText(points, range), right + 10, height + 4, { colour: COLOURS.paper, room: WIDTH - right - 14 })
}

function drawWords({ paper, picture }: Scene): void {
  const { title, symbol, source, currency, zone } = picture
  const what = [symbol, currency].filter(Boolean).join(', ')
  const whatRoom = Math.min(widthOf(paper, what), 200)
  const titleRoom = WIDTH - 2 * PLOT.left - whatRoom - WORD_GAP
  const size = widthOf(paper, title, 15, BOLD) > titleRoom ? 12 : 15
  write(paper, title, PLOT.left, 26, { font: BOLD, size, room: titleRoom })
  write(paper, what, WIDTH - PLOT.left - whatRoom, 26, { colour: COLOURS.quiet, room: whatRoom })
  const small = { colour: COLOURS.quiet, size: 10, room: 320 }
  const told = `Prices: ${source}`
  write(paper, `Times: ${zone}`, PLOT.left, HEIGHT - 10, { ...small, room: 230 })
  write(paper, told, WIDTH - PLOT.left - Math.min(widthOf(paper, told, 10), small.room), HEIGHT - 10, small)
}

function drawLine(
  paper: SKRSContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: string,
  dashes: readonly number[] = [],
): void {
  paper.beginPath()
  paper.setLineDash([...dashes])
  paper.moveTo(x1, y1)
  paper.lineTo(x2, y2)
  paper.strokeStyle = colour
  paper.lineWidth = dashes.length > 0 ? 1.5 : 1
  paper.stroke()
  paper.setLineDash([])
}

function drawDot(paper: SKRSContext2D, x: number, y: number, radius: number, colour: string): void {
  paper.beginPath()
  paper.arc(x, y, radius, 0, 2 * Math.PI)
  paper.fillStyle = colour
  paper.fill()
  paper.lineWidth = 1.5
  paper.strokeStyle = COLOURS.paper
  paper.stroke()
}

/** `room`: what is longer is shortened, pixels. `halo`: readable over whatever is drawn there. */
type Style = {
  readonly colour?: string
  readonly size?: number
  readonly font?: string
  readonly room?: number
  readonly halo?: true
}

function write(paper: SKRSContext2D, text: string, x: number, y: number, style: Style): void {
  const { colour = COLOURS.ink, size = 11, font = REGULAR, room = Number.POSITIVE_INFINITY } = style
  paper.font = `${size}px "${font}"`
  const fitted = shortened(paper, text, room)
  if (style.halo) {
    paper.lineWidth = 4
    paper.lineJoin = 'round'
    paper.strokeStyle = COLOURS.paper
    paper.strokeText(fitted, x, y)
  }
  paper.fillStyle = colour
  paper.fillText(fitted, x, y)
}

function shortened(paper: SKRSContext2D, text: string, room: number): string {
  if (paper.measureText(text).width <= room) return text
  const characters = [...text]
  while (characters.length > 0 && paper.measureText(`${characters.join('')}…`).width > room) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

function widthOf(paper: SKRSContext2D, text: string, size = 11, font = REGULAR): number {
  paper.font = `${size}px "${font}"`
  return paper.measureText(text).width
}
