import { caret } from './condition/caret.ts'
import { format } from './condition/format.ts'
import { classOf } from './condition/name.ts'
import { needs } from './condition/needs.ts'
import { parse } from './condition/parse.ts'
import { keyOf, symbolsOf } from './condition/symbols.ts'
import { UserError } from './errors.ts'
import { guess } from './market/symbols.ts'

/**
 * `parse`: says how a text is understood. With `json`: `{ ok: true, condition, options, symbols, needs }` (canonical text;
 * durations in ms; canonical names where a symbol has one plain meaning, else as written; the candles it looks at), or
 * `{ ok: false, message, offset, length, suggestion }`. Gives the exit code: 0 understood, 1 not.
 */
export function parseCommand(text: string, json: boolean, print: (text: string) => void): number {
  try {
    print(json ? JSON.stringify(understood(text)) : format(parsed(text)))
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    print(json ? refusalJson(error) : caret(error))
    return 1
  }
}

function parsed(text: string) {
  return parse(text, { now: Date.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
}

function understood(text: string) {
  const { condition, options } = parsed(text)
  const nameOf = (written: string) => guess(written) ?? written
  const classOfWritten = (written: string) => {
    const symbol = guess(written)
    return symbol === null ? undefined : classOf(symbol)
  }
  const wanted = needs({ condition, options }, classOfWritten)
  return {
    ok: true,
    condition: format({ condition, options }),
    options,
    symbols: symbolsOf(condition).map((node) => nameOf(keyOf(node))),
    needs: wanted.map((need) => ({ ...need, symbol: nameOf(need.symbol) })),
  }
}

/** Why a text was not understood, as one line of JSON: `{ ok: false, message, offset, length, suggestion }`. */
export function refusalJson({ message, at, suggestion }: UserError): string {
  const place = { offset: at?.start ?? null, length: at ? at.end - at.start : null }
  return JSON.stringify({ ok: false, message, ...place, suggestion: suggestion ?? null })
}
