import { startTwilio } from '../doubles/twilio.ts'
import type { Doings, Take } from './protocol.ts'
import { startRelay } from './relay.ts'

const PUBLIC = 'https://bot.example.com'

/** Twilio in a process of its own, as the owners of `phones` see it. `ports`: where its webhooks may be answered. */
export async function onTwilio(take: Take, phones: readonly string[], ports: readonly number[]): Promise<Doings> {
  const twilio = await startTwilio()
  const relay = await startRelay(ports)
  twilio.deliverTo(relay.url, PUBLIC)
  const known = new Map<string, number>()
  let twice = 0
  let share = 0
  void twilio.until(() => {
    for (const phone of phones) {
      const texts = twilio.phone(phone)
      for (const { text, by, sid } of texts.slice(known.get(phone) ?? 0)) {
        take(`sms:${phone}`, text)
        if (by === 'rest') void twilio.reports(sid, 'delivered').catch(() => {})
      }
      known.set(phone, texts.length)
    }
    return false
  })
  const texts = async (words: string, phone: string) => {
    const { sid } = await twilio.texts(words, phone)
    if (Math.random() >= share) return
    twice++
    await twilio.repeats(sid)
  }
  return {
    about: () => ({ url: twilio.url, sid: twilio.accountSid, token: twilio.authToken, number: twilio.number }),
    isReady: () => true,
    texts: (words: string, phone: string) => void texts(words, phone).catch(() => {}),
    refused: () => twilio.refused,
    repeat(given: number) {
      share = given
    },
    counts: () => ({ ...relay.counts(), twice }),
  }
}
