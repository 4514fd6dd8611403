import { createHash } from 'node:crypto'
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import type { Sns, SnsCallOptions } from './sns.ts'
import { isNotFound } from './sns-errors.ts'
import type { EmailState } from './sns-ports.ts'

/** Ours are told from others of the account by how their names begin. */
const PREFIX = 'signal-generator-'
/** Who mails: the name beside Amazon's address in a mail. The same each time, or making a topic again would be refused. */
const SENDER = 'Signal Generator'

/**
 * Topics: one for each e-mail address of a user, found by its name alone, so that nothing about them need be kept. Each
 * function throws a `SnsRefusal`.
 */
export type Topics = {
  /** The topic of an address, whether it is there or not; undefined where this account has no topic at all. */
  find(user: string, address: string, options?: SnsCallOptions): Promise<string | undefined>
  /** Makes the topic where it is not there. */
  make(user: string, address: string, options?: SnsCallOptions): Promise<string>
  /** Puts an address on a topic: Amazon mails it a link, unless it is confirmed there. */
  subscribe(topic: string, address: string, options?: SnsCallOptions): Promise<EmailState>
  /** How the address of a topic stands. A topic that is not there is `NotFound`. */
  stateOn(topic: string, options?: SnsCallOptions): Promise<EmailState>
  /** Takes away the topic and who is on it; one that is not there is taken away already. */
  remove(topic: string): Promise<void>
  /** All topics of a user, wherever else their addresses are forgotten. */
  ofUser(user: string): Promise<readonly string[]>
}

/** Topics by a client. */
export function createTopics(sns: Sns): Topics {
  /** What stands before the name of each topic of this account and region. */
  let root: string | undefined

  const learnRoot = async (options?: SnsCallOptions) => {
    const { Topics: [first] = [] } = await sns.call(new ListTopicsCommand({}), options)
    root = first?.TopicArn && rootOf(first.TopicArn)
  }
  const subscriptionsOf = async (topic: string, options?: SnsCallOptions) => {
    const { Subscriptions = [] } = await sns.call(new ListSubscriptionsByTopicCommand({ TopicArn: topic }), options)
    return Subscriptions.filter(({ Protocol }) => Protocol === 'email').map(
      ({ SubscriptionArn = '' }) => SubscriptionArn,
    )
  }

  return {
    async find(user, address, options) {
      if (root === undefined) await learnRoot(options)
      return root && `${root}${nameOf(user, address)}`
    },
    async make(user, address, options) {
      const { TopicArn = '' } = await sns.call(
        new CreateTopicCommand({ Name: nameOf(user, address), Attributes: { DisplayName: SENDER } }),
        options,
      )
      root = rootOf(TopicArn)
      return TopicArn
    },
    async subscribe(topic, address, options) {
      const { SubscriptionArn = '' } = await sns.call(
        new SubscribeCommand({ TopicArn: topic, Protocol: 'email', Endpoint: address }),
        options,
      )
      return isArn(SubscriptionArn) ? 'confirmed' : 'pending'
    },
    async stateOn(topic, options) {
      const found = await subscriptionsOf(topic, options)
      if (found.some(isArn)) return 'confirmed'
      return found.some((arn) => /pending/i.test(arn)) ? 'pending' : 'gone'
    },
    async remove(topic) {
      const found = await subscriptionsOf(topic).catch(unlessNotFound)
      // Those of a topic that is taken away would stay behind in the account; one that is pending cannot be ended.
      for (const arn of (found ?? []).filter(isArn))
        await sns.call(new UnsubscribeCommand({ SubscriptionArn: arn })).catch(unlessNotFound)
      await sns.call(new DeleteTopicCommand({ TopicArn: topic })).catch(unlessNotFound)
    },
    async ofUser(user) {
      const mine = `:${PREFIX}${hashOf(user)}-`
      const found: string[] = []
      let next: string | undefined
      do {
        const page = await sns.call(new ListTopicsCommand(next === undefined ? {} : { NextToken: next }))
        found.push(...(page.Topics ?? []).flatMap(({ TopicArn = '' }) => (TopicArn.includes(mine) ? [TopicArn] : [])))
        next = page.NextToken
      } while (next !== undefined)
      return found
    },
  }
}

/** Says nothing of who it is to those who may see the account. */
function nameOf(user: string, address: string): string {
  return `${PREFIX}${hashOf(user)}-${hashOf(`${user}\n${address}`)}`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}

/** `arn:aws:sns:eu-west-1:123456789012:` */
function rootOf(topic: string): string {
  return topic.slice(0, topic.lastIndexOf(':') + 1)
}

/** Until it is confirmed there are words in place of the name of a subscription, and after it was deleted others. */
function isArn(text: string): boolean {
  return text.startsWith('arn:')
}

function unlessNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error
}
