import { afterEach, expect, test } from 'vitest'
import { compose, type Reply, say } from '../../src/reply.ts'
import { ANNA, CHANNEL, directOf } from '../doubles/discord.ts'
import { closeRooms, enter, type Room } from './discord-room.ts'

afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

const press = (label: string, command: string) => ({ label, command })

/** What a person is told, by what they ask for. */
const ANSWERS: Readonly<Record<string, Reply>> = {
  '/alert AAPL price > 500 or AAPL price < 300': compose(
    [
      { strong: 'Alert 1 is on.' },
      '\nAAPL price > 500 or AAPL price < 300\nNow 333.69 USD (12 s ago): 49.8 % below 500, 11.2 % above 300.',
    ],
    [press('Repeat', 'repeat 1'), press('Pause', 'pause 1'), press('Delete', 'delete 1')],
  ),
  'pause 1': { ...say('Alert 1 is paused.', [press('Resume', 'resume 1')]), place: 'below' },
  'resume 1': { ...say('Alert 1 is on again.', [press('Pause', 'pause 1')]), place: 'below' },
  '/alert': { ...say('Which symbol?', [press('AAPL', 'AAPL')]), isQuestion: true },
  AAPL: { ...say('What about AAPL?', [press('above 500', 'alert AAPL > 500')]), isQuestion: true, place: 'instead' },
  'alert AAPL > 500': { ...say('Alert 2 is on.'), place: 'instead' },
  'alert COIN > 5': say('COIN can be Coinbase Global (stock) or a token named COIN (crypto).', [
    press('stock:COIN', 'alert stock:COIN > 5'),
    press('crypto:COIN/USD', 'alert crypto:COIN/USD > 5'),
  ]),
  'alert stock:COIN > 5': say('Alert 3 is on.'),
  'why 1': compose([{ strong: 'Alert 1' }, ': AAPL price > 500\n', { block: 'AAPL price > 500: not true. 333.69' }]),
  list: compose([{ block: '1  AAPL > 500 or < 300      333.69   11.2 % away' }], [press('More', 'list 2')]),
  'list 2': { ...compose([{ block: '2  EURUSD < 1.05           paused' }], [press('Back', 'list')]), place: 'instead' },
  'alert AAPL >': compose(['What follows is missing:\n', { block: 'alert AAPL >\n           ^' }]),
}

/** What stands in a channel: words, card, and labels of the buttons. */
function seen({ discord }: Room, channel?: string) {
  return discord.shown(channel).map(({ content, embeds: [card], buttons }) => {
    const words = card ? `[${card.title} | ${card.description}]` : ''
    const labels = buttons.flat().map(({ label }) => `<${label}>`)
    return [content, words, ...labels].filter((part) => part !== '').join(' ')
  })
}

const last = (room: Room, channel?: string) => seen(room, channel).at(-1)

test('a conversation in direct messages, as it should feel', async () => {
  const room = await enter({ answer: ({ text }) => ANSWERS[text] ?? say(`? ${text}`) })
  const { discord } = room
  const until = (words: string) => discord.until(() => last(room)?.includes(words) === true)

  discord.slash('alert', { condition: 'AAPL price > 500 or AAPL price < 300' })
  await until('Alert 1 is on')
  expect(last(room)).toBe(
    '**Alert 1 is on.**\nAAPL price > 500 or AAPL price < 300\nNow 333.69 USD (12 s ago): 49.8 % below 500, 11.2 % above 300. <Repeat> <Pause> <Delete>',
  )
  discord.presses('Pause')
  await until('<Resume>')
  discord.presses('Resume')
  await until('<Pause>')
  expect(last(room)).toBe('Alert 1 is on again. <Pause>')

  const fired = compose(
    [{ strong: 'Alert 1: AAPL price > 500' }, '\nAAPL 501.12 USD at 15:04:07 (New York 10:04), up 1.9 % today.'],
    [press('Again', 'again 1'), press('Why', 'why 1')],
  )
  await room.channel.send(`user/${ANNA}`, { ...fired, direction: 'up' }, 'firing')
  expect(last(room)).toBe(
    '[Alert 1: AAPL price > 500 | AAPL 501.12 USD at 15:04:07 (New York 10:04), up 1.9 % today.] <Again> <Why>',
  )
  discord.presses('Why')
  await until('not true')
  expect(last(room)).toBe('**Alert 1**: AAPL price > 500\n```\nAAPL price > 500: not true. 333.69\n```')

  discord.slash('alert')
  await until('Which symbol?')
  discord.presses('AAPL')
  await until('What about AAPL?')
  discord.presses('above 500')
  await until('Alert 2 is on.')
  expect(last(room)).toBe('Alert 2 is on.')

  discord.says('alert COIN > 5')
  await until('COIN can be')
  discord.presses('stock:COIN')
  await until('Alert 3 is on.')

  discord.says('list')
  await until('333.69')
  discord.presses('More')
  await until('EURUSD')
  expect(last(room)).toBe('```\n2  EURUSD < 1.05           paused\n``` <Back>')
  discord.says('alert AAPL >')
  await until('What follows is missing')
  expect(seen(room)).toHaveLength(8)
})

test('a conversation in a channel of a server, guided by a slash command and answered by a reply', async () => {
  const room = await enter({ answer: ({ text }) => ANSWERS[text] ?? say(`? ${text}`) })
  const { discord } = room
  const inServer = { channel: CHANNEL }
  discord.slash('alert', {}, inServer)
  await discord.until(() => discord.shown(CHANNEL).length === 1)
  expect(last(room, CHANNEL)).toBe('Which symbol?\n\nReply to this message, or mention me, with your answer. <AAPL>')
  const answer = discord.says('AAPL', { ...inServer, answers: discord.shown(CHANNEL)[0]!.id })
  await discord.until(() => discord.shown(CHANNEL).length === 2)
  expect(discord.shown(CHANNEL)[1]!.answers).toBe(answer)
  discord.presses('above 500', inServer)
  await discord.until(() => last(room, CHANNEL) === 'Alert 2 is on.')
  await room.channel.send(`channel/${CHANNEL}`, { ...say('AAPL 501.12'), whom: { id: ANNA, name: 'Anna' } }, 'firing')
  expect(last(room, CHANNEL)).toBe(`<@${ANNA}>\nAAPL 501.12`)
  expect(discord.shown(directOf(ANNA))).toEqual([])
  expect(room.heard.every(({ isGroup, address }) => isGroup && address === `channel/${CHANNEL}`)).toBe(true)
})
