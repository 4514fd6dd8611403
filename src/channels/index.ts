import type { Config } from '../config.ts'
import type { Channel } from './channel.ts'
import { type ConsoleOptions, createConsole } from './console.ts'

/** What a channel may be made from. */
export type ChannelPorts = { readonly config: Config; readonly terminal: ConsoleOptions }

type Entry = {
  readonly name: string
  /** What the channel needs to be on, in words. */
  readonly needs: string
  isConfigured(config: Config): boolean
  create(ports: ChannelPorts): Channel
}

/** The platforms, one line each. A new one is one file and one entry here. */
const PLATFORMS: readonly Entry[] = []

/** The channel of last resort: where no platform is configured, the conversation is in the terminal. */
const TERMINAL: Entry = {
  name: 'console',
  needs: 'a terminal, and no other channel configured',
  isConfigured: () => true,
  create: ({ terminal }) => createConsole(terminal),
}

/** The channels that are configured. */
export function configured(config: Config): readonly Entry[] {
  const platforms = PLATFORMS.filter((entry) => entry.isConfigured(config))
  return platforms.length > 0 ? platforms : [TERMINAL]
}
