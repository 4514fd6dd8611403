import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { admit, createClock, START, suffer, TROUBLES, watch } from './market-trouble.ts'
import { runProgram } from './run-program.ts'

/** Beside those of `bad-provider.test.ts`. All of them, at every provider: `npm run bench -- market-trouble`. */
const SOME = ['resets the connection', '418', '451']

test('whatever goes wrong at a provider, nothing fires meanwhile, and once it is well again the alert does, without a restart', async () => {
  const clock = createClock()
  const { patients, settings } = await admit(['tiingo', 'binance'], clock)
  onTestFinished(async () => void (await Promise.all(patients.map(({ double }) => double.stop()))))
  const program = runProgram(['start'], { ...settings, MONGODB_URI: freshDatabase() }, { clock: START })
  const ward = { program, clock, patients }
  await watch(ward)
  for (const trouble of TROUBLES.filter(({ title }) => SOME.includes(title))) {
    const outcomes = await suffer(ward, trouble)
    expect(outcomes.map(({ falseFirings, recovered }) => ({ falseFirings, recovered }))).toEqual(
      patients.map(() => ({ falseFirings: 0, recovered: true })),
    )
  }
})
