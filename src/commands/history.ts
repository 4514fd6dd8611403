import type { Tracked } from '../delivery/types.ts'
import { compose, type Piece, say } from '../reply.ts'
import type { Command, Context } from './command.ts'
import { outcomeWords, placeWords } from './outcome-words.ts'
import { readPage } from './readers.ts'
import { seenWords } from './seen-words.ts'
import { moment } from './words.ts'

const PAGE = 10

/** What a person was told, of all their alerts or of one, also of deleted ones; the newest first. */
export const history: Command = {
  name: 'history',
  aliases: ['log', 'fired'],
  usage: 'history 7',
  summary: 'What fired, and what became of each message',
  details: ['history: of all your alerts', 'history 7 page 2: further back'],
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert; all of them if left out' }],
  async run(context, args) {
    const { number, page } = readPage(args, history.usage)
    const range = { ...(number === undefined ? {} : { number }), skip: (page - 1) * PAGE, limit: PAGE + 1 }
    const found = await context.notifications.ofUser(context.user.id, range)
    const whose = number === undefined ? '' : ` ${number}`
    if (found.length === 0) return say(nothing(number, page))
    const pieces = together(found.slice(0, PAGE)).map((told) => entry(told, number !== undefined, context))
    const to = (label: string, other: number) => ({
      label,
      command: `history${whose}${other > 1 ? ` page ${other}` : ''}`,
    })
    const buttons = [
      ...(page > 1 ? [to('Back', page - 1)] : []),
      ...(found.length > PAGE ? [to('More', page + 1)] : []),
    ]
    return { ...compose(pieces.flatMap(afterLine), buttons), place: 'instead' }
  },
}

function nothing(number: number | undefined, page: number): string {
  if (page > 1) return 'There is nothing further back.'
  return number === undefined
    ? 'None of your alerts has told you anything yet.'
    : `Alert ${number} has told nothing yet.`
}

/** Notifications of one occurrence, which went to several addresses; they follow each other. */
function together(notifications: readonly Tracked[]): Tracked[][] {
  const groups: Tracked[][] = []
  for (const one of notifications) {
    const last = groups.at(-1)
    if (last?.[0]?.occurrence.id === one.occurrence.id) last.push(one)
    else groups.push([one])
  }
  return groups
}

const KINDS: Readonly<Record<Tracked['occurrence']['kind'], string>> = {
  fired: '',
  expired: 'ended: ',
  blind: 'blind: ',
  sighted: 'sees again: ',
  split: 'split: ',
  lost: 'its symbol is lost: ',
}

/** `Mon 23 Nov 15:04 alert 7: AAPL price > 500. AAPL 501.12 USD. telegram: sent at 15:04.` `named`: with the messages' ids. */
function entry(told: readonly Tracked[], named: boolean, { zone, now, realNow }: Context): Piece[] {
  const { alert, occurrence } = told[0]!
  const when = moment(occurrence.at, zone, now())
  const what = occurrence.kind === 'fired' ? occurrence.triggers.join(', and ') : alert.text
  const seen = occurrence.evidence.length > 0 ? ` ${seenWords(occurrence.evidence)}.` : ''
  const became = told.map((one) => `${placeWords(one)}: ${outcomeWords(one, zone, realNow(), named)}`).join('; ')
  return [{ strong: `${when} alert ${alert.number}` }, `: ${KINDS[occurrence.kind]}${what}.${seen} ${became}.`]
}

function afterLine(pieces: readonly Piece[], index: number): readonly Piece[] {
  return index === 0 ? pieces : ['\n', ...pieces]
}
