import { setImmediate } from 'node:timers/promises'

/** The most that is asked for in one request. */
const MOST = 200

type Asked<Key, Value> = {
  readonly key: Key
  resolve(value: Value): void
  reject(error: unknown): void
}

/**
 * Asks one by one, and together: what is asked for in one turn of the event loop goes with one request, and what is asked
 * for while an answer is under way with the next one. A single question waits for nothing else, so that nobody waits where
 * little is going on; where much is, requests grow fuller, not more. No answer is older than its question.
 * `askMany` gives how the answer to a key is found. What it throws is thrown to all who asked with it.
 */
export function gather<Key, Value>(
  askMany: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
): (key: Key) => Promise<Value> {
  let waiting: Asked<Key, Value>[] = []
  let isUnderWay = false

  const askAll = async () => {
    isUnderWay = true
    await setImmediate()
    while (waiting.length > 0) {
      const asked = waiting.slice(0, MOST)
      waiting = waiting.slice(MOST)
      try {
        const answerTo = await askMany(asked.map(({ key }) => key))
        for (const { key, resolve } of asked) resolve(answerTo(key))
      } catch (error) {
        for (const { reject } of asked) reject(error)
      }
    }
    isUnderWay = false
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (!isUnderWay) void askAll()
    })
}
