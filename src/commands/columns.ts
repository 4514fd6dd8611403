/** A usage of so many characters or more does not widen the column of the others. */
const WIDE = 30

/** How things are typed, and beside that what they mean; beside a long one there is no room, so below it. */
export function inColumns(rows: readonly (readonly [typed: string, meaning: string])[]): string {
  const width = Math.max(...rows.map(([typed]) => typed.length).filter((length) => length < WIDE))
  return rows
    .map(([typed, meaning]) =>
      typed.length <= width ? `${typed.padEnd(width)}  ${meaning}` : `${typed}\n${' '.repeat(width)}  ${meaning}`,
    )
    .join('\n')
}
