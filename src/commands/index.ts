import { again } from './again.ts'
import { alert } from './alert.ts'
import { backtest } from './backtest.ts'
import type { Command } from './command.ts'
import { remove } from './delete.ts'
import { edit } from './edit.ts'
import { functions } from './functions.ts'
import { createHelp } from './help.ts'
import { list } from './list.ts'
import { pause } from './pause.ts'
import { price } from './price.ts'
import { repeat } from './repeat.ts'
import { resume } from './resume.ts'
import { snooze } from './snooze.ts'
import { status } from './status.ts'
import { tell } from './tell.ts'
import { timezone } from './timezone.ts'
import { wake } from './wake.ts'
import { why } from './why.ts'

/** Every command, in the order in which help shows them. */
export const commands: readonly Command[] = [
  alert,
  list,
  price,
  why,
  backtest,
  pause,
  resume,
  snooze,
  wake,
  again,
  repeat,
  tell,
  edit,
  remove,
  timezone,
  status,
  functions,
  createHelp(() => commands),
]
