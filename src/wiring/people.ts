import { randomBytes } from 'node:crypto'
import type { Platform } from '../channels/index.ts'
import { createPeople, type People } from '../commands/people.ts'
import type { JobParts } from '../jobs/index.ts'
import { usualCountries } from '../users/phone.ts'

/** What commands about people and their addresses work with. */
/** How many bytes of chance a code is made of is for its maker to say. */
export function peopleOf({ config, store }: Pick<JobParts, 'config' | 'store'>, channels: readonly Platform[]): People {
  const countries = config.SMS_COUNTRIES ?? usualCountries(config.TWILIO_FROM)
  const emails = channels.find((channel) => channel.emails)?.emails
  return createPeople(store, { channels, emails, countries, random: randomBytes })
}
