import { DateTime } from 'luxon'
import type { Quiet, User } from '../users/types.ts'

/**
 * When the quiet time that `now` lies in ends (both ms, real clock); undefined where it is not quiet. The times are those
 * of the clocks in `zone`, also on the days on which these are changed: a time that is left out then is an hour later, one
 * that comes twice is its first.
 */
export function quietUntil(quiet: Quiet | undefined, zone: string, now: number): number | undefined {
  if (!quiet) return undefined
  const today = DateTime.fromMillis(now, { zone }).startOf('day')
  for (const days of [-1, 0]) {
    const day = today.plus({ days })
    const from = atMinute(day, quiet.from)
    const until = atMinute(quiet.to > quiet.from ? day : day.plus({ days: 1 }), quiet.to)
    if (from <= now && now < until) return until
  }
  return undefined
}

/**
 * Until when what is not urgent is to be held for a person; undefined where it may be told. `zone`: of who has not told
 * theirs; ms, real clock.
 */
export function heldUntil(
  user: User | undefined,
  { urgent, zone, now }: { readonly urgent: boolean | undefined; readonly zone: string; readonly now: number },
): number | undefined {
  return urgent ? undefined : quietUntil(user?.quiet, user?.zone ?? zone, now)
}

function atMinute(day: DateTime, minutes: number): number {
  return day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis()
}
