import { expect, it } from 'vitest'
import { clockText, reachedIn } from './clock'

it('notes steps in the order they were reached', () => {
  expect(reachedIn({ consignees: 277, scope: 95, total: 310, closure: 310 })).toEqual([
    { what: 'scope', afterMs: 95 },
    { what: 'consignees', afterMs: 277 },
    { what: 'closure', afterMs: 310 },
  ])
})

it('shows tenths first, then a clock', () => {
  expect(clockText(0)).toBe('0.0 s')
  expect(clockText(1_990)).toBe('1.9 s')
  expect(clockText(61_000)).toBe('01:01')
  expect(clockText(3_723_000)).toBe('1:02:03')
  expect(clockText(-5)).toBe('0.0 s')
})
