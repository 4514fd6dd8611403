import { OWNED_FOR, realClock } from '../channels/channel.ts'
import { type ChannelPorts, configured, type Platform } from '../channels/index.ts'
import { acknowledgeAt } from '../commands/acknowledge.ts'
import { commands } from '../commands/index.ts'
import { createSuggest } from '../commands/suggest.ts'
import { NO_MEMORY } from '../delivery/lateness.ts'
import { SendError } from '../errors.ts'
import type { Route } from '../http/route.ts'
import { type JobParts, receiptsFor } from '../jobs/index.ts'
import { createFind } from '../market/find.ts'
import { isAway } from '../store/away.ts'
import type { Store } from '../store/connect.ts'
import { move } from '../store/move.ts'
import { isTexted } from '../users/phone.ts'
import type { Subscription } from '../users/types.ts'
import { countriesOf } from './people.ts'

/** The channels this process can send on: any that is configured; a terminal is for who `talks` with people. */
export async function createChannels(
  parts: JobParts,
  { talks, ended, route }: { talks: boolean; ended: () => void; route?: Route },
): Promise<Platform[]> {
  const { config, log, store, process: name } = parts
  const { stdin: input, stdout: output } = process
  const ports: ChannelPorts = {
    config,
    terminal: { input, output, isTerminal: input.isTTY === true && output.isTTY === true, ended },
    menu: commands.filter(({ isHidden }) => !isHidden),
    suggest: createSuggest({
      users: store.users,
      alerts: store.alerts,
      find: createFind({ providersFor: parts.market.providersFor, now: Date.now }),
    }),
    owner: (channel) => store.ownerships.of(channel, name, OWNED_FOR),
    long: store.longCommands,
    memory: { isThere: () => store.ping().then(yes, no), isAway },
    draw: async (picture) => (await import('../chart/draw.ts')).draw(picture),
    ...(route ? { route } : {}),
    sms: {
      offers: store.smsOffers,
      consents: store.smsConsents,
      answers: store.smsAnswers,
      budget: store.smsBudget,
      isTexted: (number) => isTexted(number, countriesOf(config)),
    },
    wantsMail: (user, address) => wantsMail(store, user, address),
    receipts: receiptsFor(parts, 'sms'),
    switched: (channel, address, isOut) => switched(store, channel, address, isOut),
    seen: (channel, address) => acknowledgeAt(channel, address, { ...store, realNow: Date.now }),
    clock: realClock,
    log,
    moved: (channel, from, to) => move(store, channel, from, to),
  }
  return Promise.all(configured(config, talks).map(async (entry) => blameless(await entry.create(ports))))
}

/** What a channel could not send for want of the database is no fault of its platform. */
function blameless(platform: Platform): Platform {
  const send: Platform['send'] = async (...given) => {
    try {
      return await platform.send(...given)
    } catch (error) {
      throw isAway(error) ? new SendError(NO_MEMORY, { permanent: false, cause: error }) : error
    }
  }
  return { ...platform, send }
}

function yes(): true {
  return true
}

function no(): false {
  return false
}

/** Whether an e-mail address of a user is to have mail, or to be confirmed. */
async function wantsMail({ users, confirmations }: Store, user: string, address: string): Promise<boolean> {
  const isTheirs = ({ channel, address: its, mailedAs = user }: Subscription) =>
    channel === 'email' && its === address && mailedAs === user
  const found = (await users.byIds([user])).get(user)
  return found?.subscriptions.some(isTheirs) || (await confirmations.isAwaited(user, address))
}

/** Its owner wants nothing at an address any more, or wants it again. */
async function switched({ users }: Store, channel: string, address: string, isOut: boolean): Promise<void> {
  const user = await users.find(channel, address)
  const subscription = user?.subscriptions.find((one) => one.channel === channel && one.address === address)
  if (!user || !subscription) return
  const at = Date.now()
  if (isOut) await users.switchOff(user.id, subscription, { at, reason: 'you asked for no more messages there' })
  else await users.ofAddress(channel, address, at)
}
