import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { lockDirectory } from '../../src/store/lock.ts'
import { startOf } from '../../src/store/processes.ts'

let directory: string
const lockFile = () => join(directory, 'lock')

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a free directory is given, and is free again after release', async () => {
  const first = await lockDirectory(directory)
  await first.release()
  expect(await readdir(directory)).toEqual([])
  const second = await lockDirectory(directory)
  await second.release()
})

test('a second comer is refused in one line that names the owner', async () => {
  const lock = await lockDirectory(directory)
  const refusal = await lockDirectory(directory).catch((error) => error)
  expect(refusal).toBeInstanceOf(UserError)
  expect(refusal.message).toContain(`process ${process.pid}`)
  expect(refusal.message).not.toContain('\n')
  await lock.release()
})

test('one that was refused is never taken for the owner later', async () => {
  const lock = await lockDirectory(directory)
  await lockDirectory(directory).catch(() => {})
  await writeFile(lockFile(), (await readFile(lockFile(), 'utf8')).split('\n').slice(1).join('\n'))
  const next = await lockDirectory(directory)
  await next.release()
  await lock.release()
})

test('release by somebody who is not the owner any more changes nothing', async () => {
  const old = await lockDirectory(directory)
  await rm(lockFile())
  const owner = await lockDirectory(directory)
  await old.release()
  await expect(lockDirectory(directory)).rejects.toThrow('in use')
  await owner.release()
})

const deadPid = async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid
}

test.each([
  ['a process that is dead', async () => `${await deadPid()}\tboot:1\ttoken`],
  ['an earlier process with the pid of a living one', async () => `${process.pid}\tboot:1\ttoken`],
  ['pid 1 before the container was restarted', async () => '1\tboot:1\ttoken'],
  ['somebody whose line was cut off', async () => '12'],
  ['nobody, the file is empty', async () => ''],
])('a lock left by %s is taken over', async (_, line) => {
  await writeFile(lockFile(), `${await line()}\n`)
  const lock = await lockDirectory(directory)
  expect((await readFile(lockFile(), 'utf8')).trim().split('\n')).toHaveLength(1)
  await lock.release()
})

test('a living process that made its line earlier stays the owner', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await appendFile(lockFile(), `${child.pid}\t${await startOf(child.pid!)}\ttoken\n`)
  await expect(lockDirectory(directory)).rejects.toThrow(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await lockDirectory(directory)
  await lock.release()
})

test('of fifty that find a dead owner at the same moment exactly one takes over', async () => {
  for (let round = 0; round < 10; round++) {
    await writeFile(lockFile(), `${await deadPid()}\tboot:1\ttoken\n`)
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => lockDirectory(directory)))
    const owners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(owners).toHaveLength(1)
    await owners[0]?.release()
  }
})
