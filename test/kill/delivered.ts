/** The log of the double that messages are sent to: every line in the order it came. */
export type Log = {
  /** Takes in one line of the program's stdout. True when a message about a firing is complete with it. */
  add(line: string): boolean
  /** The firings told so far, as `alert | trigger | symbol price, symbol price`; one told twice is there twice. */
  firings(): readonly string[]
}

/** A log in which nothing is yet. */
export function createDelivered(): Log {
  const firings: string[] = []
  let fact: RegExpExecArray | null = null
  let evidence: string[] = []
  return {
    add(line) {
      const isOver = fact !== null && line.startsWith('[')
      if (fact && isOver) firings.push(`${fact[1]} | ${fact[2]} | ${evidence.join(', ')}`)
      const price = /^(\S+ \S+) USD at \d\d:\d\d:\d\d\b.*, replay\.$/.exec(line)
      if (price) evidence.push(price[1]!)
      else {
        fact = /^Alert (\d+): (.+)$/.exec(line)
        evidence = []
      }
      return isOver
    },
    firings: () => firings,
  }
}
