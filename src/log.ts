import { type Logger, pino } from 'pino'

/** The logger every room is given. */
export type Log = Logger

/** `secrets`: values that no line shows, wherever they stand in it. `write` takes each line; left out, it goes to stderr. */
export type LogOptions = { readonly secrets?: readonly string[]; write?(line: string): void }

/** Fields that may hold a secret or say where a person can be reached. */
const SECRET = ['token', 'secret', 'password', 'key', 'authorization', 'address', 'phone', 'email', 'uri']

const CENSORED = '[redacted]'

/**
 * What is a secret, or says where a person can be reached, by its looks alone: an error of a library may hold anything. A
 * date and a price have none of these shapes.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // User and password of an address, and what comes after these names in its query.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]+@/gi, `$1${CENSORED}@`],
  [/([?&](?:api_?key|apikey|key|token|access_token|secret|signature|sig)=)[^&\s"\\]+/gi, `$1${CENSORED}`],
  [/\b(bearer|basic) [\w+/=.~-]{16,}/gi, `$1 ${CENSORED}`],
  // A token of Telegram's, which stands in the address of each call, and one of Discord's.
  [/\b(?:bot)?\d{3,}:[\w-]{30,}/gi, CENSORED],
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, CENSORED],
  // Keys of Amazon's and ids of Twilio's: who has a message's id can read it.
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, CENSORED],
  [/\b(?:AC|SK|SM|MM|MG)[0-9a-f]{32}\b/g, CENSORED],
  // E-mail addresses, phone numbers, ids of people and chats of Discord, and addresses as we write them.
  [/[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi, CENSORED],
  [/\+[1-9]\d{6,14}\b/g, CENSORED],
  [/(?<![\d.])\d{17,20}(?![\d.])/g, CENSORED],
  [/\b(telegram|discord|sms|email):[^\s"\\,:]+/g, `$1:${CENSORED}`],
  [/\b(chat_id|user_id|recipient_id|chat|user)(\\?"?[=:] ?\\?"?)-?\d{5,}/gi, `$1$2${CENSORED}`],
]

/**
 * A JSON logger on stderr (stdout belongs to the conversation in the terminal).
 * Takes the level by pino's names, `silent` among them. Secrets and addresses are replaced: in fields of their name at the
 * top level and one below, and wherever something in a line looks like one or is one of the `secrets`.
 */
export function createLog(level: string, { secrets = [], write }: LogOptions = {}): Log {
  const paths = SECRET.flatMap((field) => [field, `*.${field}`])
  const out = write ? { write } : pino.destination({ dest: 2, sync: true })
  const redact = redactor(secrets)
  const clean = { write: (line: string) => void out.write(redact(line)) }
  return pino({ level, redact: { paths, censor: CENSORED } }, clean)
}

/** Shorter ones would be found everywhere. */
const SHORTEST_SECRET = 6

/** Takes what nobody is to read out of a text: what looks like a secret or an address, and these secrets, also as JSON has them. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const values = secrets.filter(({ length }) => length >= SHORTEST_SECRET)
  const written = [...new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]))]
  const longestFirst = written.sort((one, other) => other.length - one.length)
  return (text) => {
    const known = longestFirst.reduce((rest, value) => rest.replaceAll(value, CENSORED), text)
    return SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), known)
  }
}
