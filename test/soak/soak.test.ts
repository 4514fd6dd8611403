import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const SOAK = resolve('dist/test/soak/index.js')
/** Far more than it takes, so that a slow machine is no failure. */
const TIMEOUT = 420_000
/**
 * As many kills in as little time as the machine bears: two thirds of them at once again, while the process starts, which costs
 * little; two processes, of which one mostly goes on.
 */
const SHORT = '--kills 50 --minutes 0.6 --seed 7 --again 0.65 --processes start,worker --tick 1500 --quiet'

/** Runs it; what it printed and its exit code. */
async function soak(line: string): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [SOAK, ...line.split(' ')])
    return { code: 0, out: stdout }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout + stderr }
  }
}

test('50 kills at random moments on all channels at once lose nothing, make nothing up, and double no command', {
  timeout: TIMEOUT,
}, async () => {
  const { code, out } = await soak(SHORT)
  console.log(out)
  expect(code, out).toBe(0)
  expect(out).toMatch(/^Seed 7: 50 kills in /)
  expect(out).toContain('Nothing is wrong.')
})
