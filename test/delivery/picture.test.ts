import { describe, expect, test } from 'vitest'
import { draw } from '../../src/chart/draw.ts'
import { pictureOf } from '../../src/delivery/picture.ts'
import { aNotification, anEvidence, anOccurrence, MONDAY } from './a-notification.ts'

const MINUTE = 60_000
const points = [30, 20, 10].map((ago) => ({ at: MONDAY - ago * MINUTE, price: 500 - ago }))
const ports = {
  line: async () => ({ points, source: 'yahoo', currency: 'USD' }),
  levels: async () => [
    { symbol: 'stock:AAPL', price: 500, text: '> 500' },
    { symbol: 'stock:MSFT', price: 400, text: '> 400' },
  ],
}

describe('the picture of a firing', () => {
  test('shows how the price came to where it fired, the levels on that symbol, and the point', async () => {
    expect(await pictureOf(aNotification({ zone: 'Europe/Berlin' }), ports)).toEqual({
      title: 'Alert 7: AAPL price > 500',
      symbol: 'AAPL',
      source: 'yahoo',
      currency: 'USD',
      points: [...points, { at: MONDAY, price: 501.12 }],
      levels: [{ price: 500, label: '> 500' }],
      firings: [{ at: MONDAY, price: 501.12 }],
      zone: 'Europe/Berlin',
    })
  })

  test('can be drawn', async () => {
    const png = await draw((await pictureOf(aNotification(), ports))!)
    expect(Buffer.from(png!).toString('latin1', 1, 4)).toBe('PNG')
  })

  test('ends where it fired, also when it is told much later', async () => {
    const later = [...points, { at: MONDAY + MINUTE, price: 510 }]
    const line = async () => ({ points: later, source: 'yahoo', currency: 'USD' })
    expect((await pictureOf(aNotification(), { ...ports, line }))!.points.at(-1)).toEqual({ at: MONDAY, price: 501.12 })
  })

  test('of another figure than the price has the line and no point', async () => {
    const evidence = [anEvidence({ metric: 'change', value: '5.1' })]
    const picture = await pictureOf(aNotification({ occurrence: anOccurrence({ evidence }) }), ports)
    expect(picture).toMatchObject({ points, firings: [] })
  })

  test.each<[string, Parameters<typeof pictureOf>[0], Partial<typeof ports>]>([
    ['of anything else than a firing', aNotification({ occurrence: anOccurrence({ kind: 'blind' }) }), {}],
    ['without figures', aNotification({ occurrence: anOccurrence({ evidence: [] }) }), {}],
    ['where the line is not at hand', aNotification(), { line: (async () => undefined) as never }],
    ['where finding it fails', aNotification(), { line: () => Promise.reject(new Error('down')) }],
    ['where finding the levels fails', aNotification(), { levels: () => Promise.reject(new Error('down')) }],
    ['where that takes long', aNotification(), { line: () => new Promise(() => {}) }],
  ])('there is none %s', async (_what, notification, given) => {
    expect(await pictureOf(notification, { ...ports, ...given })).toBeUndefined()
  })
})
