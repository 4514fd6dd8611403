/** Has a work done after all that came before it, and gives its result; one that fails keeps none from being done. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Works that must not overlap, in the order they come. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}
