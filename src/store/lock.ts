import { randomUUID } from 'node:crypto'
import { appendFile, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { isRunning, startOf } from './processes.ts'

/** The right of this process to use a directory. `release` gives it up and may be called twice. */
export type Lock = { release(): Promise<void> }

/** One line of the lock file: who wants the directory. `start` is what `startOf` gives, `token` is unique. */
type Claim = { readonly pid: number; readonly start: string; readonly token: string }

/**
 * Takes a directory for this process alone, by the file `lock` in it.
 *
 * Each comer appends a line; **the first line whose process still lives is the owner**. So nobody removes another's
 * lock, and of several processes that find a dead owner exactly one takes over. A line is alive when its pid runs and
 * started when the line says, so a pid used again, or pid 1 of a restarted container, is not taken for a living owner.
 *
 * Throws a UserError that names the owner's pid when the directory is taken, also by an earlier call in this process.
 */
export async function lockDirectory(directory: string, token: string = randomUUID()): Promise<Lock> {
  const path = join(directory, 'lock')
  const mine: Claim = { pid: process.pid, start: await startOf(process.pid), token }
  const owner = await claim(path, mine)
  if (owner?.token !== token) {
    await appendFile(path, `-${token}\n`)
    throw new UserError(
      `${directory} is in use by another Signal Generator (process ${owner?.pid}). Stop that one first.`,
    )
  }
  await replaceFile(path, `${lineOf(mine)}\n`)
  return { release: () => release(path, token) }
}

/** Adds my line and gives the owner. Starts again when the file was replaced meanwhile, as nobody looks at that one. */
async function claim(path: string, mine: Claim): Promise<Claim | undefined> {
  for (;;) {
    const file = await open(path, 'a+', 0o600)
    try {
      await file.appendFile(`${lineOf(mine)}\n`)
      const claims = parseClaims(await readFile(path, 'utf8').catch(() => ''))
      const [seen, current] = [await file.stat(), await stat(path).catch(() => undefined)]
      if (seen.ino === current?.ino && claims.some((claim) => claim.token === mine.token)) return await ownerOf(claims)
    } finally {
      await file.close()
    }
  }
}

/** Only the owner may replace or remove the file: whoever appended to the old one has seen the owner's line first. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

async function release(path: string, token: string): Promise<void> {
  const owner = await ownerOf(parseClaims(await readFile(path, 'utf8').catch(() => '')))
  if (owner?.token === token) await rm(path, { force: true })
}

async function ownerOf(claims: readonly Claim[]): Promise<Claim | undefined> {
  for (const claim of claims) {
    if (await isAlive(claim)) return claim
  }
  return undefined
}

async function isAlive({ pid, start }: Claim): Promise<boolean> {
  if (!(await isRunning(pid))) return false
  const now = await startOf(pid)
  return start === '' || now === '' || start === now
}

function lineOf({ pid, start, token }: Claim): string {
  return [pid, start, token].join('\t')
}

/** The claims of a lock file, without those withdrawn (`-token`) and without lines that are none. */
function parseClaims(text: string): readonly Claim[] {
  const lines = text.split('\n')
  const withdrawn = new Set(lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1)))
  return lines.flatMap((line) => {
    const [pid, start, token] = line.split('\t')
    const isClaim = /^\d+$/.test(pid ?? '') && start !== undefined && token !== undefined && !withdrawn.has(token)
    return isClaim ? [{ pid: Number(pid), start, token }] : []
  })
}
