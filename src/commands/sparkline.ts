const BARS = '▁▂▃▄▅▆▇█'

/** A row of bars that shows how values went, at most `width` characters; empty for fewer than two values. */
export function sparkline(values: readonly number[], width = 32): string {
  if (values.length < 2) return ''
  const count = Math.min(width, values.length)
  const shown = Array.from(
    { length: count },
    (_, index) => values[Math.round((index * (values.length - 1)) / (count - 1))]!,
  )
  const [low, high] = [Math.min(...shown), Math.max(...shown)]
  const step = (high - low) / (BARS.length - 1) || 1
  return shown.map((value) => BARS[Math.round((value - low) / step)]).join('')
}
