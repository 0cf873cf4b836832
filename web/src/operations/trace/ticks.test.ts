import { expect, it } from 'vitest'
import { ticksOf } from './ticks'

const at = (text: string) => new Date(text).getTime()

it('has whole days in the range, no more than there is room for', () => {
  const [from, to] = [at('2026-01-06T08:48:00'), at('2026-01-29T04:15:00')]
  const ticks = ticksOf(from, to, 8)
  expect(ticks.length).toBeGreaterThan(1)
  expect(ticks.length).toBeLessThanOrEqual(8)
  expect(ticks.every((tick) => tick.at >= from && tick.at <= to && /^\d\d-\d\d$/.test(tick.text))).toBe(true)
})

it('goes down to hours', () => {
  expect(ticksOf(at('2026-01-06T08:10:00'), at('2026-01-06T10:30:00'), 5).map((tick) => tick.text)).toEqual(['01-06 09:00', '01-06 10:00'])
})

it('stays within its room over decades', () => {
  expect(ticksOf(at('1990-01-01T00:00:00'), at('2026-01-01T00:00:00'), 5).length).toBeLessThanOrEqual(6)
})
