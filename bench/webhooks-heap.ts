import { heapUsed } from './stats.ts'

// Loaded before the program itself, so that the bench may ask how large its heap is: bytes, after the garbage was collected.
process.on('message', () => process.send?.(heapUsed()))
// The program does not outlive the bench, and ends as it does by itself.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
