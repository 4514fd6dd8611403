import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { IANAZone } from 'luxon'
import { z } from 'zod'
import { fileProblem, UserError } from './errors.ts'
import { ORDER, SOURCES, type SourceName, sourcesOf } from './market/sources.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `10s`, `500ms`, `5m` → ms; not a number where it is no length of time. */
function lengthOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  return match ? Number(match[1]) * UNITS[match[2]!]! : Number.NaN
}

/** A length of time between two others, all written alike; gives ms. */
function duration(least: string, most: string) {
  const message = `must be a length of time such as 10s, 500ms or 5m, between ${least} and ${most}`
  return z
    .string()
    .transform(lengthOf)
    .refine((value) => value >= lengthOf(least) && value <= lengthOf(most), message)
}

function whole(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
}

const webAddress = z.url({ protocol: /^https?$/, error: 'must be a web address that begins with http:// or https://' })

/** The class of instruments whose order of providers a setting holds. */
const ORDERS = { MARKET_STOCKS: 'stock', MARKET_CRYPTO: 'crypto', MARKET_FX: 'fx' } as const

/** Names of providers in the order in which they are asked. */
function providers(setting: keyof typeof ORDERS) {
  const names: readonly string[] = sourcesOf(ORDERS[setting])
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((name) => name !== ''))
    .refine(
      (found) => found.length > 0 && found.every((name) => names.includes(name)),
      `must be names out of ${names.join(', ')}, with commas between them`,
    )
    .transform((found) => [...new Set(found)] as SourceName[])
    .optional()
}

/** A channel, a colon, and the platform's id of a person or the address of a chat. */
const PERSON = /^[a-z]+:\S+$/

/** People or chats, with commas between them; nobody where it is left out. */
function people() {
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((name) => name !== ''))
    .refine((found) => found.every((name) => PERSON.test(name)), 'must be like telegram:123,sms:+12025550123')
    .default([])
}

const COUNTRIES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** `US`, as ISO 3166 has it. */
function isCountry(name: string): boolean {
  return /^[A-Z]{2}$/.test(name) && COUNTRIES.of(name) !== undefined
}

