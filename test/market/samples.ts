import { readFileSync } from 'node:fs'

const FIXTURES = new URL('../fixtures/market/', import.meta.url)

/** The body of a recorded answer of Yahoo's. */
export function recorded(name: string): unknown {
  return read(`recorded/yahoo/${name}.json`).response.body
}

/** A sample written by hand. */
export function byHand(name: string): unknown {
  return read(`by-hand/${name}.json`)
}

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8'))
}
