import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from './people.ts'
import { CALM } from './prices.ts'
import type { Random } from './random.ts'
import { type Platforms, write } from './talk.ts'
import type { Mailbox } from './world.ts'

/** A command that somebody wrote. `times`: how many messages it took them, for they ask again where nothing can come. */
export type Written = {
  readonly place: string
  readonly words: string
  readonly at: number
  times: number
  /** When it was answered, ms, and with what. */
  answeredAt?: number
  answer?: string
  /** The answer was that something broke. */
  isBroken?: boolean
}

/** An alert that somebody set meanwhile. `level` stands in no other: one message sets it. */
export type Wish = {
  readonly person: Person
  readonly level: string
  readonly set: Written
  number?: number
  /** Asked to tell at once, which is one firing. */
  told?: Written
}

/** All that people wrote. */
export type Writings = { readonly written: Written[]; readonly sets: Wish[] }

/** What writing works with. */
export type WritingPorts = {
  readonly platforms: Platforms
  readonly mailbox: Mailbox
  readonly random: Random
  isOver(): boolean
}

/**
 * How long somebody waits for an answer before they ask again, ms. Discord tells nobody what was written while nobody was
 * connected; the other platforms come again themselves, until they are told that it was heard.
 */
const ASKED_AGAIN_AFTER = { discord: 8_000, telegram: 45_000, sms: 45_000 } as const
/** Whoever has asked so often gives up: that one was never answered. */
const MOST = 20
const BROKE = /Something broke on my side|^I (cannot reach|lost touch with) my memory/

/** People who write commands, one after another, each until it is over. Gives what they wrote. */
export function startWriting(people: readonly Person[], ports: WritingPorts): { all: Writings; ended: Promise<void> } {
  const all: Writings = { written: [], sets: [] }
  const ended = Promise.all(people.map((person) => writeOn(person, all, ports))).then(() => {})
  return { all, ended }
}

async function writeOn(person: Person, all: Writings, ports: WritingPorts): Promise<void> {
  const { random, isOver } = ports
  const rest = async () => await sleep(person.rest! * random.between(0.3, 1.7))
  const once = async (words: string, pattern: RegExp) => {
    await rest()
    const written: Written = { place: person.chat.place, words, at: Date.now(), times: 0 }
    all.written.push(written)
    await writeOne(written, pattern, person, ports)
    return written
  }
  while (!isOver()) {
    await rest()
    const level = `1.${String(all.sets.length + 1).padStart(6, '0')}7`
    const written: Written = {
      place: person.chat.place,
      words: `alert ${CALM.symbol} > ${level} repeat`,
      at: Date.now(),
      times: 0,
    }
    const set: Wish = { person, level, set: written }
    all.sets.push(set)
    all.written.push(written)
    await writeOne(written, new RegExp(`Alert (\\d+) is on[^]*${level.replace('.', '\\.')}`), person, ports)
    const number = /Alert (\d+) is on/.exec(written.answer ?? '')?.[1]
    if (number === undefined) continue
    set.number = Number(number)
    if (isOver()) break
    if (random.next() < 0.7) set.told = await once(`tell ${number}`, new RegExp(`Alert ${number} is on its way`))
    const asides = [
      () => once(`help mark${all.written.length}x`, new RegExp(`no help on "mark${all.written.length}x"`)),
      () => once('list', new RegExp(level.replace('.', '\\.'))),
      async () => {
        await once(`pause ${number}`, new RegExp(`Alert ${number} is paused`))
        return await once(`resume ${number}`, new RegExp(`Alert ${number} is (on again|not paused)`))
      },
    ]
    if (!isOver()) await random.of(asides)()
    await once(`delete ${number}`, new RegExp(`Alert ${number} is deleted|no alert ${number}\\b`))
  }
}

/** Writes, and again where nothing came of it, until it is answered. */
async function writeOne(written: Written, pattern: RegExp, { chat }: Person, ports: WritingPorts): Promise<void> {
  const { mailbox, platforms } = ports
  const from = mailbox.at(chat.place).length
  const find = (text: string) => (pattern.test(text) || BROKE.test(text) ? text : undefined)
  while (written.answeredAt === undefined && written.times < MOST) {
    written.times++
    await write(chat, written.words, platforms)
    const answer = await mailbox.waits(chat.place, from, ASKED_AGAIN_AFTER[chat.on], find)
    if (answer === undefined) continue
    written.answeredAt = Date.now()
    written.answer = answer
    if (BROKE.test(answer)) written.isBroken = true
  }
}
