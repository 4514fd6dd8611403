import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Platform, PUBLIC_URL, post, type StandIn, startServer } from './webhooks-platform.ts'

const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`
const TOKEN = 'measured-auth-token'
const NUMBER = '+12025550100'
const PATH = '/sms'

/** Twilio: a reply is handed over with the answer to the webhook (TwiML), or as a text asked for by its REST API. */
export const sms: Platform = async (answered): Promise<StandIn> => {
  let last = 0
  const api = await startServer((_asked, body, response) => {
    const { To: to = '' } = Object.fromEntries(new URLSearchParams(body))
    answered(personAt(to))
    last += 1
    const created = { sid: sidOf(`9${last}`), status: 'queued', to, num_segments: '1', error_code: null }
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(created))
  })
  return {
    settings: {
      ...{ TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_FROM: NUMBER, TWILIO_API_URL: api.url },
      ...{ SMS_DAILY_LIMIT: '1000000/1000000000', SMS_COUNTRIES: 'US' },
    },
    async ready(origin) {
      // What nobody has signed is refused as soon as somebody listens.
      const refusal = () => fetch(origin + PATH, { method: 'POST' }).catch(() => undefined)
      while ((await refusal())?.status !== 403) await sleep(100)
    },
    async post(origin, agent, { id, person, text }) {
      const body = new URLSearchParams(incoming(sidOf(String(id)), numberOf(person), text)).toString()
      const headers = {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-twilio-signature': signatureOf(PUBLIC_URL + PATH, body),
      }
      const answer = await post(origin + PATH, { agent, headers, body })
      if (answer.body.includes('<Message>')) answered(person)
      return answer.status
    },
    stop: api.stop,
  }
}

function numberOf(person: number): string {
  return `+1202555${String(1_000 + person)}`
}

function personAt(number: string): number {
  return Number(number.slice(-4)) - 1_000
}

function sidOf(id: string): string {
  return `SM${id.padStart(32, '0')}`
}

/** What the webhook is told of a text (www.twilio.com/docs/messaging/guides/webhook-request). */
function incoming(sid: string, from: string, text: string): Record<string, string> {
  return {
    ...{ ToCountry: 'US', ToState: 'DC', SmsMessageSid: sid, NumMedia: '0', ToCity: '', FromZip: '20001' },
    ...{ SmsSid: sid, FromState: 'DC', SmsStatus: 'received', FromCity: 'WASHINGTON', Body: text, FromCountry: 'US' },
    ...{ To: NUMBER, ToZip: '', NumSegments: '1', MessageSid: sid, AccountSid: ACCOUNT, From: from },
    ApiVersion: '2010-04-01',
  }
}

/** The address, then each field's name and value, sorted (www.twilio.com/docs/usage/webhooks/webhooks-security). */
function signatureOf(url: string, body: string): string {
  const fields = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1))
  return createHmac('sha1', TOKEN)
    .update(url + fields.map(([name, value]) => name + value).join(''))
    .digest('base64')
}
