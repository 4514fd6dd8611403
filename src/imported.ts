import { IANAZone } from 'luxon'
import { FILE_VERSION } from './commands/person-file.ts'
import { UserError } from './errors.ts'
import type { Place } from './store/erased.ts'
import type { Quiet } from './users/types.ts'

/** An alert as a file has it: what is typed behind `alert`. */
export type WantedAlert = { readonly line: string; readonly isPaused: boolean }

/** What is taken of a person out of a file. */
export type Imported = {
  /** Who they were when it was made. */
  readonly id?: string
  /** Where they were; nowhere in a file of lines. */
  readonly places: readonly Place[]
  readonly zone?: string
  readonly quiet?: Quiet
  readonly alerts: readonly WantedAlert[]
}

/**
 * Reads a file that `export` or `mydata` made, or a text with a line `/alert …` each. Of the first only what is known to be
 * sound is taken. Throws `UserError` with what is wrong where it is neither.
 */
export function importedFrom(text: string): Imported[] {
  return /^\s*\{/.test(text) ? peopleIn(text) : [{ places: [], alerts: linesIn(text) }]
}

const LINE = /^\/?alert\s+(\S.*)$/i

function linesIn(text: string): WantedAlert[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const alerts = lines.flatMap((line, index) => {
    if (line === '') return []
    const typed = LINE.exec(line)?.[1]
    if (typed === undefined) throw new UserError(`Line ${index + 1} is no alert: it does not begin with /alert.`)
    return [{ line: typed, isPaused: false }]
  })
  if (alerts.length === 0) throw new UserError('The file is empty.')
  return alerts
}

function peopleIn(text: string): Imported[] {
  const file = objectOf(parsed(text))
  if (file.version !== FILE_VERSION || !Array.isArray(file.people))
    throw new UserError('The file is JSON, but none that export or mydata made.')
  return file.people.map((entry, index) => {
    try {
      return personIn(objectOf(entry))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw new UserError(`Person ${index + 1} of the file cannot be read: ${error.message}`)
    }
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UserError('The file is no JSON to its end.')
  }
}

function personIn(entry: Record<string, unknown>): Imported {
  const user = objectOf(entry.user)
  const { zone, id } = user
  const quiet = quietIn(user.quiet)
  return {
    ...(typeof id === 'string' ? { id } : {}),
    places: listOf(user.subscriptions).map(placeOf),
    ...(typeof zone === 'string' && IANAZone.isValidZone(zone) ? { zone } : {}),
    ...(quiet ? { quiet } : {}),
    alerts: listOf(entry.alerts).flatMap(alertIn),
  }
}

function placeOf(value: unknown): Place {
  const { channel, address } = objectOf(value)
  if (typeof channel !== 'string' || typeof address !== 'string') throw new UserError('an address is no text.')
  return { channel, address }
}

function quietIn(value: unknown): Quiet | undefined {
  if (value === undefined) return undefined
  const { from, to } = objectOf(value)
  return isMinute(from) && isMinute(to) && from !== to ? { from, to } : undefined
}

function isMinute(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 1_440
}

/** Those that are on or paused; what is over stays over. */
function alertIn(value: unknown): WantedAlert[] {
  const { line, phase, paused } = objectOf(value)
  if (phase !== 'armed' && phase !== 'pending') return []
  const typed = typeof line === 'string' ? LINE.exec(line)?.[1] : undefined
  if (typed === undefined) throw new UserError('an alert has no line.')
  return [{ line: typed, isPaused: paused === true }]
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UserError('something is missing.')
  return value as Record<string, unknown>
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new UserError('a list is missing.')
  return value
}
