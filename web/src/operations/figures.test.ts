import { expect, it } from 'vitest'
import { amount, figure, percent, share } from './figures'

it('reads decimals that come as text, and nothing out of nothing', () => {
  expect(figure('18.24')).toBe(18.24)
  expect(figure(0)).toBe(0)
  expect([figure(null), figure(''), figure(undefined), figure('x'), figure(true)]).toEqual([null, null, null, null, null])
  expect(amount(null)).toBe(0)
})

it('writes shares so that small ones can be told apart', () => {
  expect(percent(0.3195)).toBe('31.9%')
  expect(percent(0.0052)).toBe('0.52%')
  expect(percent(0)).toBe('0.0%')
  expect(percent(1)).toBe('100.0%')
  expect(percent(null)).toBe('–')
})

it('is no share of nothing', () => {
  expect(share(1, 0)).toBeNull()
  expect(share(1, 4)).toBe(0.25)
})
