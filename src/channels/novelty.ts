import { createRecent } from './recent.ts'

/** Whether what somebody wrote is new to us, changed in its words, or the same: platforms also tell of changes that change no word. */
export type Novelty = 'new' | 'changed' | 'the same'

/** A message by its key. `isHeardAlways`: whatever is written there is for us, so it was answered before it was changed. */
export type Written = {
  readonly key: string
  readonly text: string
  readonly isEdit: boolean
  readonly isHeardAlways: boolean
}

/** How many messages are remembered. */
const REMEMBERED = 2_000

/** Nothing was written yet. */
export function createNovelty(): (written: Written) => Novelty {
  const texts = createRecent<string>(REMEMBERED)
  return ({ key, text, isEdit, isHeardAlways }) => {
    const before = texts.get(key)
    texts.set(key, text)
    if (!isEdit) return 'new'
    if (before === text) return 'the same'
    // Where several write, what was not for us before was not answered.
    return before !== undefined || isHeardAlways ? 'changed' : 'new'
  }
}
