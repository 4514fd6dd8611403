// Puts moto, a server that speaks the API of Amazon SNS, where tests find it, unless it is there. Prints the folder.
// `node test/moto-install.mjs`; several at once install it once.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// Without its extra `server`, which brings 230 MB for services that are not asked for here.
const PACKAGES = ['moto==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5']
const HELP = 'The tests of Amazon SNS need Python 3.10 or later with pip, as python3 (Debian: python3 and python3-pip).'

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'signal-generator')

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})

async function main() {
  const folder = join(cache, `moto-5.2.5-python-${pythonVersion()}-${process.platform}-${process.arch}`)
  const lock = `${folder}.lock`
  mkdirSync(cache, { recursive: true })
  while (!existsSync(folder)) {
    if (!isTaken(lock)) {
      await sleep(200)
      continue
    }
    try {
      if (!existsSync(folder)) install(folder)
    } finally {
      rmSync(lock, { force: true })
    }
  }
  console.log(folder)
}

function pythonVersion() {
  const version = python(['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).trim()
  const [major, minor] = version.split('.').map(Number)
  if (major !== 3 || minor < 10) fail(`python3 is ${version}.`)
  return version
}

/** Takes the lock, the next time also from a process that died with it. */
function isTaken(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isAlive(ownerOf(lock))) rmSync(lock, { force: true })
    return false
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return process.pid
  }
}

/** A file that is written this very moment names nobody yet: 0, which is always alive. */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** What is in its place is whole: it is moved there in one step. */
function install(folder) {
  const fresh = mkdtempSync(join(cache, '.fetching-'))
  try {
    const options = ['--quiet', '--no-compile', '--disable-pip-version-check', '--no-input', '--target', fresh]
    python(['-m', 'pip', 'install', ...options, ...PACKAGES])
    renameSync(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function python(args) {
  try {
    const env = { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' }
    return execFileSync('python3', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env, timeout: 180_000 })
  } catch (error) {
    return fail(error.code === 'ENOENT' ? 'There is no python3.' : String(error.stderr || error.message).trim())
  }
}

function fail(why) {
  throw new Error(`${why}\n${HELP}`)
}
