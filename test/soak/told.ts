/** What a message tells of a firing: the number of the alert, and each price that it names. */
export type Firing = { readonly number: number; readonly prices: readonly { symbol: string; price: string }[] }

/** What a message tells of a firing; undefined where it tells of something else. */
export function firingIn(place: string, text: string): Firing | undefined {
  return place.startsWith('sms:') ? inText(text) : inWords(text)
}

/** `Alert 1: BTC price > 500`, and below it `BTC/USD 505.1 USD at 15:02:00, Coinbase.` */
function inWords(text: string): Firing | undefined {
  const number = /^Alert (\d+): /m.exec(text)?.[1]
  const prices = [...text.matchAll(/^([A-Z]+)\/USD ([\d.]+) USD at /gm)]
  return firing(number, prices)
}

/** `BTC/USD 505.1 USD > 500 at 15:02. Alert 1 stays on. Reply …`, in one line. */
function inText(text: string): Firing | undefined {
  const line = text.split('\n').find((each) => /^[A-Z]+\/USD [\d.]+ USD/.test(each))
  const number = / Alert (\d+) (?:stays on|is done)\./.exec(line ?? '')?.[1]
  const [start = ''] = /^(?:[A-Z]+\/USD [\d.]+ USD(?:, )?)+/.exec(line ?? '') ?? []
  return firing(number, [...start.matchAll(/([A-Z]+)\/USD ([\d.]+) USD/g)])
}

function firing(number: string | undefined, prices: readonly RegExpMatchArray[]): Firing | undefined {
  if (number === undefined || prices.length === 0) return undefined
  return { number: Number(number), prices: prices.map(([, symbol, price]) => ({ symbol: symbol!, price: price! })) }
}
