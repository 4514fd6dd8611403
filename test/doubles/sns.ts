import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Amazon SNS on 127.0.0.1, as far as a bot like ours uses it: the query protocol of
 * https://docs.aws.amazon.com/sns/latest/api/ as its client speaks it (a form in, XML out). It has what moto lacks: links
 * that wait to be opened, subscriptions ended by the link in a mail, topics that vanish, the sandbox, throttling, trouble.
 * What the documentation does not have it refuses, and notes it in `refused`, so that a misspelt field fails a test.
 */
export type SnsDouble = {
  readonly url: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Everything asked, in order. */
  readonly calls: readonly SnsCall[]
  readonly refused: readonly string[]
  /** What people find in their mail, Amazon's own links among it. */
  mailTo(address: string): readonly SnsMail[]
  /** What came to a phone. */
  textsTo(number: string): readonly string[]
  /** The names of the topics there are. */
  readonly topics: readonly string[]
  /** The owner of an address, or a scanner, opens the newest link there. */
  opensLink(address: string): void
  /** The owner of an address opens the link at the end of a mail. */
  endsByLink(address: string): void
  /** 48 hours go by: what is pending is forgotten. */
  forgetsPending(): void
  /** All topics are lost, and who was on them. */
  losesTopics(): void
  /** Numbers that told Amazon that they want no texts. */
  readonly optedOut: Set<string>
  /** Numbers that may not be opted in again yet. */
  readonly optedInLately: Set<string>
  /** The numbers that are verified; undefined: the account is out of the sandbox. */
  sandbox: readonly string[] | undefined
  /** Answers calls of an action, `*` for all, otherwise than it should. */
  behave(action: string, mood: SnsMood, times?: number): void
  stop(): Promise<void>
}

export type SnsCall = { readonly action: string; readonly params: Readonly<Record<string, string>> }
export type SnsMail = { readonly from: string; readonly subject: string; readonly text: string }

/** An error of the API, or no answer at all: a connection that breaks (before or after it was done), or says nothing. */
export type SnsMood =
  | {
      readonly status: number
      readonly code: string
      readonly message?: string
    }
  | 'reset'
  | 'done and reset'
  | 'hang'
  | 'web page'

type Params = Readonly<Record<string, string>>
type Subscription = { readonly arn: string; readonly topic: string; readonly address: string; isConfirmed: boolean }

/** The parameters of each action; those that must be there end with `!`. Lists are written with `#` for their numbers. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  CreateTopic: ['Name!', 'Attributes.entry.#.key', 'Attributes.entry.#.value'],
  DeleteTopic: ['TopicArn!'],
  ListTopics: ['NextToken'],
  Subscribe: ['TopicArn!', 'Protocol!', 'Endpoint', 'ReturnSubscriptionArn'],
  Unsubscribe: ['SubscriptionArn!'],
  ListSubscriptionsByTopic: ['TopicArn!', 'NextToken'],
  Publish: [
    'TopicArn',
    'PhoneNumber',
    'Message!',
    'Subject',
    'MessageAttributes.entry.#.Name',
    'MessageAttributes.entry.#.Value.DataType',
    'MessageAttributes.entry.#.Value.StringValue',
  ],
  CheckIfPhoneNumberIsOptedOut: ['phoneNumber!'],
  OptInPhoneNumber: ['phoneNumber!'],
  GetSMSSandboxAccountStatus: [],
  ListSMSSandboxPhoneNumbers: ['NextToken', 'MaxResults'],
}

/** How many topics one answer lists: few, so that there are several. */
const PAGE = 3
const ROOT = 'arn:aws:sns:eu-west-1:123456789012:'

/** Thrown for a call that is refused. */
class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message = '') {
    super(message)
    this.status = status
    this.code = code
  }
}

const invalid = (what: string) => new Refused(400, 'InvalidParameter', `Invalid parameter: ${what}`)

