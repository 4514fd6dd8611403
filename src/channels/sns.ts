import {
  type $Command,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  SNSClient,
  type SNSClientResolvedConfig,
} from '@aws-sdk/client-sns'
import type { Log } from '../log.ts'
import type { ChannelHealth } from './channel.ts'
import { isConfiguration, refusalOf, type SnsRefusal } from './sns-errors.ts'

/** How long (ms) a connection may take, an answer on it, and all tries and calls of one message together. */
export type SnsPatience = { readonly connect: number; readonly answer: number; readonly whole: number }

/** Less than a send may take where nothing else is set (7.5 s), so that it is told how it ended. */
const PATIENCE: SnsPatience = { connect: 1_500, answer: 2_500, whole: 6_500 }
/** The client tries once more by itself, after up to half a second by chance. */
const TRIES = 2

/** What the client is made from. */
export type SnsOptions = {
  readonly region: string
  /** Where the API is; left out: what `AWS_ENDPOINT_URL_SNS` in the environment says, else Amazon's of the region. */
  readonly endpoint?: string
  /** Left out: the client's own chain (environment, files of `aws configure`, role of the machine). */
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  readonly log: Log
  readonly patience?: SnsPatience
}

/** A command of Amazon's client. */
export type SnsCommand<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<
  I,
  O,
  SNSClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>

/** `until`: given up when it is over. `isOptional`: where it is not allowed, nobody needs to know. */
export type SnsCallOptions = { readonly until?: AbortSignal; readonly isOptional?: true }

/** The one way to Amazon SNS, for mail and for texts. */
export type Sns = {
  /** Has a command carried out; gives what Amazon answers, or throws a `SnsRefusal`. */
  call<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    command: SnsCommand<I, O>,
    options?: SnsCallOptions,
  ): Promise<O>
  /** How long one message may take with all its calls, from now on. */
  deadline(): AbortSignal
  /** Not well while credentials or permissions are wrong. */
  health(): ChannelHealth
  /** Lets go of the connections. */
  stop(): void
}

/** Makes the client; nothing is asked yet. */
export function createSns({ region, endpoint, credentials, log, patience = PATIENCE }: SnsOptions): Sns {
  const client = unwarned(
    () =>
      new SNSClient({
        region,
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(credentials === undefined ? {} : { credentials }),
        maxAttempts: TRIES,
        retryMode: 'standard',
        requestHandler: {
          connectionTimeout: patience.connect,
          requestTimeout: patience.answer,
          throwOnRequestTimeout: true,
        },
      }),
  )
  const deadline = () => AbortSignal.timeout(patience.whole)
  let problem: SnsRefusal | undefined

  /** An operator hears of it when it begins, and when it is something else. */
  const complain = (refusal: SnsRefusal) => {
    if (refusal.code !== problem?.code)
      log.error(
        { code: refusal.code, status: refusal.status, why: refusal.message },
        'Amazon SNS does not let us in: see docs/aws.md about credentials and permissions',
      )
    problem = refusal
  }

  return {
    async call(command, { until = deadline(), isOptional } = {}) {
      try {
        const answer = await orGivenUp(client.send(command, { abortSignal: until }), until)
        if (isOptional !== true) problem = undefined
        return answer
      } catch (error) {
        const refusal = refusalOf(error, until.aborted)
        if (isConfiguration(refusal) && isOptional !== true) complain(refusal)
        throw refusal
      }
    },
    deadline,
    health: () =>
      problem ? { ok: false, says: `Amazon does not let us in: ${problem.code}` } : { ok: true, says: 'sends only' },
    stop: () => client.destroy(),
  }
}

/** The client itself does not end its search for credentials, nor its wait before another try, when it is to give up. */
async function orGivenUp<T>(work: Promise<T>, until: AbortSignal): Promise<T> {
  let giveUp = () => {}
  const over = new Promise<never>((_, reject) => {
    giveUp = () => reject(until.reason)
    until.addEventListener('abort', giveUp)
    if (until.aborted) giveUp()
  })
  try {
    return await Promise.race([work, over])
  } finally {
    until.removeEventListener('abort', giveUp)
  }
}

/**
 * The client warns of the versions of Node that later versions of it will want, once and on stderr. Its own switch is a
 * variable of the environment; here it is kept from saying it while it is made, which is when it does.
 */
function unwarned<T>(make: () => T): T {
  const warn = process.emitWarning
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith('NodeVersionSupportWarning')) Reflect.apply(warn, process, [warning, ...rest])
  }) as typeof warn
  try {
    return make()
  } finally {
    process.emitWarning = warn
  }
}
