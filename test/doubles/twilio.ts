import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Twilio on 127.0.0.1, as far as a bot like ours uses it: the Messages of its REST API, the webhook for texts that come,
 * the status callback, and its handling of STOP and START, with the shapes of https://www.twilio.com/docs/messaging. The
 * real one passes over fields it does not know; this one refuses them, and notes it in `refused`.
 */
export type TwilioDouble = {
  /** The address of the API. */
  readonly url: string
  readonly accountSid: string
  readonly authToken: string
  /** The number texts are sent from. */
  readonly number: string
  /** Fields of each message that was asked for, whatever became of it. */
  readonly calls: readonly Readonly<Record<string, string>>[]
  /** What the documentation does not have, or Twilio would not take. */
  readonly refused: readonly string[]
  /** The texts on a phone, from the oldest to the newest. */
  phone(number?: string): readonly Text[]
  /** Resolves when it is so; looked at whenever something was asked or came. */
  until(isSo: () => boolean): Promise<void>
  /** Someone writes. Resolves when the webhook has answered, its TwiML being carried out. */
  texts(body: string, from?: string, extra?: Readonly<Record<string, string>>): Promise<Answer>
  /** The webhook is told again of a text it was told of before. */
  repeats(sid: string): Promise<Answer>
  /** Anything is posted to a path of ours, with a signature that is right for it unless another is given. */
  posts(path: string, body: string | Readonly<Record<string, string>>, how?: Posting): Promise<Answer>
  /** Tells how far a text of ours got. */
  reports(sid: string, status: string, code?: number): Promise<Answer>
  /** Answers what is asked otherwise than it should, so many times. */
  behave(mood: Mood, times?: number): void
  /** The numbers that get nothing. */
  readonly blocked: Set<string>
  /** Where webhooks really go, and the address they are signed for. */
  deliverTo(base: string, publicUrl: string): void
  stop(): Promise<void>
}

/** A text on a phone. `carrier`: of Twilio's own accord. */
export type Text = {
  readonly sid: string
  readonly text: string
  readonly by: 'rest' | 'twiml' | 'carrier'
  readonly segments: number
  readonly isGsm: boolean
}

/** What a webhook answered: `texts` are the messages of its TwiML; `sid` that of the text it was told of. */
export type Answer = {
  readonly status: number
  readonly body: string
  readonly texts: readonly string[]
  readonly sid: string
}

