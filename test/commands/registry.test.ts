import { describe, expect, test } from 'vitest'
import type { Context } from '../../src/commands/command.ts'
import { createHelp } from '../../src/commands/help.ts'
import { commands, groups } from '../../src/commands/index.ts'
import { plain, say } from '../../src/reply.ts'

const person = { isOperator: false } as Context

describe('help, menus and slash commands are made from the one list', () => {
  test('a command that is added to a group is in the help, in its group', async () => {
    const added = { name: 'dance', usage: 'dance 7', summary: 'Dance a little', run: async () => say('') }
    const help = createHelp(() => [...groups, { title: 'Fun', commands: [added] }])
    expect(plain(await help.run(person, ''))).toContain('\n\nFun\ndance 7: Dance a little\n\nMore: ')
    expect(plain(await help.run(person, 'dance'))).toBe('dance: Dance a little\ndance 7')
  })

  test('one that is hidden is in the help of those who run the bot alone', async () => {
    const hidden = commands.filter(({ isHidden }) => isHidden)
    expect(hidden.length).toBeGreaterThan(0)
    const help = commands.find(({ name }) => name === 'help')!
    for (const { usage } of hidden) {
      expect(plain(await help.run(person, ''))).not.toContain(usage)
      expect(plain(await help.run({ isOperator: true } as Context, ''))).toContain(usage)
    }
  })

  test('every command of every group is in the row that menus are made from, once', () => {
    const names = groups.flatMap((group) => group.commands.map(({ name }) => name))
    expect(commands.map(({ name }) => name)).toEqual(names)
    expect(new Set(names).size).toBe(names.length)
  })

  test('COMMANDS, the word that is free in text messages, is help', () => {
    expect(commands.find(({ name }) => name === 'help')!.aliases).toContain('commands')
  })
})
