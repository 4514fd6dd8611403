import { IANAZone } from 'luxon'
import { UserError } from '../errors.ts'
import { say } from '../reply.ts'
import type { Command } from './command.ts'
import { shorten } from './readers.ts'
import { moment } from './words.ts'

/** Shows or sets the time zone a person lives in. */
export const timezone: Command = {
  name: 'timezone',
  aliases: ['tz'],
  usage: 'timezone Europe/Berlin',
  summary: 'Show or set your time zone',
  arguments: [{ name: 'zone', kind: 'text', summary: 'Where you are, as in: Europe/Berlin' }],
  async run({ users, user, zone, now }, args) {
    if (args === '' && user.zone === null) {
      const guessed = `I take your time zone to be ${zone}: it is ${moment(now(), zone, now())} there.`
      return say(`${guessed} If that is wrong, tell me yours like this: ${timezone.usage}`)
    }
    if (args === '') return say(`Your time zone is ${zone}: it is ${moment(now(), zone, now())} there.`)
    const named = zoneNamed(args)
    if (!named) {
      throw new UserError(`I know no time zone "${shorten(args)}". Type it as continent and city.`, {
        suggestion: timezone.usage,
      })
    }
    await users.setZone(user.id, named)
    return say(`Your time zone is ${named}: it is ${moment(now(), named, now())} there.`)
  },
}

/** A zone by its name or its city, in any case: `europe/berlin`, `new york`. */
function zoneNamed(text: string): string | undefined {
  const wanted = text.trim().toLowerCase().replace(/\s+/g, '_')
  const zones = Intl.supportedValuesOf('timeZone')
  const found =
    zones.find((zone) => zone.toLowerCase() === wanted) ??
    zones.find((zone) => zone.toLowerCase().endsWith(`/${wanted}`))
  return found ?? (IANAZone.isValidZone(text.trim()) ? text.trim() : undefined)
}
