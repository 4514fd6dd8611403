import { expect, test } from 'vitest'
import { hasWritten } from '../../src/users/has-written.ts'

test('whoever only typed a code elsewhere has not written from an address', () => {
  expect([{}, { how: 'wrote' }, { how: 'code' }].map((one) => hasWritten(one as never))).toEqual([true, true, false])
})
