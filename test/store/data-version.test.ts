import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readDataVersion, versionRefusal, writeDataVersion } from '../../src/store/data-version.ts'

let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'data-'))
  await mkdir(join(dataDir, 'db'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

test.each([
  // made, server, may open
  [undefined, '8.2.6', true],
  ['6.0.5', '6.0.5', true],
  ['6.0.5', '6.0.4', true],
  ['8.0.4', '8.2.6', true],
  ['8.2.6', '8.0.4', false],
  ['6.0.5', '7.0.14', false],
  ['7.0.14', '6.0.5', false],
  ['6.0.5', '10.0.0', false],
])('data made by %s, opened by %s: %s', (made, server, may) => {
  const refusal = versionRefusal(made, server)
  expect(refusal === undefined).toBe(may)
  if (!may) expect(refusal).toMatch(new RegExp(`${server}.*${made}`))
})

test('an empty directory belongs to no version, whatever an earlier try has noted', async () => {
  expect(await readDataVersion(dataDir)).toBeUndefined()
  await writeDataVersion(dataDir, '7.0.14')
  expect(await readDataVersion(dataDir)).toBeUndefined()
})

test('data belongs to the version that was noted', async () => {
  await writeDataVersion(dataDir, '6.0.5')
  await writeFile(join(dataDir, 'db', 'WiredTiger'), '')
  expect(await readDataVersion(dataDir)).toBe('6.0.5')
})

test.each([
  ['nothing', undefined],
  ['an empty file', ''],
  ['no version', 'six'],
])('data with %s to say who made it is refused', async (_, marker) => {
  await writeFile(join(dataDir, 'db', 'WiredTiger'), '')
  if (marker !== undefined) await writeFile(join(dataDir, 'mongodb-version'), marker)
  await expect(readDataVersion(dataDir)).rejects.toThrow(UserError)
})
