import type { Reply } from '../reply.ts'
import { withBrief } from './brief.ts'
import { cooldownButton, gatherLine, renderDigest, renderFlood, renderSummary } from './digest-words.ts'
import type { Prices } from './lateness.ts'
import type { Away } from './outage-words.ts'
import { renderBundle } from './render.ts'
import type { Bundle, Telling } from './together.ts'
import type { Tracked } from './types.ts'

/** What words are made with: the time (ms, real clock), prices now, and where prices were while nobody saw them. */
export type Wording = { readonly now: number; readonly prices: Prices; readonly away: Away }

/** The words of a message. */
export function renderTelling({ how, bundle, gathers }: Telling, { now, prices, away }: Wording): Reply {
  if (how === 'digest') return renderDigest(bundle, prices)
  if (how === 'flood') return renderFlood(bundle, prices, gathers)
  if (how === 'summary') return renderSummary(bundle)
  const told = how === 'outage' ? byNumber(bundle) : bundle
  const reply = withBrief(told, renderBundle(told, away, now, prices), now)
  const [number] = gathers
  if (number === undefined) return reply
  const pieces = [...reply.pieces, `\n${gatherLine(number)}`]
  return { ...reply, pieces, buttons: [cooldownButton(number), ...reply.buttons] }
}

/** An outage makes all of its alerts blind at once: they are named as the person knows them. */
function byNumber(bundle: Bundle): Bundle {
  return bundle.toSorted((one, other) => one.alert.number - other.alert.number) as readonly Tracked[] as Bundle
}
