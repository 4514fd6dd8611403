import type { Options } from '../condition/ast.ts'
import type { AlertDocument } from './alerts.ts'

const PHASES: readonly string[] = ['armed', 'pending', 'done', 'expired', 'deleted']
const MODES: readonly Options['mode'][] = ['once', 'repeat', 'every']

/**
 * Why an alert's document cannot be used, or undefined where it can: what was written by another version, or by hand,
 * must not take down the alerts beside it. The condition is not judged, only whether it knows what it speaks of.
 */
export function whyBroken(document: AlertDocument): string | undefined {
  const { phase, condition, options, bindings, symbols, triggers, unsent } = document
  if (!PHASES.includes(phase)) return `its phase is "${phase}"`
  if (!isObject(condition)) return 'it has no condition'
  if (!isObject(options) || !MODES.includes(options.mode as never)) return 'it has no options'
  if (!Array.isArray(triggers) || triggers.length === 0 || !triggers.every(isObject)) return 'it has no triggers'
  if (!Array.isArray(unsent)) return 'it has no list of what is unsent'
  if (!Array.isArray(bindings) || !Array.isArray(symbols)) return 'it has no symbols'
  const bound = new Map(bindings.map(({ written, symbol }) => [written, symbol]))
  const unbound = mentionsOf(condition).find((written) => !symbols.includes(bound.get(written) ?? ''))
  return unbound === undefined ? undefined : `"${unbound}" is bound to no symbol`
}

/** Every symbol of a condition as it is written there. A list of alerts is judged whole, so nothing is looked at in vain. */
function mentionsOf(node: unknown, found: string[] = []): string[] {
  if (!isObject(node)) return found
  if (node.type === 'symbol')
    found.push(node.class === undefined ? String(node.ticker) : `${node.class}:${node.ticker}`)
  else for (const [key, part] of Object.entries(node)) if (key !== 'at') mentionsOf(part, found)
  return found
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
