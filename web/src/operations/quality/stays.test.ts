import { expect, it } from 'vitest'
import { logPlace, stepsOf, type DwellRow } from './stays'

const row = (from_node: string, to_node: string, product_code: string, items: number, p50: number): DwellRow =>
  ({ from_node, to_node, product_code, items, p50_h: String(p50), p90_h: p50 * 2, max_h: p50 * 3 })

it('has steps in the order goods pass them, the slowest product first', () => {
  const steps = stepsOf([row('ship', 'receive', 'P1', 10, 50), row('commission', 'store_in', 'P1', 30, 1), row('commission', 'store_in', 'P2', 10, 5)])
  expect(steps.map((s) => [s.key, s.items, s.typical, s.longest])).toEqual([['commission>store_in', 40, 2, 15], ['ship>receive', 10, 50, 150]])
  expect(steps[0]!.products.map((p) => p.product_code)).toEqual(['P2', 'P1'])
})

it('keeps minutes and months on one axis', () => {
  expect(logPlace(0.05, 1000)).toBe(0)
  expect(logPlace(1000, 1000)).toBe(1)
  expect(logPlace(10, 1000)).toBeCloseTo(0.5)
  expect(logPlace(5, 0)).toBe(0)
})
