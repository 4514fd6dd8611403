/** What was last said of a key; of so many keys, those of which something was said last. */
export type Recent<Value> = {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

/** Remembers something of `most` keys, and nothing yet. */
export function createRecent<Value>(most: number): Recent<Value> {
  const known = new Map<string, Value>()
  return {
    get: (key) => known.get(key),
    set(key, value) {
      known.delete(key)
      known.set(key, value)
      const oldest = known.keys().next()
      if (known.size > most && !oldest.done) known.delete(oldest.value)
    },
    delete: (key) => void known.delete(key),
  }
}
