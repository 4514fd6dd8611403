import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** One change of the compiled program: `from` stands in `file` exactly once, and becomes `to`. */
export type Mutation = { readonly file: string; readonly from: string; readonly to: string }

/** A copy of the compiled program with changes in it. Throws when a change does not fit. */
export async function createMutant(dist: string, mutations: readonly Mutation[]) {
  const folder = await mkdtemp(join(tmpdir(), 'signal-generator-mutant-'))
  const mutant = join(folder, 'dist')
  await cp(dist, mutant, { recursive: true })
  await cp(resolve('package.json'), join(folder, 'package.json'))
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'dir')
  for (const { file, from, to } of mutations) {
    const path = join(mutant, file)
    const parts = (await readFile(path, 'utf8')).split(from)
    if (parts.length !== 2) throw new Error(`${file} has the text to be changed ${parts.length - 1} times: ${from}`)
    await writeFile(path, parts.join(to))
  }
  return { dist: mutant, remove: () => rm(folder, { recursive: true, force: true }) }
}
