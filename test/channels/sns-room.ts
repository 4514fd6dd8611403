import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { Clock } from '../../src/channels/channel.ts'
import { createSns, type Sns, type SnsOptions } from '../../src/channels/sns.ts'
import { createSnsEmail } from '../../src/channels/sns-email.ts'
import { createSnsSms } from '../../src/channels/sns-sms.ts'
import { SendError } from '../../src/errors.ts'
import { type SnsDouble, startSns } from '../doubles/sns.ts'

/** Mail and texts by Amazon SNS, connected to a double of it. */
export type SnsRoom = {
  readonly amazon: SnsDouble
  readonly sns: Sns
  readonly email: ReturnType<typeof createSnsEmail>['channel']
  readonly addresses: ReturnType<typeof createSnsEmail>['addresses']
  readonly sms: ReturnType<typeof createSnsSms>
  readonly logged: readonly string[]
  /** Addresses that their users took away, as `user address`. */
  readonly unwanted: Set<string>
  /** Ms go by. */
  pass(ms: number): void
}

const rooms: SnsRoom[] = []

/** Ends all rooms of a test; what the doubles were asked for against the documentation. */
export async function closeSnsRooms(): Promise<readonly string[]> {
  const ending = rooms.splice(0)
  for (const { sns, amazon } of ending) {
    sns.stop()
    await amazon.stop()
  }
  return ending.flatMap(({ amazon }) => amazon.refused)
}

/** What is logged, each line as it would be written. */
export function aLog(): { readonly log: SnsOptions['log']; readonly logged: readonly string[] } {
  const logged: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  return { log: pino({ level: 'debug' }, stream), logged }
}

/** Connects both channels. */
export async function enterSns(options: Partial<SnsOptions> = {}): Promise<SnsRoom> {
  const amazon = await startSns()
  const { log, logged } = aLog()
  const { url: endpoint, region, credentials } = amazon
  const sns = createSns({ endpoint, region, credentials, log, ...options })
  let now = 1_800_000_000_000
  const pass = (ms: number) => {
    now += ms
  }
  const clock: Clock = { now: () => now, sleep: async (ms) => pass(ms) }
  const unwanted = new Set<string>()
  const isWanted = async (user: string, address: string) => !unwanted.has(`${user} ${address}`)
  const { channel: email, addresses } = createSnsEmail({ sns, clock, isWanted })
  const sms = createSnsSms({ sns, clock })
  const room = { amazon, sns, email, addresses, sms, logged, unwanted, pass }
  rooms.push(room)
  return room
}

/** What a send throws. */
export async function thrownBy(work: Promise<unknown>): Promise<SendError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw error
  return error
}