const MARKET = /^(live|simulated|replay:.+)$/
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const schema = z.object({
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .optional(),
  DATA_DIR: z.string().default('./data'),
  MONGOMS_SYSTEM_BINARY: z.string().optional(),
  MARKET: z.string().regex(MARKET, 'must be live, simulated or replay:FILE.csv').default('live'),
  MARKET_SPEED: z
    .string()
    .transform(Number)
    .refine((speed) => speed > 0 && speed <= 1e6, 'must be a number above 0 and at most 1000000')
    .default(1),
  MARKET_START: z.enum(['first-alert', 'now'], 'must be first-alert or now').default('first-alert'),
  MARKET_SEED: whole(0, 2 ** 31).default(1),
  YAHOO_URL: webAddress.default('https://query1.finance.yahoo.com'),
  NASDAQ_URL: webAddress.default('https://api.nasdaq.com'),
  TIINGO_URL: webAddress.default('https://api.tiingo.com'),
  ALPACA_URL: webAddress.default('https://data.alpaca.markets'),
  TWELVEDATA_URL: webAddress.default('https://api.twelvedata.com'),
  COINBASE_URL: webAddress.default('https://api.coinbase.com'),
  KRAKEN_URL: webAddress.default('https://api.kraken.com'),
  BINANCE_URL: webAddress.default('https://data-api.binance.vision'),
  COINGECKO_URL: webAddress.default('https://api.coingecko.com/api/v3'),
  COINDESK_URL: webAddress.default('https://data-api.coindesk.com'),
  FRANKFURTER_URL: webAddress.default('https://api.frankfurter.dev/v2'),
  TIINGO_KEY: z.string().optional(),
  ALPACA_KEY: z.string().optional(),
  ALPACA_SECRET: z.string().optional(),
  TWELVEDATA_KEY: z.string().optional(),
  COINDESK_KEY: z.string().optional(),
  COINGECKO_KEY: z.string().optional(),
  MARKET_STOCKS: providers('MARKET_STOCKS'),
  MARKET_CRYPTO: providers('MARKET_CRYPTO'),
  MARKET_FX: providers('MARKET_FX'),
  FETCH_INTERVAL: duration('250ms', '1h').default(10_000),
  BLIND_AFTER: duration('1s', '1d').default(300_000),
  LOCK_LIFETIME: duration('1s', '10m').default(30_000),
  SHARDS: whole(1, 256).default(4),
  MAX_ALERTS: whole(1, 100_000).default(200),
  RETENTION_DAYS: whole(1, 3_650).default(90),
  RETRY_FIRST: duration('10ms', '10m').default(2_000),
  RETRY_FOR: duration('1s', '30d').default(86_400_000),
  ESCALATE_AFTER: duration('1s', '1d').default(300_000),
  FLOOD_PERSON: whole(1, 1_000_000).default(5),
  FLOOD_ALERT: whole(1, 1_000_000).default(3),
  COMMANDS_PER_MINUTE: whole(1, 100_000).default(30),
  BACKTESTS_PER_HOUR: whole(1, 100_000).default(20),
  ALLOWED_USERS: people(),
  ADMIN_USERS: people(),
  TIMEZONE: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), 'must be a time zone such as Europe/Berlin')
    .optional(),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, 'must be the token that BotFather gave, like 123456:ABC-DEF')
    .optional(),
  TELEGRAM_API_ROOT: webAddress.default('https://api.telegram.org'),
  TELEGRAM_PER_SECOND: whole(1, 1_000).default(30),
  DISCORD_TOKEN: z.string().optional(),
  DISCORD_API_URL: webAddress.default('https://discord.com/api'),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d{17,20}$/, 'must be the ID of a server: 17 to 20 digits')
    .optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'must be the SID of an account: AC and 32 digits of 0-9 and a-f')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_FROM: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number such as +12025550123')
    .optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/, 'must be the SID of a messaging service: MG and 32 digits of 0-9 and a-f')
    .optional(),
  TWILIO_API_URL: webAddress.default('https://api.twilio.com'),
  SMS_DAILY_LIMIT: z
    .string()
    .regex(/^\d+\/\d+$/, 'must be two numbers such as 50/1000: segments a day to one number, and to all together')
    .transform((text) => {
      const [number = 0, all = 0] = text.split('/').map(Number)
      return { number, all }
    })
    .default({ number: 50, all: 1_000 }),
  SMS_COUNTRIES: z
    .string()
    .transform((text) => text.split(/[\s,]+/).flatMap((name) => (name === '' ? [] : [name.toUpperCase()])))
    .refine(
      (found) => found.length > 0 && found.every(isCountry),
      'must be countries of two letters such as US,CA,GB, with commas between them',
    )
    .optional(),
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-west-1')
    .optional(),
  AWS_ENDPOINT_URL_SNS: webAddress.optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  PUBLIC_URL: z
    .url({ protocol: /^https$/, error: 'must be a web address that begins with https://' })
    .transform((address) => address.replace(/\/+$/, ''))
    .optional(),
  PORT: whole(1, 65_535).optional(),
  HEARTBEAT_URL: webAddress.optional(),
  XDG_CACHE_HOME: z.string().optional(),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).optional(),
})

type Given = z.output<typeof schema>

/** The program's settings. Durations are ms. */
export type Config = Given & { readonly [setting in keyof typeof ORDERS]: readonly SourceName[] }

/** The keys that a provider needs and that are not there. */
function keysMissing(name: SourceName, given: Given): string[] {
  // A name that is none has been found fault with already.
  const needs: readonly string[] = name in SOURCES ? SOURCES[name].needs : []
  return needs.filter((key) => !given[key as keyof Given])
}

/** What reaches us from outside comes in by our own web server. */
function webServerMissing({ PUBLIC_URL, PORT }: Given): boolean {
  return PUBLIC_URL?.startsWith('https:') === true && PORT === undefined
}

/** What else is needed by who sends texts. */
function twilioMissing(given: Given): string[] {
  if (given.TWILIO_ACCOUNT_SID === undefined) return []
  return [
    ...(given.TWILIO_AUTH_TOKEN === undefined ? ['TWILIO_AUTH_TOKEN'] : []),
    ...((given.TWILIO_FROM ?? given.TWILIO_MESSAGING_SERVICE_SID)
      ? []
      : ['TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID']),
  ]
}

