import { describe, expect, test } from 'vitest'
import { createTurns } from '../../src/channels/telegram-turns.ts'
import { handClock } from './telegram-room.ts'

/** Three a second. */
const LIMIT = { count: 3, per: 1_000 }

/** Takes turns by a clock that the test moves on; `took` says who had theirs, and when. */
function taking() {
  const clock = handClock()
  const start = clock.now()
  const turns = createTurns(clock, LIMIT)
  const took: string[] = []
  const take = async (name: string, isAwaited = false, patience = Number.POSITIVE_INFINITY) => {
    const wait = await turns.take(isAwaited, patience)
    took.push(
      `${name} ${wait === undefined ? 'at' : 'refused at'} ${clock.now() - start}${wait === undefined ? '' : ` for ${wait}`}`,
    )
  }
  return { clock, turns, took, take }
}

describe('turns over all chats', () => {
  test('are as many as the limit allows, in the order in which they were asked for', async () => {
    const { clock, took, take } = taking()
    for (let number = 1; number <= 8; number++) void take(String(number))
    await clock.advance(5_000)
    expect(took).toEqual([
      ...['1 at 0', '2 at 0', '3 at 0', '4 at 1000', '5 at 1000', '6 at 1000', '7 at 2000', '8 at 2000'],
    ])
  })

  test('are first for those whom somebody waits for', async () => {
    const { clock, took, take } = taking()
    for (let number = 1; number <= 6; number++) void take(`firing ${number}`)
    void take('answer 1', true)
    void take('answer 2', true)
    await clock.advance(5_000)
    expect(took.slice(3)).toEqual([
      ...['answer 1 at 1000', 'answer 2 at 1000', 'firing 4 at 1000', 'firing 5 at 2000', 'firing 6 at 2000'],
    ])
  })

  test('are refused at once where that would take too long, and say how long; nobody’s turn is taken by that', async () => {
    const { clock, took, take } = taking()
    for (let number = 1; number <= 6; number++) void take(String(number))
    void take('hasty', false, 1_500)
    void take('hasty answer', true, 1_500)
    await clock.advance(500)
    expect(took.slice(3)).toEqual(['hasty refused at 0 for 2000'])
    await clock.advance(5_000)
    expect(took.slice(4)).toEqual(['hasty answer at 1000', '4 at 1000', '5 at 1000', '6 at 2000'])
  })

  test('are refused later where answers went before for too long', async () => {
    const { clock, took, take } = taking()
    for (let number = 1; number <= 3; number++) void take(String(number))
    void take('firing', false, 1_500)
    for (let number = 1; number <= 6; number++) void take(`answer ${number}`, true)
    await clock.advance(5_000)
    expect(took.slice(3)).toEqual([
      ...['answer 1 at 1000', 'answer 2 at 1000', 'answer 3 at 1000', 'firing refused at 1000 for 2000'],
      ...['answer 4 at 2000', 'answer 5 at 2000', 'answer 6 at 2000'],
    ])
  })

  test('begin anew where the clock was set', async () => {
    const { clock, turns, took, take } = taking()
    for (let number = 1; number <= 3; number++) void take(String(number))
    turns.reset()
    void take('4')
    await clock.advance(0)
    expect(took).toHaveLength(4)
  })
})
