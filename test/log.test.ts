import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** Runs a script with a log of its own in a process of its own; gives what came out on each stream. */
function run(level: string, script: string): { lines: Record<string, unknown>[]; stdout: string } {
  const text = `import { createLog } from './dist/src/log.js'; const log = createLog('${level}'); ${script}`
  const { stderr, stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const lines = stderr.split('\n').filter((line) => line !== '')
  return { lines: lines.map((line) => JSON.parse(line)), stdout }
}

test('a line is JSON on stderr; stdout belongs to the conversation', () => {
  const { lines, stdout } = run('info', "log.info({ alert: 7 }, 'fired')")
  expect(lines).toEqual([expect.objectContaining({ level: 30, alert: 7, msg: 'fired' })])
  expect(stdout).toBe('')
})

test('a line is written before the call returns, so that the last one before a death is there', () => {
  expect(run('info', "log.error('the end'); process.reallyExit(0)").lines).toMatchObject([{ msg: 'the end' }])
})

test.each([
  ['warn', ['warn', 'error']],
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['silent', []],
])('at level %s only these lines are written: %j', (level, expected) => {
  const { lines } = run(level, "for (const name of ['debug', 'info', 'warn', 'error']) log[name](name)")
  expect(lines.map(({ msg }) => msg)).toEqual(expected)
})

test.each(['token', 'secret', 'password', 'key', 'authorization', 'address', 'phone', 'email', 'uri'])(
  'the field %s never shows what it holds, at the top and one below',
  (field) => {
    const { lines } = run('info', `log.info({ ${field}: 'hunter2', inner: { ${field}: 'hunter2', other: 1 } }, 'x')`)
    expect(lines).toMatchObject([{ [field]: '[redacted]', inner: { [field]: '[redacted]', other: 1 } }])
    expect(JSON.stringify(lines)).not.toContain('hunter2')
  },
)

test('an error is logged with its stack and its cause', () => {
  const { lines } = run('info', "log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'x')")
  expect(lines).toMatchObject([{ err: { type: 'Error', message: 'outer: inner' } }])
  expect(JSON.stringify(lines)).toContain('at file:')
})
