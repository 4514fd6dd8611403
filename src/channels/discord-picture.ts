import type { RawFile } from 'discord.js'
import type { Picture } from '../reply.ts'

/** The longest description of a file (docs.discord.com/developers, attachment structure). */
const LONGEST_ALT = 1_024

/** What a message is changed by so that it shows a picture. */
export type Attached = {
  readonly files: readonly RawFile[]
  readonly body: {
    readonly attachments: readonly { readonly id: number; readonly filename: string; readonly description: string }[]
  }
  /** How long the call may take, ms. */
  readonly within: number
}

/** The change that shows a picture, drawn as `png`; `left`: how long it may take, ms. */
export function attached({ title }: Picture, png: Uint8Array, left: number): Attached {
  const filename = 'chart.png'
  return {
    files: [{ name: filename, data: Buffer.from(png), contentType: 'image/png' }],
    body: { attachments: [{ id: 0, filename, description: title.slice(0, LONGEST_ALT) }] },
    within: left,
  }
}
