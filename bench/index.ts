import { availableParallelism } from 'node:os'
import { run as condition } from './condition.ts'
import { run as evaluate } from './evaluate.ts'
import type { Say } from './stats.ts'
import { run as tick } from './tick.ts'

/** What can be measured, by the name to type: `npm run bench`, or `npm run bench -- tick`. */
const BENCHES: Readonly<Record<string, (say: Say) => Promise<void> | void>> = { condition, evaluate, tick }

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(' and no ')}; there are ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(1)
}

console.log(`Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores.`)
for (const [name, run] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`\n== ${name}\n`)
  await run(console.log)
}
