import { describe, expect, test } from 'vitest'
import { codeMail, mailOf } from '../../src/channels/sns-email-words.ts'
import { renderBundle } from '../../src/delivery/render.ts'
import { compose, type Reply, say } from '../../src/reply.ts'
import { anOccurrence, aTracked, MONDAY } from '../delivery/a-notification.ts'

const MINUTE = 60_000
const ENDING = `
You get this because you confirmed this address to Signal Generator. Nobody
reads an answer to this mail. To end such mail, write "unsubscribe email" in
the chat, or open the link that Amazon puts below.`

/** A mail as it is read, the subject on top. */
function read(reply: Reply): string {
  const { subject, text } = mailOf(reply)
  return `Subject: ${subject}\n\n${text}`
}

describe('the mail of', () => {
  test('a firing', () => {
    const occurrence = anOccurrence({ last: true })
    const triggers = ['AAPL price > 500 and rsi(AAPL, 14) < 70 and SPY change > 1 %']
    expect(read(renderBundle([aTracked({ occurrence: { ...occurrence, triggers } })], new Map(), MONDAY))).toBe(
      `Subject: Alert 7: AAPL price > 500 and rsi(AAPL, 14) < 70 and SPY change > 1 %

Alert 7: AAPL price > 500 and rsi(AAPL, 14) < 70 and SPY change > 1 %
AAPL 501.12 USD at 15:04:07 (New York 10:04), test.

What you can do in the chat where you set it:
To set it again, write: again 7
To silence it for a while, write: snooze 7 1h
To see why it says so, write: why 7
To delete it, write: delete 7
${ENDING}`,
    )
  })

  test('several alerts that are blind', () => {
    const outage = { symbols: ['stock:AAPL'], why: 'Yahoo and Nasdaq do not answer' }
    const blind = (number: number) => {
      const gap = { from: MONDAY - 10 * MINUTE, to: MONDAY }
      const occurrence = anOccurrence({ id: `${number}.blind`, kind: 'blind', triggers: [], evidence: [], gap })
      return aTracked({ occurrence, outage, alert: { id: String(number), number, text: 'AAPL price > 500' } })
    }
    expect(read(renderBundle([blind(1), blind(3)], new Map(), MONDAY))).toBe(
      `Subject: I cannot see AAPL since 14:54 (Yahoo and Nasdaq do not answer). Alerts 1 and 3 are blind until...

I cannot see AAPL since 14:54 (Yahoo and Nasdaq do not answer). Alerts 1 and
3 are blind until it is back.

What you can do in the chat where you set it:
To see why alert 1 says so, write: why 1
To see why alert 3 says so, write: why 3
${ENDING}`,
    )
  })

  test('an alert that has ended', () => {
    const occurrence = anOccurrence({ kind: 'expired', triggers: [], evidence: [], reason: 'pending' })
    expect(read(renderBundle([aTracked({ occurrence })], new Map(), MONDAY))).toBe(
      `Subject: Alert 7 has ended: AAPL price > 500

Alert 7 has ended: AAPL price > 500
Its time was up at 15:04. It was true at the end, but not yet for long
enough.

What you can do in the chat where you set it:
To see why it says so, write: why 7
To delete it, write: delete 7
${ENDING}`,
    )
  })

  test('a code', () => {
    const { subject, text } = codeMail('482915')
    expect(`Subject: ${subject}\n\n${text}`).toBe(
      `Subject: 482915 is your code for Signal Generator

Your code is 482915

To get alerts at this address, write in the chat where you asked for it:

    confirm 482915

It is good for a short time only. If you did not ask for it, somebody else
gave your address: do nothing, and nothing more is sent here.`,
    )
  })
})

describe('a subject', () => {
  test.each<[string, string, string]>([
    ['the first line', '\nAAPL is back\nmore', 'AAPL is back'],
    ['in ASCII', 'Größe “AAPL” – 5 € → Žižek ≥ £3', 'Grosse "AAPL" - 5 EUR -> Zizek >= GBP 3'],
    ['other scripts have no ASCII', 'note: купить', 'note: ??????'],
    ['a tab is a space', 'a\tb', 'a b'],
    ['begins with no sign of mathematics', '> 500', 'Signal Generator: > 500'],
    ['of nothing at all', ' ', 'Signal Generator:'],
  ])('%s', (_title, text, subject) => {
    expect(mailOf(say(text)).subject).toBe(subject)
  })

  test('has less than 100 characters, whatever it says', () => {
    for (const length of [98, 99, 100, 101, 300]) {
      const { subject } = mailOf(say('x'.repeat(length)))
      expect(subject).toHaveLength(Math.min(length, 99))
      expect(subject.endsWith('...')).toBe(length > 99)
    }
  })

  test('is one that Amazon takes, for each character there is', () => {
    const characters = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code))
    const subjects = characters.map((character) => mailOf(say(`${character}x`)).subject)
    expect(subjects.filter((subject) => !/^[!-~][ -~]{0,98}$/.test(subject))).toEqual([])
  })
})

describe('the text', () => {
  test('columns and words without a space are not torn', () => {
    const row = 'x'.repeat(60)
    const { text } = mailOf(
      compose(['Nearest first:\n', { block: `1  ${row} ${row}\n2  b` }, `\n${'w'.repeat(90)} end`]),
    )
    expect(text).toContain(`Nearest first:\n1  ${row} ${row}\n2  b\n${'w'.repeat(90)}\nend\n`)
  })

  test('all other lines are short enough to be quoted', () => {
    const { text } = mailOf(say(['word '.repeat(100), `${'longer words '.repeat(20)}`]))
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(76)
  })

  test('a long command stands on a line of its own, to be copied', () => {
    const command = `edit 7 ${'AAPL > 125 or '.repeat(6)}AAPL < 75`
    expect(mailOf(say('x', [{ label: 'Use the new line', command }])).text).toContain(
      `\nTo use the new line, write:\n    ${command}\n`,
    )
  })

  test.each<[string, string, string]>([
    ['Snooze 1 h', 'snooze 7 1h', 'To silence it for a while, write: snooze 7 1h'],
    ['Seen', 'ack 7', 'To say that you have seen it, write: ack 7'],
    ['stock:COIN', 'alert stock:COIN > 1', 'To choose "stock:COIN", write: alert stock:COIN > 1'],
    ['COIN', 'alert COIN > 1', 'To choose "COIN", write: alert COIN > 1'],
    ['Tell me now', 'tell 7', 'To tell me now, write: tell 7'],
  ])('a button %s becomes a line', (label, command, line) => {
    expect(mailOf(say('x', [{ label, command }])).text).toContain(`\n${line}\n`)
  })

  test('without buttons nothing is said of what one can do', () => {
    expect(mailOf(say('x')).text).toBe(`x\n${ENDING}`)
  })
})
