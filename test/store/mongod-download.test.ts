import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { cachedMongod } from '../../src/store/mongod-cache.ts'
import { OFFICIAL_VERSION, officialDownload } from '../../src/store/mongod-download.ts'

const BINARY = `#!/bin/sh\necho "db version v${OFFICIAL_VERSION}"\n`

let folder: string
let archive: Buffer
let server: Server | undefined
let cacheDir: string
let said: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'))
  await mkdir(join(folder, 'mongodb', 'bin'), { recursive: true })
  await writeFile(join(folder, 'mongodb', 'bin', 'mongod'), BINARY)
  execFileSync('tar', ['-czf', join(folder, 'mongodb.tgz'), '-C', folder, 'mongodb'])
  archive = await readFile(join(folder, 'mongodb.tgz'))
})
beforeEach(async () => {
  cacheDir = await mkdtemp(join(folder, 'cache-'))
  said = []
})
afterEach(() => {
  vi.unstubAllEnvs()
  server?.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Stands in for MongoDB's download site, with this checksum. */
async function serve(md5: string, asked: string[] = []): Promise<void> {
  server = createServer((request, response) => {
    asked.push(request.url!)
    const body = request.url!.endsWith('.md5') ? Buffer.from(`${md5}  mongodb.tgz\n`) : archive
    response.setHeader('content-length', body.length).end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('MONGOMS_USE_HTTP', 'true')
}

const md5Of = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
const download = (refuses: () => string | undefined = () => undefined) =>
  officialDownload.find({ cacheDir, refuses, say: (line) => said.push(line) })

test('the official build is checked, unpacked and put into the cache, and fetched only once', async () => {
  const asked: string[] = []
  await serve(md5Of(archive), asked)
  const path = await download()
  expect(path).toBe(cachedMongod(cacheDir, OFFICIAL_VERSION))
  expect(await readFile(path, 'utf8')).toBe(BINARY)
  expect(await readdir(cacheDir)).toHaveLength(1)
  expect(said[0]).toMatch(/Fetching MongoDB/)
  await download()
  expect(asked).toHaveLength(2)
})

test('an archive whose checksum is wrong is not used', async () => {
  await serve('0'.repeat(32))
  await expect(download()).rejects.toThrow(/md5/i)
  expect(await readdir(cacheDir)).toEqual([])
})

test('where the site cannot be reached, the reason is said and given', async () => {
  vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', 'http://127.0.0.1:9')
  vi.stubEnv('MONGOMS_USE_HTTP', 'true')
  await expect(download()).rejects.toThrow(/ECONNREFUSED/)
  expect(said.at(-1)).toMatch(/^That did not work: .*ECONNREFUSED/)
  expect(await readdir(cacheDir)).toEqual([])
})

test('nothing is fetched that could not open the data', async () => {
  await expect(download(() => 'other data')).rejects.toThrow('other data')
  expect(said).toEqual([])
})
