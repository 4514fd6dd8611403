import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Command, Context } from './command.ts'
import { leavePlace } from './leave-place.ts'
import { placeIn, placeStart } from './places.ts'

/** Ends what is sent to an address. */
export const unsubscribe: Command = {
  name: 'unsubscribe',
  usage: 'unsubscribe email',
  summary: 'No more messages to an address of yours',
  arguments: [
    {
      name: 'address',
      kind: 'text',
      summary: 'sms, email, the address, or its number in subscriptions',
      isRequired: true,
    },
  ],
  isPersonal: true,
  async run(context, args) {
    return (await giveUp(context, args)) ?? (await leavePlace(placeIn(args, context.user, unsubscribe.name), context))
  },
}

/** Ends what waits to be confirmed, where its very address was typed. */
async function giveUp({ people, user }: Context, args: string): Promise<Reply | undefined> {
  const address = args.split(/\s+/).at(-1)?.toLowerCase()
  const waiting = (await people.confirmations.ofUser(user.id)).find((one) => one.address.toLowerCase() === address)
  if (!waiting || user.subscriptions.some((one) => one.address === waiting.address)) return undefined
  await people.confirmations.drop(waiting.id)
  if (waiting.channel === 'email') {
    await people.emails?.remove(waiting.mailedAs ?? user.id, waiting.address).catch((error: unknown) => {
      throw new UserError(`Amazon could not be told: ${error instanceof Error ? error.message : 'it does not answer'}.`)
    })
  }
  return { ...say(`${placeStart(waiting, [])} is given up: nothing is sent there.`), isPrivate: true }
}