/** Starts one. */
export async function startSns(): Promise<SnsDouble> {
  const accessKeyId = 'AKIADOUBLEOFAKEY0000'
  const calls: SnsCall[] = []
  const refused: string[] = []
  const moods: { action: string; mood: SnsMood; left: number }[] = []
  const topics = new Map<string, string>()
  let subscriptions: Subscription[] = []
  const mails: { readonly address: string; readonly mail: SnsMail }[] = []
  const texts: { readonly number: string; readonly text: string }[] = []
  const optedOut = new Set<string>()
  const optedInLately = new Set<string>()
  let sandbox: readonly string[] | undefined
  let last = 0

  /* What the API does. */

  const topicOf = ({ TopicArn = '' }: Params): string => {
    if (!TopicArn.startsWith(ROOT)) throw invalid('TopicArn')
    if (!topics.has(TopicArn)) throw new Refused(404, 'NotFound', 'Topic does not exist')
    return TopicArn
  }

  const mail = (topic: string, address: string, subject: string, text: string) => {
    const name = topics.get(topic)
    mails.push({
      address,
      mail: { from: name === '' || name === undefined ? 'AWS Notifications' : name, subject, text },
    })
  }

  const publishToTopic = (params: Params) => {
    const topic = topicOf(params)
    const { Subject = 'AWS Notification Message', Message = '' } = params
    if (!/^[a-zA-Z0-9!-/:-@[-`{-~][\x20-\x7e]*$/.test(Subject) || Subject.length >= 100) throw invalid('Subject')
    for (const { address } of subscriptions.filter((each) => each.topic === topic && each.isConfirmed))
      mail(topic, address, Subject, Message)
  }

  const publishToPhone = ({ PhoneNumber: number = '', Message = '', ...rest }: Params) => {
    if (!/^\+[1-9]\d{6,14}$/.test(number)) throw invalid(`PhoneNumber Reason: ${number} is not valid to publish to`)
    if (rest['MessageAttributes.entry.1.Name'] !== 'AWS.SNS.SMS.SMSType') refused.push('a text without its SMSType')
    if (rest['MessageAttributes.entry.1.Value.StringValue'] !== 'Transactional')
      refused.push('a text of another SMSType')
    if (optedOut.has(number)) throw new Refused(400, 'OptedOut', `${number} is opted out`)
    // Amazon takes it, and delivers it only to numbers that are verified.
    if (sandbox?.includes(number) !== false) texts.push({ number, text: Message })
  }

  const does: Readonly<Record<string, (params: Params) => string>> = {
    CreateTopic({ Name = '', ...rest }) {
      if (!/^[\w-]{1,256}$/.test(Name)) throw invalid('Topic Name')
      const display = rest['Attributes.entry.1.value'] ?? ''
      if ((rest['Attributes.entry.1.key'] ?? 'DisplayName') !== 'DisplayName' || display.length > 100)
        throw invalid('Attributes')
      const before = topics.get(ROOT + Name)
      if (before !== undefined && before !== display)
        throw invalid('Attributes Reason: Topic already exists with different attributes')
      topics.set(ROOT + Name, display)
      return `<TopicArn>${ROOT}${Name}</TopicArn>`
    },
    DeleteTopic({ TopicArn = '' }) {
      topics.delete(TopicArn)
      return ''
    },
    ListTopics({ NextToken = '0' }) {
      const from = Number(NextToken)
      const page = [...topics.keys()].slice(from, from + PAGE)
      const next = from + PAGE < topics.size ? `<NextToken>${from + PAGE}</NextToken>` : ''
      return `<Topics>${page.map((arn) => `<member><TopicArn>${arn}</TopicArn></member>`).join('')}</Topics>${next}`
    },
    Subscribe(params) {
      const topic = topicOf(params)
      const { Protocol, Endpoint: address = '', ReturnSubscriptionArn: isAsked } = params
      if (Protocol !== 'email') throw invalid('Protocol')
      if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw invalid('Email address')
      let found = subscriptions.find((each) => each.topic === topic && each.address === address)
      if (!found) {
        found = { arn: `${topic}:${++last}`, topic, address, isConfirmed: false }
        subscriptions.push(found)
      }
      if (!found.isConfirmed)
        mail(topic, address, 'AWS Notification - Subscription Confirmation', 'Confirm subscription')
      const shown = found.isConfirmed || isAsked === 'true' ? found.arn : 'pending confirmation'
      return `<SubscriptionArn>${shown}</SubscriptionArn>`
    },
    Unsubscribe({ SubscriptionArn: arn = '' }) {
      if (!arn.startsWith(ROOT)) throw invalid('SubscriptionArn')
      subscriptions = subscriptions.filter((each) => each.arn !== arn)
      return ''
    },
    ListSubscriptionsByTopic(params) {
      const topic = topicOf(params)
      const members = subscriptions
        .filter((each) => each.topic === topic)
        .map(({ arn, address, isConfirmed }) => {
          const shown = isConfirmed ? arn : 'PendingConfirmation'
          return `<member><SubscriptionArn>${shown}</SubscriptionArn><Owner>123456789012</Owner><Protocol>email</Protocol><Endpoint>${address}</Endpoint><TopicArn>${topic}</TopicArn></member>`
        })
      return `<Subscriptions>${members.join('')}</Subscriptions>`
    },
    Publish(params) {
      if ((params.TopicArn === undefined) === (params.PhoneNumber === undefined)) throw invalid('Target')
      if (params.Message === '') throw invalid('Empty message')
      if (params.TopicArn === undefined) publishToPhone(params)
      else publishToTopic(params)
      return `<MessageId>message-${++last}</MessageId>`
    },
    CheckIfPhoneNumberIsOptedOut: ({ phoneNumber = '' }) => `<isOptedOut>${optedOut.has(phoneNumber)}</isOptedOut>`,
    OptInPhoneNumber({ phoneNumber = '' }) {
      if (optedInLately.has(phoneNumber)) throw invalid('PhoneNumber Reason: opted in within the last 30 days')
      optedOut.delete(phoneNumber)
      optedInLately.add(phoneNumber)
      return ''
    },
    GetSMSSandboxAccountStatus: () => `<IsInSandbox>${sandbox !== undefined}</IsInSandbox>`,
    ListSMSSandboxPhoneNumbers() {
      const members = (sandbox ?? []).map(
        (number) => `<member><PhoneNumber>${number}</PhoneNumber><Status>Verified</Status></member>`,
      )
      return `<PhoneNumbers>${members.join('')}</PhoneNumbers>`
    },
  }

  /* How it is asked. */

  const checked = (action: string, params: Params): void => {
    const known = ACTIONS[action]
    if (!known) throw new Refused(400, 'InvalidAction', `Could not find operation ${action}`)
    for (const name of Object.keys(params)) {
      const shape = name.replace(/\.\d+\./, '.#.')
      if (known.includes(shape) || known.includes(`${shape}!`)) continue
      refused.push(`${action} ${name}`)
      throw invalid(name)
    }
    for (const name of known.filter((each) => each.endsWith('!')))
      if (!(name.slice(0, -1) in params)) throw invalid(`${name.slice(0, -1)} is missing`)
  }

  const moodOf = (action: string): SnsMood | undefined => {
    const found = moods.find((each) => each.action === action || each.action === '*')
    if (!found) return undefined
    if (--found.left <= 0) moods.splice(moods.indexOf(found), 1)
    return found.mood
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const xml = (status: number, body: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
    try {
      const { Action: action = '', Version, ...params } = await formOf(request)
      calls.push({ action, params })
      const mood = moodOf(action)
      if (mood === 'hang') return
      if (mood === 'reset') return void request.socket.destroy()
      if (mood === 'web page') return void response.writeHead(502, { 'content-type': 'text/html' }).end('<p>Hello')
      if (mood !== undefined && mood !== 'done and reset') throw new Refused(mood.status, mood.code, mood.message)
      if (Version !== '2010-03-31') throw new Refused(400, 'InvalidAction', 'unknown version')
      if (!(request.headers.authorization ?? '').startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`))
        throw new Refused(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.')
      checked(action, params)
      const result = does[action]!(params)
      if (mood === 'done and reset') return void request.socket.destroy()
      const body = result === '' ? '' : `<${action}Result>${result}</${action}Result>`
      xml(
        200,
        `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${body}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
      )
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const type = error.status < 500 ? 'Sender' : 'Receiver'
      xml(
        error.status,
        `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>${type}</Type><Code>${error.code}</Code><Message>${error.message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
      )
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      refused.push(String(error))
      response.destroy()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId, secretAccessKey: 'secret-of-the-double' },
    calls,
    refused,
    mailTo: (address) => mails.filter((each) => each.address === address).map(({ mail: found }) => found),
    textsTo: (number) => texts.filter((each) => each.number === number).map(({ text }) => text),
    get topics() {
      return [...topics.keys()].map((arn) => arn.slice(ROOT.length))
    },
    opensLink(address) {
      const found = subscriptions.findLast((each) => each.address === address)
      if (!found) throw new Error(`no link was mailed to ${address}`)
      found.isConfirmed = true
    },
    endsByLink(address) {
      subscriptions = subscriptions.filter((each) => each.address !== address)
    },
    forgetsPending() {
      subscriptions = subscriptions.filter(({ isConfirmed }) => isConfirmed)
    },
    losesTopics() {
      topics.clear()
      subscriptions = []
    },
    optedOut,
    optedInLately,
    get sandbox() {
      return sandbox
    },
    set sandbox(numbers) {
      sandbox = numbers
    },
    behave(action, mood, times = Number.POSITIVE_INFINITY) {
      moods.push({ action, mood, left: times })
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

async function formOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
}
