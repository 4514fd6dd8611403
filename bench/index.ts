import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { run as backtest } from './backtest.ts'
import { run as commands } from './commands.ts'
import { run as condition } from './condition.ts'
import { run as evaluate } from './evaluate.ts'
import { run as marketRound } from './market-round.ts'
import { run as marketTrouble } from './market-trouble.ts'
import type { Say } from './stats.ts'
import { run as tick } from './tick.ts'
import { WEBHOOKS, run as webhooks } from './webhooks.ts'

/**
 * What can be measured, by the name to type: `npm run bench`, or `npm run bench -- tick`. `webhooks 15` takes 15 seconds,
 * and `webhooks sms` measures one platform.
 */
const BENCHES: Readonly<
  Record<string, (say: Say, seconds?: number, platforms?: readonly string[]) => Promise<void> | void>
> = {
  condition,
  evaluate,
  tick,
  backtest,
  'market-round': marketRound,
  commands,
  webhooks,
  'market-trouble': marketTrouble,
}

const INHERIT = { stdio: 'inherit' } as const

const [seconds] = process.argv.slice(2).flatMap((typed) => (/^\d+$/.test(typed) ? [Number(typed)] : []))
const words = process.argv.slice(2).filter((typed) => !/^\d+$/.test(typed))
const platforms = words.filter((typed) => WEBHOOKS.includes(typed))
const asked = words.filter((typed) => !WEBHOOKS.includes(typed))
const unknown = asked.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(' and no ')}; there are ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(1)
}

const [only] = asked
if (asked.length === 1 && only !== undefined) {
  const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`
  console.log(`\n== ${only} (${machine})\n`)
  await BENCHES[only]!(console.log, seconds, platforms.length > 0 ? platforms : undefined)
} else {
  const names = asked.length > 0 ? asked : Object.keys(BENCHES)
  // Each in a process of its own, so that none is measured on the heap that another left.
  const ends = names.map((name) => spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], INHERIT).status)
  process.exitCode = ends.every((status) => status === 0) ? 0 : 1
}
