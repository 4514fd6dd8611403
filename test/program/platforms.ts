import { CHANNEL, ANNA as DISCORD_ANNA, BEN as DISCORD_BEN, type DiscordDouble, directOf } from '../doubles/discord.ts'
import type { TelegramDouble } from '../doubles/telegram.ts'
import type { TwilioDouble } from '../doubles/twilio.ts'

/** What a person does on a platform; `who`: Anna, Ben or Cara. Who `answers` answers the bot's last message as such. */
export type Act = {
  readonly who: string
  readonly what: string
  readonly words: string
  readonly inGroup: boolean
}

/**
 * What people see of the bot: a message with its buttons, or how one changed. `place`: whose private chat, or `the group`.
 * `how`: what is remarkable about it, in words.
 */
export type Happening = { readonly place: string; readonly how: string; readonly lines: readonly string[] }

/** A platform as people see it. */
export type Platform = {
  act(act: Act): Promise<void>
  /** What happens next in a place. */
  next(place: string): Promise<Happening>
  /** What nobody has waited for. */
  rest(): Happening[]
}

/** A message as it can be read now; `id` tells it from others. */
type Read = Happening & { readonly id: string }

/**
 * What is seen, in order, as a double is looked at after each of its calls. Pictures are left out: they come when they are
 * drawn, or not at all.
 */
function createEyes(
  read: () => readonly Read[],
  until: (isSo: () => boolean) => Promise<void>,
): Pick<Platform, 'next' | 'rest'> {
  const known = new Map<string, string>()
  const happened: Happening[] = []
  const look = () => {
    for (const { id, place, how, lines } of read()) {
      const words = lines.join('\n')
      const before = known.get(id)
      if (before === words) continue
      known.set(id, words)
      happened.push({ place, lines, how: before === undefined ? how : 'changes what it said' })
    }
  }
  void until(() => {
    look()
    return false
  })
  return {
    async next(place) {
      await until(() => happened.some((each) => each.place === place))
      return happened.splice(
        happened.findIndex((each) => each.place === place),
        1,
      )[0]!
    },
    rest() {
      look()
      return happened.splice(0)
    },
  }
}

function buttonLine(labels: readonly string[]): string[] {
  return labels.length === 0 ? [] : [labels.map((label) => `[${label}]`).join(' ')]
}

/** Cara is an admin of the group. */
const PEOPLE = {
  Anna: { telegram: 7, discord: DISCORD_ANNA, phone: '+12025550123' },
  Ben: { telegram: 8, discord: DISCORD_BEN, phone: '+12025550177' },
  Cara: { telegram: 9, discord: '700000000000000009', phone: '+12025550188' },
} as const
type Name = keyof typeof PEOPLE
const NAMES = Object.keys(PEOPLE) as Name[]
const GROUP = -1_001_234_567_890
const ADMINS = '610000000000000001'
const MANAGE_GUILD = 1n << 5n

/** Telegram, by its double; the group is called `Traders <b>`. */
export function onTelegram(telegram: TelegramDouble): Platform {
  const written = new Map<string, number>()
  let lastPress: string = 'Anna'
  telegram.admins.add(PEOPLE.Cara.telegram)

  const messagesOf = (place: string, chat: number): Read[] =>
    telegram
      .shown(chat)
      .filter(({ photo }) => photo === undefined)
      .map(({ id, text, buttons, asksForReply }) => ({
        id: `${chat}/${id}`,
        place,
        how: asksForReply ? 'and opens the field to answer it' : '',
        lines: [...text.split('\n'), ...buttons.flatMap((row) => buttonLine(row.map((button) => button.text)))],
      }))
  const toasts = (): Read[] =>
    telegram.calls.flatMap(({ method, params }) =>
      method === 'answerCallbackQuery' && typeof params.text === 'string'
        ? [{ id: `toast ${params.callback_query_id}`, place: lastPress, how: 'for a moment', lines: [params.text] }]
        : [],
    )
  const read = () => [
    ...NAMES.flatMap((name) => messagesOf(name, PEOPLE[name].telegram)),
    ...messagesOf('the group', GROUP),
    ...toasts(),
  ]

  return {
    ...createEyes(read, telegram.until),
    async act({ who, what, words, inGroup }) {
      const { telegram: id } = PEOPLE[who as Name]
      const from = { id, name: who, ...(inGroup ? { chat: GROUP } : {}) }
      if (what === 'writes') written.set(who, telegram.says(words, from))
      else if (what === 'answers') {
        const answers = telegram.shown(inGroup ? GROUP : id).at(-1)?.id
        telegram.says(words, { ...from, ...(answers === undefined ? {} : { answers }) })
      } else if (what === 'changes it to') telegram.edits(written.get(who)!, words, from)
      else if (what === 'presses') {
        lastPress = inGroup ? 'the group' : who
        telegram.presses(words, from)
      } else throw new Error(`nobody ${what} in Telegram`)
    },
  }
}

