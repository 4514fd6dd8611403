/** The lowest and the highest value shown. */
export type Range = { readonly low: number; readonly high: number }

/** The range of all values with a little air above and below; never without height. */
export function rangeOf(values: readonly number[]): Range {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const air = (high - low) * 0.08 || Math.abs(high) * 0.01 || 1
  return { low: low - air, high: high + air }
}

/** About `count` round values within a range: 1, 2, 2.5 or 5 times a power of ten apart. */
export function roundValues({ low, high }: Range, count: number): number[] {
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
}

/** Values as they stand at an axis: all with as many decimals as the distance between them needs, at most 10. */
export function axisTexts(values: readonly number[]): string[] {
  const step = values.length > 1 ? values[1]! - values[0]! : (values[0] ?? 1)
  const decimals = decimalsOf(step)
  return values.map((value) =>
    value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  )
}

/** One price as exact as can be seen where the whole picture is `height` high: a hundredth of that, more tells nothing. */
export function priceText(price: number, height: number): string {
  const decimals = Math.min(Math.max(2 - Math.floor(Math.log10(height)), 0), 10)
  return price.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(decimals, 2),
    maximumFractionDigits: decimals,
  })
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 10; decimals++) {
    const shifted = step * 10 ** decimals
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 * Math.abs(shifted)) return decimals
  }
  return 10
}
