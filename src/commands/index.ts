import { ack } from './ack.ts'
import { admin } from './admin.ts'
import { again } from './again.ts'
import { alert } from './alert.ts'
import { backtest } from './backtest.ts'
import { chart } from './chart.ts'
import type { Command } from './command.ts'
import { confirm } from './confirm.ts'
import { cooldown } from './cooldown.ts'
import { remove } from './delete.ts'
import { edit } from './edit.ts'
import { forgetme } from './forgetme.ts'
import { functions } from './functions.ts'
import type { Group } from './groups.ts'
import { createHelp } from './help.ts'
import { history } from './history.ts'
import { link } from './link.ts'
import { list } from './list.ts'
import { mydata } from './mydata.ts'
import { neverMind } from './never-mind.ts'
import { pause } from './pause.ts'
import { price } from './price.ts'
import { quiet } from './quiet.ts'
import { repeat } from './repeat.ts'
import { resume } from './resume.ts'
import { show } from './show.ts'
import { snooze } from './snooze.ts'
import { createStart } from './start.ts'
import { status } from './status.ts'
import { subscribe } from './subscribe.ts'
import { subscriptions } from './subscriptions.ts'
import { tell } from './tell.ts'
import { test } from './test.ts'
import { timezone } from './timezone.ts'
import { undo } from './undo.ts'
import { unlink } from './unlink.ts'
import { unsubscribe } from './unsubscribe.ts'
import { wake } from './wake.ts'
import { whoami } from './whoami.ts'
import { why } from './why.ts'

/** Every command, by what it is for, in the order in which help shows them. A new one is one file and one line here. */
export const groups: readonly Group[] = [
  { title: 'Set', commands: [alert, edit, backtest] },
  { title: 'Look', commands: [list, show, why, history, price, chart, status] },
  { title: 'Change', commands: [pause, resume, snooze, wake, again, repeat, cooldown, tell, ack, remove, undo] },
  { title: 'Where', commands: [subscribe, confirm, subscriptions, unsubscribe, test, link, unlink, whoami] },
  {
    title: 'You and me',
    commands: [
      timezone,
      quiet,
      functions,
      createHelp(() => groups),
      createStart(() => commands),
      neverMind,
      mydata,
      forgetme,
      admin,
    ],
  },
]

/** The same in one row. */
export const commands: readonly Command[] = groups.flatMap((group) => group.commands)
