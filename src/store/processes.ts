import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const POLL_MS = 20

/**
 * Tells whether the process with this id still runs. A zombie, dead but not yet collected by its parent, does not.
 */
export async function isRunning(pid: number): Promise<boolean> {
  if (!signal(pid, 0)) return false
  const state = (await procStat(pid))?.[0]
  return state !== 'Z' && state !== 'X'
}

/**
 * Gives a text that differs between two processes that had the same id one after the other, also across a reboot and
 * for pid 1 of a container: the boot's id and the start time in clock ticks (field 22 of /proc/PID/stat, proc(5)).
 * Empty where the system has no /proc, or when there is no such process.
 */
export async function startOf(pid: number): Promise<string> {
  const started = (await procStat(pid))?.[19]
  if (started === undefined) return ''
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return `${boot.trim()}:${started}`
}

/** Gives the arguments a process was started with; empty when they cannot be known. */
export async function argumentsOf(pid: number): Promise<readonly string[]> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (line !== undefined) return line.split('\0').filter((argument) => argument !== '')
  const ps = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined)
  return ps?.stdout.trim().split(/\s+/) ?? []
}

/** Ends a process that need not be our child: SIGTERM, and SIGKILL after `grace` ms. Resolves when it is gone. */
export async function endProcess(pid: number, grace: number): Promise<void> {
  signal(pid, 'SIGTERM')
  if (await goneWithin(pid, grace)) return
  signal(pid, 'SIGKILL')
  await goneWithin(pid, grace)
}

/** Sends a signal; false when there is no such process. One that belongs to somebody else is there all the same. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function goneWithin(pid: number, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += POLL_MS) {
    if (!(await isRunning(pid))) return true
    await sleep(POLL_MS)
  }
  return !(await isRunning(pid))
}

/** The fields of /proc/PID/stat from the third (the state) on. The second, the name, may hold blanks and brackets. */
async function procStat(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}
