import type { Config } from '../config.ts'
import type { Route } from '../http/route.ts'
import type { Log } from '../log.ts'
import type { Channel, Clock, Draw, LongCommands, Memory, MenuEntry, Ownership, Suggest } from './channel.ts'
import { type ConsoleOptions, createConsole } from './console.ts'
import type { Consents, Offers, SegmentBudget, TextAnswers, TextReceipts } from './sms-ports.ts'
import type { Sns } from './sns.ts'
import type { EmailAddresses } from './sns-ports.ts'

/** What a channel may be made from. */
export type ChannelPorts = {
  readonly config: Config
  readonly terminal: ConsoleOptions
  /** Every command. */
  readonly menu: readonly MenuEntry[]
  readonly suggest: Suggest
  /** The right to be the one that listens on a channel. */
  owner(channel: string): Ownership
  readonly long: LongCommands
  readonly memory: Memory
  readonly draw: Draw
  /** Takes what is posted to our web server; left out where there is none. */
  readonly route?: Route
  /** What is remembered of texts. */
  readonly sms: {
    readonly offers: Offers
    readonly consents: Consents
    readonly answers: TextAnswers
    readonly budget: SegmentBudget
    /** Whether a number is in a country that is texted. */
    isTexted(number: string): boolean
  }
  /** Whether a user wants mail at an address, or waits for it to be confirmed. */
  wantsMail(user: string, address: string): Promise<boolean>
  /** Hears how far a text got that was sent. */
  readonly receipts: TextReceipts
  /** Hears that the owner of an address wants nothing there any more, or wants it again. */
  switched(channel: string, address: string, isOut: boolean): Promise<void>
  /** Hears that whoever has an address has read what it was told, and wrote nothing that is to be handled. */
  seen(channel: string, address: string): Promise<void>
  readonly clock: Clock
  readonly log: Log
  /** Where there was one address of a channel there is another from now on. May be told more than once. */
  moved(channel: string, from: string, to: string): Promise<void>
}

/** A channel, with the addresses that its platform keeps where it does. */
export type Platform = Channel & { readonly emails?: EmailAddresses }

type Entry = {
  readonly name: string
  /** What the channel needs to be on, in words. */
  readonly needs: string
  /** Nobody can write to the bot there. */
  readonly isOneWay?: true
  isConfigured(config: Config): boolean
  /** What a platform needs of others' code is loaded only here: it takes long. */
  create(ports: ChannelPorts): Promise<Platform>
}

/** The platforms, one entry each. A new one is one file and one entry here. */
const PLATFORMS: readonly Entry[] = [
  {
    name: 'telegram',
    needs: 'TELEGRAM_BOT_TOKEN',
    isConfigured: ({ TELEGRAM_BOT_TOKEN }) => TELEGRAM_BOT_TOKEN !== undefined,
    async create({ config, route, owner, moved, ...ports }) {
      const [{ createTelegram }, { LIMITS }] = await Promise.all([
        import('./telegram.ts'),
        import('./telegram-pace.ts'),
      ])
      const { TELEGRAM_BOT_TOKEN: token = '', TELEGRAM_API_ROOT: apiRoot, PUBLIC_URL: publicUrl } = config
      const all = { count: config.TELEGRAM_PER_SECOND, per: 1_000 }
      return createTelegram({
        ...ports,
        token,
        apiRoot,
        ...(publicUrl && route ? { webhook: { publicUrl, route } } : {}),
        limits: { ...LIMITS, all },
        owner: owner('telegram'),
        moved: (from, to) => moved('telegram', from, to),
      })
    },
  },
  {
    name: 'discord',
    needs: 'DISCORD_TOKEN',
    isConfigured: ({ DISCORD_TOKEN }) => DISCORD_TOKEN !== undefined,
    async create({ config, owner, ...ports }) {
      const { createDiscord } = await import('./discord.ts')
      const { DISCORD_TOKEN: token = '', DISCORD_API_URL: apiUrl, DISCORD_GUILD_ID: guildId } = config
      return createDiscord({ ...ports, token, apiUrl, ...(guildId ? { guildId } : {}), owner: owner('discord') })
    },
  },
  {
    name: 'sms',
    needs: 'TWILIO_ACCOUNT_SID',
    isConfigured: ({ TWILIO_ACCOUNT_SID }) => TWILIO_ACCOUNT_SID !== undefined,
    async create({ config, route, sms, switched, seen, receipts, memory, clock, log }) {
      const { createSms } = await import('./sms.ts')
      const { TWILIO_ACCOUNT_SID: accountSid = '', TWILIO_AUTH_TOKEN: authToken = '', PUBLIC_URL: publicUrl } = config
      return createSms({
        ...{ ...sms, receipts, memory, clock, log, accountSid, authToken },
        from: config.TWILIO_FROM ?? config.TWILIO_MESSAGING_SERVICE_SID ?? '',
        apiUrl: config.TWILIO_API_URL,
        limit: config.SMS_DAILY_LIMIT,
        ...(publicUrl && route ? { webhook: { publicUrl, route } } : {}),
        switched: (address, isOut) => switched('sms', address, isOut),
        seen: (address) => seen('sms', address),
      })
    },
  },
  {
    name: 'sms',
    needs: 'AWS_REGION, and no Twilio',
    isOneWay: true,
    isConfigured: ({ AWS_REGION, TWILIO_ACCOUNT_SID }) => AWS_REGION !== undefined && TWILIO_ACCOUNT_SID === undefined,
    async create({ config, clock, log }) {
      const [sns, { createSnsSms }] = await Promise.all([snsFor(config, log), import('./sns-sms.ts')])
      return createSnsSms({ sns, clock })
    },
  },
  {
    name: 'email',
    needs: 'AWS_REGION',
    isOneWay: true,
    isConfigured: ({ AWS_REGION }) => AWS_REGION !== undefined,
    async create({ config, clock, log, wantsMail }) {
      const [sns, { createSnsEmail }] = await Promise.all([snsFor(config, log), import('./sns-email.ts')])
      const { channel, addresses } = createSnsEmail({ sns, clock, isWanted: wantsMail })
      return { ...channel, emails: addresses }
    },
  },
]

/** A client of Amazon's; each channel has its own. */
async function snsFor(config: Config, log: Log): Promise<Sns> {
  const { createSns } = await import('./sns.ts')
  const { AWS_REGION: region = '', AWS_ENDPOINT_URL_SNS: endpoint, AWS_SESSION_TOKEN: sessionToken } = config
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = config
  const credentials = accessKeyId &&
    secretAccessKey && { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
  return createSns({ region, log, ...(endpoint ? { endpoint } : {}), ...(credentials ? { credentials } : {}) })
}

/** The channel of last resort: where no platform to talk on is configured, the conversation is in the terminal. */
const TERMINAL: Entry = {
  name: 'console',
  needs: 'a terminal, and no other channel to talk on configured',
  isConfigured: () => true,
  create: async ({ terminal }) => createConsole(terminal),
}

/** The channels that are configured. `hasTerminal`: somebody may be talked to there, if nowhere else. */
export function configured(config: Config, hasTerminal = true): readonly Entry[] {
  const platforms = PLATFORMS.filter((entry) => entry.isConfigured(config))
  const isSilent = platforms.every(({ isOneWay }) => isOneWay)
  return isSilent && hasTerminal ? [...platforms, TERMINAL] : platforms
}