/** How something is posted. `signature`: null for none. `signedUrl`: the address that is signed. */
export type Posting = {
  readonly signature?: string | null
  readonly signedUrl?: string
  readonly token?: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer of the API, or no answer at all: a connection that breaks (before or after it was done), or says nothing. */
export type Mood =
  | { readonly status: number; readonly code: number; readonly message: string; readonly retryAfter?: number }
  | 'reset'
  | 'done and reset'
  | 'hang'
  | 'web page'

const ANNA = '+12025550123'
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const GSM_EXTENDED = '^{}\\[~]|€'
/** Parameters of `POST /2010-04-01/Accounts/{AccountSid}/Messages.json`. */
const FIELDS = new Set(
  'To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType SendAt SendAsMms ContentVariables RiskCheck From MessagingServiceSid Body MediaUrl ContentSid'.split(
    ' ',
  ),
)

/** Thrown for a call that is refused. */
class Refused extends Error {
  readonly status: number
  readonly code: number
  readonly retryAfter: number | undefined

  constructor(status: number, code: number, message: string, retryAfter?: number) {
    super(message)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** Starts one. */
export async function startTwilio(): Promise<TwilioDouble> {
  const accountSid = `AC${'0123456789abcdef'.repeat(2)}`
  const authToken = 'double-of-an-auth-token'
  const number = '+12025550100'
  const calls: Record<string, string>[] = []
  const refused: string[] = []
  const phones = new Map<string, Text[]>()
  const forms = new Map<string, Record<string, string>>()
  const callbacks = new Map<string, { url: string; to: string }>()
  const moods: Mood[] = []
  const blocked = new Set<string>()
  const waiting = new Set<() => void>()
  let base = ''
  let publicUrl = ''

  const look = () => {
    for (const check of waiting) check()
  }

  const show = (to: string, text: string, by: Text['by'], sid: string) => {
    const shown = { sid, text, by, ...measured(text) }
    phones.set(to, [...(phones.get(to) ?? []), shown])
    return shown
  }

  const refuse = (status: number, code: number, message: string): never => {
    refused.push(message)
    throw new Refused(status, code, message)
  }

  const create = (fields: Record<string, string>) => {
    const { To: to = '', Body: body = '', From: from, MessagingServiceSid: service, StatusCallback: callback } = fields
    for (const name of Object.keys(fields)) if (!FIELDS.has(name)) refuse(400, 20001, `unknown field ${name}`)
    if (from === undefined && service === undefined) refuse(400, 21603, "A 'From' phone number is required.")
    if (from !== undefined && from !== number) throw new Refused(400, 21606, `The 'From' number ${from} is not yours.`)
    if (service !== undefined && !/^MG[0-9a-f]{32}$/.test(service)) throw new Refused(404, 21701, 'not found')
    if (body === '') refuse(400, 21602, 'Message body is required.')
    if (body.length > 1_600) refuse(400, 21617, 'The concatenated message body exceeds the 1600 character limit.')
    const validity = Number(fields.ValidityPeriod ?? 36_000)
    if (!Number.isInteger(validity) || validity < 1 || validity > 36_000) refuse(400, 21612, 'bad ValidityPeriod')
    if (callback !== undefined && !/^https?:\/\/[^/_]+\//.test(callback)) refuse(400, 21609, 'bad StatusCallback')
    if (!/^\+[1-9]\d{6,14}$/.test(to))
      throw new Refused(400, 21211, `The 'To' number ${to} is not a valid phone number.`)
    if (blocked.has(to)) throw new Refused(400, 21610, 'Attempt to send to unsubscribed recipient')
    const sid = newSid()
    const { segments } = show(to, body, 'rest', sid)
    if (callback !== undefined) callbacks.set(sid, { url: callback, to })
    return messageOf({ sid, to, body, from, service, segments, accountSid })
  }

  const answer = (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const fields = Object.fromEntries(new URLSearchParams(body))
    calls.push(fields)
    const mood = moods.shift()
    if (mood === 'hang') return
    if (mood === 'reset') return void request.socket.destroy()
    if (mood === 'web page')
      return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>bad gateway')
    try {
      if (typeof mood === 'object') throw new Refused(mood.status, mood.code, mood.message, mood.retryAfter)
      const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
      if (request.headers.authorization !== expected) throw new Refused(401, 20003, 'Authenticate')
      if (request.headers['content-type'] !== 'application/x-www-form-urlencoded') refuse(415, 20415, 'no form')
      if (request.method !== 'POST' || request.url !== `/2010-04-01/Accounts/${accountSid}/Messages.json`)
        refuse(404, 20404, `The requested resource ${request.method} ${request.url} was not found`)
      const created = create(fields)
      if (mood === 'done and reset') return void request.socket.destroy()
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(created))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { status, code, message, retryAfter } = error
      const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }))
    }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      answer(request, Buffer.concat(chunks).toString('utf8'), response)
      look()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const posts: TwilioDouble['posts'] = async (path, body, how = {}) => {
    const text = typeof body === 'string' ? body : new URLSearchParams(body).toString()
    const url = how.signedUrl ?? publicUrl + path
    const signature = how.signature === undefined ? sign(how.token ?? authToken, url, text) : how.signature
    const response = await fetch(base + path, {
      method: 'POST',
      headers: {
        'content-type': how.type ?? 'application/x-www-form-urlencoded; charset=utf-8',
        'i-twilio-idempotency-token': randomBytes(16).toString('hex'),
        ...(signature === null ? {} : { 'x-twilio-signature': signature }),
        ...how.headers,
      },
      body: text,
    })
    const said = await response.text()
    const form = new URLSearchParams(text)
    const texts = response.headers.get('content-type')?.startsWith('text/xml') ? messagesIn(said) : []
    return { status: response.status, body: said, texts, sid: form.get('MessageSid') ?? '' }
  }

  /** The webhook is told, and what it answers is sent; texts to who wants none are not. */
  const tell = async (form: Record<string, string>): Promise<Answer> => {
    const answered = await posts('/sms', form)
    for (const text of answered.texts) if (!blocked.has(form.From!)) show(form.From!, text, 'twiml', newSid())
    look()
    return answered
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountSid,
    authToken,
    number,
    calls,
    refused,
    blocked,
    phone: (of = ANNA) => phones.get(of) ?? [],
    until: (isSo) =>
      new Promise((resolve) => {
        const check = () => {
          if (!isSo()) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    texts(body, from = ANNA, extra = {}) {
      const sid = newSid()
      const form = { ...incoming({ sid, body, from, to: number, accountSid }), ...extra }
      forms.set(sid, form)
      const word = body.trim().toUpperCase()
      if (OUT.has(word)) {
        if (!blocked.has(from)) show(from, 'You have successfully been unsubscribed.', 'carrier', newSid())
        blocked.add(from)
      }
      if (IN.has(word) && blocked.delete(from)) show(from, 'You have been re-subscribed.', 'carrier', newSid())
      if (word === 'HELP' || word === 'INFO') show(from, 'Reply STOP to unsubscribe.', 'carrier', newSid())
      return tell(form)
    },
    repeats: (sid) => tell(forms.get(sid)!),
    posts,
    reports(sid, status, code) {
      const { url = `${publicUrl}/sms/status`, to = ANNA } = callbacks.get(sid) ?? {}
      const form = {
        ...{ SmsSid: sid, SmsStatus: status, MessageStatus: status, To: to, MessageSid: sid, AccountSid: accountSid },
        ...{ From: number, ApiVersion: '2010-04-01' },
        ...(code === undefined ? {} : { ErrorCode: String(code) }),
      }
      return posts(url.slice(publicUrl.length), form)
    },
    behave(mood, times = 1) {
      for (let time = 0; time < times; time++) moods.push(mood)
    },
    deliverTo(there, address) {
      base = there
      publicUrl = address
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const OUT = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'])
const IN = new Set(['START', 'YES', 'UNSTOP'])

function newSid(): string {
  return `SM${randomBytes(16).toString('hex')}`
}

/**
 * www.twilio.com/docs/usage/webhooks/webhooks-security: the address, then each field's name and value, sorted; what is
 * there twice counts once.
 */
function sign(token: string, url: string, body: string): string {
  const fields = new Set([...new URLSearchParams(body)].map(([name, value]) => `${name}\n${value}`))
  const signed =
    url +
    [...fields]
      .sort()
      .map((field) => field.replace('\n', ''))
      .join('')
  return createHmac('sha1', token).update(signed, 'utf8').digest('base64')
}

function incoming(given: { sid: string; body: string; from: string; to: string; accountSid: string }) {
  const { sid, body, from, to, accountSid } = given
  return {
    ...{ ToCountry: 'US', ToState: 'DC', SmsMessageSid: sid, NumMedia: '0', ToCity: '', FromZip: '20001' },
    ...{ SmsSid: sid, FromState: 'DC', SmsStatus: 'received', FromCity: 'WASHINGTON', Body: body, FromCountry: 'US' },
    ...{ To: to, ToZip: '', NumSegments: '1', MessageSid: sid, AccountSid: accountSid, From: from },
    ApiVersion: '2010-04-01',
  }
}

function messageOf(given: Readonly<Record<string, string | number | undefined>>) {
  const { sid, to, body, from = null, service = null, segments, accountSid } = given
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`
  return {
    ...{ body, num_segments: String(service === null ? segments : 0), direction: 'outbound-api', from, to },
    ...{
      date_updated: 'Mon, 23 Nov 2026 15:04:07 +0000',
      price: null,
      error_message: null,
      uri,
      account_sid: accountSid,
    },
    ...{ num_media: '0', status: service === null ? 'queued' : 'accepted', messaging_service_sid: service, sid },
    ...{ date_sent: null, date_created: 'Mon, 23 Nov 2026 15:04:07 +0000', error_code: null, price_unit: 'USD' },
    ...{ api_version: '2010-04-01', subresource_uris: { media: uri.replace('.json', '/Media.json') } },
  }
}

/** The messages of a TwiML document; anything else in it is an error. */
function messagesIn(xml: string): string[] {
  const [, inner] = /^<\?xml version="1\.0" encoding="UTF-8"\?><Response(?:\/>|>(.*)<\/Response>)$/s.exec(xml) ?? []
  if (inner === undefined && !xml.endsWith('<Response/>')) throw new Error(`no TwiML: ${xml}`)
  const rest = (inner ?? '').replace(/<Message>[^<]*<\/Message>/g, '')
  if (rest !== '') throw new Error(`what is this in TwiML: ${rest}`)
  return [...(inner ?? '').matchAll(/<Message>([^<]*)<\/Message>/g)].map(([, text]) =>
    text!.replace(/&(lt|gt|amp|quot|apos|#xD);/g, (_, name) => ENTITIES[name as keyof typeof ENTITIES]),
  )
}

const ENTITIES = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", '#xD': '\r' }

/** What a text costs (www.twilio.com/docs/glossary/what-sms-character-limit). */
function measured(text: string): { segments: number; isGsm: boolean } {
  const isGsm = [...text].every((character) => GSM.includes(character) || GSM_EXTENDED.includes(character))
  const sizes = isGsm
    ? [...text].map((character) => (GSM_EXTENDED.includes(character) ? 2 : 1))
    : text.split('').map(() => 1)
  const [alone, joined] = isGsm ? [160, 153] : [70, 67]
  if (sizes.reduce((sum, size) => sum + size, 0) <= alone) return { segments: 1, isGsm }
  let segments = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > joined) {
      segments++
      used = 0
    }
    used += size
  }
  return { segments, isGsm }
}
