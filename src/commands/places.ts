import { UserError } from '../errors.ts'
import type { Subscription, User } from '../users/types.ts'
import { shorten } from './readers.ts'

/** What channels are called in the middle of a sentence. */
const NAMES: Readonly<Record<string, string>> = {
  telegram: 'Telegram',
  discord: 'Discord',
  sms: 'SMS',
  email: 'e-mail',
  console: 'the terminal',
}

/** What people call channels, beside their names. */
const ALSO: Readonly<Record<string, string>> = {
  text: 'sms',
  texts: 'sms',
  phone: 'sms',
  mobile: 'sms',
  mail: 'email',
  'e-mail': 'email',
  terminal: 'console',
}

/** What a channel is called in a sentence: `e-mail`. */
export function channelName(channel: string): string {
  return NAMES[channel] ?? channel
}

/** The channel that a word of a person's means; the word itself where it means none. */
export function channelIn(word: string): string {
  const name = word.toLowerCase()
  return ALSO[name] ?? name
}

type Where = Pick<Subscription, 'channel' | 'address'>

/**
 * An address in a sentence: `SMS to +12025550123`, `Telegram`; `Telegram 42` where `all` has several of that platform,
 * since the number of a chat says nothing to people.
 */
export function placeName({ channel, address }: Where, all: readonly Where[]): string {
  const name = channelName(channel)
  if (channel === 'sms' || channel === 'email') return `${name} to ${address}`
  const isOnly = all.filter((one) => one.channel === channel).length < 2
  return isOnly || channel === 'console' ? name : `${name} ${address.replace(/^user\//, '')}`
}

/** Several of them: `Telegram, SMS to +12025550123 and e-mail to you@example.org`. */
export function placeNames(some: readonly Where[], all: readonly Where[]): string {
  const names = some.map((one) => placeName(one, all))
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** The same as `placeName` where a sentence begins: `E-mail to you@example.org`. */
export function placeStart(place: Where, all: readonly Where[]): string {
  const name = placeName(place, all)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

/** The addresses of a user, a numbered line each; `here` is the subscription that the person writes from. */
export function placeLines({ subscriptions }: User, here: string): string[] {
  return subscriptions.map((subscription, index) => {
    const { id, off, isDefault } = subscription
    const marks = [
      ...(id === here ? ['you write from it'] : []),
      ...(isDefault ? ['hears of every alert'] : []),
      ...(off ? [`off: ${off.reason}`] : []),
    ]
    return `${index + 1}  ${[placeStart(subscription, subscriptions), ...marks].join(', ')}`
  })
}

/**
 * The address of a user that is meant by its number in the list, by its channel where there is one only, or by itself.
 * `command` is what is called with it. Throws `UserError` where none is meant, or it may be several.
 */
export function placeIn(args: string, user: User, command: string): Subscription {
  const { subscriptions } = user
  const typed = args.trim()
  const byNumber = /^#?\d{1,3}$/.test(typed) ? subscriptions[Number(typed.replace('#', '')) - 1] : undefined
  const address = typed.split(/\s+/).at(-1)?.toLowerCase() ?? ''
  const byAddress = subscriptions.filter((one) => one.address.toLowerCase() === address)
  const byChannel = subscriptions.filter(({ channel }) => channel === channelIn(typed))
  const [found, ...others] = byNumber ? [byNumber] : byAddress.length > 0 ? byAddress : byChannel
  if (found && others.length === 0) return found
  const problem = found
    ? `You have several of them. Which one?`
    : typed === ''
      ? 'Which address?'
      : `"${shorten(typed)}" is none of your addresses.`
  throw new UserError(`${problem} subscriptions shows their numbers.`, {
    choices: choicesOf(user, command, found ? [found, ...others] : subscriptions),
  })
}

function choicesOf({ subscriptions }: User, command: string, meant: readonly Subscription[]) {
  return meant.map((one) => ({
    label: placeStart(one, subscriptions),
    command: `${command} ${subscriptions.indexOf(one) + 1}`,
  }))
}
