import { expect, test } from 'vitest'
import { figuresOf } from './figures'
import { mapValues } from './mapValues'

const parts = [{ region_code: '430000', region_name: '湖南省', sold_qty: 5 }, { region_code: null, region_name: null, sold_qty: 2 }]
const figures = (changes: { region_code: string; sold_qty_change: string }[], rows: typeof parts = parts) =>
  figuresOf({ parts: rows, changes, whole: null, wholeChange: null }, '', 'sold_qty').figures

test('a comparison that arrives later draws no map, another value or question does', () => {
  const first = mapValues(figures([]), 'sold')
  expect([...first.byCode]).toEqual([['430000', 5]])
  expect(mapValues(figures([{ region_code: '430000', sold_qty_change: '0.25' }]), 'sold', first)).toBe(first)
  expect(mapValues(figures([], [{ ...parts[0]!, sold_qty: 6 }]), 'sold', first)).not.toBe(first)
  expect(mapValues(figures([], []), 'sold', first)).not.toBe(first)
  expect(mapValues(figures([]), 'shipped', first)).not.toBe(first)
})
