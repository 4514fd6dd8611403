/** Less than so far away a level would be reached at any moment. */
const CLOSE = 0.01
/** About so far away it is a level one may be waiting for. */
const APART = 0.06

/** A round price some per cent above another one, and one below: `340` and `320` of 333.69. As decimal text. */
export function roundLevels(price: number): { readonly above: string; readonly below: string } {
  const step = roundStep(price * APART)
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const above = Math.ceil((price * (1 + CLOSE)) / step) * step
  const below = Math.floor((price * (1 - CLOSE)) / step) * step
  return { above: plainText(above, digits), below: plainText(below, digits) }
}

/** The largest of 1, 2 and 5 times a power of ten that is not above the size. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size))
  return power * ([5, 2].find((times) => times * power <= size) ?? 1)
}

function plainText(value: number, digits: number): string {
  return value.toFixed(Math.min(digits, 20))
}
