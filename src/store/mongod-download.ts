import type { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js'
import type { Want, Way } from './mongod-binary.ts'
import { keepInCache } from './mongod-cache.ts'

/**
 * The version that is downloaded: the one mongodb-memory-server-core 11.3 itself takes by default. Pinned here, since
 * a library that moved on to another major version would lock people out of their data.
 */
export const OFFICIAL_VERSION = '8.2.6'

const PROGRESS_EVERY_MS = 2000
const TRIES = 2
const PAUSE_MS = 500
/** Where a firewall swallows what is sent, the next way is to be tried soon. */
const SILENCE_MS = 10_000

/** MongoDB's own build from fastdl.mongodb.org, about 100 MB. `MONGOMS_DOWNLOAD_MIRROR` names another place. */
export const officialDownload: Way = {
  name: 'the official download',
  async find(want) {
    const refusal = want.refuses(OFFICIAL_VERSION)
    if (refusal !== undefined) throw new Error(refusal)
    return keepInCache(want.cacheDir, OFFICIAL_VERSION, (folder) => download(folder, want))
  },
}

async function download(folder: string, { say, signal }: Want): Promise<string> {
  say(`No MongoDB on this machine yet. Fetching MongoDB ${OFFICIAL_VERSION} from mongodb.com (once, about 100 MB).`)
  try {
    const downloader = await makeDownloader(folder, say)
    return await Promise.race([downloader.getMongodPath(), rejectionOn(signal)])
  } catch (error) {
    signal?.throwIfAborted()
    const reason = shortReason(error)
    say(`That did not work: ${reason}`)
    throw new Error(reason, { cause: error })
  }
}

/**
 * The library's downloader (the build for this system, proxies, MD5, unpacking), with three things changed: by itself
 * it accepts any TLS certificate, prints to stdout, where the conversation is, and takes minutes to give up.
 * It is loaded only here, because it takes long to load and is needed once.
 */
async function makeDownloader(folder: string, say: (line: string) => void): Promise<MongoBinaryDownload> {
  const { DryMongoBinary } = await import('mongodb-memory-server-core')
  const { MongoBinaryDownload: Downloader } = await import('mongodb-memory-server-core/lib/util/MongoBinaryDownload.js')
  const options = await DryMongoBinary.generateOptions({ version: OFFICIAL_VERSION, downloadDir: folder })
  const here = { version: OFFICIAL_VERSION, downloadDir: folder, checkMD5: true }
  const downloader = new Downloader({ ...options, ...here })
  const httpDownload = downloader.httpDownload.bind(downloader)
  downloader.httpDownload = (url, options, to, temporary) =>
    httpDownload(url, { ...options, rejectUnauthorized: true }, to, temporary, TRIES, PAUSE_MS, SILENCE_MS)
  downloader.printDownloadProgress = progressPrinter(downloader.dlProgress, say)
  return downloader
}

function progressPrinter(progress: MongoBinaryDownload['dlProgress'], say: (line: string) => void) {
  let saidAt = Date.now()
  return ({ length }: { length: number }) => {
    progress.current += length
    if (Date.now() - saidAt < PROGRESS_EVERY_MS) return
    saidAt = Date.now()
    say(`MongoDB ${OFFICIAL_VERSION}: ${megabytes(progress.current)} of ${megabytes(progress.length)} MB`)
  }
}

/** The library's errors hold advice for its own users after the first line. */
function shortReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, 2)
    .join(' ')
}

function rejectionOn(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}
