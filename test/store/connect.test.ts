import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { connect, withoutPassword } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

test('a store answers, and after it is closed it does not', async () => {
  const store = await connect(freshDatabase())
  await store.ping()
  await store.close()
  await expect(store.ping()).rejects.toThrow()
})

test('connecting again, and twice at once, finds what is there', async () => {
  const uri = freshDatabase()
  const [one, two] = await Promise.all([connect(uri), connect(uri)])
  const user = await one.users.ofAddress('console', 'here', 0)
  expect(await two.users.ofAddress('console', 'here', 0)).toEqual(user)
  const three = await connect(uri)
  expect(await three.users.ofAddress('console', 'here', 0)).toEqual(user)
  await Promise.all([one, two, three].map((store) => store.close()))
})

test('every collection has the indexes that its searches and promises need', async () => {
  const store = await connect(freshDatabase())
  const keysOf = async (name: string) =>
    (await store.db.collection(name).indexes()).map(({ key }) => Object.keys(key).join())
  expect(await keysOf('alerts')).toEqual(
    expect.arrayContaining(['user,number', 'slot,updatedAt', 'live,slot', 'slot,_id']),
  )
  expect(await keysOf('users')).toContain('subscriptions.channel,subscriptions.address')
  expect(await keysOf('quotes')).toContain('updatedAt')
  expect(await keysOf('notifications')).toEqual(
    expect.arrayContaining([
      'open,channel,dueAt,address,createdAt,occurrence.at,_id,state,leasedUntil',
      ...['open,held,user', 'channel,address,sentAt', 'channel,receipt', 'onward', 'user,missed'],
    ]),
  )
  await store.close()
})

test('a database that is not there is named, with what to do, and without the password', async () => {
  // A port that was free a moment ago: nothing answers on it.
  const port = await new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number }
      server.close(() => done(free))
    })
  })
  const failure = await connect(`mongodb://me:s3cret@127.0.0.1:${port}/x`).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UserError)
  const { message, suggestion } = failure as UserError
  expect(message).toContain(`mongodb://127.0.0.1:${port}/x cannot be used`)
  expect(message).not.toContain('s3cret')
  expect(suggestion).toContain('MONGODB_URI')
})

describe('an address fit for a message', () => {
  test.each([
    ['mongodb://localhost/x', 'mongodb://localhost/x'],
    ['mongodb://me:secret@host:1/x', 'mongodb://host:1/x'],
    ['mongodb+srv://me:se%40cret@host/x?w=1', 'mongodb+srv://host/x?w=1'],
    ['mongodb://me:se@cret@host/x', 'mongodb://host/x'],
  ])('%s → %s', (uri, shown) => {
    expect(withoutPassword(uri)).toBe(shown)
  })
})
