import { expect, test } from 'vitest'
import { blankCell, emptyCell, fillCell } from '../../src/condition/cell.ts'

const filled = {
  price: '5.50',
  open: '5',
  high: '6',
  low: '4',
  previousClose: '3',
  volume: '7',
  bid: '5.4',
  ask: '5.6',
}

test('an empty cell knows nothing, and says why', () => {
  const cell = emptyCell('stock:AAPL', 'no quote yet')
  expect(cell).toMatchObject({ symbol: 'stock:AAPL', currency: '', why: 'no quote yet', at: 0, heardAt: 0 })
  expect(cell).toMatchObject({ price: Number.NaN, previousClose: Number.NaN, volume: Number.NaN, ask: Number.NaN })
  expect([...cell.series]).toEqual([])
})

test('a filled cell has every figure as a number and as it was written', () => {
  const cell = emptyCell('stock:AAPL', 'no quote yet')
  fillCell(cell, { currency: 'USD', ...filled, at: 1, heardAt: 2, sessionEnd: 3 })
  expect(cell).toMatchObject({ currency: 'USD', at: 1, heardAt: 2, sessionEnd: 3, why: undefined })
  expect(cell).toMatchObject({ price: 5.5, open: 5, high: 6, low: 4, previousClose: 3, volume: 7, bid: 5.4, ask: 5.6 })
  const { previousClose, ...others } = filled
  expect(cell.text).toEqual({ ...others, 'previous close': previousClose })
})

test('what is not given any more is not known any more', () => {
  const cell = emptyCell('stock:AAPL', 'no quote yet')
  fillCell(cell, { currency: 'USD', ...filled, at: 1, heardAt: 2, sessionEnd: 3 })
  fillCell(cell, { currency: 'USD', price: '6' })
  expect(cell).toMatchObject({ price: 6, open: Number.NaN, previousClose: Number.NaN, bid: Number.NaN })
  expect(cell).toMatchObject({ at: 0, heardAt: 0, sessionEnd: Number.POSITIVE_INFINITY })
  expect(cell.text).toMatchObject({ price: '6', open: undefined, 'previous close': undefined })
})

test('a listing in pence is in pence, but for its volume', () => {
  const cell = emptyCell('stock:OCDO.L', 'no quote yet')
  fillCell(cell, { currency: 'GBP', minor: { name: 'GBp', per: 100 }, price: '2.505', open: '2.4', volume: '7000' })
  expect(cell).toMatchObject({ currency: 'GBp', price: 250.5, open: 240, volume: 7000 })
  expect(cell.text).toMatchObject({ price: '250.5', open: '240', volume: '7000' })
})

test('a blank cell has lost its figures and its quote, but keeps its candles', () => {
  const cell = emptyCell('stock:AAPL', 'no quote yet')
  cell.series.set('1d', { finished: [], live: undefined, version: 0, why: undefined })
  fillCell(cell, { currency: 'USD', ...filled, at: 1, heardAt: 2, sessionEnd: 3 })
  blankCell(cell, 'It is silent.')
  expect(cell).toMatchObject({ price: Number.NaN, volume: Number.NaN, at: 0, heardAt: 0, why: 'It is silent.' })
  expect(Object.values(cell.text).every((text) => text === undefined)).toBe(true)
  expect([...cell.series.keys()]).toEqual(['1d'])
})
