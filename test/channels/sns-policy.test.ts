import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** What the policy in docs/aws.md allows. */
function allowed(): string[] {
  const policy = /\n {7}\{\n[\s\S]*?\n {7}\}\n/.exec(readFileSync('docs/aws.md', 'utf8'))![0]
  const { Statement } = JSON.parse(policy) as { Statement: readonly { readonly Action: string | readonly string[] }[] }
  return [...new Set(Statement.flatMap(({ Action }) => Action))].sort()
}

/** What the channels ask of Amazon. */
function asked(): string[] {
  const files = readdirSync('src/channels').filter((name) => name.startsWith('sns'))
  const commands = files.flatMap((name) => [
    ...readFileSync(`src/channels/${name}`, 'utf8').matchAll(/new (\w+)Command\(/g),
  ])
  return [...new Set(commands.map(([, name]) => `sns:${name}`))].sort()
}

test('the policy that operators are told to set allows what is asked of Amazon, and nothing else', () => {
  expect(asked().length).toBeGreaterThan(5)
  expect(allowed()).toEqual(asked())
})
