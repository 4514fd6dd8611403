/** A message as a platform has taken it. `place`: channel and address, as `telegram:1001`; `at`: ms. */
export type Taken = { readonly place: string; readonly at: number; readonly text: string }

/** What a platform's process is asked: a name of its doing, and what it needs. */
export type Question = { readonly id: number; readonly what: string; readonly given: readonly unknown[] }

/** What it says: an answer, or a message that it has taken. */
export type Word =
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly kind: 'taken'; readonly taken: Taken }

/** What can be done on a platform, by name. What is given and what comes back goes through a pipe as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: each doing knows what it is given
export type Doings = Readonly<Record<string, (...given: any[]) => unknown>>

/** Tells of a message that came. */
export type Take = (place: string, text: string) => void
