import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Question, Taken, Word } from './protocol.ts'

/** A platform in a process of its own, which outlives the program's. */
export type Remote = {
  /** What it said of itself: addresses and keys. */
  readonly about: Readonly<Record<string, string>>
  /** Has it do something it can do, by name. */
  ask<T>(what: string, ...given: readonly unknown[]): Promise<T>
  stop(): void
}

/** All messages that people have, in the order in which they came. */
export type Mailbox = {
  readonly all: readonly Taken[]
  /** Those of one place. */
  at(place: string): readonly Taken[]
  add(taken: Taken): void
  /** Resolves when a message of a place, from the `from`-th on, is as it is looked for; undefined after `within` ms. */
  waits<T>(
    place: string,
    from: number,
    within: number,
    find: (text: string) => T | null | undefined,
  ): Promise<T | undefined>
}

const PLATFORM = fileURLToPath(new URL('./platform.js', import.meta.url))

/** Starts the process of a platform. */
export async function startRemote(name: string, given: object, mailbox: Mailbox): Promise<Remote> {
  const child = fork(PLATFORM, [name, JSON.stringify(given)])
  const open = new Map<number, { done(value: unknown): void; fail(error: Error): void }>()
  let last = 0
  child.on('message', (word: Word) => {
    if (word.kind === 'taken') return mailbox.add(word.taken)
    const waiting = open.get(word.id)
    open.delete(word.id)
    if (word.error === undefined) waiting?.done(word.value)
    else waiting?.fail(new Error(`${name}: ${word.error}`))
  })
  const answer = (id: number) => new Promise<unknown>((done, fail) => open.set(id, { done, fail }))
  child.on('exit', () => {
    for (const { fail } of open.values()) fail(new Error(`the process of ${name} has ended`))
  })
  const about = (await answer(0)) as Record<string, string>
  return {
    about,
    async ask(what, ...given) {
      const question: Question = { id: ++last, what, given }
      const answered = answer(last)
      child.send(question)
      return (await answered) as never
    },
    stop: () => void child.kill('SIGKILL'),
  }
}

/** An empty mailbox. */
export function createMailbox(): Mailbox {
  const all: Taken[] = []
  const places = new Map<string, Taken[]>()
  const waiting = new Map<string, Set<() => void>>()
  const at = (place: string) => {
    const known = places.get(place) ?? []
    places.set(place, known)
    return known
  }
  return {
    all,
    at,
    add(taken) {
      all.push(taken)
      at(taken.place).push(taken)
      for (const look of [...(waiting.get(taken.place) ?? [])]) look()
    },
    waits(place, from, within, find) {
      const looks = waiting.get(place) ?? new Set()
      waiting.set(place, looks)
      let looked = from
      return new Promise((resolve) => {
        const end = (found?: never) => {
          looks.delete(look)
          clearTimeout(timer)
          resolve(found)
        }
        const look = () => {
          for (; looked < at(place).length; looked++) {
            const found = find(at(place)[looked]!.text)
            if (found !== null && found !== undefined) return end(found as never)
          }
        }
        const timer = setTimeout(end, within)
        looks.add(look)
        look()
      })
    },
  }
}