/** Nobody is asked without the key they want: an order that names such a provider is refused, the default leaves it out. */
const complete = schema
  .superRefine((given, context) => {
    if (webServerMissing(given))
      context.addIssue({ code: 'custom', path: ['PUBLIC_URL'], message: 'needs PORT: set the port it leads to, too' })
    for (const lacking of twilioMissing(given))
      context.addIssue({ code: 'custom', path: ['TWILIO_ACCOUNT_SID'], message: `needs ${lacking}: set that too` })
    if ((given.AWS_ACCESS_KEY_ID === undefined) !== (given.AWS_SECRET_ACCESS_KEY === undefined))
      context.addIssue({
        code: 'custom',
        path: ['AWS_ACCESS_KEY_ID'],
        message: 'goes together with AWS_SECRET_ACCESS_KEY: set both, or neither',
      })
    for (const setting of Object.keys(ORDERS) as (keyof typeof ORDERS)[]) {
      const lacking = (given[setting] ?? []).map((name) => ({ name, keys: keysMissing(name, given) }))
      for (const { name, keys } of lacking.filter(({ keys }) => keys.length > 0)) {
        const message = `names ${name}, which needs ${keys.join(' and ')}: set that too, or take ${name} out`
        context.addIssue({ code: 'custom', path: [setting], message })
      }
    }
  })
  .transform((given): Config => {
    const orderOf = (setting: keyof typeof ORDERS) =>
      given[setting] ?? ORDER[ORDERS[setting]].filter((name) => keysMissing(name, given).length === 0)
    const orders = { MARKET_STOCKS: orderOf('MARKET_STOCKS'), MARKET_CRYPTO: orderOf('MARKET_CRYPTO') }
    return { ...given, ...orders, MARKET_FX: orderOf('MARKET_FX') }
  })

/** The name of every setting. */
export const SETTINGS = Object.keys(schema.shape) as readonly (keyof Config)[]

/** Settings whose value nobody but the operator may see. Who knows the heartbeat's address can keep a dead bot looking alive. */
const SECRET = /TOKEN|KEY|SECRET|URI|SID|HEARTBEAT/

/** The values of all secrets among the settings, those of the providers' and channels' accounts as well. */
export function secretsOf(config: Config): string[] {
  return SETTINGS.filter((name) => SECRET.test(name)).flatMap((name) => {
    const value = config[name]
    return typeof value === 'string' ? [value] : []
  })
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings: the environment first, then the file `.env` of the working directory, then the defaults. `NAME_FILE`
 * names a file that holds the value of NAME, as container platforms give secrets. An empty value is none.
 * Throws `UserError` that names each bad setting, where it came from and what it must be; no value of a secret is shown.
 */
export function readConfig(environment: Environment = process.env, envFile = '.env'): Config {
  const file = fromFile(envFile)
  const named = SETTINGS.flatMap((name) => {
    const value = valueIn(environment, name) || valueIn(file, name)
    return value ? [[name, value] as const] : []
  })
  const result = complete.safeParse(Object.fromEntries(named))
  if (result.success) return result.data
  const lines = result.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    const isFromFile = !environment[name] && !environment[`${name}_FILE`]
    return `  ${name} ${message} (${shown(name, isFromFile ? file : environment)}in ${isFromFile ? envFile : 'the environment'})`
  })
  throw new UserError(`The configuration cannot be used:\n${lines.join('\n')}`, {
    suggestion: 'Correct it there; .env.example explains each setting.',
  })
}

/** The settings of a file, or none where there is no such file. */
function fromFile(path: string): Environment {
  if (!existsSync(path)) return {}
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UserError(`The file ${path} cannot be read: ${fileProblem(error)}.`)
  }
}

/** The value of a setting in one place: itself, else what the file holds that `NAME_FILE` names there. */
function valueIn(settings: Environment, name: string): string | undefined {
  return settings[name] || fromSecretFile(name, settings[`${name}_FILE`])
}

function fromSecretFile(name: string, path: string | undefined): string | undefined {
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new UserError(`The file ${path}, which ${name}_FILE names, cannot be read: ${fileProblem(error)}.`)
  }
}

/** What was given, where it is no secret and helps to see the slip. */
function shown(name: string, settings: Environment): string {
  const value = settings[name]
  return !value || SECRET.test(name) ? '' : `it is "${value.slice(0, 60)}", `
}
