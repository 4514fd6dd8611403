import { FILE_END, fileEntry, fileStart } from './commands/person-file.ts'
import { readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { UserError } from './errors.ts'
import { placeIn } from './place.ts'
import type { Store } from './store/connect.ts'
import { personOf } from './store/person.ts'
import type { User } from './users/types.ts'

/** Where an export goes: `print` takes the file, piece by piece; `say` what is to be told beside it. */
export type ExportOptions = {
  /** Of whom alone, as in the settings: `telegram:123`. */
  readonly address: string | undefined
  print(text: string): void
  say(line: string): void
}

/**
 * `export`: all that is kept of everybody, or of the one with an address, as JSON. Gives the exit code. Throws `UserError`
 * where nobody has that address.
 */
export async function exportCommand({ address, print, say }: ExportOptions): Promise<number> {
  const config = readConfig()
  const database = await openDatabase({ config, say, lost: ({ message }) => say(message) })
  try {
    const { store } = database
    const people = address === undefined ? store.users.every() : [await userAt(address, store)]
    print(fileStart(Date.now()))
    let count = 0
    for await (const user of people) {
      if (count++ > 0) print(',\n')
      print(fileEntry(await personOf(store, user)))
    }
    print(FILE_END)
    say(count === 1 ? '1 person.' : `${count} people.`)
    return 0
  } finally {
    await database.stop()
  }
}

async function userAt(address: string, { users }: Store): Promise<User> {
  const place = placeIn(address)
  const user = await users.find(place.channel, place.address)
  if (!user) throw new UserError(`Nobody has the address ${address}.`)
  return user
}
