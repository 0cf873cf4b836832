import { expect, test } from 'vitest'
import type { Row } from '@/api/reports'
import { figuresOf, knownShares } from './figures'
import { sumOf } from './decimal'

const row = (region_code: string | null, sold: string, more: Row = {}): Row => ({
  region_code, region_name: region_code, sold_qty: sold, ordered_amount: sold, ...more,
})
const change = (region_code: string | null, now: string, before: string | null): Row => ({
  region_code, sold_qty: now, sold_qty_previous: before, sold_qty_change: before ? String(Number(now) / Number(before) - 1) : null,
})

test('sums are exact where doubles are not', () => {
  expect(sumOf(['0.1', '0.2'])).toBe('0.3')
  expect(sumOf(['9007199254740993.01', '0.01', null])).toBe('9007199254740993.02')
  expect(sumOf(['-5', '2.5'])).toBe('-2.5')
})

test('the country is the sum of its rows, the unresolved one among them', () => {
  const parts = [row('430000', '10'), row('440000', '30'), row(null, '2')]
  const changes = [change('430000', '10', '5'), change('440000', '30', '20'), change(null, '2', '3')]
  const set = figuresOf({ parts, changes, whole: null, wholeChange: null }, '', 'sold_qty')
  expect(set.total).toBe('42')
  expect(set.figures.map(({ code }) => code)).toEqual(['440000', '430000', ''])
  expect(set.previousChange).toBeCloseTo(42 / 28 - 1)
  expect(set.figures.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1)
})

test('in a province the parts and what is known no closer add up to the province', () => {
  const parts = [row('430100', '4'), row('430200', '3'), row('440100', '30'), row(null, '5')]
  const set = figuresOf({ parts, changes: [], whole: row('430000', '10'), wholeChange: null }, '430000', 'sold_qty')
  expect(set.total).toBe('10')
  expect(set.figures.map(({ code, value }) => [code, value])).toEqual([['430100', '4'], ['430200', '3'], ['', '3']])
})

test('a past that is not known in one place is not known in sum', () => {
  const changes = [change('430000', '10', '5'), change('440000', '30', null)]
  const set = figuresOf({ parts: [row('430000', '10')], changes, whole: null, wholeChange: null }, '', 'sold_qty')
  expect(set.previousChange).toBeNull()
})

test('what is known to the county, the city, the province, and not at all', () => {
  const shares = knownShares(
    {
      province: [row('430000', '90'), row(null, '10')],
      city: [row('430100', '70'), row(null, '30')],
      county: [row('430121', '60'), row(null, '40')],
    },
    'sold_qty',
  )
  expect(shares.map(({ share }) => Math.round(share * 100))).toEqual([60, 10, 20, 10])
})
