import { describe, expect, test } from 'vitest'
import { segments, septets, shortenedTo, toGsm } from '../src/gsm.ts'

describe('text becomes GSM-7', () => {
  test.each([
    ['plain words stay: @£$¥€{}[]~\\^| äöüß ÅØ ñ à é', 'plain words stay: @£$¥€{}[]~\\^| äöüß ÅØ ñ à é'],
    ['“Yes” – it’s ≥ 5 … ≠ 6', '"Yes" - it\'s >= 5 ... != 6'],
    ['AAPL ↑ 5 %, MSFT ↓ 2 %, 3 → 4', 'AAPL up 5 %, MSFT down 2 %, 3 -> 4'],
    ['to the moon 🚀🚀 👍🏽!', 'to the moon  !'],
    ['Łódź, Çelik, naïve, Ángel, œuvre, İstanbul', 'Lodz, Çelik, naive, Angel, oeuvre, Istanbul'],
    ['e\u0301clair', 'éclair'],
    ['ＡＡＰＬ ＞ ５００', 'AAPL > 500'],
    ['50\u00a0%\u2009now\u200b', '50 % now'],
    ['Apple® °C ½ ™', 'Apple(R)  degreesC 1/2 (TM)'],
    ['▁▂▅█ │ ─', '  '],
    ['цена 价格', '???? ??'],
    ['a\u202eb\u0007c', 'ab c'],
    ['₿ 1, 5 ¢, №7', 'BTC 1, 5 c, No.7'],
    ['`quoted`', "'quoted'"],
  ])('%j → %j', (text, plain) => {
    expect(toGsm(text)).toBe(plain)
  })

  test('whatever it was, and once more changes nothing', () => {
    for (let start = 0; start < 0x20000; start += 256) {
      const text = Array.from({ length: 256 }, (_, index) => start + index)
        .filter((code) => code < 0xd800 || code > 0xdfff)
        .map((code) => String.fromCodePoint(code))
        .join('')
      const plain = toGsm(text)
      expect(plain).toMatch(
        /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\n\r^{}\\[\]~|€]*$/,
      )
      expect(toGsm(plain)).toBe(plain)
    }
  })
})

describe('what it costs', () => {
  test.each([
    ['', 0, 1],
    ['x'.repeat(160), 160, 1],
    ['x'.repeat(161), 161, 2],
    ['x'.repeat(306), 306, 2],
    ['x'.repeat(307), 307, 3],
    ['x'.repeat(459), 459, 3],
    ['€'.repeat(80), 160, 1],
    ['€'.repeat(81), 162, 2],
    // A sign of two septets is not torn: 76 of them fit into 153.
    ['€'.repeat(152), 304, 2],
    ['€'.repeat(153), 306, 3],
  ])('%#: %s', (text, cost, count) => {
    expect([septets(text), segments(text)]).toEqual([cost, count])
  })

  test.each([
    ['short', 10, 'short'],
    ['x'.repeat(11), 10, 'xxxxxxx...'],
    ['{'.repeat(10), 10, '{{{...'],
    ['one two three', 10, 'one two...'],
  ])('%s in %i', (text, most, kept) => {
    expect(shortenedTo(text, most)).toBe(kept)
    expect(septets(kept)).toBeLessThanOrEqual(most)
  })
})
