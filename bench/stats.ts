import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Prints one line of a report. */
export type Say = (line: string) => void

/** The value below which a share (0 to 1) of the samples lies: the nearest rank, so always one of them. NaN of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** The middle sample. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5)
}

/** A number for a table: about three digits that count, thousands apart. */
export function figure(value: number): string {
  const digits =
    Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Lines of a plain text table; the first row is its head, the first column is set left, the others right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('   ')}`.trimEnd()
  const rule = `  ${widths.map((width) => '-'.repeat(width)).join('   ')}`
  return rows.flatMap((row, i) => (i === 0 ? [line(row), rule] : [line(row)]))
}

/** Ms that one call takes, and what it gives. */
export async function timed<Result>(work: () => Promise<Result> | Result): Promise<[ms: number, result: Result]> {
  const begin = performance.now()
  const result = await work()
  return [performance.now() - begin, result]
}

/** Ms of processor time that this process has taken so far, all its threads together. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Bytes of the heap that are in use after the garbage was collected. */
export function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
