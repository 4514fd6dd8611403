import { afterEach, describe, expect, test } from 'vitest'
import { type Clock, type MenuEntry, OWNED_FOR, type Ownership } from '../../src/channels/channel.ts'
import { commands } from '../../src/commands/index.ts'
import { UserError } from '../../src/errors.ts'
import { CHANNEL, type DiscordDouble, GUILD } from '../doubles/discord.ts'
import { aDiscord, closeRooms, enter, fastClock, type Room, type RoomOptions } from './discord-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const texts = (discord: DiscordDouble, channel?: string) => discord.shown(channel).map(({ content }) => content)

/** Waits until it is so of something that tells nobody. */
async function becomes(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const says = ({ channel }: Room, words: string) => becomes(() => channel.health?.().says === words)
const logs = (room: Room, words: string) => becomes(() => room.logged.join('').includes(words))

/** A right that several processes want, on a clock; `isDown`: nobody can be asked. */
function shared(clock: Clock) {
  const state = { owner: '', until: 0, isDown: false }
  const of = (name: string): Ownership => ({
    async acquire() {
      if (state.isDown) throw new Error('the database is gone')
      if (state.owner !== name && clock.now() < state.until) return false
      state.owner = name
      state.until = clock.now() + OWNED_FOR
      return true
    },
    async release() {
      if (state.owner === name) state.until = 0
    },
  })
  return { state, of }
}

/** A channel that begins to listen; not yet connected. */
async function begin(options: RoomOptions): Promise<Room> {
  const room = await enter({ ...options, listens: false })
  await room.channel.start(async () => ({ pieces: ['heard'], buttons: [] }))
  return room
}

const MENU: readonly MenuEntry[] = [
  {
    name: 'snooze',
    summary: 'Silence an alert',
    arguments: [
      { name: 'alert', kind: 'alert', summary: 'Which', isRequired: true },
      { name: 'length', kind: 'text', summary: 's'.repeat(150) },
    ],
  },
  { name: 'mydata', summary: 'All I know about you', isPersonal: true },
]

describe('slash commands', () => {
  test('are made from the menu, all at once, and those for one person are not in servers', async () => {
    const { discord } = await enter({ menu: MENU })
    expect(discord.calls.filter(({ route }) => route.startsWith('PUT '))).toHaveLength(1)
    const option = { type: 3, required: false, max_length: 6_000 }
    expect(discord.commands()).toEqual([
      {
        name: 'snooze',
        description: 'Silence an alert',
        type: 1,
        options: [
          { ...option, name: 'alert', description: 'Which', required: true, autocomplete: true },
          { ...option, name: 'length', description: 's'.repeat(100), autocomplete: false },
        ],
        contexts: [0, 1],
      },
      { name: 'mydata', description: 'All I know about you', type: 1, options: [], contexts: [1] },
    ])
  })

  test('are those of the program, and Discord takes them', async () => {
    const menu = commands.filter(({ isHidden }) => !isHidden)
    const { discord } = await enter({ menu })
    expect(discord.commands()!.map(({ name }) => name)).toEqual(menu.map(({ name }) => name))
  })

  test('of one server are that server’s alone', async () => {
    const { discord } = await enter({ menu: MENU, guildId: GUILD })
    expect(discord.commands()).toBeUndefined()
    expect(discord.commands(GUILD)!.map(({ name, contexts }) => [name, contexts])).toEqual([
      ['snooze', undefined],
      ['mydata', undefined],
    ])
  })

  test('that Discord does not take are reported, and the bot listens all the same', async () => {
    const room = await enter({ menu: [{ name: 'Not A Name', summary: 'x' }] })
    await logs(room, 'Discord does not take the slash commands')
    room.discord.says('hello')
    await room.discord.until(() => room.discord.shown().length === 1)
    expect(room.channel.health?.()).toEqual({ ok: true, says: 'connected' })
  })

  test('are tried again where Discord is in trouble', async () => {
    const discord = await aDiscord()
    discord.behave('PUT /applications/:id/commands', { status: 503 }, 2)
    await begin({ discord, menu: MENU, clock: fastClock(100) })
    await discord.until(() => discord.commands() !== undefined)
  })
})

describe('the gateway', () => {
  test('that breaks is gone on with where it stopped, and nothing said meanwhile is lost or answered twice', async () => {
    const room = await enter()
    const { discord } = room
    discord.says('before')
    await discord.until(() => discord.shown().length === 1)
    discord.deaf(true)
    discord.drop()
    await says(room, 'reconnecting')
    discord.says('meanwhile')
    discord.deaf(false)
    await discord.until(() => discord.shown().length === 2)
    expect([discord.identified, discord.resumed]).toEqual([1, 1])
    expect(texts(discord)).toEqual(['you said before', 'you said meanwhile'])
    await says(room, 'connected')
    expect(room.logged.filter((line) => line.includes('Discord is listened to'))).toHaveLength(2)
  })

  test.each<[string, number]>([
    ['an error of its own', 4_000],
    ['a restart', 1_012],
    ['a session that timed out', 4_009],
  ])('that closes because of %s is gone on with', async (_title, code) => {
    const { discord } = await enter()
    discord.drop(code)
    await discord.until(() => discord.resumed === 1)
  })

  test('that asks to come again is gone on with', async () => {
    const { discord } = await enter()
    discord.frame(JSON.stringify({ op: 7, d: null, s: null, t: null }))
    await discord.until(() => discord.resumed === 1)
  })

  test('that has forgotten us is begun anew', async () => {
    const room = await enter()
    const { discord } = room
    discord.drop()
    discord.forget()
    await discord.until(() => discord.identified === 2 && discord.connected === 1)
    discord.says('hello again')
    await discord.until(() => discord.shown().length === 1)
    await says(room, 'connected')
  })

  test('that is away for long is told by the health of the channel', async () => {
    const room = await enter({ clock: fastClock(200) })
    room.discord.deaf(true)
    room.discord.drop()
    await becomes(() => room.channel.health?.().ok === false)
    expect(room.channel.health?.()).toEqual({ ok: false, says: 'reconnecting' })
    room.discord.deaf(false)
    await says(room, 'connected')
  })

  test('that refuses us for good is asked again after a while, and the operator hears why', async () => {
    const room = await enter({ clock: fastClock(100) })
    room.discord.drop(4_014)
    await says(room, 'Discord does not let the bot hear what it asks for')
    expect(room.channel.health?.().ok).toBe(false)
    await room.discord.until(() => room.discord.identified === 2)
    await says(room, 'connected')
  })

  test('that does not take the token any more is an error in the log', async () => {
    const room = await enter()
    room.discord.drop(4_004)
    await says(room, 'Discord does not accept DISCORD_TOKEN')
    const [error] = room.logged.filter((line) => line.includes('"level":50'))
    expect(error).toContain('Discord does not accept DISCORD_TOKEN')
    expect(room.logged.join('')).not.toContain(room.discord.token)
  })

  test('that is away when the channel ends, stays closed', async () => {
    const room = await enter()
    const { discord } = room
    discord.deaf(true)
    discord.drop()
    await says(room, 'reconnecting')
    await room.channel.stop()
    discord.deaf(false)
    const other = await enter({ discord })
    discord.says('hello')
    await discord.until(() => discord.shown().length === 1)
    // By the time this one is back, the first would have been.
    discord.drop()
    await says(other, 'reconnecting')
    await says(other, 'connected')
    expect([discord.open, discord.identified, discord.resumed]).toEqual([1, 2, 1])
    expect([room.heard.length, other.heard.length]).toEqual([0, 1])
  })

  test('what is under way when the channel ends is answered', async () => {
    const room = await enter({
      async answer({ text }) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        return { pieces: [text], buttons: [] }
      },
    })
    room.discord.says('slow')
    await becomes(() => room.heard.length === 1)
    await room.channel.stop()
    expect(texts(room.discord)).toEqual(['slow'])
  })
})

