import { expect, test } from 'vitest'
import { compareCells, formatCell, formatNumber, kindOf } from './format'

const words = { yes: '是', no: '否' }

test('kinds follow name and type', () => {
  expect(kindOf('region_code', 'text')).toBe('text')
  expect(kindOf('sold_qty', 'decimal(18,4)')).toBe('number')
  expect(kindOf('sold_qty_change', 'decimal')).toBe('percent')
  expect(kindOf('rate_lower', 'float64')).toBe('percent')
  expect(kindOf('decided_at', 'timestamp')).toBe('datetime')
  expect(kindOf('is_partial', 'boolean')).toBe('boolean')
  expect(kindOf('distance_m', 'fraction')).toBe('number')
  expect(kindOf('seen', 'instant')).toBe('datetime')
  expect(kindOf('order_no', 'number')).toBe('text')
})

test('a decimal keeps its digits', () => {
  expect(formatNumber('90071992547409931.25')).toBe('90,071,992,547,409,931.25')
  expect(formatNumber('120.0000')).toBe('120')
  expect(formatNumber(0)).toBe('0')
  expect(formatNumber(null)).toBe('')
})

test('missing is empty, zero is zero', () => {
  expect(formatCell(null, 'percent', words)).toBe('')
  expect(formatCell('0', 'percent', words)).toBe('0.0%')
  expect(formatCell(false, 'boolean', words)).toBe('否')
})

test('missing goes last in both directions', () => {
  const cells = ['10', null, '9']
  expect([...cells].sort((a, b) => compareCells(a, b, 'number', false))).toEqual(['9', '10', null])
  expect([...cells].sort((a, b) => compareCells(a, b, 'number', true))).toEqual(['10', '9', null])
})
