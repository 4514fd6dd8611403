/** How long the address of the heartbeat may take to answer, ms. */
const TIMEOUT = 5_000

/** Tells whoever runs the bot that a round is complete: one GET, or nothing where no address is set. */
export type Heartbeat = () => Promise<void>

/** `failed` hears why a call did not come through; a heartbeat never throws. */
export function createHeartbeat(
  url: string | undefined,
  failed: (error: unknown) => void,
  get: typeof fetch = fetch,
): Heartbeat {
  return async () => {
    if (url === undefined) return
    try {
      const answer = await get(url, { signal: AbortSignal.timeout(TIMEOUT) })
      if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    } catch (error) {
      failed(error)
    }
  }
}
