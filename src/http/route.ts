/** A request as it came, before anyone has looked into it. */
export type WebRequest = {
  /** Path and query, as they were asked for. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  /** Who is connected; behind a proxy that is the proxy. */
  readonly ip: string
}

/** What is answered; without a body, the status alone. */
export type WebAnswer = { readonly status: number; readonly body?: string; readonly type?: string }

/** Answers what is posted to one path. */
export type WebHandler = (request: WebRequest) => Promise<WebAnswer>

/** Takes what is posted to a path from now on; the function it gives ends that. */
export type Route = (path: string, handle: WebHandler) => () => void
