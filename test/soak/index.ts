import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createMutant } from '../kill/mutant.ts'
import type { Kind } from './fleet.ts'
import { MUTANTS } from './mutants.ts'
import { faultsOf, reportOf } from './report.ts'
import { soak } from './soak.ts'

/** `npm run soak -- --kills 1000 --minutes 45 --seed 7`; docs/soak.md tells the rest. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '45' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    dist: { type: 'string', default: resolve(dirname(fileURLToPath(import.meta.url)), '../..') },
    processes: { type: 'string', default: 'start,bot,worker,worker' },
    again: { type: 'string', default: '0.25' },
    twice: { type: 'string', default: '0.05' },
    mongod: { type: 'string', default: '40' },
    mutant: { type: 'string' },
    tick: { type: 'string', default: '2000' },
    lock: { type: 'string', default: '6000' },
    patience: { type: 'string', default: '60000' },
    quiet: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})

const folder = await mkdtemp(join(tmpdir(), 'signal-generator-soak-'))
const say = (line: string) => {
  if (!values.quiet) console.error(`${new Date().toISOString().slice(11, 19)} ${line}`)
}
say(`Seed ${values.seed}. All of it is in ${folder}.`)
const mutations = values.mutant === undefined ? undefined : MUTANTS[values.mutant]!
const mutant = mutations && (await createMutant(resolve(values.dist), mutations))
const facts = await soak({
  kills: Number(values.kills),
  minutes: Number(values.minutes),
  seed: Number(values.seed),
  dist: mutant?.dist ?? resolve(values.dist),
  folder,
  processes: values.processes.split(',') as Kind[],
  again: Number(values.again),
  twice: Number(values.twice),
  mongodEvery: Number(values.mongod),
  tick: Number(values.tick),
  lockLifetime: Number(values.lock),
  patience: Number(values.patience),
  say,
})
console.log(reportOf(facts))
const isWell = faultsOf(facts).length === 0
if (isWell && !values.keep) await rm(folder, { recursive: true, force: true })
else console.log(`What is needed to find the cause is in ${folder}.`)
process.exit(isWell ? 0 : 1)
