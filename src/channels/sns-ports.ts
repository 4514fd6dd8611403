/**
 * How an e-mail address stands at Amazon. `pending`: the link that was mailed there has not been opened; Amazon forgets the
 * address after 48 h. `confirmed`: it was opened, by its owner or by a scanner of mail. `gone`: nobody gets mail there,
 * since it was never begun, not confirmed in time, or ended by the link in a mail.
 */
export type EmailState = 'pending' | 'confirmed' | 'gone'

/** The e-mail addresses of people, as Amazon has them. Each function throws a `SendError` where Amazon does not do it. */
export type EmailAddresses = {
  /** Has Amazon mail its link there; once more where it is pending. Where it is confirmed nothing is mailed. */
  begin(user: string, address: string): Promise<EmailState>
  /** As Amazon says now, nothing remembered. */
  state(user: string, address: string): Promise<EmailState>
  /** Mails a code to an address that is confirmed; to another one nothing, permanently. */
  mailCode(user: string, address: string, code: string): Promise<void>
  /** Ends the mail to one address of a user. May be called again. */
  remove(user: string, address: string): Promise<void>
  /** Ends all mail to a user, also to addresses that nobody else remembers. May be called again. */
  removeAll(user: string): Promise<void>
}
