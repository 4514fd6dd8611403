import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A server of moto's (docs.getmoto.org) on 127.0.0.1: Amazon SNS as others have understood it. */
export type Moto = { readonly url: string; stop(): Promise<void> }

const INSTALL = fileURLToPath(new URL('./moto-install.mjs', import.meta.url))
/** It picks a free port itself, says which, and ends with whoever started it, however that ends. */
const SERVE = `
import os, sys, threading
def wait():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=wait, daemon=True).start()
from moto.server import main
main(['-H', '127.0.0.1', '-p', '0'])
`

/**
 * Starts one with nothing in it; fetches moto where it is missing. About a second, so once for all tests of a file.
 * Throws an error that says what is missing where there is no Python.
 */
export async function startMoto(): Promise<Moto> {
  const { stdout: folder } = await promisify(execFile)(process.execPath, [INSTALL])
  const child = spawn('python3', ['-u', '-c', SERVE], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, PYTHONPATH: folder.trim() },
  })
  const ended = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    // Read to the end: what nobody reads would hold it up.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-10_000)
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`moto did not start:\n${said}`)))
  })
  return {
    url,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
