import { expect, test } from 'vitest'
import { lastMonthWith } from './useStartPeriod'

test('the last month that has something', () => {
  const rows = [
    { period: '2026-04', sold_qty: '5' }, { period: '2026-06', sold_qty: '0' }, { period: '2026-05', sold_qty: '1' },
    { period: '2026-06', sold_qty: null },
  ]
  expect(lastMonthWith(rows, 'sold_qty')).toBe('2026-05')
  expect(lastMonthWith([], 'sold_qty')).toBeNull()
})
