import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { connect, type Store } from './store/connect.ts'
import { type Embedded, startEmbedded } from './store/embedded.ts'

/** The database in use. `isAlone`: nobody but this process can be at work on it. */
export type Database = {
  readonly store: Store
  readonly isAlone: boolean
  readonly describe: string
  stop(): Promise<void>
}

/** `say` is told what is done; `lost` when a database of our own is gone for good; `broken` of alerts that cannot be used. */
export type DatabaseOptions = {
  readonly config: Config
  say(line: string): void
  lost(error: Error): void
  broken?(alert: string, why: string): void
}

/** Where fetched `mongod` binaries are kept, for all data directories of this person. */
export function cacheDirOf({ XDG_CACHE_HOME }: Config): string {
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'signal-generator')
}

/** Connects to MONGODB_URI, or starts a MongoDB of our own in DATA_DIR. Throws `UserError` when neither can be had. */
export async function openDatabase({ config, say, lost, broken }: DatabaseOptions): Promise<Database> {
  if (config.MONGODB_URI) {
    const store = await connectTo(config.MONGODB_URI, config, broken)
    return { store, isAlone: false, describe: 'the MongoDB of MONGODB_URI', stop: () => store.close() }
  }
  const embedded = await startEmbedded({
    dataDir: config.DATA_DIR,
    cacheDir: cacheDirOf(config),
    systemBinary: config.MONGOMS_SYSTEM_BINARY,
    say,
    onLost: lost,
  })
  return connectEmbedded(embedded, config, broken)
}

async function connectTo(uri: string, config: Config, broken: DatabaseOptions['broken']): Promise<Store> {
  const store = await connect(uri, broken)
  try {
    await store.keepFor(config.RETENTION_DAYS)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

async function connectEmbedded(
  embedded: Embedded,
  config: Config,
  broken: DatabaseOptions['broken'],
): Promise<Database> {
  try {
    const store = await connectTo(embedded.uri, config, broken)
    const stop = async () => {
      await store.close()
      await embedded.stop()
    }
    return { store, isAlone: true, describe: `our own MongoDB ${embedded.version} in ${config.DATA_DIR}`, stop }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}
