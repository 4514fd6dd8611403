import type { Kill } from './killing.ts'
import type { Verdict } from './verdict.ts'

/** A run in figures, as a table that can be put into a document. `minutes`: how long it lasted. */
export type Facts = {
  readonly seed: number
  readonly minutes: number
  readonly ticks: number
  readonly kills: readonly Kill[]
  readonly verdict: Verdict
  /** How often what was posted had to be posted again, and was posted again although it was answered. */
  readonly posted: { readonly again: number; readonly twice: number }
  /** What else was wrong. */
  readonly faults: readonly string[]
}

/** What must not be, each in words: nothing, if all is well. */
export function faultsOf({ kills, verdict, faults }: Facts): string[] {
  const { lost, falsely, copies, copiesOfUnanswered, commands } = verdict
  const ofKills = copies.length - copiesOfUnanswered
  return [
    ...lost.map((one) => `lost: ${one}`),
    ...falsely.map((one) => `told, and never happened: ${one}`),
    ...(ofKills > kills.length ? [`${ofKills} copies of ${kills.length} kills`] : []),
    ...commands.twice.map((one) => `done twice, or not: ${one}`),
    ...(lostAnswers(commands.askedAgain) > kills.length ? ['more answers were lost than kills made'] : []),
    ...commands.unanswered.map((one) => `never answered: ${one}`),
    ...verdict.faults,
    ...faults,
  ]
}

/**
 * Answers that were lost where the platform would have come again: it had been told that the message was heard. Discord
 * never comes again.
 */
function lostAnswers({ telegram = 0, sms = 0 }: Readonly<Record<string, number>>): number {
  return telegram + sms
}

/** The run in words and tables. */
export function reportOf(facts: Facts): string {
  const { seed, minutes, ticks, kills, verdict, posted } = facts
  const { commands, delays } = verdict
  const sorted = [...delays].sort((a, b) => a - b)
  const quantile = (share: number) => seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))])
  const faults = faultsOf(facts)
  return [
    `Seed ${seed}: ${kills.length} kills in ${minutes.toFixed(1)} min, ${ticks} ticks.`,
    '',
    table(['killed', ...STAGES, 'all'], killRows(kills)),
    '',
    table(
      ['channel', 'firings expected', 'told', 'lost', 'copies'],
      [
        ...[...verdict.rows].map(([channel, row]) => [channel, row.expected, row.delivered, row.lost, row.copies]),
        ['all', verdict.expected, verdict.delivered, verdict.lost.length, verdict.copies.length],
      ],
    ),
    '',
    `Told beside what was expected for sure: ${verdict.possibleTold} of ${verdict.possible} that the moments allowed. Notifications stored: ${verdict.stored}. False: ${verdict.falsely.length}. Copies: ${verdict.copies.length}, of them ${verdict.copiesOfUnanswered} of a send that had no answer in time.`,
    `From the price to the message: median ${quantile(0.5)}, 99 of 100 within ${quantile(0.99)}.`,
    `Commands: ${commands.written}, ${commands.answered} answered (median ${seconds(commands.median)}), ${commands.broken} with "something broke", ${commands.unanswered.length} never. Asked again for want of an answer: ${Object.entries(
      commands.askedAgain,
    )
      .map(([channel, count]) => `${channel} ${count}`)
      .join(', ')}.`,
    `${commands.sets} alerts asked for, ${commands.acted} there; ${commands.tells} firings asked for; done more often than written: ${commands.twice.length}.`,
    `Posted again because nobody answered: ${posted.again} times; again though answered: ${posted.twice} times.`,
    '',
    faults.length === 0
      ? 'Nothing is wrong.'
      : `WRONG (${faults.length}):\n${faults
          .slice(0, 100)
          .map((fault) => `- ${fault}`)
          .join('\n')}`,
  ].join('\n')
}

const STAGES = ['start', 'tick', 'store', 'fan-out', 'send', 'record', 'command', 'between', 'not known'] as const

function killRows(kills: readonly Kill[]): (string | number)[][] {
  const kinds = [...new Set(kills.map(({ kind }) => kind))].sort()
  const row = (name: string, those: readonly Kill[]) => [
    name,
    ...STAGES.map((stage) => those.filter((kill) => kill.stage === stage).length),
    those.length,
  ]
  return [
    ...kinds.map((kind) =>
      row(
        kind,
        kills.filter((kill) => kill.kind === kind),
      ),
    ),
    row('all', kills),
  ]
}

function seconds(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(ms) ? 'not known' : `${(ms / 1_000).toFixed(1)} s`
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