describe('a start', () => {
  test('with a token that Discord does not know says so', async () => {
    const room = await enter({ listens: false, token: 'wrong' })
    const error = await room.channel.start(async () => ({ pieces: [], buttons: [] })).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect((error as Error).message).toBe('Discord does not know the bot: it refuses DISCORD_TOKEN.')
    expect(room.channel.health?.()).toEqual({ ok: false, says: 'Discord does not accept DISCORD_TOKEN' })
  })

  test('while Discord is in trouble waits for it', async () => {
    const discord = await aDiscord()
    discord.behave('GET /users/@me', { status: 500 }, 1)
    discord.behave('GET /gateway/bot', { status: 502 }, 3)
    const room = await begin({ discord, clock: fastClock(200) })
    await says(room, 'connected')
    discord.says('hello')
    await discord.until(() => discord.shown().length === 1)
  })

  test('where nothing listens is not the end either', async () => {
    const room = await begin({ apiUrl: 'http://127.0.0.1:9/api' })
    await becomes(() => /cannot be reached/.test(room.channel.health?.().says ?? ''))
    expect(room.channel.health?.().ok).toBe(false)
  })
})

describe('several processes', () => {
  test('one is connected; when it is gone another is within 15 s', async () => {
    const clock = fastClock(60)
    const { of, state } = shared(clock)
    const discord = await aDiscord()
    // It dies without a word: nobody gives its right up.
    const first = await begin({ discord, clock, owner: { ...of('first'), release: async () => {} } })
    await says(first, 'connected')
    const second = await begin({ discord, clock, owner: of('second') })
    await says(second, 'another process listens')
    expect([discord.connected, second.channel.health?.().ok]).toEqual([1, true])
    const since = clock.now()
    await first.channel.stop()
    expect(state.until).toBeGreaterThan(since)
    await says(second, 'connected')
    expect(clock.now() - since).toBeLessThan(15_000)
    discord.says('hello')
    await discord.until(() => discord.shown().length === 1)
    expect(discord.connected).toBe(1)
  })

  test('one that ends in order is followed at once', async () => {
    const clock = fastClock(30)
    const { of } = shared(clock)
    const discord = await aDiscord()
    const first = await begin({ discord, clock, owner: of('first') })
    await says(first, 'connected')
    const second = await begin({ discord, clock, owner: of('second') })
    await first.channel.stop()
    await says(second, 'connected')
    expect(discord.connected).toBe(1)
  })

  test('one that lost its right leaves the gateway to the other', async () => {
    const clock = fastClock(60)
    const { of, state } = shared(clock)
    const discord = await aDiscord()
    const first = await begin({ discord, clock, owner: of('first') })
    await says(first, 'connected')
    state.owner = 'second'
    state.until = Number.POSITIVE_INFINITY
    await says(first, 'another process listens')
    await discord.until(() => discord.connected === 0)
  })

  test('while nobody can be asked whose right it is, nobody listens who was not sure', async () => {
    const clock = fastClock(60)
    const { of, state } = shared(clock)
    const discord = await aDiscord()
    const room = await begin({ discord, clock, owner: of('first') })
    await says(room, 'connected')
    state.isDown = true
    await says(room, 'the database does not say which process listens')
    await discord.until(() => discord.connected === 0)
    discord.says('meanwhile')
    state.isDown = false
    await says(room, 'connected')
    // It goes on where it stopped: what was said meanwhile is heard, once.
    await discord.until(() => discord.shown().length === 1)
    expect([discord.identified, discord.resumed]).toEqual([1, 1])
  })

  test('where another one has listened meanwhile, what that heard is not heard again', async () => {
    const clock = fastClock(60)
    const { of, state } = shared(clock)
    const discord = await aDiscord()
    const room = await begin({ discord, clock, owner: of('first') })
    await says(room, 'connected')
    Object.assign(state, { owner: 'second', until: Number.POSITIVE_INFINITY })
    await says(room, 'another process listens')
    await discord.until(() => discord.connected === 0)
    discord.says('heard by the other')
    state.until = 0
    await says(room, 'connected')
    discord.says('heard by this one')
    await discord.until(() => discord.shown().length === 1)
    expect([discord.identified, discord.resumed]).toEqual([2, 0])
  })

  test('one that only delivers opens no gateway', async () => {
    const discord = await aDiscord()
    const worker = await enter({ discord, listens: false })
    await worker.channel.send(`channel/${CHANNEL}`, { pieces: ['fired'], buttons: [] }, 'key')
    expect([discord.identified, texts(discord, CHANNEL)]).toEqual([0, ['fired']])
  })
})
