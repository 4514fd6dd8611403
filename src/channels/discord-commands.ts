import {
  type APIApplicationCommandInteractionDataOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionContextType,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js'
import type { Argument, MenuEntry } from './channel.ts'
import type { Typed } from './discord-news.ts'

/** What Discord takes (Application Commands: command structure, option structure, naming). */
const LONGEST_SUMMARY = 100
const LONGEST_VALUE = 6_000
const MOST_OPTIONS = 25

type Command = RESTPutAPIApplicationCommandsJSONBody[number]

/**
 * The slash commands of a menu. Everything typed is text: a command's own readers know it better than Discord's.
 * `isGlobal`: for all servers and direct messages; only there a command can be left out of servers.
 */
export function commandsOf(menu: readonly MenuEntry[], isGlobal: boolean): Command[] {
  return menu.map(({ name, summary, arguments: given = [], isPersonal }) => ({
    name,
    description: summary.slice(0, LONGEST_SUMMARY),
    type: ApplicationCommandType.ChatInput,
    options: given.slice(0, MOST_OPTIONS).map(optionOf),
    ...(isGlobal ? { contexts: isPersonal ? DIRECT : EVERYWHERE } : {}),
  }))
}

const DIRECT = [InteractionContextType.BotDM]
const EVERYWHERE = [InteractionContextType.Guild, InteractionContextType.BotDM]

function optionOf({ name, kind, summary, isRequired }: Argument) {
  return {
    type: ApplicationCommandOptionType.String as const,
    name,
    description: summary.slice(0, LONGEST_SUMMARY),
    required: isRequired === true,
    autocomplete: kind !== 'text',
    max_length: LONGEST_VALUE,
  }
}

type Option = APIApplicationCommandInteractionDataOption<never> | APIApplicationCommandInteractionDataOption

/** What somebody means by the text of an option. */
export type Meant = (text: string) => string

/** A slash command as it would be typed, whatever the order its options were filled in. */
export function optionsText(
  name: string,
  options: readonly Option[],
  menu: readonly MenuEntry[],
  meant: Meant,
): string {
  const order = menu.find((entry) => entry.name === name)?.arguments?.map((argument) => argument.name) ?? []
  const place = (option: Option) => (order.includes(option.name) ? order.indexOf(option.name) : order.length)
  const values = [...options].sort((a, b) => place(a) - place(b)).map((option) => meant(textOf(option)).trim())
  return [`/${name}`, ...values.filter((value) => value !== '')].join(' ')
}

function textOf(option: Option): string {
  return 'value' in option ? String(option.value) : ''
}

/** The option that is being typed; undefined where none is. */
export function typedIn(command: string, options: readonly Option[], meant: Meant): Typed | undefined {
  const focused = options.find((option) => 'focused' in option && option.focused === true)
  return focused && { command, argument: focused.name, text: meant(textOf(focused)) }
}
