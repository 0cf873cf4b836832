import { describe, expect, it } from 'vitest'
import { added, by, measured, nodeOrder, step, type QualityRow } from './shares'

const row = (over: Partial<QualityRow>): QualityRow => ({
  day: '2026-01-01', node: 'ship', device_id: null, events: 10, on_time: 9, accurate: '8', expected: 20, present: 19,
  lag_p50_s: 1, lag_p95_s: 2, ...over,
})

describe('counts of upload quality', () => {
  it('add up before a share is taken', () => {
    const sum = added([row({}), row({ events: 90, on_time: 90, accurate: 90, expected: null, present: null })])
    expect(sum).toEqual({ events: 100, onTime: 99, accurate: 98, expected: 20, present: 19 })
    expect(measured(sum, 'timeliness')).toBe(0.99)
    expect(measured(sum, 'accuracy')).toBe(0.98)
    expect(measured(sum, 'completeness')).toBe(0.95)
  })
  it('have no share where nothing was expected', () => {
    expect(measured(added([row({ expected: null, present: null })]), 'completeness')).toBeNull()
    expect(measured(added([]), 'timeliness')).toBeNull()
  })
  it('are kept for each node', () => {
    const nodes = by([row({ node: 'verify' }), row({}), row({ day: '2026-01-02' })], 'node')
    expect(nodes.map((n) => [n.key, n.quality.events])).toEqual([['ship', 20], ['verify', 10]])
  })
})

it('steps from good to poor', () => {
  expect([1, 0.98, 0.9799, 0.9, 0.5, null].map(step)).toEqual(['good', 'good', 'fair', 'fair', 'poor', 'none'])
})

it('has nodes in the order goods pass them', () => {
  expect(['verify', 'ship', 'commission', 'receive'].sort(nodeOrder)).toEqual(['commission', 'ship', 'receive', 'verify'])
})
