/**
 * What is said once, before anything else, to a number: who we are, that rates may apply, how to end it
 * (CTIA Messaging Principles and Best Practices, 5.1).
 */
export const WELCOME =
  'Signal Generator: price alerts that you set. Msg&data rates may apply. Reply STOP to end, HELP for help, COMMANDS for what I can do.'

/** The one text that may follow words that ended it, where the carrier sends none by itself. */
export const GOODBYE =
  'Signal Generator: you are opted out and get no more texts from me. Reply START to get them again.'

/** What a number is told, once a day, when it has had as many texts as it may. */
export const ENOUGH =
  'That was my last text for today: the daily limit of texts is reached. Alerts go to your other addresses. By text I go on after midnight UTC.'

/** Stands where there are no words. */
export const WORDLESS = 'Type COMMANDS to see what I understand.'
/** The answer where nothing can be done with a text. */
export const BROKEN = 'Something broke on my side. Your alerts are safe. Try again in a moment.'
/** The answer to a picture without words. */
export const NO_WORDS = 'I read words only, no pictures. Type COMMANDS to see what I understand.'
/** The answer to a number that stands for nothing. */
export const NO_CHOICE = 'There is nothing to choose just now. Type COMMANDS to see what I understand.'
/** The answer to `MORE` where there is none. */
export const NO_MORE = 'There is no more to tell. Type COMMANDS to see what I understand.'
/** Stands at the end of what goes on. */
export const MORE = 'Reply MORE for the rest.'

/** What a text says about texts themselves. `theirs`: the platform or carrier has acted on it, and answered it. */
export type Wish = { readonly wants: 'none' | 'texts' | 'help'; readonly isTheirs: boolean }

/** Words that Twilio acts on where they stand alone (help.twilio.com, "Twilio support for opt-out keywords"). */
const OUT = /^(stop|stop ?all|unsubscribe|cancel|end|quit|revoke|opt ?out)$/
const IN = /^(start|unstop)$/
const HELP = /^(help|info)$/

/** Plain words to the same end, which must be honoured as well (47 CFR 64.1200(a)(10)): whoever says so means it. */
const PLAINLY_OUT = [
  /^(please )?(stop|end|quit|cease)( it| this| now| all| that| everything)?( please| now)?$/,
  /^(please )?(stop|quit|cease) (all )?(text|sms|messag|send|contact|alert|spam|bother)\w*( \D*)?$/,
  /^(please )?(unsubscribe|remove|delete|take) me( .*)?$/,
  /^(please )?opt(ing)? (me )?out( .*)?$/,
  /^(i want to|i wish to|i would like to|id like to) (stop|unsubscribe|opt out|cancel)( .*)?$/,
  /^(please )?(do not|dont|never) (text|sms|message|contact|send) ?(me|us|anything|texts|messages)?( .*)?$/,
  /^(please )?no more (texts?|sms|messages?|alerts?)( .*)?$/,
  /^(please )?(leave me alone|go away|wrong number)( .*)?$/,
  /^(i )?(revoke|withdraw)( my)? consent( .*)?$/,
  /^(unsubscribe|cancel) (please|now)$/,
]

/**
 * What a text wishes, if it is about texts themselves; `type` is what the platform says of it (`OptOutType` of Twilio's
 * webhook). `YES` alone counts only where the platform says so, or `isOut`: else it is an answer to a question.
 */
export function wishOf(text: string, type: string | undefined, isOut: boolean): Wish | undefined {
  if (type === 'STOP') return { wants: 'none', isTheirs: true }
  if (type === 'START') return { wants: 'texts', isTheirs: true }
  if (type === 'HELP') return { wants: 'help', isTheirs: true }
  const words = text
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  if (HELP.test(words)) return { wants: 'help', isTheirs: true }
  if (IN.test(words) || (isOut && words === 'yes')) return { wants: 'texts', isTheirs: true }
  if (OUT.test(words)) return { wants: 'none', isTheirs: isTwilios(text) }
  return PLAINLY_OUT.some((pattern) => pattern.test(words)) ? { wants: 'none', isTheirs: false } : undefined
}

/** One word, alone, is what the platform itself looks for. */
function isTwilios(text: string): boolean {
  return /^\s*(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)\s*$/i.test(text)
}

/** How phones send on what somebody tapped on a message: `Liked “Alert 1 is on.”` */
const REACTION =
  /^\s*(liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed an? .{1,20} from|reacted .{1,20} to) [“"]/i

/** A sign that somebody put to a message of ours: it says nothing to us. */
export function isReaction(text: string): boolean {
  return REACTION.test(text)
}

const QUOTED_OR_PICTURE = /["“”][^"“”]*["“”]|[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]+/gu
const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\p{Me}]|\p{Variation_Selector}/gu

/**
 * A text without what phones add to it and no command has: pictures outside of quotes, characters that are not seen, a
 * full stop or a question mark at the end.
 */
export function asCommand(text: string): string {
  return text
    .replace(UNSEEN, (c) => (/\p{Cc}/u.test(c) ? ' ' : ''))
    .replace(QUOTED_OR_PICTURE, (found) => (/^["“”]/.test(found) ? found : ' '))
    .replace(/[ \u00a0]+/g, ' ')
    .trim()
    .replace(/(?<=[\p{L}\p{N}])\s*[.?!]+$/u, '')
}

/** `help` alone is answered by the platform: our own help is `COMMANDS`. `start` alone is the carrier's, and not offered. */
export function inSmsWords(text: string): string {
  return text
    .replace(/\b(type|send|text|reply|say) help\b/gi, '$1 COMMANDS')
    .replace(/\b(Try:) help$/gm, '$1 COMMANDS')
    .replace(/^ *start(?:: .*| {2}.*)?(?:\n|$)/gm, '')
}

/** Labels that carriers, or people who know them, would take for their own words. */
const LABELS: Readonly<Record<string, string>> = {
  yes: 'go ahead',
  no: 'leave it',
  cancel: 'leave it',
  stop: 'leave it',
  end: 'finish',
  quit: 'leave it',
  start: 'begin',
  help: 'commands',
  info: 'commands',
}

/** The words of a choice. */
export function choiceLabel(label: string): string {
  return LABELS[label.toLowerCase()] ?? label
}

/** Words that mean something to carriers where they stand alone: never to be asked for. */
export const RESERVED = /^(stop|stop ?all|unsubscribe|cancel|end|quit|revoke|opt ?out|help|info|start|yes|unstop)$/i

/** Whether a command would be taken by the carrier. */
export function isReserved(command: string): boolean {
  return RESERVED.test(command.trim())
}
