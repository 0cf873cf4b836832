import { describe, expect, it } from 'vitest'
import { byDealer, rate, weakest, type ScoreMonth } from './score'

const month = (dealer_code: string, name: string, more: Partial<ScoreMonth> = {}): ScoreMonth =>
  ({ dealer_code, month: name, shipped: 1, expected: 1, received: 1, completeness: 1, events: 1, timeliness: 1, accuracy: 1, score: 1, ...more })

describe('a score', () => {
  it('names what pulled it down most', () => {
    expect(weakest(month('D', '2026-03', { completeness: '0.86', timeliness: 0.97 }))).toBe('completeness')
    expect(weakest(month('D', '2026-03', { completeness: null }))).toBeNull()
  })

  it('of nothing expected is none, not 0', () => {
    expect([rate(null), rate(''), rate('0'), rate('0.5'), rate(1.2)]).toEqual([null, null, 0, 0.5, 1])
  })

  it('shows one\'s own months first, newest first', () => {
    expect(byDealer([month('D1', '2026-01'), month('D2', '2026-01'), month('D2', '2026-02')], 'D2').map((one) => [one.dealer_code, ...one.months.map((held) => held.month)]))
      .toEqual([['D2', '2026-02', '2026-01'], ['D1', '2026-01']])
  })
})
