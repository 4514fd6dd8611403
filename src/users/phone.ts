import {
  type CountryCode,
  getCountryCallingCode,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max'
import { UserError } from '../errors.ts'

const SUGGESTION = 'subscribe sms +12025550123'
/** Where nothing says otherwise: one numbering plan, and rates that hurt nobody. */
const USUAL: readonly string[] = ['US', 'CA']
const NAMES = new Intl.DisplayNames(['en'], { type: 'region' })

/** What kinds of numbers no text reaches, in words; others are phones, or may be. */
const NO_PHONES: Readonly<Record<string, string>> = {
  FIXED_LINE: 'a landline',
  TOLL_FREE: 'a toll-free number',
  PREMIUM_RATE: 'a premium-rate number',
  SHARED_COST: 'a shared-cost number',
  VOIP: 'an internet number',
  PERSONAL_NUMBER: 'a personal number that forwards calls',
  PAGER: 'a pager',
  UAN: 'the number of a company',
  VOICEMAIL: 'a mailbox',
}

/**
 * Reads the number of a phone that can be texted; gives its one form, E.164. `countries`: where such a phone may be, as
 * two letters each. Throws `UserError` with the reason and what to type instead.
 */
export function readPhone(text: string, countries: readonly string[]): string {
  const typed = text.normalize('NFKC').trim()
  if (typed === '') throw refused('Which number?')
  if (!/\d/.test(typed)) throw refused('That is no phone number.')
  if (/[^\d\s+()./\p{Pd}]/u.test(typed)) throw refused('A phone number is a plus sign and digits, nothing else.')
  if (!typed.startsWith('+'))
    throw refused('Begin with a plus sign and the code of the country, so that I know where the phone is.')
  const length = validatePhoneNumberLength(typed)
  if (length === 'INVALID_COUNTRY') throw refused('No country has a code like that.')
  if (length === 'TOO_SHORT') throw refused('That number has too few digits.')
  if (length === 'TOO_LONG') throw refused('That number has too many digits.')
  const phone = parsePhoneNumberFromString(typed)
  if (!phone?.isValid() || phone.country === undefined) throw refused('There is no such number where its code says.')
  if (!countries.includes(phone.country))
    throw new UserError(
      `I text no numbers in ${countryName(phone.country)}, only in ${listed(countries.map(countryName))}.`,
    )
  const type = phone.getType()
  if (type !== 'MOBILE' && type !== 'FIXED_LINE_OR_MOBILE')
    throw refused(`That is ${NO_PHONES[type ?? ''] ?? 'no mobile phone'}, which no text reaches.`)
  return phone.number
}

/** The countries whose numbers are texted unless the settings say it: the one that `from` (E.164) is in, else the usual ones. */
export function usualCountries(from: string | undefined): readonly string[] {
  const country: CountryCode | undefined = from === undefined ? undefined : parsePhoneNumberFromString(from)?.country
  return country === undefined || USUAL.includes(country) ? USUAL : [country]
}

/**
 * Whether a number (E.164) that writes by itself is answered: it is in one of these countries, or, where nobody knows in which
 * of those with its code it is, in one with that code.
 */
export function isTexted(number: string, countries: readonly string[]): boolean {
  const phone = parsePhoneNumberFromString(number)
  if (!phone) return false
  if (phone.country !== undefined) return countries.includes(phone.country)
  return countries.some((country) => getCountryCallingCode(country as CountryCode) === phone.countryCallingCode)
}

function countryName(country: string): string {
  const name = NAMES.of(country) ?? country
  return /^United |Islands$|Republic$|^(?:Netherlands|Philippines|Bahamas|Gambia|Maldives)$/.test(name)
    ? `the ${name}`
    : name
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function refused(reason: string): UserError {
  return new UserError(reason, { suggestion: SUGGESTION })
}
