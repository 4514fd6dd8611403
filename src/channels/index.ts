import type { Config } from '../config.ts'
import type { Route } from '../http/route.ts'
import type { Log } from '../log.ts'
import type { Channel, Clock, Draw, LongCommands, MenuEntry, Ownership } from './channel.ts'
import { type ConsoleOptions, createConsole } from './console.ts'

/** What a channel may be made from. */
export type ChannelPorts = {
  readonly config: Config
  readonly terminal: ConsoleOptions
  /** Every command. */
  readonly menu: readonly MenuEntry[]
  /** The right to be the one that listens on a channel. */
  owner(channel: string): Ownership
  readonly long: LongCommands
  readonly draw: Draw
  /** Takes what is posted to our web server; left out where there is none. */
  readonly route?: Route
  readonly clock: Clock
  readonly log: Log
  /** Where there was one address of a channel there is another from now on. May be told more than once. */
  moved(channel: string, from: string, to: string): Promise<void>
}

type Entry = {
  readonly name: string
  /** What the channel needs to be on, in words. */
  readonly needs: string
  isConfigured(config: Config): boolean
  /** What a platform needs of others' code is loaded only here: it takes long. */
  create(ports: ChannelPorts): Promise<Channel>
}

/** The platforms, one entry each. A new one is one file and one entry here. */
const PLATFORMS: readonly Entry[] = [
  {
    name: 'telegram',
    needs: 'TELEGRAM_BOT_TOKEN',
    isConfigured: ({ TELEGRAM_BOT_TOKEN }) => TELEGRAM_BOT_TOKEN !== undefined,
    async create({ config, route, owner, moved, ...ports }) {
      const { createTelegram } = await import('./telegram.ts')
      const { TELEGRAM_BOT_TOKEN: token = '', TELEGRAM_API_ROOT: apiRoot, PUBLIC_URL: publicUrl } = config
      return createTelegram({
        ...ports,
        token,
        apiRoot,
        ...(publicUrl && route ? { webhook: { publicUrl, route } } : {}),
        owner: owner('telegram'),
        moved: (from, to) => moved('telegram', from, to),
      })
    },
  },
]

/** The channel of last resort: where no platform is configured, the conversation is in the terminal. */
const TERMINAL: Entry = {
  name: 'console',
  needs: 'a terminal, and no other channel configured',
  isConfigured: () => true,
  create: async ({ terminal }) => createConsole(terminal),
}

/** The channels that are configured. `hasTerminal`: somebody may be talked to there, if nowhere else. */
export function configured(config: Config, hasTerminal = true): readonly Entry[] {
  const platforms = PLATFORMS.filter((entry) => entry.isConfigured(config))
  return platforms.length > 0 || !hasTerminal ? platforms : [TERMINAL]
}
