import { expect, it } from 'vitest'
import { bars, difference, gravestFirst, statusCounts, type ReconciliationRow } from './reconciled'

const row = (order_no: string, status: string, delivered: number | string | null, scanned: number | string | null): ReconciliationRow =>
  ({ order_no, line_no: '1', dealer_code: 'D', product_code: 'P', ordered_qty: 120, delivered_qty: delivered, scanned_qty: scanned, status, system: 'erp' })

const rows = [row('S1', 'ok', 120, 120), row('S2', 'short', 120, 118), row('S3', 'short', '120', '20'), row('S4', 'wrong_dealer', 0, 5)]

it('puts the gravest first, then what differs most', () => {
  expect(gravestFirst(rows).map((r) => r.order_no)).toEqual(['S4', 'S3', 'S2', 'S1'])
})

it('counts every status', () => {
  const counts = statusCounts(rows)
  expect(counts.find((c) => c.status === 'short')).toEqual({ status: 'short', lines: 2, items: 102 })
  expect(counts.find((c) => c.status === 'over')).toEqual({ status: 'over', lines: 0, items: 0 })
  expect(counts.reduce((sum, c) => sum + c.lines, 0)).toBe(rows.length)
})

it('says by how much scans differ', () => {
  expect(difference(row('S', 'over', 100, 102))).toBe(2)
  expect(difference(row('S', 'open', null, null))).toBe(0)
})

it('draws all three quantities on one scale', () => {
  expect(bars(row('S', 'over', 120, 240))).toEqual({ ordered: 0.5, delivered: 0.5, scanned: 1 })
  expect(bars(row('S', 'open', null, null))).toEqual({ ordered: 1, delivered: null, scanned: null })
})
