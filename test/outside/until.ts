import { setTimeout as wait } from 'node:timers/promises'

/** How long anything may take at most, ms: far more than it does, so that a slow machine is no failure. */
const PATIENCE = 60_000
const LOOKS_EVERY = 50

/** Resolves when it is so. Throws when that takes too long; `what` says in words what was waited for. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, patience = PATIENCE): Promise<void> {
  const end = performance.now() + patience
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`After ${patience / 1000} s it was not so: ${what}`)
    await wait(LOOKS_EVERY)
  }
}
