import { ANNA, CHANNEL } from '../doubles/discord.ts'
import type { Level, SymbolName } from './prices.ts'

/** Where somebody writes. `place`: as messages from there are told apart; `name`: of who writes. */
export type Chat =
  | { readonly on: 'telegram'; readonly place: string; readonly id: number; readonly chat: number }
  | { readonly on: 'discord'; readonly place: string; readonly id: string; readonly channel?: string }
  | { readonly on: 'sms'; readonly place: string; readonly phone: string }

/** A part of an alert that can fire by itself. */
export type Trigger = {
  readonly symbols: readonly SymbolName[]
  met(levels: Readonly<Record<SymbolName, Level>>): boolean
}

/** An alert that somebody sets, and what it means as plain functions. `for` and `cooldown` are ms. */
export type Plan = {
  readonly line: string
  readonly triggers: readonly Trigger[]
  readonly once?: true
  readonly for?: number
  readonly cooldown?: number
}

/** Somebody, with the chat they write in, what they set before it begins, and where that is told. */
export type Person = {
  readonly name: string
  readonly chat: Chat
  readonly plans: readonly Plan[]
  /** Where else than in the chat. `link`: a chat that is joined to it. */
  readonly email?: string
  readonly phone?: string
  readonly link?: Chat
  /** Goes on writing commands while processes die; how long they rest between two, ms. */
  readonly rest?: number
}

const is = (symbol: SymbolName, ...levels: readonly Level[]): Trigger => ({
  symbols: [symbol],
  met: (all) => levels.includes(all[symbol]),
})

const above = (symbol: SymbolName): Plan => ({ line: `${symbol}/USD > 103.5 repeat`, triggers: [is(symbol, 'high')] })
const outside = (symbol: SymbolName): Plan => ({
  line: `${symbol}/USD > 103.5 or ${symbol}/USD < 101.5 repeat`,
  triggers: [is(symbol, 'high'), is(symbol, 'low')],
})
const both = (one: SymbolName, other: SymbolName): Plan => ({
  line: `${one}/USD > 103.5 and ${other}/USD > 101.5 repeat`,
  triggers: [{ symbols: [one, other], met: (levels) => levels[one] === 'high' && levels[other] !== 'low' }],
})
const once = (symbol: SymbolName): Plan => ({
  line: `${symbol}/USD < 101.5`,
  triggers: [is(symbol, 'low')],
  once: true,
})
const held = (symbol: SymbolName): Plan => ({
  line: `${symbol}/USD > 103.5 for 4s repeat`,
  triggers: [is(symbol, 'high')],
  for: 4_000,
})
const seldom = (symbol: SymbolName): Plan => ({
  line: `${symbol}/USD > 103.5 repeat cooldown 30s`,
  triggers: [is(symbol, 'high')],
  cooldown: 30_000,
})

const telegram = (id: number, chat = id): Chat => ({ on: 'telegram', place: `telegram:${chat}`, id, chat })
const discord = (id: string, channel?: string): Chat => ({
  on: 'discord',
  place: channel === undefined ? `discord:user/${id}` : `discord:channel/${channel}`,
  id,
  ...(channel === undefined ? {} : { channel }),
})
const sms = (phone: string): Chat => ({ on: 'sms', place: `sms:${phone}`, phone })

const GROUP = -1_001_234_567_890
const member = (number: number) => `7000000000000001${String(number).padStart(2, '0')}`

/** Who there is. On each platform some write on; groups and people with several addresses are told only. */
export const PEOPLE: readonly Person[] = [
  { name: 'Tara', chat: telegram(1001), plans: [above('BTC'), once('SOL'), held('ETH')], rest: 1_500 },
  { name: 'Theo', chat: telegram(1002), plans: [outside('ETH'), seldom('BTC')], rest: 1_500 },
  { name: 'Tina', chat: telegram(1003), plans: [both('BTC', 'ADA'), above('XRP')], rest: 2_500 },
  { name: 'a group', chat: telegram(1004, GROUP), plans: [above('DOGE')], rest: 20_000 },
  { name: 'Dana', chat: discord(ANNA), plans: [outside('SOL'), once('ADA')], rest: 1_500 },
  { name: 'Dora', chat: discord(member(2)), plans: [above('LINK'), held('DOGE')], rest: 2_500 },
  { name: 'a channel', chat: discord(member(3), CHANNEL), plans: [both('XRP', 'AVAX'), outside('ADA')], rest: 5_000 },
  { name: 'Sam', chat: sms('+12025550123'), plans: [above('AVAX'), outside('LINK')], rest: 1_500 },
  { name: 'Sue', chat: sms('+12025550124'), plans: [both('LINK', 'DOGE'), seldom('XRP'), once('BTC')], rest: 2_500 },
  {
    name: 'Mia',
    chat: telegram(1005),
    email: 'mia@example.org',
    phone: '+12025550125',
    plans: [outside('BTC'), held('SOL')],
  },
  {
    name: 'Max',
    chat: discord(member(4)),
    link: telegram(1006),
    email: 'max@example.org',
    plans: [outside('DOGE'), seldom('ADA')],
  },
]

/** Where an alert of somebody is told. */
export function placesOf({ chat, email, phone, link }: Person): string[] {
  return [
    chat.place,
    ...(link ? [link.place] : []),
    ...(email === undefined ? [] : [`email:${email}`]),
    ...(phone === undefined ? [] : [`sms:${phone}`]),
  ]
}

/** `via telegram, email, sms`, where it is told in more than one place. */
export function viaOf(person: Person): string {
  const channels = [...new Set(placesOf(person).map((place) => place.replace(/:.*/s, '')))]
  return channels.length > 1 ? ` via ${channels.join(', ')}` : ''
}
