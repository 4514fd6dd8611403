import { type Logger, pino } from 'pino'

/** The logger every room is given. */
export type Log = Logger

/** Fields that may hold a secret or say where a person can be reached. */
const SECRET = ['token', 'secret', 'password', 'key', 'authorization', 'address', 'phone', 'email', 'uri']

/**
 * A JSON logger on stderr (stdout belongs to the conversation in the terminal).
 * Takes the level by pino's names, `silent` among them. Secrets and addresses are replaced at the top level and one below.
 */
export function createLog(level: string): Log {
  const paths = SECRET.flatMap((field) => [field, `*.${field}`])
  return pino({ level, redact: { paths, censor: '[redacted]' } }, pino.destination({ dest: 2, sync: true }))
}
