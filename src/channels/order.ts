/** Work that is done one after another where it has the same key, and at the same time where it has not. */
export type Order = {
  /** Gives what the work gives, or throws what it throws; what comes after it is not stopped by that. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Resolves when all that was asked for so far is done. */
  idle(): Promise<void>
}

/** An order in which nothing waits yet. */
export function createOrder(): Order {
  const last = new Map<string, Promise<unknown>>()
  return {
    run(key, work) {
      const mine = (last.get(key) ?? Promise.resolve()).then(work)
      const settled: Promise<unknown> = mine
        .catch(() => {})
        .then(() => {
          if (last.get(key) === settled) last.delete(key)
        })
      last.set(key, settled)
      return mine
    },
    async idle() {
      await Promise.all(last.values())
    },
  }
}
