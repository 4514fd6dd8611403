import { type Platform, PUBLIC_URL, post, type StandIn, startServer } from './webhooks-platform.ts'

/** Telegram: a reply is handed over when it is with the Bot API, as a message to a chat. */
export const telegram: Platform = async (answered): Promise<StandIn> => {
  let last = 0
  let tellReady: (hook: { path: string; secret: string }) => void
  const hooked = new Promise<{ path: string; secret: string }>((resolve) => {
    tellReady = resolve
  })
  /** Answers of the Bot API that are enough for a bot to be content. */
  const result = (method: string, params: Record<string, unknown>): unknown => {
    if (method === 'getMe') return { id: 4711, is_bot: true, first_name: 'Signal', username: 'SignalBot' }
    if (method === 'setWebhook')
      tellReady({ path: String(params.url).slice(PUBLIC_URL.length), secret: String(params.secret_token) })
    if (method !== 'sendMessage') return true
    answered(Number(params.chat_id))
    last += 1
    return { message_id: last, date: 0, chat: { id: Number(params.chat_id), type: 'private' }, text: params.text }
  }
  const api = await startServer((asked, body, response) => {
    const isJson = asked.headers['content-type']?.includes('json') === true
    const method = asked.url?.split('/').at(-1) ?? ''
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, result: result(method, isJson ? JSON.parse(body) : {}) }))
  })
  return {
    settings: {
      ...{ TELEGRAM_BOT_TOKEN: '4711:AAH-measured', TELEGRAM_API_ROOT: api.url },
      TELEGRAM_PER_SECOND: '1000',
    },
    ready: async () => void (await hooked),
    async post(origin, agent, { id, person, text }) {
      const { path, secret } = await hooked
      const from = { id: person, is_bot: false, first_name: 'Ann' }
      const message = { message_id: id, date: 0, chat: { id: person, type: 'private' }, from, text }
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
      const body = JSON.stringify({ update_id: id, message })
      return (await post(origin + path, { agent, headers, body })).status
    },
    stop: api.stop,
  }
}
