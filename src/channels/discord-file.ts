import type { RawFile } from 'discord.js'
import type { TextFile } from '../reply.ts'
import type { Body } from './discord-body.ts'

/** How long a file may take to be uploaded, ms. */
export const UPLOADED_WITHIN = 30_000

/** A message that is nothing but a file. */
export type FileMessage = {
  readonly body: Body & { readonly attachments: readonly { readonly id: number; readonly filename: string }[] }
  readonly files: readonly RawFile[]
}

/** The message that carries a file. */
export function fileMessage({ name, text }: TextFile): FileMessage {
  const bare = { content: '', embeds: [], components: [], allowed_mentions: { parse: [] }, flags: 0 }
  return {
    body: { ...bare, attachments: [{ id: 0, filename: name }] },
    files: [{ name, data: Buffer.from(text), contentType: 'application/json' }],
  }
}
