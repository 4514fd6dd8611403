import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, plain, positive } from '../../src/market/numbers.ts'

describe('decimal', () => {
  it.each([
    [333.69, '333.69'],
    [73.79750061035156, '73.79750061035156'],
    [0.0000118, '0.0000118'],
    [1e-7, '0.0000001'],
    [1.2e7, '12000000'],
    [0, '0'],
    [-0, '0'],
    [-1.5, '-1.5'],
    ['21.00000000', '21.00000000'],
    ['0.0000118', '0.0000118'],
    ['1.18e-5', '0.0000118'],
    [' 84737.58 ', '84737.58'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['007', '7'],
  ])('writes %j as %s', (value, text) => expect(decimal(value)).toBe(text))

  it.each([
    [null],
    [undefined],
    [''],
    ['  '],
    ['N/A'],
    ['--'],
    ['1,250.75'],
    ['$5'],
    ['NaN'],
    ['Infinity'],
    [Number.NaN],
  ])('takes %j for no number', (value) => expect(decimal(value)).toBeNull())

  it.each([[Number.POSITIVE_INFINITY], [{}], [[1]], [true], ['0x10'], ['1e9999999'], ['1e-9999999'], ['9'.repeat(65)]])(
    'takes %j for no number either',
    (value) => expect(decimal(value)).toBeNull(),
  )

  it('keeps every price a double can hold to the last bit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e15, noNaN: true }), (value) => Number(decimal(value)) === value),
    )
  })
})

describe('positive', () => {
  it.each([
    [1, '1'],
    ['0.00', null],
    [0, null],
    [-3, null],
    ['-0.1', null],
    [null, null],
  ])('reads %j as %j', (value, text) => expect(positive(value)).toBe(text))
})

describe('plain', () => {
  it.each([
    ['$333.69', '333.69'],
    ['$1,529.6088', '1529.6088'],
    ['+0.34', '0.34'],
    ['-1.49', '-1.49'],
    ['+1.02%', '1.02'],
    ['31,878,433', '31878433'],
    [330.32, '330.32'],
  ])('reads %j as %s', (value, text) => expect(plain(value)).toBe(text))

  it.each([['N/A'], ['--'], ['UNCH'], ['$'], [''], [null], [undefined]])('finds no figure in %j', (value) =>
    expect(plain(value)).toBeNull(),
  )
})
