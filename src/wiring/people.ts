import { randomBytes } from 'node:crypto'
import type { Platform } from '../channels/index.ts'
import { createPeople, type People } from '../commands/people.ts'
import type { Config } from '../config.ts'
import type { JobParts } from '../jobs/index.ts'
import { usualCountries } from '../users/phone.ts'

/** The countries whose phones are texted. */
export function countriesOf({ SMS_COUNTRIES, TWILIO_FROM }: Config): readonly string[] {
  return SMS_COUNTRIES ?? usualCountries(TWILIO_FROM)
}

/** What commands about people and their addresses work with, on these channels. */
export function peopleOf({ config, store }: Pick<JobParts, 'config' | 'store'>, channels: readonly Platform[]): People {
  const countries = countriesOf(config)
  const emails = channels.find((channel) => channel.emails)?.emails
  return createPeople(store, { channels, emails, countries, random: randomBytes })
}
