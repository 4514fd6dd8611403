/** A split that somebody learned of. Times are ms on the clock of evaluation. */
export type KnownSplit = {
  readonly symbol: string
  /** When it took place. */
  readonly at: number
  /** When it was learned of: prices and candles that were had before may be of the shares before it. */
  readonly toldAt: number
}

/** Where known splits are kept, for every process. */
export type SplitsKept = {
  /** All of the last weeks: they are few. */
  read(): Promise<readonly KnownSplit[]>
  /** Keeps a split; of two that are the same the one that was told later stays. */
  write(split: KnownSplit): Promise<void>
}

/** Of which shares what is known of stocks is, whichever process learned of their splits. */
export type Shares = {
  /** Reads what others have learned. What cannot be read now stays as it was. */
  refresh(): Promise<void>
  /** From when on (ms) what was had of a symbol is of its shares of today; −Infinity where no split of it is known. */
  since(symbol: string): number
  /** Whether the split of a symbol at that moment (ms) is known. */
  knows(symbol: string, at: number): boolean
  /** Keeps that a split was learned of. Throws where it cannot be kept. */
  note(split: KnownSplit): Promise<void>
}

/** Shares as they are kept in a place. `failed` hears why it could not be read. */
export function createShares(place: SplitsKept, failed: (error: unknown) => void): Shares {
  let splits: readonly KnownSplit[] = []
  /** By symbol; looked at for every need of every round. */
  let toldLast = new Map<string, number>()
  const know = (all: readonly KnownSplit[]) => {
    splits = all
    toldLast = new Map()
    for (const { symbol, toldAt } of all) toldLast.set(symbol, Math.max(toldAt, toldLast.get(symbol) ?? toldAt))
  }
  return {
    async refresh() {
      try {
        know(await place.read())
      } catch (error) {
        failed(error)
      }
    },
    since: (symbol) => toldLast.get(symbol) ?? Number.NEGATIVE_INFINITY,
    knows: (symbol, at) => splits.some((split) => split.symbol === symbol && split.at === at),
    async note(split) {
      await place.write(split)
      know([...splits, split])
    },
  }
}
