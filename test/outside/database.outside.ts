import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { testCacheDir } from '../mongo.ts'
import { type Away, databaseAway } from './away-story.ts'
import { type Gate, startGate } from './gate.ts'
import { startWorld } from './world.ts'

type Leaving = (gate: Gate, pid: number) => Pick<Away, 'leave' | 'comeBack'>

const WAYS: readonly (readonly [string, Leaving])[] = [
  ['refuses connections', (gate) => ({ leave: () => gate.set('refuses'), comeBack: () => gate.set('open') })],
  ['is silent', (gate) => ({ leave: () => gate.set('silent'), comeBack: () => gate.set('open') })],
  [
    'stands still (SIGSTOP)',
    (_, pid) => ({ leave: () => void process.kill(pid, 'SIGSTOP'), comeBack: () => void process.kill(pid, 'SIGCONT') }),
  ],
]

test.for(WAYS)(
  'for 30 s the database %s under load: nobody is told what is not so, and all is recovered',
  async ([, leaving]) => {
    const world = await startWorld(2)
    onTestFinished(world.stop)
    const dataDir = mkdtempSync(join(tmpdir(), 'signal-generator-away-'))
    const mongo = await startEmbedded({
      ...{ dataDir, cacheDir: testCacheDir, systemBinary: process.env.MONGOMS_SYSTEM_BINARY, say: () => {} },
    })
    onTestFinished(async () => {
      await mongo.stop()
      rmSync(dataDir, { recursive: true, force: true })
    })
    const gate = await startGate(mongo.uri)
    onTestFinished(gate.stop)
    const through = new URL(mongo.uri)
    through.host = gate.host
    const story = await databaseAway(world, {
      ...{ uri: mongo.uri, through: through.href, away: 30_000 },
      ...leaving(gate, mongo.pid()),
    })
    console.log(JSON.stringify(story.figures))
    expect(story.faults).toEqual([])
  },
)
