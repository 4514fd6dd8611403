import { caret } from './condition/caret.ts'
import { format } from './condition/format.ts'
import { parse } from './condition/parse.ts'
import { keyOf, symbolsOf } from './condition/symbols.ts'
import { UserError } from './errors.ts'
import { guess } from './market/symbols.ts'

/**
 * `parse`: says how a text is understood. With `json`: `{ ok: true, condition, options, symbols }` (canonical text;
 * durations in ms; canonical names where a symbol has one plain meaning, else as written), or
 * `{ ok: false, message, offset, length, suggestion }`. Gives the exit code: 0 understood, 1 not.
 */
export function parseCommand(text: string, json: boolean, print: (text: string) => void): number {
  try {
    const parsed = parse(text, { now: Date.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
    const symbols = symbolsOf(parsed.condition).map((node) => guess(keyOf(node)) ?? keyOf(node))
    print(
      json ? JSON.stringify({ ok: true, condition: format(parsed), options: parsed.options, symbols }) : format(parsed),
    )
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { message, at, suggestion } = error
    const place = { offset: at?.start ?? null, length: at ? at.end - at.start : null }
    print(json ? JSON.stringify({ ok: false, message, ...place, suggestion: suggestion ?? null }) : caret(error))
    return 1
  }
}
