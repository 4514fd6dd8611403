import type { Alert } from '../../src/alert/types.ts'
import { classOf } from '../../src/condition/name.ts'
import { needs } from '../../src/condition/needs.ts'
import { parse } from '../../src/condition/parse.ts'
import { keyOf, symbolsOf } from '../../src/condition/symbols.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { guess } from '../../src/market/symbols.ts'
import { anAlert, blank } from '../builders.ts'

/** An armed alert on a line as a person types it, never looked at, but for what is given. */
export function typed(line: string, given: Partial<Alert> = {}): Alert {
  const { condition, options } = parse(line, { now: 0, zone: 'UTC' })
  const written = symbolsOf(condition).map(keyOf)
  const bindings = Object.fromEntries(written.map((name) => [name, guess(name) ?? '']))
  return anAlert({
    id: line,
    typed: line,
    text: line,
    condition,
    options,
    bindings,
    symbols: [...new Set(Object.values(bindings))],
    needs: needs({ condition, options }, (name) => classOf(bindings[name] ?? '')).map((need) => ({
      ...need,
      symbol: bindings[need.symbol] ?? '',
    })),
    triggers: triggersOf({ condition, options }).map(() => blank),
    ...given,
  })
}
