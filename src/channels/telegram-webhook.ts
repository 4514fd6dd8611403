import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Update } from 'telegraf/types'
import type { WebHandler, WebRequest } from '../http/route.ts'

/** Where Telegram posts what it hears, and what it must say to be believed; the same for every process of a bot. */
export type Hook = { readonly path: string; readonly secret: string }

/** Both follow from the token, so that nobody else can know them and nothing need be kept. */
export function hookOf(token: string): Hook {
  const derived = (purpose: string) => createHmac('sha256', token).update(purpose).digest('base64url')
  return { path: `/telegram/${derived('path of the webhook')}`, secret: derived('secret of the webhook') }
}

/**
 * `hear` gives undefined where nothing can be heard yet; else true when the update is dealt with, or will be, and false where
 * that cannot be promised.
 */
export type HookPorts = { readonly secret: string; hear(update: Update): Promise<boolean> | undefined }

/**
 * Takes what Telegram posts: 401 without the secret, 400 for what is no update, 503 where Telegram is to come again
 * later, else 200.
 */
export function createHook({ secret, hear }: HookPorts): WebHandler {
  return async (request) => {
    if (!isSame(headerOf(request), secret)) return { status: 401 }
    const update = updateIn(request.body)
    if (!update) return { status: 400 }
    // Telegram posts again what was not taken, with growing waits (Bot API, setWebhook).
    return (await hear(update)) ? { status: 200 } : { status: 503 }
  }
}

function headerOf({ headers }: WebRequest): string {
  const value = headers['x-telegram-bot-api-secret-token']
  return typeof value === 'string' ? value : ''
}

/** Takes as long whatever is compared. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}

function updateIn(body: Buffer): Update | undefined {
  try {
    const update: unknown = JSON.parse(body.toString('utf8'))
    const isUpdate =
      typeof update === 'object' && update !== null && 'update_id' in update && Number.isSafeInteger(update.update_id)
    return isUpdate ? (update as Update) : undefined
  } catch {
    return undefined
  }
}
