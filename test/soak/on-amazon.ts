import { startSns } from '../doubles/sns.ts'
import type { Doings, Take } from './protocol.ts'

const LOOK_EVERY = 20

/** Amazon SNS in a process of its own, as the owners of `addresses` see their mail. */
export async function onAmazon(take: Take, addresses: readonly string[]): Promise<Doings> {
  const amazon = await startSns()
  const known = new Map<string, number>()
  let looked = 0
  setInterval(() => {
    const isNews = amazon.calls.slice(looked).some(({ action }) => action === 'Publish' || action === 'Subscribe')
    looked = amazon.calls.length
    if (!isNews) return
    for (const address of addresses) {
      const mails = amazon.mailTo(address)
      for (const { subject, text } of mails.slice(known.get(address) ?? 0))
        take(`email:${address}`, `${subject}\n${text}`)
      known.set(address, mails.length)
    }
  }, LOOK_EVERY)
  return {
    about: () => ({ url: amazon.url, region: amazon.region, ...amazon.credentials }),
    isReady: () => true,
    opensLink: (address: string) => amazon.opensLink(address),
    refused: () => amazon.refused,
  }
}
