/** A stretch of the text a person typed: UTF-16 offsets into exactly what they typed, `end` exclusive. */
export type Span = { readonly start: number; readonly end: number }

/** What a `UserError` can carry beside its message, so that each channel can draw it its own way. */
export type UserErrorDetails = {
  /** The line the person typed, untouched. */
  readonly text?: string
  /** Where in `text` the trouble is. */
  readonly at?: Span
  /** Something to type instead; a whole line that works. */
  readonly suggestion?: string
  /** What may have been meant: each a whole command. */
  readonly choices?: readonly { readonly label: string; readonly command: string }[]
}

/**
 * Something the person can put right: what went wrong, where, and what to type instead.
 * `message` is a whole sentence in their words. It is shown as it is, so it never holds a stack or an inner name.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly text: string | undefined
  readonly at: Span | undefined
  readonly suggestion: string | undefined
  readonly choices: readonly { readonly label: string; readonly command: string }[]

  constructor(message: string, details: UserErrorDetails = {}) {
    super(message)
    this.text = details.text
    this.at = details.at
    this.suggestion = details.suggestion
    this.choices = details.choices ?? []
  }
}

/** What a `SendError` says about a message a platform did not take. */
export type SendErrorDetails = {
  /** True: the address will never take it, a retry is useless. False: it may pass later. */
  readonly permanent: boolean
  /** How long the platform asked us to wait before the next try, in ms. */
  readonly retryAfter?: number
  /** The platform takes nothing from us for now, wherever it goes to: nothing else is to be tried meanwhile. */
  readonly isChannelWide?: true
  readonly cause?: unknown
}

/** A channel could not hand over a message. `message` says why, in words the owner of the address may read. */
export class SendError extends Error {
  override readonly name = 'SendError'
  readonly permanent: boolean
  readonly retryAfter: number | undefined
  readonly isChannelWide: boolean

  constructor(message: string, details: SendErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.permanent = details.permanent
    this.retryAfter = details.retryAfter
    this.isChannelWide = details.isChannelWide === true
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
}

/** Why a file could not be read, in words for the person who named it. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return FILE_PROBLEMS[code] ?? messageOf(error)
}
