import { expect, it } from 'vitest'
import { KeyDataSheet } from './key-data'

const HEADER = 'code,level,evidence,dealer_name,traceability_lot_code,quantity,unit,product_code,product_description,ship_from,ship_to,ship_date,reference_type,reference_no'
const line = (code: string, over: Partial<Record<string, string>> = {}) => {
  const cells: Record<string, string> = {
    code, level: 'item', evidence: 'verified', dealer_name: '鸿运', traceability_lot_code: 'B1', quantity: '1', unit: '瓶', product_code: 'P1',
    product_description: '"乌龙茶, 500ml"', ship_from: 'CK1', ship_to: 'D1', ship_date: '2026-01-09', reference_type: 'delivery', reference_no: 'DN1', ...over,
  }
  return HEADER.split(',').map((name) => cells[name]).join(',')
}

it('is a line for each lot, consignee and document, counting items once', () => {
  const sheet = new KeyDataSheet()
  const csv = [
    HEADER, line('A1'), line('A2', { evidence: 'inferred' }), line('C1', { level: 'case', quantity: '15' }),
    line('A3', { ship_to: 'D0' }), line('A4', { ship_to: '' }),
  ].join('\r\n')
  // Cut inside of a record, as a network does.
  sheet.push(csv.slice(0, 200))
  sheet.push(csv.slice(200))
  const lines = sheet.lines()
  expect(lines.map((l) => [l.ship_to, l.quantity, l.verified, l.inferred])).toEqual([['D0', 1, 1, 0], ['D1', 2, 1, 1]])
  expect(lines[1]).toMatchObject({ traceability_lot_code: 'B1', product_description: '乌龙茶, 500ml', ship_to_name: '鸿运', reference_no: 'DN1' })
  expect(sheet.codes).toBe(5)
})

it('is empty for a scope without codes', () => {
  const sheet = new KeyDataSheet()
  sheet.push(`${HEADER}\r\n`)
  expect(sheet.lines()).toEqual([])
})
