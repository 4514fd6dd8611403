import { type Clock, OWNED_FOR, type Ownership, within } from './channel.ts'

/** How often the owner renews, and how often others try, ms: another takes over `OWNED_FOR` and this later at most. */
const RENEW_EVERY = 3_000
const TRY_EVERY = 3_000
/** How long it may take to hear who is the owner, ms. */
const TOLD_WITHIN = 2_000
const UNTOLD = 'the database does not say which process listens'

/** What owning works with. */
export type OwnerPorts = {
  readonly owner: Ownership
  readonly clock: Clock
  /**
   * Done as long as this process is the owner; `ended` says when that is over. `isOurs` is false from the moment on at
   * which another may have it, whether or not this process has noticed.
   */
  listen(ended: AbortSignal, isOurs: () => boolean): Promise<void>
  /** This process does not listen: because another does, or because of a problem. */
  idle(problem: string | undefined): void
}

/** Listens whenever this process is the owner, and otherwise tries to become it. Gives a stop. */
export function startOwner(ports: OwnerPorts): () => Promise<void> {
  const stopping = new AbortController()
  const running = run(ports, stopping.signal)
  return async () => {
    stopping.abort()
    await running
  }
}

async function run({ owner, clock, listen, idle }: OwnerPorts, stopping: AbortSignal): Promise<void> {
  const hold = createHold(owner, clock)
  while (!stopping.aborted) {
    if (await hold.renew()) await listenWhileOurs(hold, listen, clock, stopping)
    else {
      idle(hold.problem())
      await clock.sleep(TRY_EVERY, stopping)
    }
  }
  await within(clock, TOLD_WITHIN, owner.release()).catch(() => {})
}

/** While nobody says who is the owner, what was ours stays so until its time is over. */
type Hold = { renew(): Promise<boolean>; isOurs(): boolean; problem(): string | undefined }

function createHold(owner: Ownership, clock: Clock): Hold {
  let until = 0
  let problem: string | undefined
  const isOurs = () => clock.now() < until
  return {
    isOurs,
    problem: () => problem,
    async renew() {
      const asked = clock.now()
      try {
        const isOwner = await within(clock, TOLD_WITHIN, owner.acquire())
        if (isOwner !== undefined) until = isOwner ? asked + OWNED_FOR : 0
        problem = isOwner === undefined ? UNTOLD : undefined
      } catch {
        problem = UNTOLD
      }
      return isOurs()
    },
  }
}

async function listenWhileOurs(
  hold: Hold,
  listen: OwnerPorts['listen'],
  clock: Clock,
  stopping: AbortSignal,
): Promise<void> {
  const lost = new AbortController()
  const ended = AbortSignal.any([stopping, lost.signal])
  const keep = async () => {
    while (!ended.aborted) {
      await clock.sleep(RENEW_EVERY, ended)
      if (!ended.aborted && !(await hold.renew())) lost.abort()
    }
  }
  const keeping = keep()
  try {
    await listen(ended, hold.isOurs)
  } finally {
    lost.abort()
    await keeping
  }
}
