/** Words people begin a wish with: `can you tell me when`, `set an alert for`. */
const LEAD_IN: ReadonlySet<string> = new Set(
  `hey hi hello ok okay please pls plz can could would you i i'd we want like need wanna to know tell notify alert alerts
   ping text email message msg warn inform call remind let send give set make create add new watch track monitor me us a an
   the alarm notification reminder when whenever if once as soon in case for on that is buy sell price of`.split(/\s+/),
)

/** Words that alone are an option, or may be one. */
const OPTION = /^(?:once|for|on|to|new|of|price|in)$/

/** Whether a wish may begin with a word. */
export function isLeadIn(word: string): boolean {
  return LEAD_IN.has(word.toLowerCase())
}

/** How many characters of a line are words in front of the condition; 0 where there are none. */
export function leadInLength(text: string): number {
  const words = /^\s*(?:[\p{L}'’]+[\s,:]+)+/u.exec(text)?.[0].match(/\s*[\p{L}'’]+[\s,:]+/gu) ?? []
  const bare = (word: string | undefined) => (word ?? '').replace(/[\s,:]+/g, '').replace('’', "'")
  const other = words.findIndex((word) => !isLeadIn(bare(word)))
  const lead = other < 0 ? words : words.slice(0, other)
  if (lead.length === 0 || OPTION.test(bare(lead[0]).toLowerCase())) return 0
  const next = text.slice(lead.join('').length)
  // `CAN dominance > 50`: in capitals before a word in small letters it is a symbol.
  return lead.some((word) => /^[A-Z]{2,}$/.test(bare(word))) && /^[a-z]/.test(next) ? 0 : lead.join('').length
}
