import { startTelegram, type Writer } from '../doubles/telegram.ts'
import type { Doings, Take } from './protocol.ts'
import { startRelay } from './relay.ts'

const SENDS = new Set(['sendMessage', 'sendPhoto', 'sendDocument'])

/** Telegram in a process of its own. `ports`: where its webhook may be answered. */
export async function onTelegram(take: Take, ports: readonly number[]): Promise<Doings> {
  const telegram = await startTelegram()
  const relay = await startRelay(ports)
  telegram.deliverTo(relay.url)
  const known = new Map<number, number>()
  let looked = 0
  void telegram.until(() => {
    const news = telegram.calls.slice(looked).filter(({ method }) => SENDS.has(method))
    looked = telegram.calls.length
    for (const chat of new Set(news.map(({ params }) => Number(params.chat_id)))) {
      const shown = telegram.shown(chat)
      for (const { text } of shown.slice(known.get(chat) ?? 0)) take(`telegram:${chat}`, text)
      known.set(chat, shown.length)
    }
    return false
  })
  return {
    about: () => ({ url: telegram.url, token: telegram.token }),
    isReady: () => telegram.webhook !== undefined,
    says: (text: string, from: Writer) => telegram.says(text, from),
    presses: (label: string, from: Writer) => telegram.presses(label, from),
    refused: () => telegram.refused,
    repeat: (share: number) => relay.repeat(share),
    counts: () => relay.counts(),
  }
}
