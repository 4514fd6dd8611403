import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, type MenuEntry, type Suggest, type Suggestion, within } from './channel.ts'
import type { Responder } from './discord-interaction.ts'
import type { News } from './discord-news.ts'
import { createRecent } from './recent.ts'

/** What Discord shows of suggestions (Autocomplete; choice structure), UTF-16 units. */
const MOST_CHOICES = 25
const LONGEST_CHOICE = 100
/** How long they may take, ms: after three seconds nobody sees them. */
const KNOWN_WITHIN = 2_000

type Typing = Extract<News, { kind: 'typing' }>

/** Answers what is being typed. */
export type Suggesting = (news: Typing) => Promise<void>

/** How many of the suggestions that were shown to somebody are remembered, and for how many people. */
const REMEMBERED = 100
const MOST_PEOPLE = 1_000

/**
 * Suggestions as they were shown. Whoever picks one and types on sends how it was shown, not what it stands for, with the
 * rest behind it.
 */
export type Offers = {
  shown(person: string, choices: readonly Suggestion[]): void
  /** What somebody means who sends this. */
  meant(person: string, text: string): string
}

/** Nothing was shown yet. */
export function createOffers(): Offers {
  const known = createRecent<readonly Suggestion[]>(MOST_PEOPLE)
  return {
    shown(person, choices) {
      const all = [...choices.filter(({ name, value }) => name !== value), ...(known.get(person) ?? [])]
      known.set(person, all.slice(0, REMEMBERED))
    },
    meant(person, text) {
      const offers = (known.get(person) ?? []).filter(({ name }) => text.startsWith(name))
      const [picked] = [...offers].sort((a, b) => b.name.length - a.name.length)
      return picked ? picked.value + text.slice(picked.name.length) : text
    },
  }
}

/** What suggesting works with. */
export type SuggestPorts = {
  readonly offers: Offers
  readonly menu: readonly MenuEntry[]
  readonly suggest: Suggest
  readonly responder: Responder
  readonly clock: Clock
  readonly log: Log
}

/** Shows what may be meant, or nothing where that is not known in time. */
export function createSuggesting({ offers, menu, suggest, responder, clock, log }: SuggestPorts): Suggesting {
  return async ({ handle, place, from, typed: { command, argument, text } }) => {
    const entry = menu.find(({ name }) => name === command)
    const kind = entry?.arguments?.find(({ name }) => name === argument)?.kind
    const who = { channel: 'discord', address: place.address }
    const asked = kind === undefined ? Promise.resolve([]) : suggest(who, kind, text).catch(() => [])
    const found = (await within(clock, KNOWN_WITHIN, asked)) ?? []
    const choices = found
      .filter(({ name, value }) => name.trim() !== '' && value !== '' && value.length <= LONGEST_CHOICE)
      .slice(0, MOST_CHOICES)
      .map(({ name, value }) => ({ name: shortened(name), value }))
    offers.shown(from.id, choices)
    await responder
      .suggest(handle, choices)
      .catch((error: unknown) => log.info({ why: messageOf(error) }, 'suggestions were not shown'))
  }
}

function shortened(name: string): string {
  return name.length <= LONGEST_CHOICE ? name : `${name.slice(0, LONGEST_CHOICE - 1)}…`
}
