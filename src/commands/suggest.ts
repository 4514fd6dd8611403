import type { Alert } from '../alert/types.ts'
import type { ArgumentKind, Suggest, Suggestion } from '../channels/channel.ts'
import { FUNCTIONS } from '../condition/functions.ts'
import { tickerOf } from '../condition/name.ts'
import { COIN_AND_STOCK } from '../market/coins.ts'
import type { Find } from '../market/find.ts'
import { inTime } from '../market/patience.ts'
import type { Listing } from '../market/provider.ts'
import { guess } from '../market/symbols.ts'
import type { Alerts } from '../store/alerts.ts'
import type { Users } from '../store/users.ts'
import { shorten } from './readers.ts'

/** What suggestions are made from. */
export type SuggestPorts = {
  readonly users: Pick<Users, 'find'>
  readonly alerts: Pick<Alerts, 'ofUser'>
  readonly find: Find
}

/** How long it may take, ms: a platform that shows suggestions waits no longer. */
const KNOWN_WITHIN = 1_700
const MOST = 25
const LONGEST_NAME = 100

type Asked = { readonly typed: string; alerts(): Promise<readonly Alert[]>; readonly find: Find }

/** Suggests what may be meant by what somebody has typed so far. Gives nothing where that is not known in time. */
export function createSuggest({ users, alerts, find }: SuggestPorts): Suggest {
  return async ({ channel, address }, kind, typed) => {
    const ofUser = async () => {
      const user = await users.find(channel, address)
      return user ? await alerts.ofUser(user.id) : []
    }
    const work = KINDS[kind]({ typed, alerts: ofUser, find })
    const found = await inTime(work, KNOWN_WITHIN).catch(() => undefined)
    return (found ?? []).slice(0, MOST)
  }
}

const KINDS: Readonly<Record<ArgumentKind, (asked: Asked) => Promise<readonly Suggestion[]>>> = {
  alert: ofAlerts,
  symbol: async (asked) => continued(asked.typed, (word) => ofSymbols(word, asked)),
  condition: async (asked) =>
    continued(asked.typed, async (word) => [...functionsLike(word, '('), ...(await ofSymbols(word, asked))]),
  function: async ({ typed }) => functionsLike(typed.trim().toLowerCase(), ''),
  text: async () => [],
}

/** A person's own alerts: by number, or by a word in them. */
async function ofAlerts({ typed, alerts }: Asked): Promise<readonly Suggestion[]> {
  const wanted = typed.trim().toLowerCase().replace(/^#/, '')
  const isWanted = ({ number, text }: Alert) => String(number).startsWith(wanted) || text.toLowerCase().includes(wanted)
  return (await alerts()).filter(isWanted).map((alert) => {
    const state = alert.paused
      ? ' (paused)'
      : alert.phase === 'done' || alert.phase === 'expired'
        ? ` (${alert.phase})`
        : ''
    const before = `${alert.number}: `
    return {
      name: `${before}${shorten(alert.text, LONGEST_NAME - before.length - state.length)}${state}`,
      value: String(alert.number),
    }
  })
}

/** Words of the language that stand where a symbol could. */
const WORDS =
  /^(and|or|not|above|below|over|under|between|crosses|hits|reaches|up|down|in|for|until|once|repeat|every)$/i

/** Completes the last word; what stands before it stays. */
async function continued(
  typed: string,
  ofWord: (word: string) => Promise<readonly Suggestion[]>,
): Promise<readonly Suggestion[]> {
  const match = /^(|.*[\s(,])([$^]?[a-z0-9][\w.:/=^-]*|)$/is.exec(typed)
  if (!match) return []
  const [, before = '', word = ''] = match
  if (WORDS.test(word) || /^\d+$/.test(word) || (word === '' && before !== '')) return []
  const found = await ofWord(word.toLowerCase())
  return found.map(({ name, value }) => ({ name: before + name, value: before + value }))
}

/** Where nothing is typed yet: what the person's own alerts watch. */
async function ofSymbols(word: string, { alerts, find }: Asked): Promise<readonly Suggestion[]> {
  if (word !== '') return (await find(word.replace(/^\$/, ''))).map(ofListing)
  const watched = new Set((await alerts()).flatMap(({ symbols }) => symbols))
  return [...watched].map((symbol) => ({ name: writtenOf(symbol), value: writtenOf(symbol) }))
}

function ofListing({ symbol, name, exchange }: Listing): Suggestion {
  const value = writtenOf(symbol)
  const said = [name === tickerOf(symbol) ? '' : name, exchange ?? '']
    .filter((part) => part !== '')
    .map((part) => shorten(part))
  return { name: said.length === 0 ? value : `${value} (${said.join(', ')})`, value }
}

/** The shortest that means this symbol and no other: `AAPL`, `BTC`, `EURUSD`, else the canonical name. */
function writtenOf(symbol: string): string {
  const ticker = tickerOf(symbol)
  const short = symbol.startsWith('crypto:') ? [ticker.replace(/\/USD$/, '')] : []
  const forms = [...short, ticker.replace('/', ''), ticker]
  return forms.find((form) => !(form in COIN_AND_STOCK) && guess(form) === symbol) ?? symbol
}

function functionsLike(word: string, after: string): Suggestion[] {
  return Object.entries(FUNCTIONS)
    .filter(([name]) => (after === '' || word !== '' ? name.startsWith(word) : false))
    .map(([name, { help }]) => {
      const value = `${name}${after}`
      return { name: `${value} ${after === '' ? `(${shorten(help, 60)})` : ''}`.trim(), value }
    })
}
