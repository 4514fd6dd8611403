/** What recording works with. */
export type RecorderPorts = {
  /** Ms; does not keep the program from ending. */
  sleep(ms: number): Promise<void>
  /** Hears of an outcome that could not be recorded yet. */
  kept(ids: readonly string[], error: unknown): void
}

/** Records what became of sends, for as long as that takes: what is not recorded would be sent again. */
export type Recorder = {
  /**
   * Records by `write`. Where that throws, nobody knows whether it was done: the outcome is kept, `write` is called again
   * until it throws no more, and true is given as if it had been recorded. Never throws.
   */
  record(ids: readonly string[], write: () => Promise<boolean>): Promise<boolean>
  /** The notifications whose outcome is not recorded yet: they are not to be sent, whatever the database says of them. */
  unrecorded(): readonly string[]
  /** Resolves when nothing is kept any more. */
  settled(): Promise<void>
}

/** The wait between two tries, ms: shorter than it takes the database to find that it is back. */
const AGAIN_AFTER = 250

type Kept = { readonly ids: readonly string[]; write(): Promise<boolean> }

/** A recorder for one channel, shared by all rounds of a process. */
export function createRecorder({ sleep, kept: tell }: RecorderPorts): Recorder {
  const open = new Set<readonly string[]>()
  const kept: Kept[] = []
  let settling: Promise<void> | undefined

  const settle = async () => {
    for (let next = kept[0]; next; next = kept[0]) {
      try {
        await next.write()
        open.delete(next.ids)
        kept.splice(kept.indexOf(next), 1)
      } catch {
        // Behind the others: one that can never be recorded must not keep them from it.
        kept.push(...kept.splice(kept.indexOf(next), 1))
        await sleep(AGAIN_AFTER)
      }
    }
    settling = undefined
  }

  return {
    async record(ids, write) {
      open.add(ids)
      try {
        const isRecorded = await write()
        open.delete(ids)
        return isRecorded
      } catch (error) {
        tell(ids, error)
        kept.push({ ids, write })
        settling ??= settle()
        return true
      }
    },
    unrecorded: () => [...open].flat(),
    settled: () => settling ?? Promise.resolve(),
  }
}