/** Discord, by its double; the group is a channel of a server. `@Signal` is the bot's name there. */
export function onDiscord(discord: DiscordDouble): Platform {
  const written = new Map<string, string>()
  discord.roles.set(PEOPLE.Cara.discord, [ADMINS])
  discord.permissions.set(ADMINS, MANAGE_GUILD)
  const readable = (text: string) =>
    text
      .replace(/<@!?(\d+)>/g, (_, id) => `@${NAMES.find((name) => PEOPLE[name].discord === id) ?? id}`)
      .replace(/^```\n?|\n?```$/gm, '')
      .replaceAll('**', '')
      .replace(/\\(.)/g, '$1')
      .replaceAll('\u2060', '')
  const messagesOf = (place: string, channel: string): Read[] =>
    discord
      .shown(channel)
      .filter(({ isThinking }) => !isThinking)
      .map(({ id, content, embeds, buttons, onlyFor }) => ({
        id,
        place,
        how: onlyFor === undefined || place !== 'the group' ? '' : `seen by ${nameOf(onlyFor)} alone`,
        lines: [
          ...(content === '' ? [] : readable(content).split('\n')),
          ...embeds.flatMap((embed) => cardOf(embed, readable)),
          ...buttons.flatMap((row) => buttonLine(row.map(({ label }) => label))),
        ],
      }))
  const read = () => [
    ...NAMES.flatMap((name) => messagesOf(name, directOf(PEOPLE[name].discord))),
    ...messagesOf('the group', CHANNEL),
  ]

  return {
    ...createEyes(read, discord.until),
    async act({ who, what, words, inGroup }) {
      const { discord: id } = PEOPLE[who as Name]
      const may = who === 'Cara' ? { may: MANAGE_GUILD } : {}
      const from = { id, name: who, ...(inGroup ? { channel: CHANNEL } : {}), ...may }
      const text = words.replaceAll('@Signal', `<@${discord.me}>`)
      if (what === 'writes') written.set(who, discord.says(text, from))
      else if (what === 'answers') {
        const answers = discord.shown(inGroup ? CHANNEL : directOf(id)).at(-1)?.id
        discord.says(text, { ...from, ...(answers === undefined ? {} : { answers }) })
      } else if (what === 'changes it to') discord.edits(written.get(who)!, text, from)
      else if (what === 'presses') discord.presses(words, from)
      else if (what === 'uses') {
        const { name, options } = slashOf(words)
        discord.slash(name, options, from)
      } else throw new Error(`nobody ${what} in Discord`)
    },
  }
}

function nameOf(person: string): string {
  return NAMES.find((name) => PEOPLE[name].discord === person) ?? person
}

type Embed = { readonly title?: string; readonly description?: string; readonly color?: number }

function cardOf({ title, description, color = 0 }: Embed, readable: (text: string) => string): string[] {
  const edge = ((color >> 8) & 255) > color >> 16 ? 'green' : 'red'
  const text = [title, description].filter((part) => part !== undefined).join('\n')
  return [
    `(a card with a ${edge} edge)`,
    ...readable(text)
      .split('\n')
      .map((line) => `| ${line}`),
  ]
}

/** `/alert condition: AAPL > 500` */
function slashOf(words: string): { name: string; options: Record<string, string> } {
  const [, name = '', rest = ''] = /^\/(\w+) ?(.*)$/.exec(words) ?? []
  const options = rest.split(/ ?(\w+): /).slice(1)
  const pairs = Array.from({ length: options.length / 2 }, (_, index) => options.slice(2 * index, 2 * index + 2))
  return { name, options: Object.fromEntries(pairs) }
}

/** Texts, by the double of Twilio. What takes more than one segment says how many. */
export function onPhones(twilio: TwilioDouble): Platform {
  const read = () =>
    NAMES.flatMap((name) =>
      twilio.phone(PEOPLE[name].phone).map(({ sid, text, segments, isGsm }) => ({
        id: sid,
        place: name,
        how: isGsm ? (segments === 1 ? '' : `in ${segments} segments`) : 'NOT IN GSM-7',
        lines: text.split('\n'),
      })),
    )
  return {
    ...createEyes(read, twilio.until),
    async act({ who, what, words }) {
      if (what !== 'writes') throw new Error(`nobody ${what} by text`)
      const { status } = await twilio.texts(words, PEOPLE[who as Name].phone)
      if (status !== 200) throw new Error(`the webhook answered ${status}`)
    },
  }
}
