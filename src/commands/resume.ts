import { resume as resumed } from '../alert/change.ts'
import type { Command } from './command.ts'
import { readNumber } from './readers.ts'
import { watchAnew } from './watch-anew.ts'

/** Watches a paused alert again. */
export const resume: Command = {
  name: 'resume',
  usage: 'resume 7',
  summary: 'Watch a paused alert again',
  run: (context, args) => watchAnew(context, readNumber(args, resume.usage).value, resumed),
}
