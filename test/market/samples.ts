import { readFileSync } from 'node:fs'

const FIXTURES = new URL('../fixtures/market/', import.meta.url)

/** The body of a recorded answer, Yahoo's where no other provider is named. */
export function recorded(name: string, provider = 'yahoo'): unknown {
  return read(`recorded/${provider}/${name}.json`).response.body
}

/** A sample written by hand. */
export function byHand(name: string): unknown {
  return read(`by-hand/${name}.json`)
}

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, FIXTURES), 'utf8'))
}
