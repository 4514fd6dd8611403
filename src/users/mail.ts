import { UserError } from '../errors.ts'

const EXAMPLE = 'you@example.org'
/** RFC 5321, 4.5.3.1: octets before the @, and of all of it. */
const LONGEST_LOCAL = 64
const LONGEST = 254
/** RFC 5322, 3.2.3, without what only quotes may hold. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/
/** RFC 1035, 2.3.1. */
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/**
 * Reads an e-mail address; gives its one form: trimmed, in small letters. No server in use tells `Anna@` from `anna@`
 * (RFC 5321, 2.4 discourages it), and who is counted by address is not to get more by writing it otherwise. Throws
 * `UserError` with the reason and what to type instead.
 */
export function readEmail(text: string): string {
  const address = text
    .normalize('NFKC')
    .trim()
    .replace(/^<(.*)>$/, '$1')
    .replace(/^mailto:/i, '')
    .toLowerCase()
  const problem = problemOf(address)
  if (problem !== undefined) throw new UserError(problem, { suggestion: `subscribe email ${EXAMPLE}` })
  return address
}

function problemOf(address: string): string | undefined {
  if (address === '') return 'Which address?'
  if (/[\s\p{Cc}]/u.test(address)) return 'There is a space in that address.'
  const parts = address.split('@')
  if (parts.length === 1) return 'An e-mail address has an @ in it.'
  if (parts.length > 2) return 'There is more than one @ in that address.'
  const [local = '', domain = ''] = parts
  if (local === '') return 'There is nothing before the @.'
  if (domain === '') return 'There is nothing behind the @.'
  if (/[^\x20-\x7e]/.test(address)) return 'I can mail only to addresses in plain letters, without accents.'
  if (local.length > LONGEST_LOCAL || address.length > LONGEST) return 'That is too long for an e-mail address.'
  if (!LOCAL.test(local)) return 'There is a sign before the @ that no address has.'
  if (/^\.|\.$|\.\./.test(local) || /^\.|\.$|\.\./.test(domain)) return 'There is a dot too many in that address.'
  const labels = domain.split('.')
  if (labels.length < 2) return 'What stands behind the @ has no dot in it.'
  if (!labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1)!))
    return 'What stands behind the @ is no name of a mail server.'
  return undefined
}
