import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Config, readConfig, SETTINGS } from '../src/config.ts'
import { UserError } from '../src/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'signal-generator-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NO_FILE = join(folder, 'none')
const given = (environment: Record<string, string>) => readConfig(environment, NO_FILE)

/** Writes a file of the test's own; gives its path. */
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What a person is told of settings that cannot be used. */
function complaint(environment: Record<string, string>, envFile = NO_FILE): string {
  try {
    readConfig(environment, envFile)
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  throw new Error('these settings were taken')
}

test('with nothing set, everything has a default that runs on a fresh machine', () => {
  expect(given({})).toEqual({
    DATA_DIR: './data',
    MARKET: 'live',
    MARKET_SPEED: 1,
    MARKET_START: 'first-alert',
    MARKET_SEED: 1,
    YAHOO_URL: 'https://query1.finance.yahoo.com',
    NASDAQ_URL: 'https://api.nasdaq.com',
    TIINGO_URL: 'https://api.tiingo.com',
    ALPACA_URL: 'https://data.alpaca.markets',
    TWELVEDATA_URL: 'https://api.twelvedata.com',
    COINBASE_URL: 'https://api.coinbase.com',
    KRAKEN_URL: 'https://api.kraken.com',
    BINANCE_URL: 'https://data-api.binance.vision',
    COINGECKO_URL: 'https://api.coingecko.com/api/v3',
    COINDESK_URL: 'https://data-api.coindesk.com',
    FRANKFURTER_URL: 'https://api.frankfurter.dev/v2',
    MARKET_STOCKS: ['yahoo', 'nasdaq'],
    MARKET_CRYPTO: ['coinbase', 'kraken', 'binance', 'coingecko'],
    MARKET_FX: ['yahoo', 'frankfurter'],
    TELEGRAM_API_ROOT: 'https://api.telegram.org',
    TELEGRAM_PER_SECOND: 30,
    DISCORD_API_URL: 'https://discord.com/api',
    TWILIO_API_URL: 'https://api.twilio.com',
    SMS_DAILY_LIMIT: { number: 50, all: 1_000 },
    FETCH_INTERVAL: 10_000,
    BLIND_AFTER: 300_000,
    LOCK_LIFETIME: 30_000,
    SHARDS: 4,
    MAX_ALERTS: 200,
    RETENTION_DAYS: 90,
    RETRY_FIRST: 2_000,
    ESCALATE_AFTER: 300_000,
    RETRY_FOR: 86_400_000,
    FLOOD_PERSON: 5,
    FLOOD_ALERT: 3,
    COMMANDS_PER_MINUTE: 30,
    BACKTESTS_PER_HOUR: 20,
    ALLOWED_USERS: [],
    ADMIN_USERS: [],
  })
})

type Good = [keyof Config, string, unknown]
const GOOD: readonly Good[] = [
  ['MONGODB_URI', 'mongodb://db:27017/alerts', 'mongodb://db:27017/alerts'],
  ['MONGODB_URI', 'mongodb+srv://u:p@cluster.example.net', 'mongodb+srv://u:p@cluster.example.net'],
  ['DATA_DIR', '/var/lib/signal', '/var/lib/signal'],
  ['MONGOMS_SYSTEM_BINARY', '/usr/bin/mongod', '/usr/bin/mongod'],
  ['MARKET', 'simulated', 'simulated'],
  ['MARKET', 'replay:day one.csv', 'replay:day one.csv'],
  ['MARKET_SPEED', '0.5', 0.5],
  ['MARKET_SPEED', '1000000', 1_000_000],
  ['MARKET_START', 'now', 'now'],
  ['MARKET_SEED', '0', 0],
  ['YAHOO_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['COINBASE_URL', 'https://example.com', 'https://example.com'],
  ['NASDAQ_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['TIINGO_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['ALPACA_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['TWELVEDATA_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['KRAKEN_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['BINANCE_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['COINGECKO_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['COINDESK_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['FRANKFURTER_URL', 'http://localhost:8080', 'http://localhost:8080'],
  ['TIINGO_KEY', 'abc', 'abc'],
  ['ALPACA_KEY', 'abc', 'abc'],
  ['ALPACA_SECRET', 'abc', 'abc'],
  ['TWELVEDATA_KEY', 'abc', 'abc'],
  ['COINDESK_KEY', 'abc', 'abc'],
  ['COINGECKO_KEY', 'abc', 'abc'],
  ['FETCH_INTERVAL', '250ms', 250],
  ['FETCH_INTERVAL', '1h', 3_600_000],
  ['FETCH_INTERVAL', '1.5s', 1_500],
  ['BLIND_AFTER', '1d', 86_400_000],
  ['LOCK_LIFETIME', '10m', 600_000],
  ['SHARDS', '256', 256],
  ['MAX_ALERTS', '100000', 100_000],
  ['RETRY_FIRST', '10ms', 10],
  ['ESCALATE_AFTER', '1s', 1_000],
  ['RETENTION_DAYS', '1', 1],
  ['RETENTION_DAYS', '3650', 3_650],
  ['RETRY_FOR', '30d', 2_592_000_000],
  ['FLOOD_PERSON', '1', 1],
  ['FLOOD_ALERT', '1000000', 1_000_000],
  ['COMMANDS_PER_MINUTE', '1', 1],
  ['BACKTESTS_PER_HOUR', '100000', 100_000],
  ['TIMEZONE', 'Europe/Berlin', 'Europe/Berlin'],
  ['TELEGRAM_BOT_TOKEN', '4711:AAH-x_y', '4711:AAH-x_y'],
  ['TELEGRAM_API_ROOT', 'http://127.0.0.1:8081', 'http://127.0.0.1:8081'],
  ['TELEGRAM_PER_SECOND', '1000', 1_000],
  ['DISCORD_TOKEN', 'MTIz.abc.def', 'MTIz.abc.def'],
  ['DISCORD_API_URL', 'http://127.0.0.1:8083', 'http://127.0.0.1:8083'],
  ['DISCORD_GUILD_ID', '123456789012345678', '123456789012345678'],
  ['TWILIO_API_URL', 'http://127.0.0.1:8082', 'http://127.0.0.1:8082'],
  ['AWS_REGION', 'eu-west-1', 'eu-west-1'],
  ['AWS_REGION', 'us-gov-east-1', 'us-gov-east-1'],
  ['AWS_ENDPOINT_URL_SNS', 'http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
  ['AWS_SESSION_TOKEN', 'x', 'x'],
  ['PORT', '65535', 65_535],
  ['HEARTBEAT_URL', 'https://hc-ping.com/abc', 'https://hc-ping.com/abc'],
  ['XDG_CACHE_HOME', '/tmp/cache', '/tmp/cache'],
  ['LOG_LEVEL', 'silent', 'silent'],
]

const ORDERS: readonly [keyof Config, Record<string, string>, string[]][] = [
  ['MARKET_STOCKS', { MARKET_STOCKS: 'nasdaq, yahoo' }, ['nasdaq', 'yahoo']],
  [
    'ALLOWED_USERS',
    { ALLOWED_USERS: 'telegram:1, discord:user/1 sms:+12025550123' },
    ['telegram:1', 'discord:user/1', 'sms:+12025550123'],
  ],
  ['ADMIN_USERS', { ADMIN_USERS: 'telegram:123' }, ['telegram:123']],
  ['MARKET_STOCKS', { MARKET_STOCKS: 'nasdaq nasdaq' }, ['nasdaq']],
  ['MARKET_STOCKS', { MARKET_STOCKS: 'yahoo,tiingo', TIINGO_KEY: 'abc' }, ['yahoo', 'tiingo']],
  ['MARKET_STOCKS', { TIINGO_KEY: 'abc' }, ['tiingo', 'yahoo', 'nasdaq']],
  ['MARKET_STOCKS', { ALPACA_KEY: 'abc' }, ['yahoo', 'nasdaq']],
  ['MARKET_STOCKS', { ALPACA_KEY: 'abc', ALPACA_SECRET: 'def' }, ['alpaca', 'yahoo', 'nasdaq']],
  ['MARKET_STOCKS', { TWELVEDATA_KEY: 'abc' }, ['twelvedata', 'yahoo', 'nasdaq']],
  ['MARKET_CRYPTO', { COINDESK_KEY: 'abc' }, ['coindesk', 'coinbase', 'kraken', 'binance', 'coingecko']],
  ['MARKET_CRYPTO', { MARKET_CRYPTO: 'twelvedata', TWELVEDATA_KEY: 'abc' }, ['twelvedata']],
  ['MARKET_FX', { TWELVEDATA_KEY: 'abc' }, ['yahoo', 'twelvedata', 'frankfurter']],
]

test.each(ORDERS)('%s with %j is this list, in this order', (setting, environment, order) => {
  expect(given(environment)[setting]).toEqual(order)
})

const TWILIO = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'hunter2',
  TWILIO_FROM: '+12025550123',
  TWILIO_MESSAGING_SERVICE_SID: `MG${'f'.repeat(32)}`,
} as const

test('an account of Twilio is taken with its token and a number or a messaging service', () => {
  expect(given(TWILIO)).toMatchObject(TWILIO)
  expect(given({ ...TWILIO, TWILIO_FROM: '' }).TWILIO_FROM).toBeUndefined()
  const both = complaint({ TWILIO_ACCOUNT_SID: TWILIO.TWILIO_ACCOUNT_SID })
  expect(both).toContain('TWILIO_ACCOUNT_SID needs TWILIO_AUTH_TOKEN: set that too')
  expect(both).toContain('TWILIO_ACCOUNT_SID needs TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID: set that too')
})

const AMAZON = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'hunter2' } as const

test('an access key of Amazon’s is taken with its secret', () => {
  expect(given(AMAZON)).toMatchObject(AMAZON)
  for (const half of [{ AWS_ACCESS_KEY_ID: 'AKIA' }, { AWS_SECRET_ACCESS_KEY: 'hunter2' }])
    expect(complaint(half)).toContain(
      'AWS_ACCESS_KEY_ID goes together with AWS_SECRET_ACCESS_KEY: set both, or neither',
    )
  expect(complaint({ AWS_SECRET_ACCESS_KEY: 'hunter2' })).not.toContain('hunter2')
})

test('countries that are texted are two letters each', () => {
  expect(given({ SMS_COUNTRIES: 'us, CA,gb' }).SMS_COUNTRIES).toEqual(['US', 'CA', 'GB'])
  for (const wrong of ['USA', 'QX', ',', '+1'])
    expect(complaint({ SMS_COUNTRIES: wrong })).toContain(
      'SMS_COUNTRIES must be countries of two letters such as US,CA,GB',
    )
})

test('the daily limit of texts is two numbers', () => {
  expect(given({ SMS_DAILY_LIMIT: '5/70' }).SMS_DAILY_LIMIT).toEqual({ number: 5, all: 70 })
  expect(complaint({ SMS_DAILY_LIMIT: '50' })).toContain('SMS_DAILY_LIMIT must be two numbers such as 50/1000')
})

test('the public address is taken without a slash at its end, where a port is named to which it leads', () => {
  expect(given({ PUBLIC_URL: 'https://bot.example.com/', PORT: '80' }).PUBLIC_URL).toBe('https://bot.example.com')
})

test.each(GOOD)('%s=%s is taken', (name, text, value) => {
  expect(given({ [name]: text })[name]).toBe(value)
})

const BAD: readonly [keyof Config, string, string][] = [
  ['RETENTION_DAYS', '0', 'RETENTION_DAYS must be a whole number from 1 to 3650 (it is "0", in the environment)'],
  ['RETENTION_DAYS', '90d', 'RETENTION_DAYS must be a whole number from 1 to 3650 (it is "90d", in the environment)'],
  ['AWS_REGION', 'Ireland', 'AWS_REGION must be a region such as eu-west-1 (it is "Ireland", in the environment)'],
  ['MONGODB_URI', 'localhost:27017', 'MONGODB_URI must begin with mongodb:// or mongodb+srv:// (in the environment)'],
  ['MARKET', 'replay:', 'MARKET must be live, simulated or replay:FILE.csv (it is "replay:", in the environment)'],
  ['MARKET', 'Live', 'MARKET must be live, simulated or replay:FILE.csv (it is "Live", in the environment)'],
  ['MARKET_SPEED', '0', 'MARKET_SPEED must be a number above 0 and at most 1000000 (it is "0", in the environment)'],
  [
    'MARKET_SPEED',
    'fast',
    'MARKET_SPEED must be a number above 0 and at most 1000000 (it is "fast", in the environment)',
  ],
  [
    'MARKET_SPEED',
    '1000001',
    'MARKET_SPEED must be a number above 0 and at most 1000000 (it is "1000001", in the environment)',
  ],
  ['MARKET_START', 'later', 'MARKET_START must be first-alert or now (it is "later", in the environment)'],
  ['MARKET_SEED', '-1', 'MARKET_SEED must be a whole number from 0 to 2147483648 (it is "-1", in the environment)'],
  [
    'YAHOO_URL',
    'ftp://x',
    'YAHOO_URL must be a web address that begins with http:// or https:// (it is "ftp://x", in the environment)',
  ],
  [
    'COINBASE_URL',
    'api',
    'COINBASE_URL must be a web address that begins with http:// or https:// (it is "api", in the environment)',
  ],
  [
    'MARKET_STOCKS',
    'yahoo,bloomberg',
    'MARKET_STOCKS must be names out of yahoo, nasdaq, tiingo, alpaca, twelvedata, with commas between them (it is "yahoo,bloomberg", in the environment)',
  ],
  [
    'MARKET_CRYPTO',
    'yahoo',
    'MARKET_CRYPTO must be names out of twelvedata, coinbase, kraken, binance, coingecko, coindesk, with commas between them (it is "yahoo", in the environment)',
  ],
  [
    'MARKET_FX',
    ',',
    'MARKET_FX must be names out of yahoo, twelvedata, frankfurter, with commas between them (it is ",", in the environment)',
  ],
  [
    'MARKET_STOCKS',
    'yahoo,tiingo',
    'MARKET_STOCKS names tiingo, which needs TIINGO_KEY: set that too, or take tiingo out (it is "yahoo,tiingo", in the environment)',
  ],
  [
    'MARKET_STOCKS',
    'alpaca',
    'MARKET_STOCKS names alpaca, which needs ALPACA_KEY and ALPACA_SECRET: set that too, or take alpaca out (it is "alpaca", in the environment)',
  ],
  [
    'HEARTBEAT_URL',
    'x',
    'HEARTBEAT_URL must be a web address that begins with http:// or https:// (in the environment)',
  ],
  [
    'FETCH_INTERVAL',
    '10',
    'FETCH_INTERVAL must be a length of time such as 10s, 500ms or 5m, between 250ms and 1h (it is "10", in the environment)',
  ],
  [
    'FETCH_INTERVAL',
    '249ms',
    'FETCH_INTERVAL must be a length of time such as 10s, 500ms or 5m, between 250ms and 1h (it is "249ms", in the environment)',
  ],
  [
    'BLIND_AFTER',
    '2d',
    'BLIND_AFTER must be a length of time such as 10s, 500ms or 5m, between 1s and 1d (it is "2d", in the environment)',
  ],
  [
    'LOCK_LIFETIME',
    '1h',
    'LOCK_LIFETIME must be a length of time such as 10s, 500ms or 5m, between 1s and 10m (it is "1h", in the environment)',
  ],
  ['SHARDS', '0', 'SHARDS must be a whole number from 1 to 256 (it is "0", in the environment)'],
  ['SHARDS', '4.5', 'SHARDS must be a whole number from 1 to 256 (it is "4.5", in the environment)'],
  ['MAX_ALERTS', 'many', 'MAX_ALERTS must be a whole number from 1 to 100000 (it is "many", in the environment)'],
  [
    'ALLOWED_USERS',
    'anna',
    'ALLOWED_USERS must be like telegram:123,sms:+12025550123 (it is "anna", in the environment)',
  ],
  ['TIMEZONE', 'Berlin', 'TIMEZONE must be a time zone such as Europe/Berlin (it is "Berlin", in the environment)'],
  [
    'TELEGRAM_BOT_TOKEN',
    'hunter2',
    'TELEGRAM_BOT_TOKEN must be the token that BotFather gave, like 123456:ABC-DEF (in the environment)',
  ],
  [
    'PUBLIC_URL',
    'http://bot.example.com',
    'PUBLIC_URL must be a web address that begins with https:// (it is "http://bot.example.com", in the environment)',
  ],
  [
    'PUBLIC_URL',
    'https://bot.example.com',
    'PUBLIC_URL needs PORT: set the port it leads to, too (it is "https://bot.example.com", in the environment)',
  ],
  ['PORT', '70000', 'PORT must be a whole number from 1 to 65535 (it is "70000", in the environment)'],
  [
    'LOG_LEVEL',
    'loud',
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent (it is "loud", in the environment)',
  ],
]

test.each(BAD)('%s=%s is refused, and the line says what it must be', (name, text, line) => {
  expect(complaint({ [name]: text })).toBe(`The configuration cannot be used:\n  ${line}`)
})

test('every setting stands in a good line above, so that none is left untried', () => {
  expect(
    [
      ...new Set([
        'PUBLIC_URL',
        'SMS_DAILY_LIMIT',
        ...Object.keys(TWILIO),
        ...Object.keys(AMAZON),
        'SMS_COUNTRIES',
        ...[...GOOD, ...ORDERS].map(([name]) => name),
      ]),
    ].sort(),
  ).toEqual([...SETTINGS].sort())
})

test('several bad settings are all named at once', () => {
  expect(complaint({ PORT: 'x', SHARDS: '0', MARKET: 'live' })).toBe(
    'The configuration cannot be used:\n' +
      '  SHARDS must be a whole number from 1 to 256 (it is "0", in the environment)\n' +
      '  PORT must be a whole number from 1 to 65535 (it is "x", in the environment)',
  )
})

test('an empty value is none', () => {
  expect(given({ PORT: '', MARKET: '', MONGODB_URI: '' })).toEqual(given({}))
})

test('what is not a setting of ours does not matter', () => {
  expect(given({ PATH: '/bin', HOME: '/root' })).toEqual(given({}))
})

describe('where settings come from', () => {
  test('the file .env gives what the environment does not, and the environment wins', () => {
    const env = file('.env', '# a remark\nSHARDS=8\nPORT=8080\n\nTIMEZONE="Europe/Berlin"\n')
    expect(readConfig({ PORT: '9090' }, env)).toEqual({
      ...given({}),
      SHARDS: 8,
      PORT: 9_090,
      TIMEZONE: 'Europe/Berlin',
    })
  })

  test('an empty value in the environment does not hide the one in .env', () => {
    expect(readConfig({ SHARDS: '' }, file('.env-hidden', 'SHARDS=8\n')).SHARDS).toBe(8)
  })

  test('NAME_FILE names a file that holds the value, as container platforms give secrets', () => {
    const path = file('uri', 'mongodb://u:secret@db/alerts\n')
    expect(given({ MONGODB_URI_FILE: path }).MONGODB_URI).toBe('mongodb://u:secret@db/alerts')
    expect(readConfig({}, file('.env-file', `MONGODB_URI_FILE=${path}\n`)).MONGODB_URI).toBe(
      'mongodb://u:secret@db/alerts',
    )
  })

  test('a secret file that the environment names comes before a value in .env', () => {
    const environment = { SHARDS_FILE: file('shards-of-environment', '3') }
    expect(readConfig(environment, file('.env-plain', 'SHARDS=8\n')).SHARDS).toBe(3)
  })

  test('the value itself comes before its file', () => {
    expect(given({ SHARDS: '2', SHARDS_FILE: file('shards', '3') }).SHARDS).toBe(2)
  })

  test('a bad value is told where it came from', () => {
    const env = file('.env-bad', 'SHARDS=none\nPORT=8080\n')
    expect(complaint({ PORT: 'x' }, env)).toBe(
      'The configuration cannot be used:\n' +
        `  SHARDS must be a whole number from 1 to 256 (it is "none", in ${env})\n` +
        '  PORT must be a whole number from 1 to 65535 (it is "x", in the environment)',
    )
  })

  test('a NAME_FILE that cannot be read is named, with the file', () => {
    const path = join(folder, 'missing')
    expect(complaint({ MONGODB_URI_FILE: path })).toBe(
      `The file ${path}, which MONGODB_URI_FILE names, cannot be read: there is no such file.`,
    )
  })

  test('an .env that cannot be read is named', () => {
    expect(complaint({}, folder)).toBe(`The file ${folder} cannot be read: it is a folder.`)
  })
})

describe('secrets', () => {
  test.each([
    ['in the environment', (value: string) => complaint({ MONGODB_URI: value })],
    ['in .env', (value: string) => complaint({}, file('.env-secret', `MONGODB_URI=${value}\n`))],
    ['in a file of its own', (value: string) => complaint({ MONGODB_URI_FILE: file('secret', value) })],
  ])('a bad secret %s is never shown', (_where, complain) => {
    const line = complain('postgres://me:hunter2@db/alerts')
    expect(line).toContain('MONGODB_URI must begin with')
    expect(line).not.toMatch(/hunter2|postgres/)
  })

  test('a bad value that came from a file is not shown either: what stands in a file was meant to be hidden', () => {
    expect(complaint({ HEARTBEAT_URL_FILE: file('heartbeat', 'hunter2') })).not.toContain('hunter2')
  })

  test('an address with a password or a token in it is not shown', () => {
    expect(complaint({ HEARTBEAT_URL: 'ftp://me:hunter2@hc-ping.com/0123-token' })).not.toMatch(/hunter2|0123-token/)
  })
})

test('.env.example explains every setting, and none that does not exist', () => {
  expect(existsSync('.env.example')).toBe(true)
  const named = [...readFileSync('.env.example', 'utf8').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name)
  expect([...new Set(named)].sort()).toEqual([...SETTINGS].sort())
})

test('every line of .env.example can be used as it stands', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n')
  const settings = lines.flatMap((line) => /^#? ?([A-Z][A-Z0-9_]+=.+)$/.exec(line)?.[1] ?? [])
  const example = readConfig({}, file('.env-example', settings.join('\n')))
  expect(example).toMatchObject(given({}))
})
