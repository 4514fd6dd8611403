import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'
import { type Row, rowsBetween } from './row.ts'

export type CoinDeskDouble = HttpDouble & {
  /** `BTC-USD` → its price. Change it at will; a missing instrument does not exist. */
  readonly prices: Map<string, number>
  readonly rows: Map<string, readonly Row[]>
}

const STEPS: Readonly<Record<string, number>> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 }
const UPDATED = Date.parse('2026-11-25T14:59:58Z')

/**
 * The ticks and candles of CoinDesk Data's CADLI index on 127.0.0.1, for who has the key `good`. `now`: when its prices
 * are true, ms.
 */
export async function startCoinDesk(
  given: Readonly<Record<string, number>> = {},
  now: () => number = () => UPDATED,
): Promise<CoinDeskDouble> {
  const prices = new Map(Object.entries(given))
  const rows = new Map<string, readonly Row[]>()
  const double = await startHttpDouble((url, { authorization }) => {
    if (authorization !== 'Apikey good') return failure(401, 2, 'API key required')
    const history = /^\/index\/cc\/v1\/historical\/(\w+)$/.exec(url.pathname)
    if (history) return candles(rows.get(url.searchParams.get('instrument') ?? ''), STEPS[history[1]!]!, url)
    const asked = (url.searchParams.get('instruments') ?? '').split(',').filter((name) => prices.has(name))
    if (asked.length === 0) return failure(404, 1, 'Instrument not found')
    return {
      body: { Data: Object.fromEntries(asked.map((name) => [name, tick(name, prices.get(name)!, now())])), Err: {} },
    }
  })
  return { ...double, prices, rows }
}

function failure(status: number, type: number, message: string) {
  return { status, body: { Data: {}, Err: { type, message, http_status_code: status } } }
}

function tick(name: string, VALUE: number, at: number) {
  return { TYPE: '266', MARKET: 'cadli', INSTRUMENT: name, VALUE, VALUE_LAST_UPDATE_TS: Math.floor(at / 1000) }
}

/** `limit` of them, the last at `to_ts`. */
function candles(all: readonly Row[] | undefined, step: number, url: URL) {
  if (!all) return failure(404, 1, 'Instrument not found')
  const last = Number(url.searchParams.get('to_ts')) * 1000
  const found = rowsBetween(all, last - (Number(url.searchParams.get('limit')) - 1) * step, last)
  const Data = found.map(([start, OPEN, HIGH, LOW, CLOSE, VOLUME]) => ({
    TIMESTAMP: start / 1000,
    ...{ OPEN, HIGH, LOW, CLOSE, VOLUME },
  }))
  return { body: { Data, Err: {} } }
}
