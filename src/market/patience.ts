/** The longest (ms) a person is kept waiting for a provider. */
export const PATIENCE = 6_000

/** What work gives, or undefined where it takes longer than `patience` (ms); the work itself goes on. Throws what it throws. */
export async function inTime<T>(work: Promise<T>, patience: number): Promise<T | undefined> {
  // By hand: a timer that a signal ends makes two errors each time, with their stacks.
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
