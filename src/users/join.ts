/** What an alert is called from now on: its old number, and its new one. */
export type Renumbered = { readonly alert: string; readonly from: number; readonly to: number }

/** Gives alerts the numbers that follow `last`, in the order of their old ones. */
export function renumber(
  alerts: readonly { readonly id: string; readonly number: number }[],
  last: number,
): Renumbered[] {
  return [...alerts]
    .sort((one, other) => one.number - other.number)
    .map(({ id, number }, index) => ({ alert: id, from: number, to: last + 1 + index }))
}

/** Old and new numbers as a person reads them: `1 → 8, 2 → 9`; of three and more in a row `4–9 → 10–15`. */
export function mapping(numbers: readonly Renumbered[]): string {
  const runs: Renumbered[][] = []
  for (const one of [...numbers].sort((a, b) => a.from - b.from)) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && one.from === last.from + 1 && one.to === last.to + 1) run.push(one)
    else runs.push([one])
  }
  return runs.flatMap((run) => (run.length > 2 ? [stretch(run)] : run.map(single))).join(', ')
}

function single({ from, to }: Renumbered): string {
  return `${from} → ${to}`
}

function stretch(run: readonly Renumbered[]): string {
  const [first, last] = [run[0]!, run.at(-1)!]
  return `${first.from}–${last.from} → ${first.to}–${last.to}`
}
